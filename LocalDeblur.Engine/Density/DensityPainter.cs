using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Density;

/// <summary>An atom at one of its places, in voxels from the first voxel of the box.</summary>
/// <param name="X">Along x.</param>
/// <param name="Y">Along y.</param>
/// <param name="Z">Along z.</param>
/// <param name="Reach">Distance at which it ends (Å).</param>
/// <param name="BFactor">B (Å²).</param>
/// <param name="Occupancy">Occupancy.</param>
/// <param name="Factors">Scattering factors.</param>
internal readonly record struct PaintedAtom(double X, double Y, double Z, double Reach, double BFactor, double Occupancy, ScatteringFactors Factors);

/// <summary>Adds atoms to a volume, in slabs of planes that are independent of each other.</summary>
/// <remarks>
/// In each voxel the atoms are added in their order, whatever slab or thread they are added by, in steps of eight voxels on every machine: the same result for
/// any number of threads. A Gaussian in space is the product of three along the axes, so an atom takes a few exponentials an axis and five multiply-adds a voxel.
/// </remarks>
internal sealed class DensityPainter : IIndexedWork
{
    // Fixed, so that the sharing of the work does not depend on the number of threads; a slab is not much thicker than an atom.
    private const int SlabPlanes = 8;
    private const int Width = 8;
    private const int Terms = ScatteringFactors.Terms;

    // A term whose peak in a row is below this share of the accuracy times the atom's peak is left out there.
    private const double Negligible = 1e-3;

    // exp(−40) of a peak: keeps every product a normal number.
    private const float SmallestExponent = -40;

    private readonly PaintedAtom[] _atoms;
    private readonly float[] _voxels;
    private readonly GridSize _size;
    private readonly AxisTriple _spacing;
    private readonly double _accuracy;
    private readonly IProgress<StageProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly int[] _slabStarts;
    private readonly int[] _slabAtoms;
    private readonly Scratch[] _scratch;
    private int _done;

    /// <summary>Sorts the atoms to slabs.</summary>
    /// <param name="atoms">The atoms, in the order in which they are added.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="voxels">Where they are added.</param>
    /// <param name="accuracy">Share of an atom's integral that may be lost.</param>
    /// <param name="threads">Workers of the pool that will run this.</param>
    /// <param name="progress">Told about slabs, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Looked at every few atoms.</param>
    public DensityPainter(PaintedAtom[] atoms, MapGrid grid, float[] voxels, double accuracy, int threads, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        _atoms = atoms;
        _voxels = voxels;
        _size = grid.Size;
        _spacing = grid.Spacing;
        _accuracy = accuracy;
        _progress = progress;
        _cancellation = cancellationToken;
        Slabs = (_size.Z + SlabPlanes - 1) / SlabPlanes;
        _scratch = new Scratch[threads];
        _slabStarts = new int[Slabs + 1];
        _slabAtoms = Sort();
    }

    /// <summary>Number of slabs.</summary>
    public int Slabs { get; }

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        Scratch scratch = _scratch[worker] ??= new Scratch(_size);
        int zBegin = index * SlabPlanes;
        int zEnd = Math.Min(_size.Z, zBegin + SlabPlanes);
        for (int i = _slabStarts[index]; i < _slabStarts[index + 1]; i++)
        {
            if (i % 256 == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }

            Add(_atoms[_slabAtoms[i]], zBegin, zEnd, scratch);
        }

        int done = Interlocked.Increment(ref _done);
        if (worker == 0)
        {
            _progress?.Report(new StageProgress("Adding atoms", (double)done / Slabs));
        }
    }

    // Atoms of each slab one slab after the other, in their order.
    private int[] Sort()
    {
        foreach (ref readonly PaintedAtom atom in _atoms.AsSpan())
        {
            (int first, int last) = SlabsOf(atom);
            for (int slab = first; slab <= last; slab++)
            {
                _slabStarts[slab + 1]++;
            }
        }

        for (int slab = 0; slab < Slabs; slab++)
        {
            _slabStarts[slab + 1] = checked(_slabStarts[slab + 1] + _slabStarts[slab]);
        }

        int[] sorted = new int[_slabStarts[Slabs]];
        int[] next = _slabStarts[..Slabs];
        for (int i = 0; i < _atoms.Length; i++)
        {
            (int first, int last) = SlabsOf(_atoms[i]);
            for (int slab = first; slab <= last; slab++)
            {
                sorted[next[slab]++] = i;
            }
        }

        return sorted;
    }

    private (int First, int Last) SlabsOf(in PaintedAtom atom)
    {
        (int first, int last) = Range(atom.Z, atom.Reach / _spacing.Z, _size.Z);
        return first > last ? (0, -1) : (first / SlabPlanes, last / SlabPlanes);
    }

    // Voxels of an axis within a distance of a centre, clipped to the box; none where the first is behind the last.
    private static (int First, int Last) Range(double centre, double reach, int length) =>
        ((int)Math.Max(0, Math.Ceiling(centre - reach)), (int)Math.Min(length - 1, Math.Floor(centre + reach)));

    private void Add(in PaintedAtom atom, int zBegin, int zEnd, Scratch scratch)
    {
        (int firstX, int lastX) = Range(atom.X, atom.Reach / _spacing.X, _size.X);
        (int firstY, int lastY) = Range(atom.Y, atom.Reach / _spacing.Y, _size.Y);
        (int firstZ, int lastZ) = Range(atom.Z, atom.Reach / _spacing.Z, _size.Z);
        firstZ = Math.Max(firstZ, zBegin);
        lastZ = Math.Min(lastZ, zEnd - 1);
        if (firstX > lastX || firstY > lastY || firstZ > lastZ)
        {
            return;
        }

        Span<double> heights = stackalloc double[Terms];
        Span<double> steepness = stackalloc double[Terms];
        AtomShape.Fill(atom.Factors, atom.BFactor, atom.Occupancy, heights, steepness);
        double peak = 0;
        foreach (double height in heights)
        {
            peak += Math.Abs(height);
        }

        // Rows are widened to whole vectors, which may begin up to seven voxels early.
        int tableX = Math.Max(0, firstX - Width);
        int countX = Math.Min(_size.X, lastX + 1 + Width) - tableX;
        Tabulate(steepness, atom.X - tableX, _spacing.X, countX, scratch.X, scratch.Stride);
        int countY = lastY - firstY + 1;
        Tabulate(steepness, atom.Y - firstY, _spacing.Y, countY, scratch.Y, scratch.Stride);
        Tabulate(steepness, atom.Z - firstZ, _spacing.Z, lastZ - firstZ + 1, scratch.Z, scratch.Stride);

        double least = Negligible * _accuracy * peak;
        Span<float> planeFactors = stackalloc float[Terms];
        Span<float> rowFactors = stackalloc float[Terms];
        double square = atom.Reach * atom.Reach;
        for (int z = firstZ; z <= lastZ; z++)
        {
            double dz = (z - atom.Z) * _spacing.Z;
            int termsOfPlane = Multiply(heights, scratch.Z.AsSpan(z - firstZ), scratch.Stride, least, planeFactors);
            for (int y = firstY; y <= lastY; y++)
            {
                double dy = (y - atom.Y) * _spacing.Y;
                double chord = square - (dz * dz) - (dy * dy);
                if (chord < 0)
                {
                    continue;
                }

                int terms = Multiply(planeFactors[..termsOfPlane], scratch.Y.AsSpan(y - firstY), scratch.Stride, (float)least, rowFactors);
                (int first, int last) = Range(atom.X, Math.Sqrt(chord) / _spacing.X, _size.X);
                if (terms == 0 || first > last)
                {
                    continue;
                }

                int length = (last - first + Width) / Width * Width;
                first = Math.Min(first, _size.X - length);
                if (first < 0)
                {
                    first = 0;
                    length = _size.X;
                }

                AddRow(rowFactors[..terms], scratch.X.AsSpan(first - tableX), scratch.Stride, _voxels.AsSpan((int)_size.Offset(first, y, z), length));
            }
        }
    }

    // exp(−kᵢ·d²) for the voxels of an axis, a row for each term.
    private static void Tabulate(ReadOnlySpan<double> steepness, double centre, double spacing, int count, float[] table, int stride)
    {
        for (int term = 0; term < Terms; term++)
        {
            Span<float> row = table.AsSpan(term * stride, count);
            for (int i = 0; i < count; i++)
            {
                double distance = (i - centre) * spacing;
                row[i] = (float)Math.Max(-steepness[term] * distance * distance, SmallestExponent);
            }

            TensorPrimitives.Exp(row, row);
        }
    }

    // Factors of the terms in a plane or a row, and how many of them are worth adding.
    private static int Multiply<T>(ReadOnlySpan<T> factors, ReadOnlySpan<float> table, int stride, T least, Span<float> products)
        where T : System.Numerics.INumber<T>
    {
        int count = 0;
        for (int term = 0; term < factors.Length; term++)
        {
            T product = factors[term] * T.CreateTruncating(table[term * stride]);
            products[term] = float.CreateTruncating(product);
            count = T.Abs(product) >= least ? term + 1 : count;
        }

        return count;
    }

    private static void AddRow(ReadOnlySpan<float> factors, ReadOnlySpan<float> table, int stride, Span<float> row)
    {
        ref float values = ref MemoryMarshal.GetReference(row);
        ref float exponentials = ref MemoryMarshal.GetReference(table);
        int x = 0;
        for (; x + Width <= row.Length; x += Width)
        {
            Vector256<float> sum = Vector256.LoadUnsafe(ref values, (nuint)x);
            for (int term = 0; term < factors.Length; term++)
            {
                sum += Vector256.Create(factors[term]) * Vector256.LoadUnsafe(ref exponentials, (nuint)(x + (term * stride)));
            }

            sum.StoreUnsafe(ref values, (nuint)x);
        }

        for (; x < row.Length; x++)
        {
            float sum = row[x];
            for (int term = 0; term < factors.Length; term++)
            {
                sum += factors[term] * table[x + (term * stride)];
            }

            row[x] = sum;
        }
    }

    private sealed class Scratch
    {
        public Scratch(GridSize size)
        {
            Stride = size.Longest + Width;
            X = new float[Terms * Stride];
            Y = new float[Terms * Stride];
            Z = new float[Terms * Stride];
        }

        public int Stride { get; }

        public float[] X { get; }

        public float[] Y { get; }

        public float[] Z { get; }
    }
}
