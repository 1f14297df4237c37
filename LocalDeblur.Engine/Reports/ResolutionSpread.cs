using LocalDeblur.Maps;

namespace LocalDeblur.Reports;

/// <summary>Local resolution inside the mask, in numbers.</summary>
/// <param name="Finest">Below which one voxel in twenty lies (Å).</param>
/// <param name="Median">Below which half of the voxels lie (Å).</param>
/// <param name="Coarsest">Beyond which one voxel in twenty lies (Å).</param>
/// <param name="Share">Share of the mask's voxels that have a local resolution.</param>
/// <param name="Edges">Ends of the bins of the histogram (Å), one more than there are bins.</param>
/// <param name="Counts">Voxels in each bin.</param>
internal sealed record ResolutionSpread(double Finest, double Median, double Coarsest, double Share, IReadOnlyList<double> Edges, IReadOnlyList<long> Counts)
{
    private const int Bins = 24;

    /// <summary>Measures the values.</summary>
    /// <param name="resolution">Å where there is one, else 0.</param>
    /// <param name="maskVoxels">Voxels of the mask.</param>
    /// <returns>Null where no voxel has a value.</returns>
    public static ResolutionSpread? Measure(CryoMap resolution, long maskVoxels)
    {
        float[] sorted = [.. resolution.AsSpan().ToArray().Where(value => value > 0)];
        if (sorted.Length == 0)
        {
            return null;
        }

        Array.Sort(sorted);
        double low = sorted[0], width = Math.Max(sorted[^1] - low, 0.01) / Bins;
        long[] counts = new long[Bins];
        foreach (float value in sorted)
        {
            counts[Math.Min(Bins - 1, (int)((value - low) / width))]++;
        }

        double share = (double)sorted.Length / Math.Max(1, maskVoxels);
        return new ResolutionSpread(At(0.05), At(0.5), At(0.95), share, [.. Enumerable.Range(0, Bins + 1).Select(i => low + (i * width))], counts);

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
    }
}
