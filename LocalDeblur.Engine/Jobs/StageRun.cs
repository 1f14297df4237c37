using System.Text;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Plots;
using LocalDeblur.Reports;
using LocalDeblur.Shells;

namespace LocalDeblur.Jobs;

/// <summary>What a stage has while it runs: it opens what the stage works on, writes what it makes, and notes what came of it.</summary>
/// <param name="job">The job.</param>
/// <param name="stage">The stage.</param>
/// <param name="files">The files that go in and that stages before made, by name: full paths.</param>
/// <param name="limits">Threads and memory.</param>
/// <param name="overwrite">Whether files that exist are replaced.</param>
/// <param name="progress">Told about the stage's progress; or null.</param>
/// <param name="cancellation">Stops the stage.</param>
internal sealed class StageRun(
    JobFile job, JobStage stage, IReadOnlyDictionary<string, string> files, RunLimits limits, bool overwrite, IProgress<StageProgress>? progress, CancellationToken cancellation)
{
    private readonly List<string> _written = [];
    private readonly OrderedDictionary<string, double> _figures = [];
    private readonly List<string> _decisions = [];
    private readonly List<string> _warnings = [];

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits => limits;

    /// <summary>Whether files that exist are replaced.</summary>
    public bool Overwrite => overwrite;

    /// <summary>Told about the stage's progress; or null.</summary>
    public IProgress<StageProgress>? Progress => progress;

    /// <summary>Stops the stage.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Full paths of what was written, in order.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>What was measured.</summary>
    public IReadOnlyDictionary<string, double> Figures => _figures;

    /// <summary>What was decided, one sentence each.</summary>
    public IReadOnlyList<string> Decisions => _decisions;

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The most memory that the work accounts for (bytes); 0 where it does not.</summary>
    public long PeakBytes { get; private set; }

    private MrcWriteOptions Writing => new() { Mode = job.Document.Outputs.Mode, Overwrite = overwrite };

    /// <summary>Progress of a part of the stage.</summary>
    /// <param name="from">Fraction at which it begins.</param>
    /// <param name="share">Fraction that it makes up.</param>
    public IProgress<StageProgress>? Part(double from, double share) => ScaledProgress.Part(progress, from, share);

    /// <summary>Opens the map or the half maps that the stage works on.</summary>
    /// <param name="reconstruction">The stage.</param>
    public Reconstruction Open(ReconstructionStage reconstruction)
    {
        Reconstruction input = reconstruction.Map is { } map ? new Reconstruction(Map(map)!) : new Reconstruction(Map(reconstruction.HalfMap1)!, Map(reconstruction.HalfMap2)!);
        if (input.WarningOfLoneHalf is { } warning)
        {
            Tell([], [warning]);
        }

        return input;
    }

    /// <summary>Opens a map; null for none.</summary>
    /// <param name="name">Its name; or null.</param>
    public CryoMap? Map(string? name)
    {
        if (Path(name) is not { } path)
        {
            return null;
        }

        JobInput? input = job.Document.Inputs.GetValueOrDefault(name!);
        CryoMap map = MrcReader.Open(path, new MrcReadOptions
        {
            VoxelSize = input?.VoxelSize,
            Origin = input?.Origin is [double x, double y, double z] ? new AxisTriple(x, y, z) : null,
            NonFiniteValue = input?.NonFiniteValue,
            Index = input?.Index,
        });
        Tell([], map.History[^1].Warnings);
        return map;
    }

    /// <summary>Reads a model; null for none.</summary>
    /// <param name="name">Its name; or null.</param>
    public AtomicModel? Model(string? name)
    {
        AtomicModel? model = Path(name) is { } path ? ModelReader.Open(path, cancellationToken: cancellation) : null;
        Tell(model?.Decisions ?? [], model?.Warnings ?? []);
        return model;
    }

    /// <summary>Full path of a file that goes in or was made; null for none.</summary>
    /// <param name="name">Its name; or null.</param>
    public string? Path(string? name) => name is null ? null : files[name];

    /// <summary>A range of resolution; null for none.</summary>
    /// <param name="ends">Coarsest and finest (Å); or null.</param>
    /// <param name="name">Name of the parameter.</param>
    public ResolutionRange? Range(IReadOnlyList<double>? ends, string name) => ends switch
    {
        null => null,
        [double coarsest, double finest] => new ResolutionRange(coarsest, finest),
        _ => throw Invalid(Say($"{name} has {ends.Count} numbers; expected two, the coarsest and the finest resolution (Å).")),
    };

    /// <summary>The refusal of a parameter of the stage.</summary>
    /// <param name="problem">What is wrong, and what to do.</param>
    public EngineException Invalid(string problem) => JobRules.Invalid(job, $"stage {stage.Name}: {problem}");

    /// <summary>Full path of a result.</summary>
    /// <param name="output">Path in the folder of results.</param>
    public string Target(string output) => job.Target(output);

    /// <summary>Writes the map of a result, and notes what came of it.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="result">The result.</param>
    public void Write(string output, MapResult result)
    {
        HistoryEntry last = result.Map.History[^1];
        foreach ((string name, object? value) in last.Figures)
        {
            if (!RunCost.Names(name) && value is double or int or long or float)
            {
                Figure(name, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        foreach (HistoryEntry step in result.Map.History)
        {
            Tell(step.Decisions, step.Warnings);
            Took(step.Cost?.PeakBytes ?? 0);
        }

        Write(output, result.Map);
    }

    /// <summary>Writes a map, and its history beside it.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="map">The map.</param>
    public void Write(string output, CryoMap map)
    {
        MrcWriter.Write(map, Made(output), Writing, progress, cancellation);
        _written.Add(MapFileName.History(Target(output)));
    }

    /// <summary>Writes a plot, and its table beside it.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="table">Writes the table; null for the plot's numbers.</param>
    public void Write(string output, LinePlot plot, Action<TextWriter>? table = null)
    {
        string target = Made(output);
        PlotFile.Write(plot, target, overwrite, table);
        _written.Add(PlotFile.Table(target));
    }

    /// <summary>Writes a text.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="write">Writes it.</param>
    public void WriteText(string output, Action<TextWriter> write) => ResultFile.WriteText(Made(output), overwrite, write);

    /// <summary>Writes a file.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="write">Writes its content.</param>
    public void WriteFile(string output, Action<Stream> write) => ResultFile.Write(Made(output), overwrite, write);

    /// <summary>Writes a report, in which this job stands as the one that repeats it.</summary>
    /// <param name="output">Path in the folder of results.</param>
    /// <param name="report">The report.</param>
    public void Write(string output, SharpeningReport report) =>
        (report with { Job = Encoding.UTF8.GetString(JobJson.Write(job.Document)) }).Write(Made(output), overwrite, cancellation);

    /// <summary>Notes a file that the work wrote by itself.</summary>
    /// <param name="path">Full path.</param>
    public void Wrote(string path) => _written.Add(path);

    /// <summary>Notes what was measured; what is not finite was not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The figure.</param>
    public void Figure(string name, double value)
    {
        if (double.IsFinite(value))
        {
            _figures[name] = value;
        }
    }

    /// <summary>Notes the memory that a part of the work accounts for (bytes).</summary>
    public void Took(long bytes) => PeakBytes = Math.Max(PeakBytes, bytes);

    /// <summary>Notes what was decided, and what the user should know; each once.</summary>
    /// <param name="decisions">One sentence each.</param>
    /// <param name="warnings">One sentence each.</param>
    public void Tell(IReadOnlyList<string> decisions, IReadOnlyList<string> warnings)
    {
        _decisions.AddRange(decisions.Except(_decisions).ToArray());
        _warnings.AddRange(warnings.Except(_warnings).ToArray());
    }

    private string Made(string output)
    {
        string target = Target(output);
        JobRun.MakeFolder(System.IO.Path.GetDirectoryName(target)!);
        _written.Add(target);
        return target;
    }
}
