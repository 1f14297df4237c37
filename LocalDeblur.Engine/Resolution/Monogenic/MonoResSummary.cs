using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The range of a local resolution, and its histogram.</summary>
/// <param name="Count">Voxels that have one.</param>
/// <param name="Minimum">Finest (Å).</param>
/// <param name="Median">Median (Å).</param>
/// <param name="Mean">Mean (Å).</param>
/// <param name="Maximum">Coarsest (Å).</param>
/// <param name="Edges">Ends of the bins (Å), one more than there are bins.</param>
/// <param name="Counts">Voxels in each bin.</param>
internal sealed record MonoResSummary(long Count, double Minimum, double Median, double Mean, double Maximum, double[] Edges, long[] Counts)
{
    private const double HistogramStep = 0.25;

    /// <summary>Summarises a map.</summary>
    /// <param name="resolution">The local resolution (Å), 0 outside.</param>
    public static MonoResSummary Measure(float[] resolution)
    {
        float[] values = Array.FindAll(resolution, static value => value > 0);
        VolumeStatistics statistics = VolumeStatistics.Measure(values);
        double start = Math.Floor(statistics.Minimum / HistogramStep) * HistogramStep;
        int bins = (int)Math.Floor((statistics.Maximum - start) / HistogramStep) + 1;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => start + (i * HistogramStep))];
        long[] counts = new long[bins];
        foreach (float value in values)
        {
            counts[Math.Min(bins - 1, (int)((value - start) / HistogramStep))]++;
        }

        return new MonoResSummary(values.LongLength, statistics.Minimum, OrderStatistic.Select(values, values.Length / 2), statistics.Mean, statistics.Maximum, edges, counts);
    }
}
