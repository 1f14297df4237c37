using System.Runtime.ExceptionServices;

namespace LocalDeblur.Numerics;

/// <summary>
/// Threads that stay alive between calls and take the pieces of a piece of work from one shared counter. A call allocates
/// nothing. The calling thread is worker 0 and works along.
/// </summary>
/// <remarks>
/// One call at a time: a call made while another runs, or from within a body, is refused. Dispose ends the threads; they are
/// background threads, so a forgotten pool does not keep the process alive.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    /// <summary>More threads than this are never started, whatever is asked for.</summary>
    public const int MaximumThreads = 256;

    private readonly SemaphoreSlim[] _start;
    private readonly CountdownEvent? _finished;
    private readonly DelegateWork _delegateWork = new();
    private IIndexedWork? _work;
    private CancellationToken _cancellation;
    private Exception? _failure;
    private int _count;
    private int _next;
    private int _busy;
    private volatile bool _stopping;
    private bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Number of workers including the caller; 0 for all processors. Clamped to 1 … <see cref="MaximumThreads"/>.</param>
    public WorkerPool(int threads = 0)
    {
        Threads = Math.Clamp(threads == 0 ? Environment.ProcessorCount : threads, 1, MaximumThreads);
        _start = new SemaphoreSlim[Threads - 1];
        if (Threads > 1) _finished = new CountdownEvent(Threads - 1);
        for (int i = 0; i < _start.Length; i++)
        {
            int worker = i + 1;
            _start[i] = new SemaphoreSlim(0);
            new Thread(() => Loop(worker)) { IsBackground = true, Name = $"LocalDeblur worker {worker}" }.Start();
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Does pieces 0 … count−1 and returns when all are done.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="work">The work; keep the object for later calls, so that nothing is allocated.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the last piece was begun.</exception>
    /// <exception cref="InvalidOperationException">The pool is at work already.</exception>
    /// <remarks>The first exception of a body stops the others at their next piece and is thrown here.</remarks>
    public void Run(int count, IIndexedWork work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Enter();
        try
        {
            RunCore(count, work, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Does pieces 0 … count−1 and returns when all are done.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="body">Does one piece; a cached delegate keeps the call free of allocations.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the last piece was begun.</exception>
    /// <exception cref="InvalidOperationException">The pool is at work already.</exception>
    public void Run(int count, Action<int> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Enter();
        try
        {
            _delegateWork.Body = body;
            RunCore(count, _delegateWork, cancellationToken);
        }
        finally
        {
            _delegateWork.Body = null;
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Ends the threads. Waits for none of them: between calls they are idle.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stopping = true;
        // Each thread disposes of its own semaphore when it leaves its loop.
        foreach (SemaphoreSlim start in _start) start.Release();
        _finished?.Dispose();
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("The worker pool is already at work: it takes one call at a time, and none from within a body.");
    }

    private void RunCore(int count, IIndexedWork work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _work = work;
        _count = count;
        _next = 0;
        _cancellation = cancellationToken;
        try
        {
            // Waking more workers than there are pieces only costs time.
            int helpers = Math.Min(_start.Length, count - 1);
            if (helpers > 0)
            {
                _finished!.Reset(helpers);
                for (int i = 0; i < helpers; i++) _start[i].Release();
            }

            TakePieces(0);
            if (helpers > 0) _finished!.Wait(CancellationToken.None);

            if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
            // A worker that sees the cancellation takes no further piece, so the counter tells whether any was left.
            if (_next < count) throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            _work = null;
            _failure = null;
            _cancellation = default;
        }
    }

    private void Loop(int worker)
    {
        SemaphoreSlim start = _start[worker - 1];
        while (true)
        {
            start.Wait();
            if (_stopping) break;
            TakePieces(worker);
            _finished!.Signal();
        }

        start.Dispose();
    }

    private void TakePieces(int worker)
    {
        try
        {
            while (!_cancellation.IsCancellationRequested && Volatile.Read(ref _failure) is null)
            {
                int index = Interlocked.Increment(ref _next) - 1;
                if (index >= _count) break;
                _work!.Execute(index, worker);
            }
        }
        catch (Exception exception)
        {
            // Whatever the body threw belongs to the caller of Run, which rethrows it.
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }

    private sealed class DelegateWork : IIndexedWork
    {
        public Action<int>? Body { get; set; }

        public void Execute(int index, int worker) => Body!(index);
    }
}
