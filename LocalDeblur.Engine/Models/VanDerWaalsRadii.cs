namespace LocalDeblur.Models;

/// <summary>How far an atom keeps others away.</summary>
/// <remarks>
/// Sources: for C, N, O, P and S the radii in proteins of Fokine et al., J. Appl. Cryst. 36 (2003) 352–355; for the others that have one, Bondi, J. Phys. Chem. 68 (1964)
/// 441–451. The table is the one that cctbx uses; elements without a radius there, beyond lawrencium, count as carbon.
/// </remarks>
internal static class VanDerWaalsRadii
{
    // Å, hydrogen to lawrencium.
    private static readonly float[] Table =
    [
        1.20f, 1.40f, // H He
        1.82f, 0.63f, 1.75f, 1.775f, 1.50f, 1.45f, 1.47f, 1.54f, // Li to Ne
        2.27f, 1.73f, 1.50f, 2.10f, 1.90f, 1.80f, 1.75f, 1.88f, // Na to Ar
        2.75f, 1.95f, 1.32f, 1.95f, 1.06f, 1.13f, 1.19f, 1.26f, 1.13f, 1.63f, 1.40f, 1.39f, 1.87f, 1.48f, 0.83f, 1.90f, 1.85f, 2.02f, // K to Kr
        2.65f, 2.02f, 1.61f, 1.42f, 1.33f, 1.75f, 2.00f, 1.20f, 1.22f, 1.63f, 1.72f, 1.58f, 1.93f, 2.17f, 1.12f, 1.26f, 1.98f, 2.16f, // Rb to Xe
        3.01f, 2.41f, 1.83f, 1.86f, 1.62f, 1.79f, 1.76f, 1.74f, 1.96f, 1.69f, 1.66f, 1.63f, 1.61f, 1.59f, 1.57f, 1.54f, 1.53f, // Cs to Lu
        1.40f, 1.22f, 1.26f, 1.30f, 1.58f, 1.22f, 1.72f, 1.66f, 1.55f, 1.96f, 2.02f, 1.73f, 1.21f, 1.12f, 2.30f, // Hf to Rn
        3.24f, 2.57f, 2.12f, 1.84f, 1.60f, 1.75f, 1.71f, 1.67f, 1.66f, 1.65f, 1.64f, 1.63f, 1.62f, 1.61f, 1.60f, 1.59f, 1.58f, // Fr to Lr
    ];

    /// <summary>Radius of an element (Å).</summary>
    /// <param name="atomicNumber">1 and more.</param>
    public static double Of(int atomicNumber) => Table[(atomicNumber <= Table.Length ? atomicNumber : 6) - 1];
}
