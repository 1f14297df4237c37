using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>What came of a job, in one row.</summary>
public sealed record JobSummary
{
    private static readonly string[] Columns = ["job", "state", "exitCode", "errorId", "seconds", "cpuSeconds", "peakBytes", "resolution", "warnings"];

    /// <summary>Name of the job.</summary>
    public required string Job { get; init; }

    /// <summary>Full path of its file.</summary>
    public required string Path { get; init; }

    /// <summary>How it ended.</summary>
    public required JobPhase State { get; init; }

    /// <summary>The exit code that stands for that; 0 for a finished job.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Id of the error; null where there was none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What is wrong; null where nothing is.</summary>
    public string? Message { get; init; }

    /// <summary>Time that the stages took, those of interrupted runs before included where they count (s).</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time of the stages (s); null where other jobs ran beside it.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The most memory that a stage accounts for (bytes).</summary>
    public long PeakBytes { get; init; }

    /// <summary>Resolution that was measured (Å); null where none was.</summary>
    public double? Resolution { get; init; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Full path of the folder of results.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The exception behind the error; null where there was none.</summary>
    public Exception? Error { get; init; }

    /// <summary>Writes summaries as comma-separated values: a header, and one row a job.</summary>
    /// <param name="jobs">The summaries.</param>
    /// <param name="writer">Takes the text.</param>
    public static void WriteTable(IEnumerable<JobSummary> jobs, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, Columns);
        foreach (JobSummary job in jobs)
        {
            CsvTable.WriteRow(writer,
            [
                job.Job, job.State.ToString(), Say($"{job.ExitCode}"), job.ErrorId ?? string.Empty,
                CsvTable.Number(Math.Round(job.Seconds, 3)), CsvTable.Number(Math.Round(job.CpuSeconds ?? double.NaN, 3)), Say($"{job.PeakBytes}"),
                CsvTable.Number(job.Resolution ?? double.NaN), string.Join(' ', job.Warnings),
            ]);
        }
    }

    /// <summary>Writes summaries to a file, which appears whole and replaces an older one.</summary>
    /// <param name="jobs">The summaries.</param>
    /// <param name="path">Path of the table.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public static void WriteTable(IEnumerable<JobSummary> jobs, string path) => ResultFile.WriteText(path, overwrite: true, writer => WriteTable(jobs, writer));

    /// <summary>The name and how it ended.</summary>
    public override string ToString() => $"{Job}: {State}";

    /// <summary>The summary of a job as its state says it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="state">Its state.</param>
    public static JobSummary Of(JobFile job, JobState state)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(state);
        JobStageState[] stages = [.. state.Stages.Where(stage => stage.Phase == JobPhase.Finished)];
        return new JobSummary
        {
            Job = job.Name,
            Path = job.Path,
            State = state.Phase,
            ExitCode = state.Failure?.ExitCode ?? 0,
            ErrorId = state.Failure?.ErrorId,
            Message = state.Failure?.Message,
            Seconds = stages.Sum(stage => stage.Seconds ?? 0),
            CpuSeconds = stages.Length > 0 && stages.All(stage => stage.CpuSeconds is not null) ? stages.Sum(stage => stage.CpuSeconds) : null,
            PeakBytes = stages.Select(stage => stage.PeakBytes ?? 0).DefaultIfEmpty(0).Max(),
            Resolution = stages.Where(stage => stage.Figures.ContainsKey("Resolution")).Select(stage => (double?)stage.Figures["Resolution"]).FirstOrDefault(),
            Warnings = stages.SelectMany(stage => stage.Warnings).Distinct().ToArray(),
            OutputFolder = job.OutputFolder,
        };
    }

    /// <summary>The summary of a job that was refused before anything was noted.</summary>
    /// <param name="path">Path of its file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="error">The refusal, or a fault.</param>
    internal static JobSummary Refused(string path, string name, Exception error) => new()
    {
        Job = name,
        Path = path,
        State = JobPhase.Failed,
        ExitCode = (int)ExitCodes.Of(error),
        ErrorId = ExitCodes.ErrorId(error),
        Message = error.Message,
        Error = error,
    };
}
