using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Shells;

/// <summary>
/// The shells of equal frequency into which statistics of a transform are sorted, and sums over them.
/// </summary>
/// <remarks>
/// The shell of a coefficient is round(s·L), half upwards, with s its frequency (1/Å) and L the longest edge of the box (Å); in a cube of n voxels that is
/// ⌊|k| + ½⌋ with k in whole numbers. Shells run from 0, the mean alone, to the last at or below Nyquist, ⌊n/2⌋ of the longest edge; what lies in the
/// corners beyond belongs to none. A half spectrum stores one of two conjugate coefficients where 0 &lt; kx &lt; nx/2: it counts twice, unless
/// stored coefficients are counted (<see cref="ShellCounting"/>).
/// Safe to share between threads.
/// </remarks>
public sealed class RadialShells
{
    private readonly long[] _counts;
    private readonly double[] _weights;

    // Square of each kx in units of 1/L².
    private readonly double[] _squares;

    /// <summary>Sorts the coefficients of a box.</summary>
    /// <param name="size">Voxels along x, y, z of the volume.</param>
    /// <param name="voxelSize">Edge of a voxel (Å), positive.</param>
    /// <param name="counting">How often a coefficient of the half transform counts.</param>
    /// <param name="limits">Of these the threads, for the sorting; null for as many as the process may use.</param>
    public RadialShells(GridSize size, double voxelSize, ShellCounting counting = ShellCounting.FullTransform, RunLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(voxelSize);
        Size = size;
        VoxelSize = voxelSize;
        Counting = counting;
        Count = (size.Longest / 2) + 1;
        _weights = new double[(size.X / 2) + 1];
        _squares = new double[_weights.Length];
        for (int kx = 0; kx < _weights.Length; kx++)
        {
            double scaled = (double)kx * size.Longest / size.X;
            _squares[kx] = scaled * scaled;
            _weights[kx] = counting == ShellCounting.FullTransform && kx > 0 && 2 * kx < size.X ? 2 : 1;
        }

        double[] counts = Sum(1, new CountRows(), limits ?? new RunLimits(), CancellationToken.None);
        _counts = Array.ConvertAll(counts, count => (long)count);
    }

    /// <summary>Voxels of the volume.</summary>
    public GridSize Size { get; }

    /// <summary>Edge of a voxel (Å).</summary>
    public double VoxelSize { get; }

    /// <summary>How often a coefficient of the half transform counts.</summary>
    public ShellCounting Counting { get; }

    /// <summary>Longest edge of the box (Å).</summary>
    public double Edge => Size.Longest * VoxelSize;

    /// <summary>Number of shells; the last is Count−1.</summary>
    public int Count { get; }

    /// <summary>Frequency of a shell, shell/L (1/Å).</summary>
    /// <param name="shell">0 … Count−1.</param>
    public double Frequency(int shell) => shell / Edge;

    /// <summary>Resolution of a shell, L/shell (Å); infinite for shell 0.</summary>
    /// <param name="shell">0 … Count−1.</param>
    public double Resolution(int shell) => Edge / shell;

    /// <summary>Coefficients that count in a shell: those of the full transform, or those stored.</summary>
    /// <param name="shell">0 … Count−1.</param>
    public long CoefficientCount(int shell) => _counts[shell];

    /// <summary>Sums quantities over each shell, in double precision, with the same result for any number of threads.</summary>
    /// <typeparam name="TRows">What is summed.</typeparam>
    /// <param name="quantities">Sums a shell.</param>
    /// <param name="rows">Adds one row of coefficients to the sums.</param>
    /// <param name="limits">Of these the threads.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>quantities·Count sums; sum q of shell i is number i·quantities + q.</returns>
    internal double[] Sum<TRows>(int quantities, TRows rows, RunLimits limits, CancellationToken cancellationToken)
        where TRows : struct, IShellRows
    {
        // One bin more than there are shells takes the corners. Each plane has sums of its own, added up in the order of the planes.
        int bins = (Count + 1) * quantities;
        double[] planes = new double[(long)Size.Z * bins];
        limits.ForEach(Size.Z, kz =>
        {
            int[] shells = new int[_weights.Length];
            double[] radii = new double[_weights.Length];
            float[] scratch = new float[4 * _weights.Length];
            Span<double> sums = planes.AsSpan(kz * bins, bins);
            for (int ky = 0; ky < Size.Y; ky++)
            {
                Sort(ky, kz, radii, shells);
                rows.Add(ky, kz, shells, _weights, scratch, sums);
            }
        }, cancellationToken);

        double[] total = new double[Count * quantities];
        for (int kz = 0; kz < Size.Z; kz++)
        {
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += planes[(kz * bins) + i];
            }
        }

        return total;
    }

    // Shell of each stored coefficient of a row; Count for those beyond the last.
    private void Sort(int ky, int kz, Span<double> radii, Span<int> shells)
    {
        double y = Scaled(ky, Size.Y);
        double z = Scaled(kz, Size.Z);
        TensorPrimitives.Add(_squares, (y * y) + (z * z), radii);
        TensorPrimitives.Sqrt<double>(radii, radii);
        for (int kx = 0; kx < shells.Length; kx++)
        {
            shells[kx] = Math.Min(Count, (int)(radii[kx] + 0.5));
        }
    }

    // Array index → frequency in units of 1/L.
    private double Scaled(int index, int length) => (double)(index <= length / 2 ? index : index - length) * Size.Longest / length;

    private readonly struct CountRows : IShellRows
    {
        public void Add(int ky, int kz, ReadOnlySpan<int> shells, ReadOnlySpan<double> weights, Span<float> scratch, Span<double> sums)
        {
            for (int kx = 0; kx < shells.Length; kx++)
            {
                sums[shells[kx]] += weights[kx];
            }
        }
    }
}
