namespace LocalDeblur.Fourier;

/// <summary>
/// Gives the x rows of a volume to a forward transform, so that a volume that is only an intermediate
/// (a difference, a product with a weight) is never stored. Implemented by structs; called from several
/// threads at once, each for planes of its own.
/// </summary>
internal interface IRowSource
{
    /// <summary>Row (y, z) of the volume, nx values.</summary>
    /// <param name="y">Row index, 0 … ny−1.</param>
    /// <param name="z">Plane index, 0 … nz−1.</param>
    /// <param name="scratch">nx floats that the source may fill and return; a source whose rows lie in memory returns them instead.</param>
    ReadOnlySpan<float> Row(int y, int z, Span<float> scratch);
}
