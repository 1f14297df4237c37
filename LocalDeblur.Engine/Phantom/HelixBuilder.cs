using System.Numerics;
using LocalDeblur.Numerics;

namespace LocalDeblur.Phantom;

/// <summary>Places the atoms of α-helices from ideal geometry.</summary>
/// <remarks>
/// The backbone is stated as cylindrical coordinates that follow from standard bond lengths and angles (Engh and Huber,
/// <i>Acta Cryst.</i> A47 (1991) 392) at φ = −62.8°, ψ = −42.2°, ω = 180°, τ = 109.6°, where a residue rises 1.5 Å and turns 100°.
/// Side chains are grown atom by atom from bond length, angle and torsion, in the rotamers that helices prefer.
/// </remarks>
internal static class HelixBuilder
{
    /// <summary>Rise of a residue along the axis (Å).</summary>
    public const double Rise = 1.5;

    /// <summary>Turn of a residue about the axis (°).</summary>
    public const double Turn = 100;

    // Electron scattering amplitudes at zero angle (Å) of the neutral atoms: sums of the coefficients of International Tables for Crystallography C, table 4.3.2.2.
    private const float Carbon = 2.509f;
    private const float Nitrogen = 2.214f;
    private const float Oxygen = 1.983f;

    // Radius (Å), angle (°), height (Å) about the axis, relative to the residue's CA.
    private static readonly (string Name, float Weight, double Radius, double Angle, double Height)[] Backbone =
    [
        ("N", Nitrogen, 1.522, -26.62, -0.899),
        ("CA", Carbon, 2.284, 0, 0),
        ("C", Carbon, 1.693, 27.81, 1.040),
        ("O", Oxygen, 2.010, 23.19, 2.220),
        ("CB", Carbon, 3.348, 15.88, -0.792),
    ];

    // Atoms 0 … 4 are N, CA, C, O, CB; a grown atom takes the next number and names the three it is measured from.
    private static readonly (string Residue, GrownAtom[] Atoms)[] SideChains =
    [
        ("ALA", []),
        ("SER", [new("OG", Oxygen, 0, 1, 4, 1.417, 110.8, -65)]),
        (
            "LEU",
            [new("CG", Carbon, 0, 1, 4, 1.53, 116.3, -65), new("CD1", Carbon, 1, 4, 5, 1.52, 110.7, 175), new("CD2", Carbon, 1, 4, 5, 1.52, 110.7, 53)]
        ),
        ("VAL", [new("CG1", Carbon, 0, 1, 4, 1.52, 110.5, 175), new("CG2", Carbon, 0, 1, 4, 1.52, 110.5, -63)]),
        (
            "GLU",
            [
                new("CG", Carbon, 0, 1, 4, 1.52, 114.1, -67), new("CD", Carbon, 1, 4, 5, 1.516, 112.6, 180),
                new("OE1", Oxygen, 4, 5, 6, 1.249, 118.4, -10), new("OE2", Oxygen, 4, 5, 6, 1.249, 118.4, 170),
            ]
        ),
        (
            "LYS",
            [
                new("CG", Carbon, 0, 1, 4, 1.52, 114.1, -67), new("CD", Carbon, 1, 4, 5, 1.52, 111.3, 180),
                new("CE", Carbon, 4, 5, 6, 1.52, 111.3, 180), new("NZ", Nitrogen, 5, 6, 7, 1.489, 111.9, 180),
            ]
        ),
        (
            "PHE",
            [
                new("CG", Carbon, 0, 1, 4, 1.502, 113.8, 180), new("CD1", Carbon, 1, 4, 5, 1.384, 120.7, 80), new("CD2", Carbon, 1, 4, 5, 1.384, 120.7, -100),
                new("CE1", Carbon, 4, 5, 6, 1.382, 120.7, 180), new("CE2", Carbon, 4, 5, 7, 1.382, 120.7, 180), new("CZ", Carbon, 5, 6, 8, 1.382, 120, 0),
            ]
        ),
    ];

    /// <summary>Adds one helix of a random sequence.</summary>
    /// <param name="start">Point of the axis at the height of the first CA (Å).</param>
    /// <param name="direction">Unit vector along the axis.</param>
    /// <param name="residues">Number of residues.</param>
    /// <param name="random">Chooses the turn about the axis and the sequence.</param>
    /// <param name="helix">Number of the helix.</param>
    /// <param name="atoms">Takes each atom.</param>
    public static void Add(Vector3 start, Vector3 direction, int residues, DeterministicRandom random, int helix, List<PlacedAtom> atoms)
    {
        Vector3 side = Vector3.Normalize(Vector3.Cross(direction, MathF.Abs(direction.Z) < 0.9f ? Vector3.UnitZ : Vector3.UnitX));
        Vector3 up = Vector3.Cross(direction, side);
        double phase = random.NextUniform(0, 360);
        Span<Vector3> residue = stackalloc Vector3[16];
        for (int i = 0; i < residues; i++)
        {
            int count = 0;
            int kind = (int)(random.NextUniform() * SideChains.Length);
            foreach ((_, float weight, double radius, double angle, double height) in Backbone)
            {
                (double sine, double cosine) = Math.SinCos((phase + (Turn * i) + angle) * Math.PI / 180);
                Vector3 position = start
                    + ((float)(radius * cosine) * side)
                    + ((float)(radius * sine) * up)
                    + ((float)((Rise * i) + height) * direction);
                atoms.Add(new PlacedAtom(position, weight, new AtomSite(helix, (short)i, (byte)kind, (byte)count)));
                residue[count++] = position;
            }

            foreach (GrownAtom grown in SideChains[kind].Atoms)
            {
                Vector3 position = Grow(residue[grown.Third], residue[grown.Second], residue[grown.First], grown);
                atoms.Add(new PlacedAtom(position, grown.Weight, new AtomSite(helix, (short)i, (byte)kind, (byte)count)));
                residue[count++] = position;
            }
        }
    }

    /// <summary>Name of the residue that an atom belongs to, for example LEU.</summary>
    /// <param name="site">The atom.</param>
    public static string ResidueName(AtomSite site) => SideChains[site.Kind].Residue;

    /// <summary>Name of an atom in its residue, for example CD1; it begins with the element.</summary>
    /// <param name="site">The atom.</param>
    public static string AtomName(AtomSite site) =>
        site.Atom < Backbone.Length ? Backbone[site.Atom].Name : SideChains[site.Kind].Atoms[site.Atom - Backbone.Length].Name;

    // The atom at the given distance from 'bonded', angle at it towards 'middle', and torsion far–middle–bonded–atom
    // (Parsons et al., J. Comput. Chem. 26 (2005) 1063).
    private static Vector3 Grow(Vector3 far, Vector3 middle, Vector3 bonded, in GrownAtom atom)
    {
        Vector3 along = Vector3.Normalize(bonded - middle);
        Vector3 normal = Vector3.Normalize(Vector3.Cross(middle - far, along));
        Vector3 across = Vector3.Cross(normal, along);
        (double sineAngle, double cosineAngle) = Math.SinCos(atom.Angle * Math.PI / 180);
        (double sineTorsion, double cosineTorsion) = Math.SinCos(atom.Torsion * Math.PI / 180);
        return bonded
            - ((float)(atom.Distance * cosineAngle) * along)
            + ((float)(atom.Distance * sineAngle * cosineTorsion) * across)
            + ((float)(atom.Distance * sineAngle * sineTorsion) * normal);
    }

    // Bonded to First, angle with Second, torsion with Third; Å and °. The table reads Third, Second, First, as a torsion is written.
    private readonly record struct GrownAtom(string Name, float Weight, int Third, int Second, int First, double Distance, double Angle, double Torsion);
}
