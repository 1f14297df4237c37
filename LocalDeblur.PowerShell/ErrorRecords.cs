using System.Globalization;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;

namespace LocalDeblur.PowerShell;

/// <summary>Every error id of the module, with its category. An engine refusal's id is the name of its <see cref="EngineError"/>.</summary>
/// <remarks>The target is a path or a name, never a map: $Error would keep its voxels alive.</remarks>
internal static class ErrorRecords
{
    /// <summary>The record of an engine refusal.</summary>
    public static ErrorRecord From(EngineException refusal, string? target) =>
        new(refusal, refusal.Error.ToString(), Category(refusal.Error), refusal.Target ?? target);

    /// <summary>The record of an exception of the runtime that stands for a state of the machine; null for any other, which is a fault of ours.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">Path or name of what the work is about.</param>
    /// <param name="running">The cmdlet, whose parameters the message can advise.</param>
    public static ErrorRecord? From(Exception exception, string? target, CommandInfo running) => exception switch
    {
        EngineException refusal => From(ParameterSpelling.Spell(refusal, running), target),
        UnauthorizedAccessException or IOException => From(
            new EngineException(EngineError.MapFileInaccessible, $"'{target}' cannot be used: {exception.Message}", target, exception), target),
        OutOfMemoryException => From(
            new EngineException(
                EngineError.InsufficientMemory, $"There is not enough memory for '{target}'. Close other programs, or use a smaller box.", target, exception),
            target),
        _ => null,
    };

    /// <summary>The record of a job that failed.</summary>
    /// <param name="job">What came of it.</param>
    /// <param name="running">The cmdlet, whose parameters the message can advise.</param>
    public static ErrorRecord From(JobSummary job, CommandInfo running) => job.Error switch
    {
        EngineException refusal => new(
            new EngineException(refusal.Error, $"{job.Job}: {ParameterSpelling.Spell(refusal, running).Message}", job.Path, refusal),
            job.ErrorId,
            Category(refusal.Error),
            job.Path),
        _ => new(job.Error ?? new PSInvalidOperationException($"{job.Job}: {job.Message}"), job.ErrorId, ErrorCategory.NotSpecified, job.Path),
    };

    /// <summary>JobWaitTimeout: the time is over, and jobs still wait or run.</summary>
    public static ErrorRecord JobWaitTimeout(double seconds, int open, int all, string target) => new(
        new TimeoutException(string.Create(
            CultureInfo.InvariantCulture,
            $"{open} of {all} jobs had not ended after {seconds} s, and go on. Wait longer (-Timeout), or look at them with Get-LocalDeblurJob.")),
        "JobWaitTimeout",
        ErrorCategory.OperationTimeout,
        target);

    /// <summary>JobNotSubmitted: a job that a process runs which no scheduler started.</summary>
    public static ErrorRecord JobNotSubmitted(JobStatus job) => new(
        new PSInvalidOperationException($"'{job.Job}' was not submitted to a cluster: a process on {job.Host} runs it. End that process there (Ctrl+C)."),
        "JobNotSubmitted",
        ErrorCategory.InvalidOperation,
        job.Path);

    /// <summary>StageParameterInvalid: what stands for the parameters of a stage is no table of them.</summary>
    public static ErrorRecord StageParameterInvalid(string stage) => new(
        new PSArgumentException($"-StageParameter has no table for '{stage}'; expected names and values, such as @{{ {stage} = @{{ Output = 'a.mrc' }} }}."),
        "StageParameterInvalid",
        ErrorCategory.InvalidArgument,
        stage);

    /// <summary>MapFileNotFound or ModelFileNotFound: no such file.</summary>
    public static ErrorRecord FileNotFound(string path, EngineError error) => From(
        new EngineException(error, $"There is no file '{path}'. Check the name and the current location.", path), path);

    /// <summary>MapFileNotFound or ModelFileNotFound: a pattern matches nothing.</summary>
    public static ErrorRecord PatternWithoutMatch(string pattern, EngineError error) => From(
        new EngineException(
            error,
            $"No file matches '{pattern}'." + (pattern.Contains('[', StringComparison.Ordinal)
                ? " Square brackets are wildcards here; if they are part of the file name, use -LiteralPath."
                : " Check the pattern and the current location."),
            pattern),
        pattern);

    /// <summary>MapPathUnsupported: the path is not one of the file system.</summary>
    public static ErrorRecord PathNotFileSystem(string path, string found, Exception? cause = null) => new(
        new PSArgumentException(PlainText.Of($"'{path}' {found}; expected a path of the file system."), cause),
        "MapPathUnsupported",
        ErrorCategory.InvalidArgument,
        path);

    /// <summary>TargetPatternUnresolved: wildcards in the path of what is to be written, which match nothing or too much.</summary>
    public static ErrorRecord TargetPatternUnresolved(string pattern, int matches) => new(
        new PSArgumentException(matches == 0
            ? $"'{pattern}' has wildcards (*, ?, [ or ]) and matches nothing that exists, so that it names nothing to write. If they are part of the name, use -LiteralPath."
            : $"'{pattern}' matches {matches} files or folders, and only one can be written. Give its name."),
        "TargetPatternUnresolved",
        ErrorCategory.InvalidArgument,
        pattern);

    /// <summary>OutputDirectoryRepeated: one call would write two comparisons to one folder.</summary>
    public static ErrorRecord OutputDirectoryRepeated(string name, string folder) => new(
        new PSInvalidOperationException(
            $"'{name}' was not compared: this call has written another comparison to '{folder}'. "
                + "Call the cmdlet once for each reconstruction, each time with another -OutputDirectory."),
        "OutputDirectoryRepeated",
        ErrorCategory.InvalidOperation,
        folder);

    /// <summary>MapTargetRepeated: one call would write two maps to one file.</summary>
    public static ErrorRecord TargetRepeated(string name, string path) => new(
        new PSInvalidOperationException(
            $"'{name}' was not written: this call has another map for '{path}' already. " +
            "Give a folder as -Path (with a separator at its end), so that each map keeps its own name; maps of the same name need a call of Export-CryoMap each."),
        "MapTargetRepeated",
        ErrorCategory.InvalidOperation,
        path);

    /// <summary>MapFileExists: the target exists and -Force was not given.</summary>
    public static ErrorRecord TargetExists(string path, bool noClobber) => From(
        new EngineException(
            EngineError.MapFileExists,
            $"'{path}' exists already and was left as it is. " + (noClobber ? "Leave -NoClobber out and add -Force to replace it." : "Add -Force to replace it."),
            path),
        path);

    /// <summary>MapWithoutHeader: a computed map descends from no file.</summary>
    public static ErrorRecord MapWithoutHeader(string name) => new(
        new PSInvalidOperationException(PlainText.Of($"'{name}' was computed and has no file. Export it first, then ask for the file.")),
        "MapWithoutHeader",
        ErrorCategory.InvalidOperation,
        name);

    /// <summary>ParameterArgumentValidationErrorNullNotAllowed, as PowerShell itself refuses nothing for a parameter that must have a value.</summary>
    public static ErrorRecord NullArgument(string parameter) => new(
        new ParameterBindingException(
            $"Cannot bind argument to parameter '{parameter}' because it is null. A command that was to give its value may have failed; leave -{parameter} out to do without."),
        "ParameterArgumentValidationErrorNullNotAllowed",
        ErrorCategory.InvalidData,
        parameter);

    /// <summary>FilterBankConflict: a bank and a parameter that would make another were both given.</summary>
    public static ErrorRecord FilterBankConflict(string parameter) => new(
        new PSArgumentException(
            $"-FilterBank and -{parameter} were both given, and the filter bank has its own {parameter}. "
                + $"Leave one of them out, or make the bank with New-FilterBank -{parameter}."),
        "FilterBankConflict",
        ErrorCategory.InvalidArgument,
        parameter);

    /// <summary>FscConflict: a curve to weight by, and a parameter that says to measure one or not to weight.</summary>
    public static ErrorRecord FscConflict(string parameter) => new(
        new PSArgumentException(
            $"-Fsc and -{parameter} were both given: amplitudes are weighted by the curve that was given, by one that is measured, or not at all. Leave one of them out."),
        "FscConflict",
        ErrorCategory.InvalidArgument,
        parameter);

    /// <summary>ParameterNeedsAnother: a parameter that means something only with another one.</summary>
    public static ErrorRecord ParameterNeedsAnother(string parameter, string needed, string reason) => new(
        new PSArgumentException($"-{parameter} was given without -{needed}, and {reason}. Give both, or leave -{parameter} out."),
        "ParameterNeedsAnother",
        ErrorCategory.InvalidArgument,
        parameter);

    /// <summary>FilterBankConflict: a bank without the local resolution that it was made for.</summary>
    public static ErrorRecord FilterBankWithoutResolution() => new(
        new PSArgumentException(
            "-FilterBank was given without -LocalResolution, and a bank belongs to a resolution map. "
                + "Give both, or neither: the bank then follows from the resolution that is estimated."),
        "FilterBankConflict",
        ErrorCategory.InvalidArgument,
        "FilterBank");

    /// <summary>RoundsConflict: a resolution map, and rounds in which it would be estimated.</summary>
    public static ErrorRecord RoundsConflict() => new(
        new PSArgumentException("-Rounds and -LocalResolution were both given, and a round begins with estimating the local resolution. Leave one of them out."),
        "RoundsConflict",
        ErrorCategory.InvalidArgument,
        "Rounds");

    /// <summary>MapCountUnsupported: more or fewer maps than the cmdlet can take together.</summary>
    public static ErrorRecord MapCountUnsupported(string message, string target) => new(
        new PSArgumentException(message),
        "MapCountUnsupported",
        ErrorCategory.InvalidArgument,
        target);

    /// <summary>MapCountUnsupported: lists of first and second half maps that do not pair up.</summary>
    public static ErrorRecord HalfMapsUnpaired(int first, int second) => MapCountUnsupported(
        $"-HalfMap1 has {first} maps and -HalfMap2 {second}; expected as many, the halves of each reconstruction in the same place of both lists.", "HalfMap2");

    /// <summary>MaskMissing: a parameter that means something only with a mask.</summary>
    public static ErrorRecord MaskMissing(string parameter) => new(
        new PSArgumentException($"-{parameter} was given without -Mask, and phases are made random only to correct for a mask. Give a mask, or leave -{parameter} out."),
        "MaskMissing",
        ErrorCategory.InvalidArgument,
        parameter);

    /// <summary>MethodConflict: a parameter of another method than the one that runs.</summary>
    public static ErrorRecord MethodConflict(string parameter, string reason, string method) => new(
        new PSArgumentException($"-{parameter} {reason}; this call is of {method}. Leave -{parameter} out, or change the call."),
        "MethodConflict",
        ErrorCategory.InvalidArgument,
        parameter);

    /// <summary>PlotTargetRepeated: one call would write two plots to one file.</summary>
    public static ErrorRecord PlotTargetRepeated(string path) => new(
        new PSInvalidOperationException(
            PlainText.Of($"One call writes '{path}' once, and more than one input came. Call the cmdlet once for each input, each time with another -Path.")),
        "PlotTargetRepeated",
        ErrorCategory.InvalidOperation,
        path);

    /// <summary>ChainNotFound: no scored residue in the chain that was asked for, or in any.</summary>
    public static ErrorRecord ChainNotFound(string? chain, string model) => new(
        new PSArgumentException(chain is null
            ? $"'{model}' has no residue that the score counts, so there is nothing to plot."
            : $"'{model}' has no residue that the score counts in chain '{chain}'. Leave -Chain out for the first chain, or give one of those of the result's Windows."),
        "ChainNotFound",
        ErrorCategory.InvalidArgument,
        model);

    private static ErrorCategory Category(EngineError error) => error switch
    {
        EngineError.MapFileNotFound => ErrorCategory.ObjectNotFound,
        EngineError.MapFileInaccessible => ErrorCategory.OpenError,
        EngineError.MapFileNameUnsupported => ErrorCategory.InvalidArgument,
        EngineError.MapHeaderInvalid => ErrorCategory.InvalidData,
        EngineError.MapTruncated => ErrorCategory.InvalidData,
        EngineError.MapModeUnsupported => ErrorCategory.NotImplemented,
        EngineError.MapStackUnsupported => ErrorCategory.NotImplemented,
        EngineError.MapFileChanged => ErrorCategory.InvalidData,
        EngineError.MapFileExists => ErrorCategory.ResourceExists,
        EngineError.MapNotFinite => ErrorCategory.InvalidData,
        EngineError.VoxelSizeMissing => ErrorCategory.InvalidData,
        EngineError.VoxelSizeMismatch => ErrorCategory.InvalidArgument,
        EngineError.VoxelSizeAnisotropic => ErrorCategory.InvalidData,
        EngineError.VoxelSizeOutOfRange => ErrorCategory.InvalidData,
        EngineError.CellAnglesUnsupported => ErrorCategory.InvalidData,
        EngineError.MapSizeMismatch => ErrorCategory.InvalidArgument,
        EngineError.MapOriginMismatch => ErrorCategory.InvalidArgument,
        EngineError.MapSizeUnsupported => ErrorCategory.LimitsExceeded,
        EngineError.MapCountUnsupported => ErrorCategory.InvalidArgument,
        EngineError.MaskEmpty => ErrorCategory.InvalidData,
        EngineError.MaskCoversMap => ErrorCategory.InvalidData,
        EngineError.ResolutionRangeInvalid => ErrorCategory.InvalidData,
        EngineError.FilterBankMismatch => ErrorCategory.InvalidArgument,
        EngineError.MapWithoutSignal => ErrorCategory.InvalidData,
        EngineError.FscMismatch => ErrorCategory.InvalidArgument,
        EngineError.FitRangeEmpty => ErrorCategory.InvalidArgument,
        EngineError.MtfTableInvalid => ErrorCategory.InvalidData,
        EngineError.FscTableInvalid => ErrorCategory.InvalidData,
        EngineError.PlotFileNameUnsupported => ErrorCategory.InvalidArgument,
        EngineError.TableFileNameUnsupported => ErrorCategory.InvalidArgument,
        EngineError.ParameterOutOfRange => ErrorCategory.InvalidArgument,
        EngineError.InsufficientMemory => ErrorCategory.ResourceUnavailable,
        EngineError.ModelFileNotFound => ErrorCategory.ObjectNotFound,
        EngineError.ModelFileInaccessible => ErrorCategory.OpenError,
        EngineError.ModelFormatInvalid => ErrorCategory.InvalidData,
        EngineError.ModelEmpty => ErrorCategory.InvalidData,
        EngineError.ModelElementUnknown => ErrorCategory.InvalidData,
        EngineError.ModelOutsideMap => ErrorCategory.InvalidArgument,
        EngineError.ModelMismatch => ErrorCategory.InvalidArgument,
        EngineError.JobInvalid => ErrorCategory.ParserError,
        EngineError.JobRunning => ErrorCategory.ResourceBusy,
        EngineError.JobInputChanged => ErrorCategory.InvalidData,
        EngineError.JobTimeExceeded => ErrorCategory.OperationTimeout,
        EngineError.HistoryIncomplete => ErrorCategory.InvalidData,
        EngineError.SchedulerUnavailable => ErrorCategory.ResourceUnavailable,
        EngineError.SubmissionRefused => ErrorCategory.InvalidOperation,
        EngineError.TemplateInvalid => ErrorCategory.InvalidData,
        EngineError.HalfMapsIdentical => ErrorCategory.InvalidArgument,
        EngineError.HalfMapMasked => ErrorCategory.InvalidData,
        EngineError.ArchiveEntryNotFound => ErrorCategory.ObjectNotFound,
        EngineError.ArchiveUnreachable => ErrorCategory.ConnectionError,
        EngineError.ArchiveFileInvalid => ErrorCategory.InvalidData,
        _ => ErrorCategory.NotSpecified,
    };
}
