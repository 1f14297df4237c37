namespace LocalDeblur.Runner;

/// <summary>
/// A job of RELION's pipeline as its output folder shows it: the job runs until exactly one of three empty files lies there, and is to stop when a fourth does.
/// </summary>
/// <remarks>Names of RELION 3.1 and later. The first end that is told stays, whatever comes after it.</remarks>
internal sealed class RelionJob : IDisposable
{
    private const string Success = "RELION_JOB_EXIT_SUCCESS";
    private const string Failure = "RELION_JOB_EXIT_FAILURE";
    private const string Aborted = "RELION_JOB_EXIT_ABORTED";
    private const string AbortNow = "RELION_JOB_ABORT_NOW";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _abort;
    private readonly CancellationTokenRegistration _aborting;
    private readonly Timer _watch;
    private readonly string _folder;
    private int _hasEnded;

    /// <summary>Begins a job: removes what an earlier one left, and begins to look for the wish to stop.</summary>
    /// <param name="folder">Full path of its output folder, which is made where it is missing.</param>
    /// <param name="cancellation">Stops the job as well.</param>
    public RelionJob(string folder, CancellationToken cancellation)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (string marker in (string[])[Success, Failure, Aborted])
        {
            File.Delete(Path.Combine(_folder, marker));
        }

        _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // Told at once: a process that does not get to its end is killed.
        _aborting = _abort.Token.Register(() => End(Aborted));
        _watch = new Timer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>Cancelled when the job is to stop.</summary>
    public CancellationToken Token => _abort.Token;

    /// <summary>Whether it was RELION that wished it to stop.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Tells RELION that a job has failed that could not even begin, because its command line cannot be understood.</summary>
    /// <param name="arguments">The command line.</param>
    public static void FailWithout(string[] arguments)
    {
        if (arguments.FirstOrDefault() != RelionCommand.Name)
        {
            return;
        }

        string? folder = ((string[])["--pipeline_control", "--o"])
            .Select(option => Array.LastIndexOf(arguments, option))
            .Where(at => at > 0 && at + 1 < arguments.Length)
            .Select(at => arguments[at + 1]).FirstOrDefault(Directory.Exists);
        if (folder is not null)
        {
            using var job = new RelionJob(Path.GetFullPath(folder), CancellationToken.None);
            job.Fail();
        }
    }

    /// <summary>Tells that the job has failed.</summary>
    public void Fail() => End(Failure);

    /// <summary>Tells that the job is done.</summary>
    public void Succeed() => End(Success);

    /// <summary>Stops looking. A job that ended in no other way has failed.</summary>
    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            if (_watch.Dispose(stopped))
            {
                stopped.WaitOne();
            }
        }

        _aborting.Dispose();
        _abort.Dispose();
        End(Failure);
    }

    private void Look()
    {
        string wish = Path.Combine(_folder, AbortNow);
        if (File.Exists(wish))
        {
            IsAborted = true;
            _abort.Cancel();
            TryWrite(() => File.Delete(wish));
        }
    }

    private void End(string marker)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            TryWrite(() => File.WriteAllBytes(Path.Combine(_folder, marker), []));
        }
    }

    // A full or vanished disk has a message of its own, from what could not be written there before.
    private static void TryWrite(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
        }
    }
}
