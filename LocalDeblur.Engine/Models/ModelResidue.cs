using System.Collections.ObjectModel;
using System.Globalization;

namespace LocalDeblur.Models;

/// <summary>The atoms of one residue, ligand, ion or solvent molecule, in the order of the file.</summary>
public sealed class ModelResidue
{
    /// <summary>Groups atoms.</summary>
    /// <param name="atoms">At least one; all with the same chain, number, insertion code and residue name.</param>
    internal ModelResidue(IList<ModelAtom> atoms) => Atoms = new ReadOnlyCollection<ModelAtom>(atoms);

    /// <summary>Its atoms, at least one.</summary>
    public ReadOnlyCollection<ModelAtom> Atoms { get; }

    /// <summary>Name, for example "LEU".</summary>
    public string Name => Atoms[0].ResidueName;

    /// <summary>Chain; empty where the file names none.</summary>
    public string Chain => Atoms[0].Chain;

    /// <summary>Number in its chain. May be negative.</summary>
    public int Number => Atoms[0].ResidueNumber;

    /// <summary>Insertion code; empty for none.</summary>
    public string InsertionCode => Atoms[0].InsertionCode;

    /// <summary>True for ligands, ions and solvent (HETATM).</summary>
    public bool IsHetero => Atoms[0].IsHetero;

    /// <summary>The atom of a name; null where the residue has none. Of alternate conformations, the first in the file.</summary>
    /// <param name="name">Atom name, for example "CA"; the case counts.</param>
    public ModelAtom? Find(string name)
    {
        foreach (ModelAtom atom in Atoms)
        {
            if (atom.Name == name)
            {
                return atom;
            }
        }

        return null;
    }

    /// <summary>For example <c>A/LEU 381</c>.</summary>
    public override string ToString() => Describe(Chain, Name, Number, InsertionCode);

    /// <summary>How messages name a residue.</summary>
    /// <param name="chain">Chain, may be empty.</param>
    /// <param name="name">Residue name.</param>
    /// <param name="number">Residue number.</param>
    /// <param name="insertionCode">Insertion code, may be empty.</param>
    internal static string Describe(string chain, string name, int number, string insertionCode) =>
        string.Create(CultureInfo.InvariantCulture, $"{(chain.Length > 0 ? chain + "/" : "")}{name} {number}{insertionCode}");
}
