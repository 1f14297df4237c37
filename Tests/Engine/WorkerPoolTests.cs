using LocalDeblur.Numerics;
using Xunit;

namespace LocalDeblur.Tests.Engine;

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
        using var all = new WorkerPool();
        Assert.Equal(Math.Min(Environment.ProcessorCount, WorkerPool.MaximumThreads), all.Threads);
        using var one = new WorkerPool(-3);
        Assert.Equal(1, one.Threads);
    }

    [Fact]
    public void FirstExceptionIsRethrownAndThePoolGoesOn()
    {
        using var pool = new WorkerPool(3);
        Action<int> failing = i =>
        {
            if (i == 17) throw new InvalidDataException();
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
            if (Interlocked.Increment(ref done) == 3) source.Cancel();
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
            if (i == 4) source.Cancel();
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
    public void DisposedPoolRefusesWork()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(1, _ => { }, Cancel));
    }
}
