using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Fourier.Sweeps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Monogenic;

/// <summary>
/// First sweep of a monogenic amplitude: the z columns of the filtered map, of the part that Rx and Ry share, and of Rz.
/// Parts are left exchanged, as the planes want them.
/// </summary>
internal sealed unsafe class RieszColumns(TransformContext context, MonogenicScratch tables) : ColumnSweep(context)
{
    private Spectrum? _source;
    private OctantFilter? _stop;
    private OctantFilter? _inverseFrequency;
    private MonogenicComponents? _components;
    private int _blocks;

    /// <summary>Sets the next call's operands.</summary>
    /// <param name="source">The map.</param>
    /// <param name="stop">What the filter takes away.</param>
    /// <param name="inverseFrequency">1/u.</param>
    /// <param name="components">Take the columns: v, the shared part where Ry will be, and Rz.</param>
    /// <param name="blocks">Blocks of kx to compute.</param>
    public void Begin(Spectrum source, OctantFilter stop, OctantFilter inverseFrequency, MonogenicComponents components, int blocks)
    {
        _source = source;
        _stop = stop;
        _inverseFrequency = inverseFrequency;
        _components = components;
        _blocks = blocks;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _source = null;
        _stop = null;
        _inverseFrequency = null;
        _components = null;
    }

    /// <inheritdoc/>
    protected override void Row(int y, int ky, int worker)
    {
        SpectrumLayout layout = Context.Layout;
        LineFft line = Context.LineZ;
        nint pitch = layout.PlanePitch;
        nint length = line.Length;
        float* scratch = Context.Scratch(worker);
        MonogenicComponents components = _components!;
        for (int block = 0; block < _blocks; block++)
        {
            nint offset = y * layout.RowPitch + block * Lanes.Floats;
            float* from = _source!.Floats + offset;
            float* stop = _stop!.Column(block, ky);
            var lateral = new RieszLine(from, pitch, stop, _inverseFrequency!.Column(block, ky), length);
            line.Transform(new StoppedSwappedLine(from, pitch, stop, length), new StreamedLine(components.Signal.Floats + offset, pitch), scratch);
            line.Transform(lateral, new StreamedLine(components.Y.Floats + offset, pitch), scratch);
            line.Transform(new AxialRieszLine(lateral, tables.Z), new StreamedLine(components.Z.Floats + offset, pitch), scratch);
        }
    }
}

/// <summary>
/// Second sweep: a z plane of all four components through y and x, the root of the sum of their squares, and that amplitude
/// back through x and y.
/// </summary>
/// <remarks>
/// The blocks of kx that the next call will compute anew anyway pass through a plane of the worker's own and are not written back, which
/// leaves room for the amplitude in the memory of Rx.
/// </remarks>
internal sealed unsafe class AmplitudePlanes(TransformContext context, MonogenicScratch tables) : IIndexedWork
{
    private MonogenicComponents? _components;
    private int _passingBlocks;
    private int _newBlocks;

    /// <summary>Sets the next call's operands.</summary>
    /// <param name="components">The components. Those blocks whose columns are new are taken through y, for the others that was done. Rx takes the amplitude.</param>
    /// <param name="passingBlocks">Blocks of kx of the components that are not kept, and of the amplitude that are made.</param>
    /// <param name="newBlocks">Blocks of kx whose columns are new; no fewer.</param>
    public void Begin(MonogenicComponents components, int passingBlocks, int newBlocks)
    {
        _components = components;
        _passingBlocks = passingBlocks;
        _newBlocks = newBlocks;
    }

    /// <summary>Lets the operands go.</summary>
    public void End() => _components = null;

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        MonogenicComponents components = _components!;
        LineFft line = context.LineY;
        nint pitch = context.Layout.RowPitch;
        nint offset = index * context.Layout.PlanePitch;
        float* signal = components.Signal.Floats + offset, x = components.X.Floats + offset, y = components.Y.Floats + offset, z = components.Z.Floats + offset;
        float* scratch = context.Scratch(worker);

        for (int block = 0; block < _newBlocks; block++)
        {
            line.Transform(Column(signal, block), Target(signal, block, worker), scratch);
        }

        AddSquares(signal, x, worker, add: false);

        // Ry lies where the part was that it shares with Rx, which therefore comes first.
        for (int block = 0; block < _newBlocks; block++)
        {
            var shared = new LaneScaledLine(y + block * Lanes.Floats, pitch, Vector256.Load(tables.X + block * Lanes.Width));
            line.Transform(shared, Target(x, block, worker), scratch);
        }

        AddSquares(x, y, worker, add: true);
        for (int block = 0; block < _newBlocks; block++)
        {
            line.Transform(new ElementScaledLine(y + block * Lanes.Floats, pitch, tables.Y), Target(y, block, worker), scratch);
        }

        AddSquares(y, z, worker, add: true);
        for (int block = 0; block < _newBlocks; block++)
        {
            line.Transform(Column(z, block), Target(z, block, worker), scratch);
        }

        FinishRows(z, x, worker);
        for (int block = 0; block < _passingBlocks; block++)
        {
            line.Transform(Column(x, block), Column(x, block), scratch);
        }
    }

    private StridedLine Column(float* plane, int block) => new(plane + block * Lanes.Floats, context.Layout.RowPitch);

    private StridedLine Target(float* plane, int block, int worker) => Column(block < _passingBlocks ? context.Plane(worker) : plane, block);

    // While a component's rows are transformed, those of the next are fetched: most of its blocks come from memory unchanged.
    private void AddSquares(float* plane, float* next, int worker, bool add)
    {
        nint rowPitch = context.Layout.RowPitch, floats = MonogenicScratch.SumFloats(context.Layout.Size);
        float* sums = tables.Plane(worker);
        int ny = context.Layout.Size.Y;
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows, sums += floats)
        {
            int count = Math.Min(RowTransform.Rows, ny - y0);
            LinePrefetch.Range(next + y0 * rowPitch, count * rowPitch);
            if (add)
            {
                TransformRows(plane, y0, count, new AddedSquares(sums), worker);
            }
            else
            {
                TransformRows(plane, y0, count, new Squares(sums), worker);
            }
        }
    }

    private void FinishRows(float* plane, float* amplitude, int worker)
    {
        SpectrumLayout layout = context.Layout;
        RowTransform rows = context.Rows;
        nint rowPitch = layout.RowPitch, floats = MonogenicScratch.SumFloats(layout.Size);
        float* sums = tables.Plane(worker), scratch = context.Scratch(worker);
        float scale = (float)(1.0 / layout.Size.VoxelCount);
        int ny = layout.Size.Y;
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows, sums += floats)
        {
            int count = Math.Min(RowTransform.Rows, ny - y0);
            float* target = amplitude + y0 * rowPitch;
            for (int y = 0; y < count; y++)
            {
                LinePrefetch.Range(target + y * rowPitch, _passingBlocks * Lanes.Floats);
            }

            TransformRows(plane, y0, count, new RootOfSquares(sums), worker);
            if (count == RowTransform.Rows)
            {
                rows.ForwardLine(sums, target, _passingBlocks, scale, scratch);
                continue;
            }

            // Sixteen rows would run into the next plane. The missing ones are zero, for they share lines with real ones.
            for (nint x = 0; x < layout.Size.X; x++)
            {
                new Span<float>(sums + x * Lanes.Floats + count, RowTransform.Rows - count).Clear();
            }

            float* tile = context.Plane(worker) + y0 * rowPitch;
            rows.ForwardLine(sums, tile, _passingBlocks, scale, scratch);
            CopyBlocks(tile, target, count, 0, _passingBlocks);
        }
    }

    private void TransformRows<TStorer>(float* plane, int y0, int count, TStorer storer, int worker)
        where TStorer : struct, ILineStorer
    {
        SpectrumLayout layout = context.Layout;
        float* passing = context.Plane(worker) + y0 * layout.RowPitch, kept = plane + y0 * layout.RowPitch;
        if (count < RowTransform.Rows)
        {
            // What follows the last row is another plane, and shares lines with ours.
            CopyBlocks(kept, passing, count, _passingBlocks, layout.Blocks);
            new Span<float>(passing + count * layout.RowPitch, (int)((RowTransform.Rows - count) * layout.RowPitch)).Clear();
            kept = passing;
        }

        context.Rows.InverseLine(passing, _passingBlocks, kept, storer, context.Line(worker), context.Scratch(worker));
    }

    private void CopyBlocks(float* source, float* target, int rows, int from, int to)
    {
        nint rowPitch = context.Layout.RowPitch;
        long bytes = (to - from) * (long)Lanes.Floats * sizeof(float);
        for (int y = 0; y < rows; y++)
        {
            Buffer.MemoryCopy(source + y * rowPitch + from * Lanes.Floats, target + y * rowPitch + from * Lanes.Floats, bytes, bytes);
        }
    }
}

/// <summary>Third sweep: the z columns of the amplitude forth, filtered, and back, in one visit. Parts are left exchanged.</summary>
internal sealed unsafe class RefilteredColumns(TransformContext context, MonogenicScratch tables) : ColumnSweep(context)
{
    private Spectrum? _spectrum;
    private OctantFilter? _filter;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(Spectrum spectrum, OctantFilter filter)
    {
        _spectrum = spectrum;
        _filter = filter;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _spectrum = null;
        _filter = null;
    }

    /// <inheritdoc/>
    protected override void Row(int y, int ky, int worker)
    {
        SpectrumLayout layout = Context.Layout;
        OctantFilter filter = _filter!;
        LineFft line = Context.LineZ;
        float* scratch = Context.Scratch(worker), buffer = tables.Column(worker);
        float* row = _spectrum!.Floats + y * layout.RowPitch;
        for (int block = 0; block < filter.BlockCount; block++)
        {
            if (ky >= filter.ReachY(block))
            {
                continue;
            }

            var column = new StridedLine(row + block * Lanes.Floats, layout.PlanePitch);
            line.Transform(column, new StridedLine(buffer, Lanes.Floats), scratch);
            line.Transform(new FilteredSwappedLine(buffer, Lanes.Floats, filter.Column(block, ky), filter.ReachZ(block, ky), line.Length), column, scratch);
        }
    }
}
