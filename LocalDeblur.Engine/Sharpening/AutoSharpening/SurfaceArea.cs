using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>Surface and connectedness of the strongest density of a map.</summary>
/// <remarks>
/// Source: Terwilliger et al., <i>Acta Cryst.</i> D74 (2018) 545. A fifth of the molecule's voxels are marked, those above a threshold that at most ten
/// bisections from the mean find. The regions they form (neighbours share a face) are taken by size, the largest 31 at most, until they hold three tenths
/// of the voxels to be marked. Surface: the voxels that neighbour a region by a face, an edge or a corner, over its own, summed over these regions.
/// </remarks>
/// <param name="Ratio">Surface over volume.</param>
/// <param name="Regions">Number of all regions over the number of voxels to be marked.</param>
internal readonly record struct SurfaceArea(double Ratio, double Regions)
{
    private const double MarkedShare = 0.2;
    private const double CountedShare = 0.3;
    private const int Bisections = 10;
    private const int MostRegions = 31;

    /// <summary>Bytes that a measurement takes beside the map: the marked voxels, one region and its surroundings.</summary>
    /// <param name="size">Size of the map.</param>
    public static long RequiredBytes(GridSize size) => 2 * sizeof(bool) * size.VoxelCount;

    /// <summary>Measures a map.</summary>
    /// <param name="voxels">The map.</param>
    /// <param name="size">Its size.</param>
    /// <param name="solventFraction">Share of the voxels that are not molecule.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public static SurfaceArea Measure(ReadOnlySpan<float> voxels, GridSize size, double solventFraction, CancellationToken cancellationToken)
    {
        double target = voxels.Length * MarkedShare * (1 - solventFraction);
        double threshold = Threshold(voxels, (long)target, cancellationToken);
        bool[] marked = new bool[voxels.Length];
        for (int i = 0; i < marked.Length; i++)
        {
            marked[i] = voxels[i] > threshold;
        }

        var regions = new ConnectedComponents(marked, size, cancellationToken);
        long volume = 0;
        long surface = 0;
        bool[] region = new bool[marked.Length];
        foreach ((int number, long count) in regions.Sizes.OrderByDescending(part => part.Value).ThenBy(part => part.Key).Take(MostRegions))
        {
            cancellationToken.ThrowIfCancellationRequested();
            marked.CopyTo(region, 0);
            regions.Keep(region, part => part == number);
            volume += count;
            surface += Expanded(region, size) - count;
            if (volume >= CountedShare * target)
            {
                break;
            }
        }

        return new SurfaceArea(surface / (double)Math.Max(1, volume), regions.Sizes.Count / Math.Max(1, target));
    }

    private static double Threshold(ReadOnlySpan<float> voxels, long target, CancellationToken cancellationToken)
    {
        VolumeStatistics statistics = VolumeStatistics.Measure(voxels);
        double low = statistics.Minimum;
        double high = statistics.Maximum;
        double threshold = statistics.Mean;
        double best = threshold;
        long smallest = long.MaxValue;
        for (int i = 0; i < Bisections && smallest > 0; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long above = 0;
            foreach (float value in voxels)
            {
                above += value > threshold ? 1 : 0;
            }

            if (Math.Abs(above - target) < smallest)
            {
                smallest = Math.Abs(above - target);
                best = threshold;
            }

            if (above < target)
            {
                high = threshold;
            }
            else
            {
                low = threshold;
            }

            threshold = (low + high) / 2;
        }

        return best;
    }

    // Voxels of a region and its neighbours, within the box.
    private static long Expanded(ReadOnlySpan<bool> region, GridSize size)
    {
        ReadOnlySpan<byte> voxels = MemoryMarshal.Cast<bool, byte>(region);
        (int fromX, int toX, int fromY, int toY, int fromZ, int toZ) = Extent.Of(region, size);
        fromX = Math.Max(0, fromX - 1);
        toX = Math.Min(size.X, toX + 1);
        int length = toX - fromX;
        byte[] merged = new byte[length + 2];
        byte[] wide = new byte[length];
        long count = 0;
        for (int z = Math.Max(0, fromZ - 1); z < Math.Min(size.Z, toZ + 1); z++)
        {
            for (int y = Math.Max(0, fromY - 1); y < Math.Min(size.Y, toY + 1); y++)
            {
                Span<byte> middle = merged.AsSpan(1, length);
                middle.Clear();
                for (int k = Math.Max(0, z - 1); k <= Math.Min(size.Z - 1, z + 1); k++)
                {
                    for (int j = Math.Max(0, y - 1); j <= Math.Min(size.Y - 1, y + 1); j++)
                    {
                        TensorPrimitives.BitwiseOr<byte>(middle, voxels.Slice((int)size.Offset(fromX, j, k), length), middle);
                    }
                }

                TensorPrimitives.BitwiseOr<byte>(merged.AsSpan(0, length), middle, wide);
                TensorPrimitives.BitwiseOr<byte>(wide, merged.AsSpan(2, length), wide);
                count += wide.AsSpan().Count((byte)1);
            }
        }

        return count;
    }
}
