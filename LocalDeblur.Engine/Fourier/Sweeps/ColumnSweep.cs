using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Sweeps;

/// <summary>
/// A sweep through the z columns of a spectrum. A piece of the work is one |ky|: the rows ky and ny−ky, which share what a
/// radial filter has for them.
/// </summary>
internal abstract class ColumnSweep(TransformContext context) : IIndexedWork
{
    /// <summary>Tables and scratch of the plan.</summary>
    protected TransformContext Context { get; } = context;

    /// <summary>Number of pieces.</summary>
    public int Count => Context.Layout.Size.Y / 2 + 1;

    /// <inheritdoc/>
    public void Execute(int index, int worker)
    {
        Row(index, index, worker);
        int mirrored = Context.Layout.Size.Y - index;
        if (index != 0 && mirrored != index)
        {
            Row(mirrored, index, worker);
        }
    }

    /// <summary>Transforms the columns of one row of every plane.</summary>
    /// <param name="y">Index of the row.</param>
    /// <param name="ky">Its |ky|.</param>
    /// <param name="worker">Whose scratch to use.</param>
    protected abstract void Row(int y, int ky, int worker);
}
