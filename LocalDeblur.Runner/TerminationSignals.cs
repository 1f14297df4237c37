using System.Runtime.InteropServices;

namespace LocalDeblur.Runner;

/// <summary>
/// Ends a run when the system asks for it: Ctrl+C (SIGINT), a scheduler or container that stops its job (SIGTERM), a terminal that is
/// gone (SIGHUP). The work is cancelled, so that it removes what is half-written, and the exit code tells which of them it was.
/// </summary>
/// <remarks>A signal that the parent ignores, as nohup does with SIGHUP and a shell script with SIGINT for its background jobs, stays ignored.</remarks>
internal sealed class TerminationSignals : IDisposable
{
    // What is written sees the cancellation within seconds; a run that hangs must not hold up the shutdown of the machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Sent for a file that grows beyond the limit of the shell (ulimit -f); where it does not end the program, the writer fails by name and removes what it began.
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _received;

    /// <summary>Begins to listen.</summary>
    public TerminationSignals()
    {
        Current = this;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ExitCode.Terminated)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => End(context, ExitCode.HungUp)),
            .. OperatingSystem.IsWindows() ? [] : (PosixSignalRegistration[])[PosixSignalRegistration.Create(FileSizeExceeded, context => context.Cancel = true)],
        ];
    }

    /// <summary>Those of the process; null before it listens.</summary>
    public static TerminationSignals? Current { get; private set; }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The exit code of the first signal; null before there was one.</summary>
    public ExitCode? Received => Volatile.Read(ref _received) is not 0 and var code ? (ExitCode)code : null;

    /// <summary>Lets waiting signals go, now that nothing is left to remove.</summary>
    public void Dispose()
    {
        _ended.Set();
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void End(PosixSignalContext context, ExitCode code)
    {
        Interlocked.CompareExchange(ref _received, (int)code, 0);
        _cancellation.Cancel();
        // On Windows the process ends when this returns. Where the run does not end, the signal does what it does to every program.
        context.Cancel = _ended.Wait(Patience);
    }
}
