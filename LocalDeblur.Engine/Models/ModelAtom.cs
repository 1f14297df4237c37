using LocalDeblur.Maps;

namespace LocalDeblur.Models;

/// <summary>One atom of an atomic model. Names and numbers are those the authors of the model gave (in mmCIF, the <c>auth_</c> items).</summary>
public sealed record ModelAtom
{
    /// <summary>Number of the atom in its file; the running number where the file states none that can be read.</summary>
    public int Serial { get; init; }

    /// <summary>Name of the atom in its residue, without blanks, for example "CA".</summary>
    public required string Name { get; init; }

    /// <summary>Symbol of the chemical element, for example "C" or "Ca"; "D" for deuterium.</summary>
    public required string Element { get; init; }

    /// <summary>Number of the element in the periodic table, 1 … 118; 1 for deuterium too.</summary>
    public required int AtomicNumber { get; init; }

    /// <summary>Name of the residue, for example "LEU".</summary>
    public string ResidueName { get; init; } = "";

    /// <summary>Chain; empty where the file names none.</summary>
    public string Chain { get; init; } = "";

    /// <summary>Number of the residue in its chain. May be negative.</summary>
    public int ResidueNumber { get; init; }

    /// <summary>Insertion code, which tells residues with the same number apart; empty for none.</summary>
    public string InsertionCode { get; init; } = "";

    /// <summary>Label of the alternate conformation; empty for an atom that has one place only.</summary>
    public string AlternateLocation { get; init; } = "";

    /// <summary>Place along x (Å).</summary>
    public required double X { get; init; }

    /// <summary>Place along y (Å).</summary>
    public required double Y { get; init; }

    /// <summary>Place along z (Å).</summary>
    public required double Z { get; init; }

    /// <summary>Share of the molecules that have an atom here, usually 0 … 1. 1 where the file states none.</summary>
    public double Occupancy { get; init; } = 1;

    /// <summary>Isotropic B factor (Å²): 8π² times the mean square displacement along one axis. The mean of the axes where the file states an anisotropic one only.</summary>
    public double BFactor { get; init; }

    /// <summary>Formal charge, in elementary charges.</summary>
    public int Charge { get; init; }

    /// <summary>True for an atom of a ligand, an ion or a solvent molecule (HETATM).</summary>
    public bool IsHetero { get; init; }

    /// <summary>True for hydrogen and deuterium.</summary>
    public bool IsHydrogen => AtomicNumber == 1;

    /// <summary>Place in space (Å).</summary>
    public AxisTriple Position => new(X, Y, Z);

    /// <summary>For example <c>A/LEU 381/CA</c>, with the alternate conformation in brackets.</summary>
    public override string ToString() =>
        $"{ModelResidue.Describe(Chain, ResidueName, ResidueNumber, InsertionCode)}/{Name}{(AlternateLocation.Length > 0 ? $"[{AlternateLocation}]" : "")}";
}
