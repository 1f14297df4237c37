using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>Scales the voxels of a block.</summary>
internal sealed unsafe class LocScaleWork : IIndexedWork, IDisposable
{
    // Sums this much smaller than the largest of their stack may be the rounding of windows that hold nothing.
    private const double Suspicious = 1e-4;

    // Steps without sums that take as long as to begin anew: a few, for any window.
    private const int LongestGap = 6;

    private readonly LocScaleBlocks _blocks;
    private readonly GridSize _size;
    private readonly int _window;
    private readonly SlidingShells _shells;
    private readonly bool _octant;
    private readonly LineFft _line;
    private readonly Scratch[] _scratch;
    private readonly IProgress<StageProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private int _done;

    /// <summary>Allocates what the threads need.</summary>
    public LocScaleWork(
        LocScaleBlocks blocks,
        GridSize size,
        int window,
        LocScaleAveraging averaging,
        int threads,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        _blocks = blocks;
        _size = size;
        _window = window;
        _octant = averaging == LocScaleAveraging.Octant;
        _shells = new SlidingShells(window, _octant);
        _line = new LineFft(window);
        _progress = progress;
        _cancellation = cancellationToken;
        int rows = blocks.Blocks.Max(block => block.Rows);
        int planes = blocks.Blocks.Max(block => block.Planes);
        _scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++)
        {
            _scratch[i] = new Scratch(_line, _shells, rows, planes);
        }
    }

    /// <summary>The map, x fastest.</summary>
    public float* Map { get; set; }

    /// <summary>The reference, on the map's grid.</summary>
    public float* Reference { get; set; }

    /// <summary>The result; only the selected voxels are written.</summary>
    public float* Result { get; set; }

    /// <summary>Memory that one thread needs (bytes).</summary>
    public static long RequiredBytes(int window) =>
        WindowPlanes.RequiredBytes(window, LocScaleBlocks.Rows, LocScaleBlocks.Planes) + SumsBytes(window, LocScaleBlocks.Rows, LocScaleBlocks.Planes);

    private nint SumsStride => (nint)_shells.Frequencies * WindowSums.Floats;

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        Scratch scratch = _scratch[worker];
        LocScaleBlocks.Block block = Shrink(_blocks.Blocks[index], scratch.Selection);
        FindStacks(block, scratch);
        scratch.Planes.TransformRows(Map, _size, second: false, block.X, block.Y, block.Z, block.Rows, block.Planes, _cancellation);
        scratch.Planes.TransformRows(Reference, _size, second: true, block.X, block.Y, block.Z, block.Rows, block.Planes, _cancellation);
        // Worker 0 is the calling thread, the only one that may report.
        Sum(block, scratch, worker == 0 ? _progress : null);
        foreach (Stack stack in scratch.Stacks)
        {
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                Finish(scratch, block, stack, lane);
            }
        }

        Interlocked.Increment(ref _done);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (Scratch scratch in _scratch)
        {
            scratch.Dispose();
        }

        _line.Dispose();
        _shells.Dispose();
    }

    private static long SumsBytes(int window, int rows, int planes) =>
        (long)rows * planes * ((window / 2) + 1) * WindowSums.Floats * sizeof(float);

    // The part of a block along y and z that holds voxels.
    private LocScaleBlocks.Block Shrink(LocScaleBlocks.Block block, byte[] planes)
    {
        Array.Clear(planes);
        int first = int.MaxValue, last = -1;
        for (int row = 0; row < block.Rows; row++)
        {
            for (int z = 0; z < block.Planes; z++)
            {
                if (_blocks.Selection(block.X, block.Y + row, block.Z + z) == 0)
                {
                    continue;
                }

                planes[z] = 1;
                (first, last) = (Math.Min(first, row), row);
            }
        }

        int start = Array.IndexOf(planes, (byte)1), end = Array.LastIndexOf(planes, (byte)1) + 1;
        return block with { Y = block.Y + first, Rows = last - first + 1, Z = block.Z + start, Planes = end - start };
    }

    private void FindStacks(LocScaleBlocks.Block block, Scratch scratch)
    {
        scratch.Stacks.Clear();
        for (int row = 0; row < block.Rows; row++)
        {
            Span<byte> selection = scratch.Selection.AsSpan(row * block.Planes, block.Planes);
            for (int z = 0; z < block.Planes; z++)
            {
                selection[z] = _blocks.Selection(block.X, block.Y + row, block.Z + z);
            }

            for (int z = 0; z < block.Planes;)
            {
                if (selection[z] == 0)
                {
                    z++;
                    continue;
                }

                int end = EndOfStack(selection, z);
                scratch.Stacks.Add(new Stack(row, z, end - z));
                z = end;
            }
        }
    }

    // A gap is slid over where that is cheaper than to begin anew behind it, which costs a transform for each pair of kx and ky.
    private static int EndOfStack(ReadOnlySpan<byte> selection, int start)
    {
        int end = start + 1;
        for (int z = end; z < selection.Length && z - end < LongestGap; z++)
        {
            if (selection[z] != 0)
            {
                end = z + 1;
            }
        }

        return end;
    }

    // kx is the outermost loop, so that the planes of all ky stay in cache while they move along y; the sums of a block do not,
    // but there are few of them beside the coefficients.
    private void Sum(LocScaleBlocks.Block block, Scratch scratch, IProgress<StageProgress>? progress)
    {
        WindowPlanes planes = scratch.Planes;
        int count = block.Planes + _window - 1;
        new Span<float>(scratch.Sums.Floats, checked((int)(block.Rows * block.Planes * SumsStride))).Clear();
        for (int kx = 0; kx < _shells.Frequencies; kx++)
        {
            int reach = _shells.Reach(kx);
            int row = 0;
            planes.BeginPlanes(second: false, kx, count);
            planes.BeginPlanes(second: true, kx, count);
            foreach (Stack stack in scratch.Stacks)
            {
                _cancellation.ThrowIfCancellationRequested();
                for (; row < stack.Row; row++)
                {
                    planes.MovePlanes(second: false, kx, row + 1, count, reach);
                    planes.MovePlanes(second: true, kx, row + 1, count, reach);
                }

                Sum(block, stack, scratch, kx, reach);
            }

            double done = Volatile.Read(ref _done) + ((kx + 1.0) / _shells.Frequencies);
            progress?.Report(new StageProgress("Scaling", done / _blocks.Blocks.Count));
        }
    }

    private void Sum(LocScaleBlocks.Block block, Stack stack, Scratch scratch, int kx, int reach)
    {
        int first = (stack.Row * block.Planes) + stack.Plane;
        fixed (byte* wanted = &scratch.Selection[first])
        {
            var column = new WindowColumn
            {
                Steps = stack.Steps,
                Phase = (block.Z + stack.Plane - (_window / 2)) % _window,
                Wanted = wanted,
                State = scratch.State.Floats,
                Scratch = scratch.Line.Floats,
                Sums = scratch.Sums.Floats + (first * SumsStride),
                SumsStride = SumsStride,
            };
            nint offset = (nint)stack.Plane * Lanes.Floats;
            int end = _shells.IsAlone(kx) ? _shells.Frequencies : _window;
            for (int ky = 0; ky < end; ky++)
            {
                bool isPositive = ky <= _window / 2;
                int frequency = isPositive ? ky : _window - ky;
                if (frequency > reach)
                {
                    continue;
                }

                column.Count = _shells.Count(kx, frequency);
                column.Terms = _shells.Terms(kx, frequency);
                column.Map = scratch.Planes.Plane(second: false, ky) + offset;
                column.Reference = scratch.Planes.Plane(second: true, ky) + offset;
                if (!_octant)
                {
                    WindowSlide.Run<BothSigns>(column, _shells, _line);
                }
                else if (isPositive)
                {
                    WindowSlide.Run<PositiveSign>(column, _shells, _line);
                }
                else
                {
                    WindowSlide.Run<NoProfile>(column, _shells, _line);
                }
            }
        }
    }

    private void Finish(Scratch scratch, LocScaleBlocks.Block block, Stack stack, int lane)
    {
        int first = (stack.Row * block.Planes) + stack.Plane;
        float* stackSums = scratch.Sums.Floats + (first * SumsStride) + lane;
        double largest = 0;
        for (int step = 0; step < stack.Steps; step++)
        {
            largest = Math.Max(largest, Total(stackSums + (step * SumsStride)));
        }

        for (int step = 0; step < stack.Steps; step++)
        {
            if ((scratch.Selection[first + step] >> lane & 1) == 0)
            {
                continue;
            }

            float* sums = stackSums + (step * SumsStride);
            (int x, int y, int z) = (block.X + lane, block.Y + stack.Row, block.Z + stack.Plane + step);
            long offset = _size.Offset(x, y, z);
            bool isEmpty = Total(sums) <= Suspicious * largest && IsEmpty(x, y, z);
            Result[offset] = isEmpty ? 0 : (float)Value(sums, Map[offset]);
        }
    }

    // With s linear between the shells, the value is Σ s_j·W_j, where W_j is the map at the centre, filtered by a triangle
    // around shell j. All W_j add up to the map itself, which gives the last, constant one without a single coefficient.
    private double Value(float* sums, double map)
    {
        double last = Ratio(sums + (_shells.Last * WindowSums.Floats));
        double value = 0, rest = map, above = 0;
        for (int shell = 0; shell < _shells.Last; shell++, sums += WindowSums.Floats)
        {
            double part = sums[WindowSums.Value] - (double)sums[WindowSums.Slope] + above;
            above = sums[WindowSums.Slope];
            value += Ratio(sums) * part;
            rest -= part;
        }

        return value + (last * rest);
    }

    private static double Ratio(float* sums)
    {
        double ratio = sums[WindowSums.Reference] / (double)sums[WindowSums.Map];
        return double.IsFinite(ratio) ? ratio : 0;
    }

    private double Total(float* sums)
    {
        double total = 0;
        for (int shell = 0; shell <= _shells.Last; shell++)
        {
            total += sums[(shell * WindowSums.Floats) + WindowSums.Map];
        }

        return total;
    }

    // A window of zeros is zero after scaling, whatever its sums have been left with by the windows before.
    private bool IsEmpty(int x, int y, int z)
    {
        int before = _window / 2;
        for (int k = 0; k < _window; k++)
        {
            for (int j = 0; j < _window; j++)
            {
                float* row = Map + _size.Offset(x - before, y - before + j, z - before + k);
                if (new ReadOnlySpan<float>(row, _window).ContainsAnyExcept(0f))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Windows one above the other: their row and first plane in the block, and how many there are.</summary>
    private readonly record struct Stack(int Row, int Plane, int Steps);

    /// <summary>What one thread works in.</summary>
    private sealed class Scratch(LineFft line, SlidingShells shells, int rows, int planes) : IDisposable
    {
        public WindowPlanes Planes { get; } = new(line, rows, planes);

        public NativeBuffer Sums { get; } = new(SumsBytes(shells.Window, rows, planes));

        public NativeBuffer State { get; } = NativeBuffer.OfFloats((long)shells.Frequencies * WindowSlide.StateFloats);

        public NativeBuffer Line { get; } = NativeBuffer.OfFloats(((long)shells.Window * Lanes.Floats) + line.ScratchFloats);

        public byte[] Selection { get; } = new byte[rows * planes];

        public List<Stack> Stacks { get; } = new(rows);

        public void Dispose()
        {
            Planes.Dispose();
            Sums.Dispose();
            State.Dispose();
            Line.Dispose();
        }
    }
}
