using System.Runtime.ExceptionServices;

namespace LocalDeblur;

/// <summary>How many threads a run may work on, and how much memory it may hold. By default what the process may use.</summary>
/// <remarks>
/// What the process may use is, in this order: what a Slurm job was given (SLURM_CPUS_PER_TASK, else SLURM_CPUS_ON_NODE; SLURM_MEM_PER_NODE, else SLURM_MEM_PER_CPU
/// times the processors), unless it is more than .NET finds; what .NET finds, which heeds a container's limits and the processors that a process is bound to.
/// Results do not depend on the limits.
/// </remarks>
public sealed record RunLimits
{
    /// <summary>More threads than this are never started, whatever is asked for.</summary>
    public const int MaximumThreads = 256;

    /// <summary>What a process takes for the program itself, beside what its runs hold: runtime, code, threads, and what is read into and written from (bytes; measured).</summary>
    public const long ProgramBytes = 80_000_000;

    /// <summary>What takes less than this is not worth a collection, which costs up to a tenth of a second, where there is room for it (bytes).</summary>
    private const long LargeRun = 1L << 26;

    private readonly int _threads;

    /// <summary>Threads to work on; 0 for as many as the process may use.</summary>
    /// <exception cref="EngineException">ParameterOutOfRange for a negative number.</exception>
    public int Threads
    {
        get => _threads;
        init => _threads = value >= 0
            ? value
            : throw new EngineException(EngineError.ParameterOutOfRange, Say($"The number of threads is {value}; expected 0, for as many as the process may use, or more."))
            {
                Advice = [new("give another number", EngineParameter.Threads)],
            };
    }

    /// <summary>Most memory that a run may hold at once, its input included (bytes); null for what the process may use.</summary>
    public long? Memory { get; init; }

    /// <summary>The number of threads that a run works on, 1 … <see cref="MaximumThreads"/>.</summary>
    public int AllowedThreads => (int)Math.Clamp(Threads > 0 ? Threads : Process.Threads.Amount, 1, MaximumThreads);

    /// <summary>The memory that a run may hold (bytes).</summary>
    public long AllowedMemory => Math.Max(0, (Memory ?? Process.Memory.Amount) - Held);

    /// <summary>What the process may use. Tests put their own here.</summary>
    internal ProcessLimits Process { get; init; } = ProcessLimits.Current;

    /// <summary>Bytes that others hold while the run works, and that it cannot have.</summary>
    internal long Held { get; init; }

    /// <summary>What is enough for a longer work that the run is part of (bytes), so that a refusal tells a figure for all of it; 0 where there is none.</summary>
    internal long Enough { get; init; }

    /// <summary>What was taken without being asked for and is not simply the machine's, one sentence each, for the history of a run.</summary>
    internal IEnumerable<string> Decisions
    {
        get
        {
            if (Threads == 0 && Process.Threads.Origin is { } threads)
            {
                yield return Say($"Threads: {AllowedThreads}, {threads}.");
            }

            if (Memory is null && Process.Memory.Origin is { } memory)
            {
                yield return Say($"Memory: {Process.Memory.Amount / ProcessLimits.MebiByte} MiB, {memory}.");
            }
        }
    }

    /// <summary>The limits of a process that does nothing else, in which the program itself counts too: what it may have resident.</summary>
    /// <param name="threads">As <see cref="Threads"/>.</param>
    /// <param name="memory">As <see cref="Memory"/>.</param>
    public static RunLimits OfProcess(int threads, long? memory) => new() { Threads = threads, Memory = memory, Held = ProgramBytes };

    /// <summary>The limits of a run in a session that lives on: a limit that is given is the run's alone, and of what the process may use it has what the session leaves.</summary>
    /// <param name="threads">As <see cref="Threads"/>.</param>
    /// <param name="memory">As <see cref="Memory"/>.</param>
    public static RunLimits OfSession(int threads, long? memory) => new() { Threads = threads, Memory = memory, Held = memory is null ? Environment.WorkingSet : 0 };

    /// <summary>The same limits for work beside which something is held.</summary>
    /// <param name="bytes">How much that is.</param>
    internal RunLimits Beside(long bytes) => this with { Held = Held + bytes };

    /// <summary>The same threads, and memory of its own for a part of a session: what it states is for itself, whatever else the session holds.</summary>
    /// <param name="memory">Most memory that the part may hold, the program among that where it counts (bytes).</param>
    internal RunLimits WithOwnMemory(long memory) => this with { Memory = memory, Held = Math.Min(Held, ProgramBytes) };

    /// <summary>The same limits for a program that takes more than others for itself; unchanged where the program does not count.</summary>
    /// <param name="bytes">How much more that is.</param>
    internal RunLimits BesideProgram(long bytes) => Held >= ProgramBytes ? Beside(bytes) : this;

    /// <summary>Refuses what takes more memory than allowed, before it is allocated.</summary>
    /// <param name="bytes">What it holds at once at most.</param>
    /// <param name="what">What it is, as the subject of a sentence: "Sharpening 'a.mrc' (64 x 64 x 64 voxels)".</param>
    /// <param name="target">The file or map it is about.</param>
    /// <param name="remedy">What else helps; null for nothing but more memory.</param>
    /// <param name="enough">What is enough for certain, where that turns out on the way; told in place of the bytes.</param>
    /// <returns>The same number of bytes.</returns>
    /// <exception cref="EngineException">InsufficientMemory. The figure in it is a limit that is enough.</exception>
    internal long Require(long bytes, string what, string? target, Advice? remedy = null, long enough = 0)
    {
        if (bytes <= AllowedMemory)
        {
            ReleaseGarbage(bytes);
            return bytes;
        }

        string origin = Memory is null && Process.Memory.Origin is { } known ? $" ({known})" : string.Empty;
        throw new EngineException(
            EngineError.InsufficientMemory,
            Say($"{what} takes {Math.Max(bytes, Math.Max(enough, Enough)) + Held:N0} bytes and {Memory ?? Process.Memory.Amount:N0} may be used{origin}."),
            target)
        {
            Advice = [new("allow more memory", EngineParameter.MemoryLimit), .. remedy is null ? (ReadOnlySpan<Advice>)[] : [remedy], new("use a machine with more memory")],
        };
    }

    /// <summary>
    /// Does work that cannot be stopped in between, such as a library's, and waits for it no longer than until an interruption. The caller waits while it works: one
    /// thread is busy.
    /// </summary>
    /// <param name="work">The work; goes on by itself after an interruption, and must then leave nothing behind.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was interrupted.</exception>
    internal static void Await(Action work, CancellationToken cancellationToken)
    {
        var task = Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAny([task], cancellationToken);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Does pieces 0 … count−1, several at a time, and returns when all are done.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="body">Does one piece. Which thread does which is not fixed, so pieces must not add to the same sum.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>An exception of a piece ends the others at their next and is thrown here.</remarks>
    internal void ForEach(int count, Action<int> body, CancellationToken cancellationToken) =>
        Run(
            parallelism => Parallel.For(
                0,
                count,
                parallelism,
                index =>
                {
                    // Parallel.For hears of it by a callback, which on a busy machine may be a thousand small pieces late.
                    cancellationToken.ThrowIfCancellationRequested();
                    body(index);
                }),
            cancellationToken);

    /// <summary>Does pieces 0 … count−1, several at a time, each with scratch of the thread that does it.</summary>
    /// <typeparam name="TScratch">What a thread needs to do a piece.</typeparam>
    /// <param name="count">Number of pieces.</param>
    /// <param name="create">Makes scratch; no more exist at a time than there are threads.</param>
    /// <param name="body">Does one piece; the scratch must not influence the result.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void ForEach<TScratch>(int count, Func<TScratch> create, Action<int, TScratch> body, CancellationToken cancellationToken)
        where TScratch : IDisposable =>
        Run(
            parallelism => Parallel.For(
                0,
                count,
                parallelism,
                create,
                (index, _, scratch) =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    body(index, scratch);
                    return scratch;
                },
                scratch => scratch.Dispose()),
            cancellationToken);

    /// <summary>Does items 0 … count−1 in blocks, several blocks at a time: for items too small to be pieces of their own.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="body">Does the items from the first number to before the second.</param>
    /// <param name="cancellationToken">Looked at before each block.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void ForEachBlock(int count, Action<int, int> body, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        ForEach((count + Block - 1) / Block, block => body(block * Block, Math.Min(count, (block + 1) * Block)), cancellationToken);
    }

    /// <summary>Volumes of steps that are over stay in memory until the collector feels like it, beside those that are allocated next: it is told to.</summary>
    /// <param name="bytes">How much is allocated next.</param>
    internal void ReleaseGarbage(long bytes)
    {
        if (bytes >= LargeRun || Environment.WorkingSet + bytes > (Memory ?? Process.Memory.Amount))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private void Run(Action<ParallelOptions> loop, CancellationToken cancellationToken)
    {
        try
        {
            loop(new ParallelOptions { MaxDegreeOfParallelism = AllowedThreads, CancellationToken = cancellationToken });
        }
        catch (AggregateException failures)
        {
            // What a piece refuses is the run's refusal; the wrapping says nothing more.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
