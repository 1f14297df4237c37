using System.Globalization;

namespace LocalDeblur;

/// <summary>What the process may use of the machine, and from where that is known. The one place that reads the environment.</summary>
/// <param name="Threads">Processors.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record ProcessLimits(ProcessLimits.Allowance Threads, ProcessLimits.Allowance Memory)
{
    /// <summary>What Slurm counts memory in, and what a history tells it in (bytes).</summary>
    public const long MebiByte = 1L << 20;

    private static readonly (long? Processors, long? Memory) Machine = (ReadProcessors(), ReadMemory());

    /// <summary>Those of this process, as the environment is now.</summary>
    public static ProcessLimits Current => Find(
        Environment.GetEnvironmentVariable,
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Machine.Processors,
        Machine.Memory);

    /// <summary>Chooses between what is known.</summary>
    /// <param name="variable">Value of an environment variable; null where it is not set.</param>
    /// <param name="processors">Processors that .NET finds. It heeds the share of a container and the processors that the process is bound to.</param>
    /// <param name="memory">Bytes that .NET finds. In a container with a limit that is three quarters of it.</param>
    /// <param name="machineProcessors">Processors of the machine; null where they are not known.</param>
    /// <param name="machineMemory">Memory of the machine; null where it is not known.</param>
    public static ProcessLimits Find(Func<string, string?> variable, int processors, long memory, long? machineProcessors, long? machineMemory)
    {
        (string Name, long Value)[] counts =
        [
            .. from name in (string[])["SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"]
               let value = Number(variable(name))
               where value > 0
               select (name, value),
        ];
        IEnumerable<Allowance> threads = counts.Select(count => new Allowance(count.Value, $"from {count.Name}"));
        return new ProcessLimits(
            Choose(threads, processors, Say($"{machineProcessors} processors"), machineProcessors),
            Choose(SlurmMemory(variable, counts), memory, Say($"{machineMemory / MebiByte} MiB"), machineMemory));
    }

    // 0 stands for all that the node has.
    private static IEnumerable<Allowance> SlurmMemory(Func<string, string?> variable, (string Name, long Value)[] counts)
    {
        const string PerNode = "SLURM_MEM_PER_NODE";
        const string PerProcessor = "SLURM_MEM_PER_CPU";
        yield return new Allowance(Bytes(Number(variable(PerNode)), 1), $"from {PerNode}");
        if (counts is [var (_, count), ..])
        {
            yield return new Allowance(Bytes(Number(variable(PerProcessor)), count), Say($"from {PerProcessor} times {count} processors"));
        }
    }

    // The first that is possible. What is more than .NET finds was meant for another machine, or is more than a container leaves of it.
    private static Allowance Choose(IEnumerable<Allowance> allocated, long found, string machineText, long? machine) =>
        allocated.Cast<Allowance?>().FirstOrDefault(allowance => allowance!.Value.Amount > 0 && allowance.Value.Amount <= found)
        ?? new Allowance(found, machine > found ? $"which is what this process may use of the machine's {machineText}" : null);

    // 0 where there is none, or what stands there is none.
    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value) ? value : 0;

    private static long Bytes(long mebiBytes, long count) => (long)Int128.Min((Int128)mebiBytes * count * MebiByte, long.MaxValue);

    // "0-3,8-11"
    private static long? ReadProcessors()
    {
        if (ReadFile("/sys/devices/system/cpu/online") is not { } text)
        {
            return null;
        }

        long count = 0;
        foreach (string range in text.Split(','))
        {
            long[] ends = [.. range.Split('-').Select(end => long.TryParse(end, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value) ? value : -1)];
            if (ends.Length > 2 || ends.Contains(-1))
            {
                return null;
            }

            count += ends[^1] - ends[0] + 1;
        }

        return count;
    }

    // "MemTotal:       24683652 kB"
    private static long? ReadMemory()
    {
        string? line = ReadFile("/proc/meminfo")?.Split('\n').FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibiBytes, "kB"] && Number(kibiBytes) is > 0 and var count ? 1024 * count : null;
    }

    // Linux alone has them. They only tell that a limit is not the machine's, so that nothing fails without them.
    private static string? ReadFile(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How much of something may be used.</summary>
    /// <param name="Amount">The amount.</param>
    /// <param name="Origin">From where it is known, as the end of a sentence; null where it is simply the machine's.</param>
    internal readonly record struct Allowance(long Amount, string? Origin);
}
