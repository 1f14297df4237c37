using System.Runtime.ExceptionServices;

namespace LocalDeblur.Numerics;

/// <summary>
/// Threads that stay alive between calls and take the pieces of a piece of work from one shared counter. A call allocates
/// nothing. The calling thread is worker 0 and works along.
/// </summary>
/// <remarks>
/// One call at a time: a call made while another runs, or from within a body, is refused, and so is Dispose. Dispose ends the
/// threads; they are background threads, so a forgotten pool does not keep the process alive.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    private readonly SemaphoreSlim[] _start;
    // Released once for each call that woke workers, and waited for once. A count, unlike an event, cannot be left over from the call
    // before: CountdownEvent lets its waiter go before its last signal has set its event, which then ends the next wait too early.
    private readonly SemaphoreSlim _finished = new(0);
    private readonly DelegateWork _delegateWork = new();
    private IIndexedWork? _work;
    private CancellationToken _cancellation;
    private Exception? _failure;
    private int _count;
    private int _next;
    private int _unfinished;
    private ExclusiveUse _use;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Number of workers including the caller, clamped to 1 … <see cref="RunLimits.MaximumThreads"/>.
    /// <see cref="RunLimits.AllowedThreads"/> says how many.</param>
    public WorkerPool(int threads)
    {
        Threads = Math.Clamp(threads, 1, RunLimits.MaximumThreads);
        _start = new SemaphoreSlim[Threads - 1];
        for (int i = 0; i < _start.Length; i++)
        {
            _start[i] = new SemaphoreSlim(0);
        }

        try
        {
            for (int worker = 1; worker < Threads; worker++)
            {
                StartThread(worker);
            }
        }
        catch
        {
            // The system may refuse a thread; those before it must not wait for ever.
            EndThreads();
            throw;
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Threads { get; }

    /// <summary>For tests: what the last worker does after it has counted itself out and before the caller hears of it.</summary>
    internal Action? BeforeFinish { get; set; }

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
            _use.Leave();
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
            _use.Leave();
        }
    }

    /// <summary>Ends the threads. Waits for none of them: between calls they are idle.</summary>
    /// <exception cref="InvalidOperationException">The pool is at work.</exception>
    public void Dispose()
    {
        if (_use.End("The worker pool is at work: it is disposed of when its call has returned."))
        {
            EndThreads();
        }
    }

    private void Enter() =>
        _use.Enter(this, "The worker pool is already at work: it takes one call at a time, and none from within a body.");

    private void StartThread(int worker) =>
        new Thread(() => Loop(worker)) { IsBackground = true, Name = $"LocalDeblur worker {worker}" }.Start();

    // The semaphores hold nothing that would have to be freed: none of them was asked for a wait handle.
    private void EndThreads()
    {
        _stopping = true;
        foreach (SemaphoreSlim start in _start)
        {
            start.Release();
        }
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
                _unfinished = helpers;
                for (int i = 0; i < helpers; i++)
                {
                    _start[i].Release();
                }
            }

            TakePieces(0);
            if (helpers > 0)
            {
                _finished.Wait(CancellationToken.None);
            }

            if (_failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
            // A worker that sees the cancellation takes no further piece, so the counter tells whether any was left.
            if ((uint)_next < (uint)count)
            {
                throw new OperationCanceledException(cancellationToken);
            }
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
            if (_stopping)
            {
                break;
            }

            TakePieces(worker);
            if (Interlocked.Decrement(ref _unfinished) != 0)
            {
                continue;
            }

            BeforeFinish?.Invoke();
            _finished.Release();
        }
    }

    private void TakePieces(int worker)
    {
        try
        {
            while (!_cancellation.IsCancellationRequested && Volatile.Read(ref _failure) is null)
            {
                int index = Interlocked.Increment(ref _next) - 1;
                // Unsigned, since each worker counts once beyond the last piece, and the count may be the greatest there is.
                if ((uint)index >= (uint)_count)
                {
                    break;
                }

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
