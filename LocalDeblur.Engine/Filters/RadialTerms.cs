using LocalDeblur.Fourier;
using LocalDeblur.Numerics;

namespace LocalDeblur.Filters;

/// <summary>The radial filters b_k(u) = Σ_i V_ki B_i(u) of a bank's terms.</summary>
internal static class RadialTerms
{
    /// <summary>Evaluates the filter of every term on a map's frequencies.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    /// <param name="pool">Threads to use.</param>
    public static OctantFilter[] Create(FilterBank bank, LowRankKernel kernel, WorkerPool pool)
    {
        double[] centres = [.. bank.Bands.Select(band => band.DigitalFrequency)];
        double[] halfWidths = [.. bank.Bands.Select(band => band.DigitalHalfWidth)];
        double widest = halfWidths.Max();
        return [.. kernel.RightVectors.ToRowArrays().Select(weights =>
            OctantFilter.Create(bank.Size, u => (float)Value(u, centres, halfWidths, widest, weights), bank.CutoffFrequency, pool))];
    }

    private static double Value(double u, double[] centres, double[] halfWidths, double widest, double[] weights)
    {
        // Centres fall from band to band: only those within the widest half-width of u can contribute.
        double sum = 0;
        for (int band = FirstAtMost(centres, u + widest); band < centres.Length && centres[band] >= u - widest; band++)
        {
            if (weights[band] != 0)
            {
                sum += weights[band] * RaisedCosine.Fall(Math.Abs(u - centres[band]), halfWidths[band]);
            }
        }

        return sum;
    }

    private static int FirstAtMost(double[] falling, double value)
    {
        int low = 0;
        int high = falling.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (falling[middle] > value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
