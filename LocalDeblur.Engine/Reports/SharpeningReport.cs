using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Reports;

/// <summary>
/// What was made of a reconstruction, and whether to believe it: everything that a page of it shows (<see cref="Write"/>), measured on the map before and after sharpening.
/// </summary>
/// <remarks>The figures are those of the runs that other commands start, with the same parameters, so that each can be had again from those.</remarks>
public sealed record SharpeningReport
{
    /// <summary>Volume of a dalton of protein (Å³): Harpaz, Gerstein and Chothia, <i>Structure</i> 2 (1994) 641.</summary>
    public const double VolumePerDalton = 1.21;

    /// <summary>Name of the method that sharpens where none is asked for: the one that standard jobs have.</summary>
    public const string DefaultMethod = "LocalDeblur";

    private const string Suffix = ".html";

    /// <summary>Title of the page.</summary>
    public required string Title { get; init; }

    /// <summary>When it was measured.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>What sharpened the map, in a few words.</summary>
    public required string Method { get; init; }

    /// <summary>The map before: the mean of the half maps, or the one map.</summary>
    public required CryoMap Before { get; init; }

    /// <summary>The sharpened map.</summary>
    public required CryoMap Sharpened { get; init; }

    /// <summary>Where the molecule is.</summary>
    public required CryoMap Mask { get; init; }

    /// <summary>Fourier shell correlation of the half maps; null for one map.</summary>
    public FscResult? Fsc { get; init; }

    /// <summary>Resolution (Å): given, or that of the half maps; null where there is none.</summary>
    public double? Resolution { get; init; }

    /// <summary>Local resolution (Å) of the voxels of the mask that have one, 0 elsewhere; null where there is none.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>Scores of the sharpened map by the model; null without one.</summary>
    public ModelScores? Scores { get; init; }

    /// <summary>Scores of the map before.</summary>
    public ModelScores? ScoresBefore { get; init; }

    /// <summary>What the user should know, and what to do about it.</summary>
    public required IReadOnlyList<ReportWarning> Warnings { get; init; }

    /// <summary>What was decided, one sentence each.</summary>
    public required IReadOnlyList<string> Decisions { get; init; }

    /// <summary>The files that went in.</summary>
    public required IReadOnlyList<ReportInput> Inputs { get; init; }

    /// <summary>The job that repeats the run, as text; null where there is none.</summary>
    public string? Job { get; init; }

    /// <summary>The voxels, few enough for a page.</summary>
    internal ReportVolume Volume { get; init; } = null!;

    /// <summary>Surface of the sharpened map: what encloses as much as the molecule takes, and no noise.</summary>
    internal Contour Contour { get; init; }

    /// <summary>Local resolution in numbers; null where there is none.</summary>
    internal ResolutionSpread? Spread { get; init; }

    /// <summary>Amplitude profiles in the mask: before and after.</summary>
    internal IReadOnlyList<GuinierProfile> Profiles { get; init; } = [];

    /// <summary>That of the model; null without one.</summary>
    internal GuinierProfile? ModelProfile { get; init; }

    /// <summary>The line through the profile before; null where there is none.</summary>
    internal GuinierFit? Fit { get; init; }

    /// <summary>Whether the mask was made for the report.</summary>
    internal bool IsMaskMade { get; init; }

    /// <summary>The name of the reconstruction.</summary>
    internal string Name { get; init; } = string.Empty;

    /// <summary>Whether there are half maps.</summary>
    internal bool HasHalves { get; init; }

    /// <summary>Share of the box that is inside the mask, 0 … 1.</summary>
    internal double MaskShare { get; init; }

    /// <summary>Mass of as much protein as the surface encloses (kDa).</summary>
    internal double EnclosedKiloDaltons => Contour.Voxels * Math.Pow(Before.VoxelSize, 3) / (1000 * VolumePerDalton);

    /// <summary>Threads and memory.</summary>
    internal RunLimits Limits { get; init; } = new();

    /// <summary>Whether the name of a file has the suffix of a page: .html.</summary>
    /// <param name="path">Path or name.</param>
    public static bool IsPage(string path) => path is not null && path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of a name that is not one of a page.</summary>
    /// <param name="path">The name.</param>
    public static EngineException NameUnsupported(string path) =>
        new(EngineError.PlotFileNameUnsupported, $"'{path}' is no name of a report, which is a page; expected one that ends in {Suffix}.", path);

    /// <summary>Refuses a page that could not be written in the end, before what it shows is computed.</summary>
    /// <param name="path">Page to write, .html; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsPage(path))
        {
            throw NameUnsupported(path);
        }

        ResultFile.RequireWritable(path, overwrite);
    }

    /// <summary>Measures everything.</summary>
    /// <param name="input">The half maps, or one map: unfiltered, unsharpened. Cubic voxels; finite values.</param>
    /// <param name="mask">Where the molecule is, best with a soft edge, on the same grid; null to make one.</param>
    /// <param name="options">What else is given; null for nothing.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed; ParameterOutOfRange for a method beside a map that is
    /// sharpened already.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SharpeningReport Run(
        Reconstruction input,
        CryoMap? mask = null,
        SharpeningReportOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SharpeningReportWork(input, mask, options ?? new SharpeningReportOptions(), cancellationToken).Run(progress);
    }

    /// <summary>Writes the page, whole or not at all: one file that needs nothing else, neither network nor program, but a browser.</summary>
    /// <param name="path">Page to write, .html; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public void Write(string path, bool overwrite, CancellationToken cancellationToken = default)
    {
        RequireWritable(path, overwrite);
        string page = new ReportPage(this, cancellationToken).Compose();
        ResultFile.WriteText(path, overwrite, writer => writer.Write(page));
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;
}
