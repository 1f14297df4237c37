using LocalDeblur.Fourier.Lines;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Sweeps;

/// <summary>
/// First sweep of the inverse transform: z columns, filtered while they are loaded. It leaves real and imaginary part
/// exchanged, as the second sweep wants them.
/// </summary>
internal sealed unsafe class InverseColumns(TransformContext context) : ColumnSweep(context)
{
    private Spectrum? _source;
    private Spectrum? _work;
    private OctantFilter? _filter;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(Spectrum source, OctantFilter? filter, Spectrum work)
    {
        _source = source;
        _filter = filter;
        _work = work;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _source = null;
        _filter = null;
        _work = null;
    }

    /// <inheritdoc/>
    protected override void Row(int y, int ky, int worker)
    {
        SpectrumLayout layout = Context.Layout;
        float* scratch = Context.Scratch(worker);
        float* from = _source!.Floats + y * layout.RowPitch;
        float* to = _work!.Floats + y * layout.RowPitch;
        int blocks = _filter?.BlockCount ?? layout.Blocks;
        for (int block = 0; block < blocks; block++, from += Lanes.Floats, to += Lanes.Floats)
        {
            if (_filter is not null && ky >= _filter.ReachY(block))
            {
                continue;
            }
            // In place the lines are in cache already; elsewhere they would have to be read first (10–16 % of the transform).
            if (to == from)
            {
                Column(from, block, ky, new StridedLine(to, layout.PlanePitch), scratch);
            }
            else
            {
                Column(from, block, ky, new StreamedLine(to, layout.PlanePitch), scratch);
            }
        }
    }

    private void Column<TTarget>(float* from, int block, int ky, TTarget target, float* scratch)
        where TTarget : struct, ILineStorer
    {
        nint pitch = Context.Layout.PlanePitch;
        LineFft line = Context.LineZ;
        if (_filter is null)
        {
            line.Transform(new SwappedLine(from, pitch), target, scratch);
        }
        else
        {
            line.Transform(new FilteredSwappedLine(from, pitch, _filter.Column(block, ky), _filter.ReachZ(block, ky), line.Length), target, scratch);
        }
    }
}

/// <summary>Second sweep of the inverse transform: a z plane through y and x to the sink, while it is in cache.</summary>
internal sealed unsafe class InversePlanes<TSink>(TransformContext context) : IIndexedWork
    where TSink : struct, IRowSink
{
    private TSink _sink;
    private Spectrum? _work;
    private OctantFilter? _filter;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(Spectrum work, OctantFilter? filter, TSink sink)
    {
        _work = work;
        _filter = filter;
        _sink = sink;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _work = null;
        _filter = null;
        _sink = default;
    }

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        SpectrumLayout layout = context.Layout;
        RowTransform rows = context.Rows;
        TSink sink = _sink;
        int ny = layout.Size.Y;
        if (!WantsAny(sink, ny, index))
        {
            return;
        }

        float* local = context.Plane(worker);
        int blocks = _filter?.BlockCount ?? layout.Blocks;
        TransformColumns(_work!.Floats + index * layout.PlanePitch, local, blocks, context.Scratch(worker));
        // The rows that are missing from the last group share lines with real ones.
        if (ny % RowTransform.Rows != 0)
        {
            new Span<float>(local + ny * layout.RowPitch, (int)(RowTransform.Rows * layout.RowPitch)).Clear();
        }

        float* stage = context.Stage(worker), line = context.Line(worker), scratch = context.Scratch(worker);
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows)
        {
            int count = Math.Min(RowTransform.Rows, ny - y0);
            if (!sink.Wants(y0, count, index))
            {
                continue;
            }

            rows.Inverse(local + y0 * layout.RowPitch, blocks, stage, line, scratch);
            for (int y = 0; y < count; y++)
            {
                sink.Accept(y0 + y, index, new ReadOnlySpan<float>(stage + y * rows.StagePitch, layout.Size.X));
            }
        }
    }

    private static bool WantsAny(TSink sink, int ny, int z)
    {
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows)
        {
            if (sink.Wants(y0, Math.Min(RowTransform.Rows, ny - y0), z))
            {
                return true;
            }
        }

        return false;
    }

    // The result goes to the worker's own plane: written back in place it would travel to memory once more for nothing.
    private void TransformColumns(float* plane, float* local, int blocks, float* scratch)
    {
        nint pitch = context.Layout.RowPitch;
        LineFft line = context.LineY;
        for (int block = 0; block < blocks; block++, plane += Lanes.Floats, local += Lanes.Floats)
        {
            var target = new StridedLine(local, pitch);
            if (_filter is null)
            {
                line.Transform(new StridedLine(plane, pitch), target, scratch);
            }
            else
            {
                line.Transform(new LimitedLine(plane, pitch, _filter.ReachY(block), line.Length), target, scratch);
            }
        }
    }
}
