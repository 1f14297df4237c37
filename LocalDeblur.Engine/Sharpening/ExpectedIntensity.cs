using LocalDeblur.Models;

namespace LocalDeblur.Sharpening;

/// <summary>
/// Mean intensity that the atoms of an average protein at rest scatter at a frequency, up to a factor: the squares of their X-ray scattering factors,
/// times the departure that comes from the distances common to all proteins.
/// </summary>
/// <remarks>
/// X-ray factors are used, also for electrons, because the B factors that the published program states are measured against them. They are taken from the
/// electron factors by the formula of Mott and Bethe. The departure γ is the mean over proteins of known structure (Popov and Bourenkov,
/// <i>Acta Cryst.</i> D59 (2003) 1145; Zwart, Grosse-Kunstleve and Adams, <i>CCP4 Newsletter</i> 43 (2005)).
/// </remarks>
internal static class ExpectedIntensity
{
    /// <summary>Squared frequency (1/Å²) from which on the departure is known: 11.2 Å.</summary>
    public const double LowestSquare = 0.008;

    /// <summary>Squared frequency (1/Å²) up to which the departure is known: 1.2 Å.</summary>
    public const double HighestSquare = 0.69;

    private const double Step = 0.007;

    // m·e²/(8π·ε₀·h²) in 1/Å, for frequencies as sin θ/λ.
    private const double MottBethe = 0.0239337;

    private const int TableSteps = 8192;

    // Atoms of a residue, hydrogen included.
    private static readonly (int AtomicNumber, double Count)[] Residue = [(1, 8), (6, 5), (7, 1.5), (8, 1.2)];

    // γ at LowestSquare, LowestSquare + Step, …
    private static readonly float[] Departure =
    [
        -0.357f, -0.508f, -0.648f, -0.607f, -0.415f, -0.094f, 0.137f, 0.194f, 0.191f, 0.204f, 0.204f, 0.152f, 0.061f, -0.031f,
        -0.103f, -0.157f, -0.198f, -0.228f, -0.243f, -0.247f, -0.243f, -0.235f, -0.221f, -0.199f, -0.169f, -0.134f, -0.099f, -0.069f,
        -0.045f, -0.026f, -0.012f, -0.007f, -0.011f, -0.024f, -0.045f, -0.069f, -0.095f, -0.122f, -0.150f, -0.180f, -0.209f, -0.235f,
        -0.253f, -0.264f, -0.271f, -0.277f, -0.284f, -0.291f, -0.297f, -0.297f, -0.291f, -0.282f, -0.272f, -0.265f, -0.260f, -0.258f,
        -0.254f, -0.250f, -0.246f, -0.244f, -0.244f, -0.245f, -0.244f, -0.240f, -0.234f, -0.230f, -0.232f, -0.241f, -0.253f, -0.259f,
        -0.257f, -0.248f, -0.235f, -0.223f, -0.211f, -0.198f, -0.180f, -0.160f, -0.144f, -0.134f, -0.125f, -0.107f, -0.079f, -0.049f,
        -0.033f, -0.031f, -0.029f, -0.014f, 0.005f, 0.015f, 0.023f, 0.050f, 0.087f, 0.110f, 0.146f, 0.192f, 0.165f, 0.193f,
    ];

    private static readonly double[] Table = [.. Enumerable.Range(0, TableSteps + 1).Select(i => Calculate(LowestSquare + ((HighestSquare - LowestSquare) * i / TableSteps)))];

    /// <summary>The intensity.</summary>
    /// <param name="square">Squared frequency (1/Å²), <see cref="LowestSquare"/> … <see cref="HighestSquare"/>.</param>
    public static double At(double square)
    {
        double place = Math.Clamp((square - LowestSquare) * (TableSteps / (HighestSquare - LowestSquare)), 0, TableSteps);
        int i = Math.Min((int)place, TableSteps - 1);
        return Table[i] + ((place - i) * (Table[i + 1] - Table[i]));
    }

    private static double Calculate(double square)
    {
        double sum = 0;
        foreach ((int number, double count) in Residue)
        {
            double factor = number - (ScatteringFactors.Of(number).At(Math.Sqrt(square)) * square / (4 * MottBethe));
            sum += count * factor * factor;
        }

        return sum * (1 + Gamma(square));
    }

    // Cubic through the tabulated values, with the slope of their neighbours (Catmull and Rom).
    private static double Gamma(double square)
    {
        double place = (square - LowestSquare) / Step;
        int i = Math.Clamp((int)place, 0, Departure.Length - 2);
        double t = Math.Min(place - i, 1);
        double a = Value(i - 1), b = Value(i), c = Value(i + 1), d = Value(i + 2);
        return b + (0.5 * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));

        static double Value(int index) => Departure[Math.Clamp(index, 0, Departure.Length - 1)];
    }
}
