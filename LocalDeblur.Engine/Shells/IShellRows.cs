namespace LocalDeblur.Shells;

/// <summary>Adds rows of a half spectrum to sums over shells. Implemented by structs; called from several threads at once, each for planes of its own.</summary>
internal interface IShellRows
{
    /// <summary>Adds row (ky, kz).</summary>
    /// <param name="ky">0 … ny−1, array index.</param>
    /// <param name="kz">0 … nz−1, array index.</param>
    /// <param name="shells">Shell of each stored coefficient, kx = 0 … nx/2.</param>
    /// <param name="weights">How often each counts in the full transform, 1 or 2.</param>
    /// <param name="scratch">4·(nx/2+1) floats to fill.</param>
    /// <param name="sums">Sums to add to; sum q of shell i is number i·quantities + q.</param>
    void Add(int ky, int kz, ReadOnlySpan<int> shells, ReadOnlySpan<double> weights, Span<float> scratch, Span<double> sums);
}
