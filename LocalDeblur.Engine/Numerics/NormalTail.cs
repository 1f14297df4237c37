using MathNet.Numerics;

namespace LocalDeblur.Numerics;

/// <summary>The upper tail of the standard normal distribution, for many values.</summary>
internal static class NormalTail
{
    private const double Least = -8;
    private const double Most = 20;
    private const int Steps = 4096;

    private static readonly double[] Table =
        [.. Enumerable.Range(0, (int)((Most - Least) * Steps) + 2).Select(i => 0.5 * SpecialFunctions.Erfc((Least + ((double)i / Steps)) / Constants.Sqrt2))];

    /// <summary>1 − Φ(z), to a share of z²·1e-8 of itself; 1 below −8, 0 above 20.</summary>
    /// <param name="z">Any number but NaN.</param>
    public static double Above(double z)
    {
        if (z < Least || z > Most)
        {
            return z < Least ? 1 : 0;
        }

        double place = (z - Least) * Steps;
        int below = (int)place;
        return Table[below] + ((place - below) * (Table[below + 1] - Table[below]));
    }
}
