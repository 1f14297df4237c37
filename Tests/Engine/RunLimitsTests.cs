using System.Collections.Concurrent;
using Xunit;

namespace LocalDeblur.Tests.Engine;

public sealed class RunLimitsTests
{
    private const long GibiByte = 1L << 30;

    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(10_000, RunLimits.MaximumThreads)]
    public void TheThreadsAskedForAreTaken(int asked, int taken) =>
        Assert.Equal(taken, new RunLimits { Threads = asked, Process = Process(("SLURM_CPUS_PER_TASK", "2")) }.AllowedThreads);

    [Fact]
    public void ANegativeNumberOfThreadsIsRefused()
    {
        var refusal = Assert.Throws<EngineException>(() => new RunLimits { Threads = -1 });
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Contains("-1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutSlurmTheMachineIsTakenAndNothingIsTold()
    {
        var limits = new RunLimits { Process = Process() };
        Assert.Equal(8, limits.AllowedThreads);
        Assert.Equal(16 * GibiByte, limits.AllowedMemory);
        Assert.Empty(limits.Decisions);
    }

    [Fact]
    public void ASlurmAllocationIsTakenAndTold()
    {
        var limits = new RunLimits { Process = Process(("SLURM_CPUS_PER_TASK", "4"), ("SLURM_CPUS_ON_NODE", "6"), ("SLURM_MEM_PER_NODE", "2048"), ("SLURM_MEM_PER_CPU", "100")) };
        Assert.Equal(4, limits.AllowedThreads);
        Assert.Equal(2 * GibiByte, limits.AllowedMemory);
        Assert.Equal(["Threads: 4, from SLURM_CPUS_PER_TASK.", "Memory: 2048 MiB, from SLURM_MEM_PER_NODE."], limits.Decisions);
    }

    [Fact]
    public void MemoryMayBeGivenPerProcessor()
    {
        var limits = new RunLimits { Process = Process(("SLURM_CPUS_ON_NODE", "3"), ("SLURM_MEM_PER_CPU", "1024")) };
        Assert.Equal(3, limits.AllowedThreads);
        Assert.Equal(3 * GibiByte, limits.AllowedMemory);
        Assert.Equal(["Threads: 3, from SLURM_CPUS_ON_NODE.", "Memory: 3072 MiB, from SLURM_MEM_PER_CPU times 3 processors."], limits.Decisions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("-4")]
    [InlineData("4.5")]
    [InlineData("99999999999999999999")]
    [InlineData("9")]
    public void AValueThatIsNoneOrMoreThanTheMachineHasDoesNotCount(string value)
    {
        var limits = new RunLimits { Process = Process(("SLURM_CPUS_PER_TASK", value), ("SLURM_MEM_PER_NODE", $"{value}000000")) };
        Assert.Equal(8, limits.AllowedThreads);
        Assert.Equal(16 * GibiByte, limits.AllowedMemory);
        Assert.Empty(limits.Decisions);
    }

    [Fact]
    public void WhereOneVariableDoesNotCountTheNextDoes()
    {
        // --mem=0 asks for all memory of the node.
        var limits = new RunLimits
        {
            Process = Process(("SLURM_CPUS_PER_TASK", "64"), ("SLURM_CPUS_ON_NODE", " 5 "), ("SLURM_MEM_PER_NODE", "0"), ("SLURM_MEM_PER_CPU", "9223372036854775807")),
        };
        Assert.Equal(5, limits.AllowedThreads);
        Assert.Equal(16 * GibiByte, limits.AllowedMemory);
        Assert.Equal(["Threads: 5, from SLURM_CPUS_ON_NODE."], limits.Decisions);
    }

    [Fact]
    public void WhatAContainerLeavesOfTheMachineIsTold()
    {
        var limits = new RunLimits { Process = ProcessLimits.Find(_ => null, 2, GibiByte, machineProcessors: 8, machineMemory: 16 * GibiByte) };
        Assert.Equal(2, limits.AllowedThreads);
        Assert.Equal(
            [
                "Threads: 2, which is what this process may use of the machine's 8 processors.",
                "Memory: 1024 MiB, which is what this process may use of the machine's 16384 MiB.",
            ],
            limits.Decisions);
    }

    [Fact]
    public void WhatWasAskedForIsNotTold() =>
        Assert.Empty(new RunLimits { Threads = 3, Memory = GibiByte, Process = Process(("SLURM_CPUS_PER_TASK", "4"), ("SLURM_MEM_PER_NODE", "2048")) }.Decisions);

    [Fact]
    public void TheProcessMayUseSomething()
    {
        ProcessLimits current = ProcessLimits.Current;
        Assert.InRange(current.Threads.Amount, 1, Environment.ProcessorCount);
        Assert.InRange(current.Memory.Amount, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public void MemoryIsRefusedFromTheFirstByteTooMany()
    {
        var limits = new RunLimits { Memory = 5000 }.Beside(1000);
        Assert.Equal(4000, limits.Require(4000, "Sharpening 'a'", "a"));
        var refusal = Assert.Throws<EngineException>(() => limits.Require(4001, "Sharpening 'a'", "a", new("use fewer threads", EngineParameter.Threads)));
        Assert.Equal(EngineError.InsufficientMemory, refusal.Error);
        Assert.Equal("a", refusal.Target);
        Assert.StartsWith("Sharpening 'a' takes 5,001 bytes and 5,000 may be used. ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("use fewer threads", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusalSaysWhoSetTheLimit()
    {
        var limits = new RunLimits { Process = Process(("SLURM_MEM_PER_NODE", "1")) };
        var refusal = Assert.Throws<EngineException>(() => limits.Require(2_000_000, "It", "it"));
        Assert.Contains("1,048,576 may be used (from SLURM_MEM_PER_NODE).", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void EveryPieceIsDoneOnceByNoMoreThreadsThanAllowed(int threads)
    {
        int[] done = new int[500];
        int working = 0;
        int most = 0;
        var took = new ConcurrentDictionary<int, bool>();
        new RunLimits { Threads = threads }.ForEach(
            done.Length,
            i =>
            {
                int now = Interlocked.Increment(ref working);
                InterlockedMax(ref most, now);
                took[Environment.CurrentManagedThreadId] = true;
                Thread.SpinWait(2000);
                Interlocked.Increment(ref done[i]);
                Interlocked.Decrement(ref working);
            },
            Stop);
        Assert.All(done, times => Assert.Equal(1, times));
        Assert.InRange(most, 1, threads);
        if (threads == 1)
        {
            Assert.Equal([Environment.CurrentManagedThreadId], took.Keys);
        }
    }

    [Fact]
    public void ScratchIsMadeForEachThreadAndDisposedOf()
    {
        var made = new ConcurrentBag<Scratch>();
        int[] done = new int[100];
        int most = 0;
        new RunLimits { Threads = 3 }.ForEach(
            done.Length,
            () =>
            {
                var scratch = new Scratch();
                made.Add(scratch);
                InterlockedMax(ref most, made.Count(one => !one.IsDisposed));
                return scratch;
            },
            (i, scratch) =>
            {
                Assert.False(scratch.IsDisposed);
                done[i]++;
            },
            Stop);
        Assert.All(done, times => Assert.Equal(1, times));
        Assert.All(made, scratch => Assert.True(scratch.IsDisposed));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void ARefusalOfAPieceIsTheRefusalOfTheLoop()
    {
        var refusal = Assert.Throws<EngineException>(() => new RunLimits { Threads = 2 }.ForEach(10, _ => throw new EngineException(EngineError.MapWithoutSignal, "no"), Stop));
        Assert.Equal(EngineError.MapWithoutSignal, refusal.Error);
    }

    [Fact]
    public void ALoopStopsWhenItIsCancelled()
    {
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => new RunLimits { Threads = 2 }.ForEach(
            1_000_000,
            _ =>
            {
                Interlocked.Increment(ref done);
                source.Cancel();
            },
            source.Token));
        Assert.InRange(done, 1, 1000);
    }

    // A machine of 8 processors and 16 GiB.
    private static ProcessLimits Process(params (string Name, string Value)[] variables) =>
        ProcessLimits.Find(name => Array.Find(variables, variable => variable.Name == name).Value, 8, 16 * GibiByte, 8, 16 * GibiByte);

    private static void InterlockedMax(ref int most, int value)
    {
        int before;
        while ((before = Volatile.Read(ref most)) < value)
        {
            Interlocked.CompareExchange(ref most, value, before);
        }
    }

    private sealed class Scratch : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
