namespace LocalDeblur.Jobs;

/// <summary>What has come of a job so far, as the file beside it says. It is replaced as a whole, so that a reader sees one moment.</summary>
public sealed record JobState
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const string CurrentSchema = "localdeblur.state/1";

    /// <summary>Format and version: <c>localdeblur.state/1</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>Name of the job's file.</summary>
    public required string Job { get; init; }

    /// <summary>How far it has come.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>Program and version that works or worked on it.</summary>
    public string? Program { get; init; }

    /// <summary>Machine that works or worked on it.</summary>
    public string? Host { get; init; }

    /// <summary>Number of the process there.</summary>
    public int? Process { get; init; }

    /// <summary>When that process began with it (UTC).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it ended (UTC); null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it failed of; null where it did not.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>The stages, in the job's order.</summary>
    public IReadOnlyList<JobStageState> Stages { get; init; } = [];
}

/// <summary>Why a job failed or stopped.</summary>
public sealed record JobFailure
{
    /// <summary>Id of the error, for scripts: a name of <see cref="EngineError"/>, Stopped, or InternalError for a fault of the program.</summary>
    public required string ErrorId { get; init; }

    /// <summary>What is wrong, found and expected, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>The exit code that stands for it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Name of the stage; null where it was before the first.</summary>
    public string? Stage { get; init; }
}

/// <summary>What has come of one stage.</summary>
public sealed record JobStageState
{
    /// <summary>Name of the stage.</summary>
    public required string Stage { get; init; }

    /// <summary>How far it has come.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>SHA-256 of its parameters and of the files it worked on: another one, and the stage is not done.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The files it made, relative to the job's file.</summary>
    public IReadOnlyList<JobOutputFile> Outputs { get; init; } = [];

    /// <summary>Duration (s).</summary>
    public double? Seconds { get; init; }

    /// <summary>Processor time (s), where no other job ran beside it.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The most memory that it accounts for (bytes).</summary>
    public long? PeakBytes { get; init; }

    /// <summary>What was measured, by name; units are in the names' documentation.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>What was decided without being asked, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; init; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A file that a stage made.</summary>
public sealed record JobOutputFile
{
    /// <summary>Where it is, relative to the job's file.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of it, 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its length (bytes).</summary>
    public required long Bytes { get; init; }
}
