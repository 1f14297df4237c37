namespace LocalDeblur.Fourier;

/// <summary>Stores the rows of an inverse transform in a volume.</summary>
/// <param name="volume">Receives the values, x fastest.</param>
/// <param name="size">Its size.</param>
internal readonly struct VolumeSink(float[] volume, GridSize size) : IRowSink
{
    /// <inheritdoc/>
    public bool Wants(int y0, int count, int z) => true;

    /// <inheritdoc/>
    public void Accept(int y, int z, ReadOnlySpan<float> row) => row.CopyTo(volume.AsSpan((int)size.Offset(0, y, z)));
}
