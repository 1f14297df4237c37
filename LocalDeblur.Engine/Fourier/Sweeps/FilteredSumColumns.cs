using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;

namespace LocalDeblur.Fourier.Sweeps;

/// <summary>
/// Second sweep of a forward transform whose result is wanted only times a filter, and added up: z columns are read from
/// one spectrum and their product goes into another.
/// </summary>
internal sealed unsafe class FilteredSumColumns(TransformContext context) : ColumnSweep(context)
{
    private Spectrum? _work;
    private Spectrum? _sum;
    private OctantFilter? _filter;
    private bool _add;

    /// <summary>Sets the next call's operands.</summary>
    public void Begin(Spectrum work, OctantFilter filter, Spectrum sum, bool add)
    {
        _work = work;
        _filter = filter;
        _sum = sum;
        _add = add;
    }

    /// <summary>Lets the operands go.</summary>
    public void End()
    {
        _work = null;
        _filter = null;
        _sum = null;
    }

    /// <inheritdoc/>
    protected override void Row(int y, int ky, int worker)
    {
        SpectrumLayout layout = Context.Layout;
        OctantFilter filter = _filter!;
        float* from = _work!.Floats + y * layout.RowPitch;
        float* to = _sum!.Floats + y * layout.RowPitch;
        for (int block = 0; block < layout.Blocks; block++, from += Lanes.Floats, to += Lanes.Floats)
        {
            if (block >= filter.BlockCount || ky >= filter.ReachY(block))
            {
                if (!_add)
                {
                    Clear(to, layout);
                }

                continue;
            }

            Context.LineZ.Transform(
                new StridedLine(from, layout.PlanePitch),
                new FilteredSumLine(to, layout.PlanePitch, filter.Column(block, ky), layout.Size.Z, _add),
                Context.Scratch(worker));
        }
    }

    private static void Clear(float* column, SpectrumLayout layout)
    {
        for (int z = 0; z < layout.Size.Z; z++)
        {
            Lanes.Zero.Store(column + z * layout.PlanePitch);
        }
    }
}

/// <summary>Adds a line, times a real filter that is even in the index, to a line whose elements lie at a constant distance.</summary>
/// <param name="first">Element 0 of the sum.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="filter">Eight values for each |k|.</param>
/// <param name="length">Length of the line.</param>
/// <param name="add">False to replace the sum.</param>
internal readonly unsafe struct FilteredSumLine(float* first, nint stride, float* filter, nint length, bool add) : ILineStorer
{
    private readonly float* _first = first;
    private readonly float* _filter = filter;
    private readonly nint _stride = stride;
    private readonly nint _length = length;
    private readonly bool _add = add;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value)
    {
        float* element = _first + index * _stride;
        Lanes product = value * Vector256.Load(_filter + nint.Min(index, _length - index) * Lanes.Width);
        (_add ? Lanes.Load(element) + product : product).Store(element);
    }
}
