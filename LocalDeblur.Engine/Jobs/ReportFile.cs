using LocalDeblur.Jobs.Stages;
using LocalDeblur.Maps;
using LocalDeblur.Reports;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Jobs;

/// <summary>Makes a report and writes it, with the job in it that would do the same again.</summary>
public static class ReportFile
{
    /// <summary>Measures everything, and writes the page.</summary>
    /// <param name="input">The half maps, or one map: unfiltered, unsharpened.</param>
    /// <param name="mask">Where the molecule is; null to make a mask.</param>
    /// <param name="options">What else is given; null for nothing.</param>
    /// <param name="path">Page to write, .html; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The report.</returns>
    /// <exception cref="EngineException">As <see cref="SharpeningReport.Run"/> and <see cref="SharpeningReport.Write"/>.</exception>
    public static SharpeningReport Write(
        Reconstruction input,
        CryoMap? mask,
        SharpeningReportOptions? options,
        string path,
        bool overwrite,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        SharpeningReport.RequireWritable(path, overwrite);
        options ??= new SharpeningReportOptions();
        SharpeningReport report = SharpeningReport.Run(input, mask, options, progress, cancellationToken);
        CryoMap?[] maps = [.. input.Maps, options.Sharpened, mask, options.LocalResolution];
        report = report with { Job = JobOf(report, options, [.. maps.OfType<CryoMap>()], Path.GetFullPath(path)) };
        report.Write(path, overwrite, cancellationToken);
        return report;
    }

    // Null where something was in memory alone, which no job can open. Paths are relative to the page, so that both can move together.
    private static string? JobOf(SharpeningReport report, SharpeningReportOptions options, CryoMap[] maps, string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        if (report.Inputs.Any(input => input.Path is null || input.Sha256 is null))
        {
            return null;
        }

        Dictionary<string, JobInput> inputs = report.Inputs.ToDictionary(input => input.Key, input => new JobInput
        {
            Path = Path.GetRelativePath(folder, input.Path!).Replace('\\', '/'),
            Sha256 = input.Sha256,
            Bytes = input.Bytes,
            VoxelSize = Imported<double>(input, "VoxelSize"),
            Origin = Imported<AxisTriple>(input, "Origin") is { } place ? [place.X, place.Y, place.Z] : null,
            NonFiniteValue = Imported<float>(input, "NonFiniteValue"),
            Index = Imported<int>(input, "Index"),
        });
        var stage = new ReportStage
        {
            Map = Named("map"),
            HalfMap1 = Named("halfMap1"),
            HalfMap2 = Named("halfMap2"),
            Mask = Named("mask"),
            Sharpened = Named("sharpened"),
            LocalResolution = Named("localResolution"),
            Model = Named("model"),
            Method = options.Sharpened is null ? (options.Method ?? SharpeningMethods.Named(SharpeningReport.DefaultMethod)).Name : null,
            Resolution = options.Resolution,
            Title = options.Title,
            Output = Path.GetFileName(page),
        };
        var document = new JobDocument
        {
            Schema = JobDocument.CurrentSchema,
            Inputs = JobDocument.Named(inputs),
            Stages = [stage],

            // The page that the job stands in is not what it writes.
            Outputs = new JobOutputs { Folder = $"{Path.GetFileNameWithoutExtension(page)}-again" },
        };
        return System.Text.Encoding.UTF8.GetString(JobJson.Write(document));

        string? Named(string key) => inputs.ContainsKey(key) ? key : null;

        // What was known better than the header when the map was read.
        T? Imported<T>(ReportInput input, string parameter)
            where T : struct =>
            maps.FirstOrDefault(map => map.Path == input.Path)?.History.FirstOrDefault()?.Parameters.GetValueOrDefault(parameter) is T value ? value : null;
    }
}
