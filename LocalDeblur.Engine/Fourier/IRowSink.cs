namespace LocalDeblur.Fourier;

/// <summary>
/// Takes the x rows that an inverse transform produces while they are still in cache, so that weights and sums
/// need no pass of their own. Implemented by structs; called from several threads at once. One plane is handled by one
/// thread, its rows in ascending order, so that sums kept by plane do not depend on the number of threads.
/// </summary>
internal interface IRowSink
{
    /// <summary>
    /// False when no row of y0 … y0+count−1 in plane z is of interest: the transform then skips their last pass,
    /// and the whole plane when none of its rows is wanted. What is written does not depend on what is skipped.
    /// </summary>
    /// <param name="y0">First row of the group.</param>
    /// <param name="count">Rows in the group, 1 … 16.</param>
    /// <param name="z">Plane index.</param>
    bool Wants(int y0, int count, int z);

    /// <summary>Takes row (y, z). Rows of a wanted group arrive whole, wanted or not by themselves.</summary>
    /// <param name="y">Row index.</param>
    /// <param name="z">Plane index.</param>
    /// <param name="row">nx values, valid during the call.</param>
    void Accept(int y, int z, ReadOnlySpan<float> row);
}
