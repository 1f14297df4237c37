using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Runtime.InteropServices;
using LocalDeblur.Files;

namespace LocalDeblur.PowerShell.Base;

/// <summary>
/// A cmdlet whose work runs on another thread: the pipeline thread shows progress and waits, Ctrl+C cancels the work, and
/// the cmdlet does not leave before its worker has. A process that is told to end lets the worker remove what is half-written.
/// </summary>
public abstract class CancellableCommand : PSCmdlet, IDisposable
{
    private const int PollMilliseconds = 200;

    // What is written sees the cancellation within seconds.
    private const int RemovalMilliseconds = 10_000;

    // Far from the small numbers that scripts give their own progress. Cmdlets that run at once have a number each, and so a bar each. A parent they cannot have:
    // PowerShell does not tell a cmdlet of a script's progress, and its console looks for a parent among the records of the same cmdlet alone.
    private static int _lastActivity = 1_202_600_000;

    private readonly int _activity = Interlocked.Increment(ref _lastActivity);
    private readonly CancellationTokenSource _cancellation = new();
    private RunLog? _log;
    private bool _isDisposed;

    /// <summary>Releases what the cmdlet holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cmdlet holds.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _cancellation.Dispose();
        }
    }

    /// <summary>File that takes a line of JSON for everything that happens, as the user gave it, - for standard error; null for none.</summary>
    private protected virtual string? LogTarget => null;

    /// <summary>The log; null where none was asked for.</summary>
    private protected RunLog? Log => LogTarget is null ? null : _log ??= OpenLog(LogTarget);

    /// <summary>
    /// Refuses $null that was given by name or position, such as the result of a command that failed: it must not count as not given. What a row of the pipeline
    /// has no value for is bound later, and does.
    /// </summary>
    protected sealed override void BeginProcessing()
    {
        foreach ((string parameter, object? value) in MyInvocation.BoundParameters)
        {
            if (value is null)
            {
                ThrowTerminatingError(ErrorRecords.NullArgument(parameter));
            }
        }

        Begin();
    }

    /// <summary>Checks what was given by name and position, and opens what every item of the call needs.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>Called by PowerShell on another thread when the pipeline is to stop.</summary>
    protected override void StopProcessing()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet has just ended by itself; there is nothing left to stop.
        }
    }

    /// <summary>
    /// Notes what was decided or done: in the verbose stream for who watches, and in the information stream, with tags, for who keeps records
    /// (-InformationVariable, or -InformationAction Continue and a transcript).
    /// </summary>
    /// <param name="sentence">What was decided or done.</param>
    /// <param name="tag">Decision, or File for a file that was written.</param>
    internal void Note(string sentence, string tag = "Decision")
    {
        string plain = PlainText.Of(sentence);
        WriteVerbose(plain);
        WriteInformation(plain, ["LocalDeblur", tag]);
    }

    /// <summary>Notes what was decided, and warns of what the user should know.</summary>
    /// <param name="subject">The map or model that it is about.</param>
    /// <param name="decisions">What was decided, one sentence each.</param>
    /// <param name="warnings">What the user should know, one sentence each.</param>
    internal void Tell(string subject, IEnumerable<string> decisions, IEnumerable<string> warnings)
    {
        foreach (string decision in decisions)
        {
            Note($"{subject}: {decision}");
        }

        foreach (string warning in warnings)
        {
            Warn($"{subject}: {warning}");
            Log?.Write(new LogEntry("warning") { Job = subject, Message = warning });
        }
    }

    /// <summary>Warns of what the user should know; names of files and what stands in them may be part of it.</summary>
    /// <param name="sentence">The warning.</param>
    internal void Warn(string sentence) => WriteWarning(PlainText.Of(sentence));

    /// <summary>Does work for one item. What refuses the item becomes an error record, and the next item can follow.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="activity">What is done, for the progress display.</param>
    /// <param name="target">Path or name of the item.</param>
    /// <param name="work">The work; it must not call the cmdlet.</param>
    /// <param name="result">What it returned.</param>
    /// <returns>False when an error record was written instead.</returns>
    protected bool TryRun<T>(string activity, string target, Func<IProgress<StageProgress>, CancellationToken, T> work, [NotNullWhen(true)] out T? result)
        where T : notnull
    {
        ErrorRecord? error;
        try
        {
            result = Run(activity, work, isLogged: false);
            return true;
        }
        catch (Exception exception) when ((error = ErrorRecords.From(exception, target, MyInvocation.MyCommand)) is not null)
        {
            Note(activity, error);
            WriteError(error);
        }

        result = default;
        return false;
    }

    /// <summary>Does work without which the call cannot proceed: what refuses it ends the call.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="activity">What is done, for the progress display.</param>
    /// <param name="target">Path or name of what it is about.</param>
    /// <param name="work">The work; it must not call the cmdlet.</param>
    /// <param name="isLogged">Whether the work writes the log itself.</param>
    protected T RunOrThrow<T>(string activity, string target, Func<IProgress<StageProgress>, CancellationToken, T> work, bool isLogged = false)
    {
        ErrorRecord? error;
        try
        {
            return Run(activity, work, isLogged);
        }
        catch (Exception exception) when ((error = ErrorRecords.From(exception, target, MyInvocation.MyCommand)) is not null)
        {
            Note(activity, error);
            ThrowTerminatingError(error);
            throw;
        }
    }

    private T Run<T>(string activity, Func<IProgress<StageProgress>, CancellationToken, T> work, bool isLogged)
    {
        var progress = new LatestProgress();
        RunLog? log = isLogged ? null : Log;
        IProgress<StageProgress> watched = log?.Watch(progress, activity) ?? progress;
        log?.Write(new LogEntry("begin") { Job = activity });
        long started = Stopwatch.GetTimestamp();
        CancellationToken token = _cancellation.Token;
        Task<T> worker = Task.Factory.StartNew(() => work(watched, token), token, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => StopBeforeTheEnd(worker));
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => StopBeforeTheEnd(worker));
        try
        {
            PumpUntilDone(worker, activity, progress);
        }
        finally
        {
            // PowerShell may throw out of WriteProgress; the worker must not outlive the cmdlet.
            if (!worker.IsCompleted)
            {
                StopProcessing();
                Task.WaitAny(worker);
            }
        }

        try
        {
            T result = worker.GetAwaiter().GetResult();
            log?.Write(new LogEntry("end")
            {
                Job = activity,
                Fraction = 1,
                Figures = new Dictionary<string, double> { ["seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3) },
            });
            return result;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            log?.Write(new LogEntry("stop") { Job = activity, ErrorId = "Stopped", Message = "Ended from outside." });
            throw new PipelineStoppedException();
        }
    }

    private void Note(string activity, ErrorRecord error) =>
        Log?.Write(new LogEntry("error") { Job = activity, ErrorId = error.FullyQualifiedErrorId.Split(',')[0], Message = error.Exception.Message });

    private RunLog OpenLog(string target)
    {
        if (target == "-")
        {
            return RunLog.To(Console.OpenStandardError());
        }

        string path = target;
        try
        {
            path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(target);
            return RunLog.Append(path);
        }
        catch (EngineException refusal)
        {
            ThrowTerminatingError(ErrorRecords.From(refusal, path));
            throw;
        }
    }

    // A scheduler that ends its job, or a terminal that is gone, ends PowerShell at once, when this returns.
    private void StopBeforeTheEnd(Task worker)
    {
        StopProcessing();
        Task.WaitAny([worker], RemovalMilliseconds);
    }

    private void PumpUntilDone(Task worker, string activity, LatestProgress progress)
    {
        var clock = Stopwatch.StartNew();
        ProgressRecord? shown = null;
        while (Task.WaitAny([worker], PollMilliseconds) < 0)
        {
            if (progress.Latest is { } latest && !_cancellation.IsCancellationRequested)
            {
                shown = Describe(activity, latest, clock.Elapsed);
                WriteProgress(shown);
            }
        }

        if (shown is not null && !_cancellation.IsCancellationRequested)
        {
            shown.RecordType = ProgressRecordType.Completed;
            WriteProgress(shown);
        }
    }

    private ProgressRecord Describe(string activity, StageProgress latest, TimeSpan elapsed)
    {
        var record = new ProgressRecord(_activity, activity, string.IsNullOrEmpty(latest.Stage) ? activity : latest.Stage);
        if (double.IsFinite(latest.Fraction))
        {
            double fraction = Math.Clamp(latest.Fraction, 0, 1);
            record.PercentComplete = (int)(100 * fraction);

            // Too little done, or too short a time, says nothing about the rest.
            if (fraction >= 0.02 && elapsed.TotalSeconds >= 1)
            {
                record.SecondsRemaining = (int)Math.Ceiling(elapsed.TotalSeconds * (1 - fraction) / fraction);
            }
        }

        return record;
    }
}
