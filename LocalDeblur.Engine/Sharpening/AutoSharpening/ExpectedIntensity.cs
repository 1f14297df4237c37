using LocalDeblur.Density;

namespace LocalDeblur.Sharpening.AutoSharpening;

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

    // m·e²/(8π·ε₀·h²) in 1/Å, for frequencies as sin θ/λ.
    private const double MottBethe = 0.0239337;

    private const int TableSteps = 8192;

    // Atoms of a residue, hydrogen included.
    private static readonly (int AtomicNumber, double Count)[] Residue = [(1, 8), (6, 5), (7, 1.5), (8, 1.2)];

    // γ at s² = middle − half·cos(π·i/90), of the range between LowestSquare and HighestSquare: denser towards the ends, where it changes fast.
    private static readonly float[] Departure =
    [
        -0.3568f, -0.3510f, -0.3415f, -0.3446f, -0.3749f, -0.4385f, -0.5245f, -0.6027f, -0.6440f, -0.6453f, -0.6128f, -0.5258f, -0.3520f, -0.1159f,
        0.0878f, 0.1832f, 0.1932f, 0.1936f, 0.2084f, 0.1934f, 0.1182f, 0.0116f, -0.0820f, -0.1506f, -0.2022f, -0.2357f, -0.2466f, -0.2422f,
        -0.2293f, -0.2021f, -0.1566f, -0.1043f, -0.0599f, -0.0274f, -0.0087f, -0.0114f, -0.0375f, -0.0767f, -0.1199f, -0.1677f, -0.2163f, -0.2519f,
        -0.2687f, -0.2788f, -0.2913f, -0.2975f, -0.2878f, -0.2712f, -0.2611f, -0.2562f, -0.2492f, -0.2439f, -0.2449f, -0.2440f, -0.2351f, -0.2299f,
        -0.2410f, -0.2572f, -0.2570f, -0.2401f, -0.2217f, -0.2047f, -0.1805f, -0.1533f, -0.1363f, -0.1247f, -0.0994f, -0.0615f, -0.0356f, -0.0314f,
        -0.0288f, -0.0122f, 0.0070f, 0.0153f, 0.0234f, 0.0468f, 0.0777f, 0.0994f, 0.1147f, 0.1399f, 0.1733f, 0.1925f, 0.1854f, 0.1662f,
        0.1584f, 0.1702f, 0.1898f, 0.1982f, 0.1869f, 0.1659f, 0.1554f,
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
        int last = Departure.Length - 1;
        double half = (HighestSquare - LowestSquare) / 2;
        double place = Math.Acos(Math.Clamp((LowestSquare + half - square) / half, -1, 1)) / Math.PI * last;
        int i = Math.Min((int)place, last - 1);
        double t = place - i;
        double a = Value(i - 1), b = Value(i), c = Value(i + 1), d = Value(i + 2);
        return b + (0.5 * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));

        // Even about both ends, as any function of the cosine.
        double Value(int index) => Departure[index < 0 ? -index : index > last ? (2 * last) - index : index];
    }
}
