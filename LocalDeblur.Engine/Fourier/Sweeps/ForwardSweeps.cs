using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Sweeps;

/// <summary>First sweep of the forward transform: a z plane from real rows through x and y, while it is in cache.</summary>
internal sealed unsafe class ForwardPlanes<TSource>(TransformContext context) : IIndexedWork
    where TSource : struct, IRowSource
{
    private TSource _source;
    private Spectrum? _spectrum;
    private int _blocks;
    private float _scale;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(TSource source, Spectrum spectrum, int blocks, float scale)
    {
        _source = source;
        _spectrum = spectrum;
        _blocks = blocks;
        _scale = scale;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _source = default;
        _spectrum = null;
    }

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        SpectrumLayout layout = context.Layout;
        RowTransform rows = context.Rows;
        TSource source = _source;
        int ny = layout.Size.Y;
        nint pitch = layout.RowPitch;
        float* local = context.Plane(worker);
        float* stage = context.Stage(worker), line = context.Line(worker), scratch = context.Scratch(worker);
        for (int y0 = 0; y0 < ny; y0 += RowTransform.Rows)
        {
            int count = Math.Min(RowTransform.Rows, ny - y0);
            for (int y = 0; y < count; y++)
            {
                StageRow(source, y0 + y, index, stage + y * rows.StagePitch);
            }
            // The rows that are missing from the last group share lines with real ones.
            for (int y = count; y < RowTransform.Rows; y++)
            {
                new Span<float>(stage + y * rows.StagePitch, layout.Size.X).Clear();
            }

            rows.Forward(stage, local + y0 * pitch, _blocks, _scale, line, scratch);
        }

        float* plane = _spectrum!.Floats + index * layout.PlanePitch;
        for (int block = 0; block < _blocks; block++)
        {
            context.LineY.Transform(new StridedLine(local + block * Lanes.Floats, pitch), new StreamedLine(plane + block * Lanes.Floats, pitch), scratch);
        }
    }

    private void StageRow(TSource source, int y, int z, float* staged)
    {
        int nx = context.Layout.Size.X;
        ReadOnlySpan<float> row = source.Row(y, z, new Span<float>(staged, nx));
        // A source that computes its row has filled the stage already.
        if (Unsafe.AreSame(ref MemoryMarshal.GetReference(row), ref *staged) && row.Length == nx)
        {
            return;
        }

        if (row.Length != nx)
        {
            ThrowLength(row.Length, nx);
        }

        row.CopyTo(new Span<float>(staged, nx));
    }

    private static void ThrowLength(int found, int expected) =>
        throw new InvalidOperationException(FormattableString.Invariant($"The row source gave a row of {found} values where {expected} were expected."));
}

/// <summary>Second sweep of the forward transform: z columns in place.</summary>
internal sealed unsafe class ForwardColumns(TransformContext context) : ColumnSweep(context)
{
    private Spectrum? _spectrum;
    private double _cutoff;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(Spectrum spectrum, double cutoff)
    {
        _spectrum = spectrum;
        _cutoff = cutoff;
    }

    /// <summary>Lets the operands go.</summary>
    public void End() => _spectrum = null;

    /// <inheritdoc/>
    protected override void Row(int y, int ky, int worker)
    {
        SpectrumLayout layout = Context.Layout;
        float* row = _spectrum!.Floats + y * layout.RowPitch;
        for (int block = 0; block < layout.Blocks && layout.Reaches(block, ky, _cutoff); block++)
        {
            var column = new StridedLine(row + block * Lanes.Floats, layout.PlanePitch);
            Context.LineZ.Transform(column, column, Context.Scratch(worker));
        }
    }
}
