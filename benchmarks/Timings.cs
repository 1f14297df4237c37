using System.Diagnostics;

namespace LocalDeblur.Benchmarks;

/// <summary>Wall and processor time of one of several things that are measured in turn, so that a disturbance meets all of them.</summary>
internal sealed class Timings
{
    private readonly List<double> _wall = [];
    private readonly List<double> _cpu = [];

    /// <summary>Median wall time, ms.</summary>
    public double Wall => Median(_wall);

    /// <summary>Least wall time, ms.</summary>
    public double BestWall => _wall.Min();

    /// <summary>Median processor time of the whole process, ms.</summary>
    public double Cpu => Median(_cpu);

    /// <summary>Least processor time, ms.</summary>
    public double BestCpu => _cpu.Min();

    /// <summary>Runs and measures once.</summary>
    /// <param name="action">What is measured.</param>
    /// <param name="keep">False for a run that only warms up.</param>
    public void Measure(Action action, bool keep)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!keep)
        {
            return;
        }

        _wall.Add(wall);
        _cpu.Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    private static double Median(List<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return sorted[sorted.Count / 2];
    }
}
