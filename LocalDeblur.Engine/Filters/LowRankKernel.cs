using MathNet.Numerics.LinearAlgebra;

namespace LocalDeblur.Filters;

/// <summary>
/// The bank reduced to a few terms. The normalised weights form a table W(R, band) that is smooth in R, so that a
/// handful of right singular vectors V span its rows: W(R, ·) ≈ Σ_k a_k(R) V_k with a_k(R) = W(R, ·)·V_k. The operator then
/// needs one inverse transform per term instead of one per band, with the radial filter b_k(u) = Σ_i V_ki B_i(u).
/// </summary>
internal sealed class LowRankKernel
{
    private LowRankKernel(Matrix<double> rightVectors, IReadOnlyList<double> singularValues)
    {
        RightVectors = rightVectors;
        SingularValues = singularValues;
    }

    /// <summary>Rank × bands; the rows are orthonormal.</summary>
    public Matrix<double> RightVectors { get; }

    /// <summary>All singular values of the table, largest first.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Number of terms kept.</summary>
    public int Rank => RightVectors.RowCount;

    /// <summary>The bank as it is defined, one term per band: what the reduced form is compared with.</summary>
    /// <param name="bank">The bank.</param>
    public static LowRankKernel Explicit(FilterBank bank) =>
        new(Matrix<double>.Build.DenseIdentity(bank.Bands.Count), [.. Enumerable.Repeat(1.0, bank.Bands.Count)]);

    /// <summary>Reduces a bank to the rank that its tolerance asks for.</summary>
    /// <param name="bank">The bank.</param>
    public static LowRankKernel Create(FilterBank bank)
    {
        // The weights vary over about 1/√K in R; a hundred samples to that length leave nothing between them.
        double range = bank.CoarsestResolution - bank.FinestResolution;
        int samples = Math.Clamp((int)(100 * range * Math.Sqrt(bank.K)), 2 * bank.Bands.Count, 2000);
        var table = Matrix<double>.Build.Dense(samples, bank.Bands.Count);
        double[] weights = new double[bank.Bands.Count];
        for (int row = 0; row < samples; row++)
        {
            bank.Weights(bank.FinestResolution + (range * row / (samples - 1)), weights);
            table.SetRow(row, weights);
        }

        var decomposition = table.Svd(computeVectors: true);
        double[] values = decomposition.S.ToArray();
        int rank = Math.Max(1, values.Count(value => value > bank.RankTolerance * values[0]));
        return new LowRankKernel(decomposition.VT.SubMatrix(0, rank, 0, bank.Bands.Count), values);
    }
}
