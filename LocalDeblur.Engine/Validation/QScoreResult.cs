using System.Collections.ObjectModel;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Validation;

/// <summary>How well the atoms of a model are resolved in a map.</summary>
public sealed class QScoreResult
{
    /// <summary>Groups the scores of atoms.</summary>
    /// <param name="model">The model they belong to.</param>
    /// <param name="atoms">Scores of its heavy atoms, in the order of the file.</param>
    internal QScoreResult(AtomicModel model, QScoreAtom[] atoms)
    {
        Atoms = new ReadOnlyCollection<QScoreAtom>(atoms);
        double[] known = [.. atoms.Select(atom => atom.Q).Where(double.IsFinite)];
        Mean = Average(known);
        Median = MedianOf(known);
        ScoredAtoms = known.Length;
        var scores = new Dictionary<ModelAtom, double>(atoms.Length, ReferenceEqualityComparer.Instance);
        foreach (QScoreAtom atom in atoms)
        {
            scores[atom.Atom] = atom.Q;
        }

        var residues = new List<QScoreResidue>();
        var chains = new List<QScoreChain>();
        foreach (ModelChain chain in model.Chains)
        {
            int first = residues.Count;
            var inChain = new List<double>();
            foreach (ModelResidue residue in chain.Residues)
            {
                double[] values = [.. residue.Atoms.Where(scores.ContainsKey).Select(atom => scores[atom])];
                if (values.Length > 0)
                {
                    double[] finite = [.. values.Where(double.IsFinite)];
                    inChain.AddRange(finite);
                    residues.Add(new QScoreResidue(residue.Chain, residue.Number, residue.InsertionCode, residue.Name, Average(finite), values.Length));
                }
            }

            if (residues.Count > first)
            {
                chains.Add(new QScoreChain(chain.Id, Average(inChain), residues.Count - first, residues.Skip(first).Sum(residue => residue.AtomCount)));
            }
        }

        Residues = new ReadOnlyCollection<QScoreResidue>(residues);
        Chains = new ReadOnlyCollection<QScoreChain>(chains);
    }

    /// <summary>Name of the map, with the steps that made it (<see cref="MapLabel"/>).</summary>
    public string Map { get; init; } = string.Empty;

    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>Mean over the atoms that have a score, −1 … 1; NaN where none has.</summary>
    public double Mean { get; }

    /// <summary>Median over the same atoms; NaN where there are none.</summary>
    public double Median { get; }

    /// <summary>
    /// Mean that models deposited at this resolution have (see <see cref="QScore.ExpectedForProtein"/>), each atom of protein and of nucleic acid
    /// counting by its kind, ligands and solvent not; null where no resolution was given, or the model has neither.
    /// </summary>
    public double? Expected { get; init; }

    /// <summary>Resolution of <see cref="Expected"/> (Å); null where none was given.</summary>
    public double? Resolution { get; init; }

    /// <summary>Number of atoms that have a score.</summary>
    public int ScoredAtoms { get; }

    /// <summary>Scores of the atoms but hydrogen and deuterium, in the order of the file.</summary>
    public ReadOnlyCollection<QScoreAtom> Atoms { get; }

    /// <summary>Means over the residues, in the order of the file.</summary>
    public ReadOnlyCollection<QScoreResidue> Residues { get; }

    /// <summary>Means over the chains.</summary>
    public ReadOnlyCollection<QScoreChain> Chains { get; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>For example <c>Q 0.708 (496 atoms)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"Q {Mean:0.000} ({ScoredAtoms} atoms)");

    private static double Average(IReadOnlyCollection<double> values) => values.Count > 0 ? values.Average() : double.NaN;

    private static double MedianOf(double[] values)
    {
        if (values.Length == 0)
        {
            return double.NaN;
        }

        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

/// <summary>Q-score of an atom.</summary>
/// <param name="Atom">The atom.</param>
/// <param name="Q">Its score, −1 … 1; NaN where the map around it is missing or constant.</param>
public sealed record QScoreAtom(ModelAtom Atom, double Q)
{
    /// <summary>Chain; empty where the file names none.</summary>
    public string Chain => Atom.Chain;

    /// <summary>Number of the residue in its chain.</summary>
    public int ResidueNumber => Atom.ResidueNumber;

    /// <summary>Insertion code; empty for none.</summary>
    public string InsertionCode => Atom.InsertionCode;

    /// <summary>Name of the residue.</summary>
    public string ResidueName => Atom.ResidueName;

    /// <summary>Name of the atom in its residue.</summary>
    public string Name => Atom.Name;
}

/// <summary>Mean Q-score of a residue.</summary>
/// <param name="Chain">Chain; empty where the file names none.</param>
/// <param name="Number">Number in its chain.</param>
/// <param name="InsertionCode">Insertion code; empty for none.</param>
/// <param name="Name">Name of the residue.</param>
/// <param name="Q">Mean over its atoms that have a score; NaN where none has.</param>
/// <param name="AtomCount">Its atoms but hydrogens.</param>
public sealed record QScoreResidue(string Chain, int Number, string InsertionCode, string Name, double Q, int AtomCount);

/// <summary>Mean Q-score of a chain.</summary>
/// <param name="Id">Chain; empty where the file names none.</param>
/// <param name="Q">Mean over its atoms that have a score; NaN where none has.</param>
/// <param name="ResidueCount">Its residues, ligands and solvent molecules.</param>
/// <param name="AtomCount">Its atoms but hydrogens.</param>
public sealed record QScoreChain(string Id, double Q, int ResidueCount, int AtomCount);
