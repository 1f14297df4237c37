using LocalDeblur.Numerics;
using Xunit;

namespace LocalDeblur.Tests.Engine.Numerics;

public sealed class WorkerPoolTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void EveryPieceIsDoneOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        Assert.Equal(threads, pool.Threads);
        foreach (int count in new[] { 0, 1, 2, 3, 100, 1000 })
        {
            var done = new int[count];
            pool.Run(count, i => Interlocked.Increment(ref done[i]), Cancel);
            Assert.All(done, d => Assert.Equal(1, d));
        }
    }

    [Fact]
    public void NumberOfThreadsIsClamped()
    {
        using var least = new WorkerPool(-3);
        Assert.Equal(1, least.Threads);
        using var most = new WorkerPool(RunLimits.MaximumThreads + 1);
        Assert.Equal(RunLimits.MaximumThreads, most.Threads);
    }

    [Fact]
    public void FirstExceptionIsRethrownAndThePoolGoesOn()
    {
        using var pool = new WorkerPool(3);
        Action<int> failing = i =>
        {
            if (i == 17)
            {
                throw new InvalidDataException();
            }
        };
        Assert.Throws<InvalidDataException>(() => pool.Run(100, failing, Cancel));
        int sum = 0;
        pool.Run(10, i => Interlocked.Add(ref sum, i), Cancel);
        Assert.Equal(45, sum);
    }

    [Fact]
    public void CancellationStopsBeforeTheNextPiece()
    {
        using var pool = new WorkerPool(2);
        using var source = new CancellationTokenSource();
        int done = 0;
        Action<int> body = i =>
        {
            int piece = Interlocked.Increment(ref done);
            if (piece == 3)
            {
                source.Cancel();
            }
            else if (piece > 3)
            {
                // The thread that cancels may be held up before it does.
                source.Token.WaitHandle.WaitOne();
            }
        };
        Assert.Throws<OperationCanceledException>(() => pool.Run(1000, body, source.Token));
        Assert.InRange(done, 3, 4);
        pool.Run(10, body, Cancel);
        Assert.InRange(done, 13, 14);
    }

    [Fact]
    public void CancellationAfterTheLastPieceIsNoError()
    {
        using var pool = new WorkerPool(1);
        using var source = new CancellationTokenSource();
        Action<int> body = i =>
        {
            if (i == 4)
            {
                source.Cancel();
            }
        };
        pool.Run(5, body, source.Token);
    }

    [Fact]
    public void CallFromWithinABodyIsRefused()
    {
        using var pool = new WorkerPool(2);
        Action<int> nested = _ => pool.Run(1, _ => { }, Cancel);
        Assert.Throws<InvalidOperationException>(() => pool.Run(1, nested, Cancel));
    }

    [Fact]
    public void CallReturnsWhenItsOwnPiecesAreDoneHoweverLateTheSignalOfTheCallBefore()
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(300);
        using var pool = new WorkerPool(2);
        using var lateSignal = new ManualResetEventSlim();
        using var bothBegun = new CountdownEvent(2);

        // The helper has counted itself out of the first call and is held up before it says so. Where the call does not wait for that,
        // the second one has begun when the signal comes.
        pool.BeforeFinish = () => lateSignal.Wait(delay, Cancel);
        using (var meeting = new Barrier(2))
        {
            pool.Run(2, _ => meeting.SignalAndWait(Cancel), Cancel);
        }

        int caller = Environment.CurrentManagedThreadId;
        int done = 0;
        Action<int> body = _ =>
        {
            lateSignal.Set();
            bothBegun.Signal();
            bothBegun.Wait(Cancel);
            // The caller's piece is done at once, so that it waits, or should, for the helper's.
            if (Environment.CurrentManagedThreadId != caller)
            {
                Thread.Sleep(delay);
            }

            Interlocked.Increment(ref done);
        };
        pool.Run(2, body, Cancel);
        Assert.Equal(2, Volatile.Read(ref done));
    }

    [Fact]
    public void DisposeFromWithinABodyIsRefused()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(1, _ => pool.Dispose(), Cancel));
        int done = 0;
        pool.Run(10, _ => Interlocked.Increment(ref done), Cancel);
        Assert.Equal(10, done);
    }

    [Fact]
    public void DisposedPoolRefusesWork()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(1, _ => { }, Cancel));
    }
}
