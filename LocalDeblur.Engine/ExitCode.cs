namespace LocalDeblur;

/// <summary>What a process of this program tells its caller, and what the state of a job notes.</summary>
public enum ExitCode
{
    /// <summary>Done; every file is complete.</summary>
    Success = 0,

    /// <summary>A fault of the program itself.</summary>
    InternalError = 1,

    /// <summary>The command line, or the file of a job, cannot be understood.</summary>
    Usage = 2,

    /// <summary>The input was refused, or a file cannot be read or written. Trying again does not help.</summary>
    InputRefused = 3,

    /// <summary>More memory or time is needed than may be used. Trying again with more may help.</summary>
    InsufficientResources = 4,

    /// <summary>Of several jobs some failed; their summary says which.</summary>
    SomeJobsFailed = 5,

    /// <summary>Its terminal is gone (SIGHUP); nothing half-written is left.</summary>
    HungUp = 129,

    /// <summary>Interrupted by Ctrl+C (SIGINT); nothing half-written is left.</summary>
    Interrupted = 130,

    /// <summary>Told to end (SIGTERM), as by a scheduler; nothing half-written is left.</summary>
    Terminated = 143,
}

/// <summary>Which exit code stands for which failure.</summary>
public static class ExitCodes
{
    /// <summary>The exit code of a failure.</summary>
    /// <param name="failure">A refusal, or a fault of the program.</param>
    public static ExitCode Of(Exception failure) => failure switch
    {
        EngineException { Error: EngineError.InsufficientMemory or EngineError.JobTimeExceeded } or OutOfMemoryException => ExitCode.InsufficientResources,
        EngineException { Error: EngineError.JobInvalid } => ExitCode.Usage,
        EngineException => ExitCode.InputRefused,
        OperationCanceledException => ExitCode.Interrupted,
        _ => ExitCode.InternalError,
    };

    /// <summary>The id of a failure, as logs and states of jobs name it.</summary>
    /// <param name="failure">A refusal, or a fault of the program.</param>
    public static string ErrorId(Exception failure) => failure switch
    {
        EngineException refusal => refusal.Error.ToString(),
        OutOfMemoryException => nameof(EngineError.InsufficientMemory),
        OperationCanceledException => "Stopped",
        _ => nameof(ExitCode.InternalError),
    };
}
