namespace LocalDeblur.Runner;

/// <summary>What the process tells its caller.</summary>
internal enum ExitCode
{
    /// <summary>Done; every file is complete.</summary>
    Success = 0,

    /// <summary>A fault of the program itself.</summary>
    InternalError = 1,

    /// <summary>The command line cannot be understood.</summary>
    Usage = 2,

    /// <summary>The input was refused, or a file cannot be read or written. Trying again does not help.</summary>
    InputRefused = 3,

    /// <summary>More memory is needed than may be used. Trying again with more may help.</summary>
    InsufficientMemory = 4,

    /// <summary>Its terminal is gone (SIGHUP); nothing half-written is left.</summary>
    HungUp = 129,

    /// <summary>Interrupted by Ctrl+C (SIGINT); nothing half-written is left.</summary>
    Interrupted = 130,

    /// <summary>Told to end (SIGTERM), as by a scheduler; nothing half-written is left.</summary>
    Terminated = 143,
}
