using System.Numerics.Tensors;

namespace LocalDeblur.Filters;

/// <summary>
/// One coefficient a_k(R) of the reduced bank, evaluated row by row while the rows are in cache, which replaces one stored
/// volume a term. It is 0 where R is 0.
/// </summary>
internal abstract class TermCoefficient
{
    /// <summary>Makes the coefficients of all terms: polynomials where a low degree does, else tables.</summary>
    /// <param name="bank">The bank whose weights are meant.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    public static TermCoefficient[] Create(FilterBank bank, LowRankKernel kernel) =>
        (TermCoefficient[]?)CoefficientPolynomial.TryFit(bank, kernel) ?? CoefficientTable.Tabulate(bank, kernel);

    /// <summary>destination = (add ? destination : 0) + factor · a(R) · values, along one row.</summary>
    /// <param name="resolution">R along the row (Å), 0 outside.</param>
    /// <param name="values">What the coefficient multiplies.</param>
    /// <param name="factor">A factor common to the row.</param>
    /// <param name="add">True to add to the destination, false to replace it.</param>
    /// <param name="destination">Result; as long as the other two.</param>
    public abstract void Multiply(ReadOnlySpan<float> resolution, ReadOnlySpan<float> values, float factor, bool add, Span<float> destination);

    /// <summary>Exact values of the coefficients, a row per term.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    /// <param name="resolutions">Where (Å).</param>
    protected static double[][] Sample(FilterBank bank, LowRankKernel kernel, double[] resolutions)
    {
        double[][] vectors = kernel.RightVectors.ToRowArrays();
        double[][] samples = Array.ConvertAll(vectors, _ => new double[resolutions.Length]);
        double[] weights = new double[bank.Bands.Count];
        for (int i = 0; i < resolutions.Length; i++)
        {
            bank.Weights(resolutions[i], weights);
            for (int term = 0; term < vectors.Length; term++)
            {
                samples[term][i] = TensorPrimitives.Dot<double>(vectors[term], weights);
            }
        }

        return samples;
    }
}
