using System.Runtime.Intrinsics;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier;

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
internal sealed unsafe class AmplitudePlanes(TransformContext context, MonogenicScratch tables) : IIndexedWork
{
    private MonogenicComponents? _components;
    private Spectrum? _amplitude;
    private int _blocks;
    private int _amplitudeBlocks;

    /// <summary>Sets the next call's operands.</summary>
    /// <param name="components">The components; those blocks whose columns are new are taken through y, for the others that was done.</param>
    /// <param name="blocks">Blocks of kx whose columns are new.</param>
    /// <param name="amplitude">Takes the amplitude.</param>
    /// <param name="amplitudeBlocks">Blocks of kx of the amplitude that are wanted.</param>
    public void Begin(MonogenicComponents components, int blocks, Spectrum amplitude, int amplitudeBlocks)
    {
        _components = components;
        _blocks = blocks;
        _amplitude = amplitude;
        _amplitudeBlocks = amplitudeBlocks;
    }

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        MonogenicComponents components = _components!;
        LineFft line = context.LineY;
        nint pitch = context.Layout.RowPitch;
        nint offset = index * context.Layout.PlanePitch;
        float* signal = components.Signal.Floats + offset, x = components.X.Floats + offset, y = components.Y.Floats + offset, z = components.Z.Floats + offset;
        float* scratch = context.Scratch(worker);

        TransformColumns(signal, _blocks, scratch);
        AddSquares(signal, x, worker, add: false);

        // Ry lies where the part was that it shares with Rx, which therefore comes first.
        for (int block = 0; block < _blocks; block++)
        {
            var shared = new LaneScaledLine(y + block * Lanes.Floats, pitch, Vector256.Load(tables.X + block * Lanes.Width));
            line.Transform(shared, new StridedLine(x + block * Lanes.Floats, pitch), scratch);
        }

        AddSquares(x, y, worker, add: true);
        for (int block = 0; block < _blocks; block++)
        {
            float* column = y + block * Lanes.Floats;
            line.Transform(new ElementScaledLine(column, pitch, tables.Y), new StridedLine(column, pitch), scratch);
        }

        AddSquares(y, z, worker, add: true);
        TransformColumns(z, _blocks, scratch);
        float* amplitude = _amplitude!.Floats + offset;
        FinishRows(z, amplitude, worker);
        TransformColumns(amplitude, _amplitudeBlocks, scratch);
    }

    private void TransformColumns(float* plane, int blocks, float* scratch)
    {
        for (int block = 0; block < blocks; block++)
        {
            var column = new StridedLine(plane + block * Lanes.Floats, context.Layout.RowPitch);
            context.LineY.Transform(column, column, scratch);
        }
    }

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
            if (add) TransformRows(plane, y0, count, new AddedSquares(sums), worker);
            else TransformRows(plane, y0, count, new Squares(sums), worker);
        }
    }

    private void FinishRows(float* plane, float* amplitude, int worker)
    {
        SpectrumLayout layout = context.Layout;
        RowTransform rows = context.Rows;
        nint floats = MonogenicScratch.SumFloats(layout.Size);
        float* sums = tables.Plane(worker), scratch = context.Scratch(worker);
        float scale = (float)(1.0 / layout.Size.VoxelCount);
        int ny = layout.Size.Y;
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows, sums += floats)
        {
            int count = Math.Min(RowTransform.Rows, ny - y0);
            float* target = amplitude + y0 * layout.RowPitch;
            for (int y = 0; y < count; y++) LinePrefetch.Range(target + y * layout.RowPitch, _amplitudeBlocks * Lanes.Floats);
            TransformRows(plane, y0, count, new RootOfSquares(sums), worker);
            if (count == RowTransform.Rows)
            {
                rows.ForwardLine(sums, target, _amplitudeBlocks, scale, scratch);
                continue;
            }

            // Sixteen rows would run into the next plane. The missing ones are zero, for they share lines with real ones.
            for (nint x = 0; x < layout.Size.X; x++) new Span<float>(sums + x * Lanes.Floats + count, RowTransform.Rows - count).Clear();
            float* tile = context.Plane(worker);
            rows.ForwardLine(sums, tile, _amplitudeBlocks, scale, scratch);
            long bytes = count * layout.RowPitch * sizeof(float);
            Buffer.MemoryCopy(tile, target, bytes, bytes);
        }
    }

    private void TransformRows<TStorer>(float* plane, int y0, int count, TStorer storer, int worker)
        where TStorer : struct, ILineStorer
    {
        SpectrumLayout layout = context.Layout;
        float* source = plane + y0 * layout.RowPitch;
        if (count < RowTransform.Rows)
        {
            // What follows the last row is another plane, and shares lines with ours.
            float* tile = context.Plane(worker);
            long floats = RowTransform.Rows * layout.RowPitch, used = count * layout.RowPitch;
            Buffer.MemoryCopy(source, tile, floats * sizeof(float), used * sizeof(float));
            new Span<float>(tile + used, (int)(floats - used)).Clear();
            source = tile;
        }

        context.Rows.InverseLine(source, layout.Blocks, storer, context.Line(worker), context.Scratch(worker));
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
            if (ky >= filter.ReachY(block)) continue;
            var column = new StridedLine(row + block * Lanes.Floats, layout.PlanePitch);
            line.Transform(column, new StridedLine(buffer, Lanes.Floats), scratch);
            line.Transform(new FilteredSwappedLine(buffer, Lanes.Floats, filter.Column(block, ky), filter.ReachZ(block, ky), line.Length), column, scratch);
        }
    }
}
