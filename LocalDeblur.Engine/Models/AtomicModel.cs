using System.Collections.ObjectModel;
using LocalDeblur.Maps;

namespace LocalDeblur.Models;

/// <summary>An atomic model: atoms with places in space, and the chains and residues they belong to. Immutable; safe to share between threads.</summary>
public sealed class AtomicModel
{
    private readonly Lazy<ReadOnlyCollection<ModelChain>> _chains;

    /// <summary>Wraps atoms.</summary>
    /// <param name="name">Name for messages and tables.</param>
    /// <param name="atoms">The atoms, at least one, with finite places.</param>
    /// <param name="path">Full path of the file they came from, or null.</param>
    /// <param name="decisions">What the reader decided without being asked, one sentence each; or null.</param>
    /// <param name="warnings">What the user should know, one sentence each; or null.</param>
    /// <exception cref="EngineException">ModelEmpty.</exception>
    /// <exception cref="ArgumentException">A coordinate, an occupancy or a B factor is NaN or infinite.</exception>
    public AtomicModel(string name, IEnumerable<ModelAtom> atoms, string? path = null, IEnumerable<string>? decisions = null, IEnumerable<string>? warnings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(atoms);
        Name = PlainText.Of(name);
        Path = path;
        Atoms = new ReadOnlyCollection<ModelAtom>([.. atoms]);
        Decisions = new ReadOnlyCollection<string>([.. decisions ?? []]);
        Warnings = new ReadOnlyCollection<string>([.. warnings ?? []]);
        if (Atoms.Count == 0)
        {
            throw new EngineException(EngineError.ModelEmpty, $"'{name}' has no atoms; expected at least one.", path ?? name);
        }

        (Minimum, Maximum) = Measure(Atoms);
        _chains = new Lazy<ReadOnlyCollection<ModelChain>>(() => ResidueSites.Group(Atoms));
    }

    /// <summary>Name for messages and tables: the file name for an imported model.</summary>
    public string Name { get; }

    /// <summary>Full path of the file it was imported from; null for a model that was computed.</summary>
    public string? Path { get; }

    /// <summary>The atoms, in the order of the file.</summary>
    public ReadOnlyCollection<ModelAtom> Atoms { get; }

    /// <summary>The chains, in the order in which they appear first, each with its residues in order.</summary>
    /// <remarks>
    /// An atom belongs to the residue of its chain, number, insertion code and residue name. Where that residue has an atom of
    /// the same name and conformation already, a new residue begins: so chains without ids, and waters that all have one number,
    /// stay apart.
    /// </remarks>
    public ReadOnlyCollection<ModelChain> Chains => _chains.Value;

    /// <summary>The residues of all chains, chain by chain.</summary>
    public IEnumerable<ModelResidue> Residues => Chains.SelectMany(chain => chain.Residues);

    /// <summary>Number of atoms other than hydrogen and deuterium.</summary>
    public int HeavyAtomCount => Atoms.Count(atom => !atom.IsHydrogen);

    /// <summary>The atoms other than hydrogen and deuterium, in the order of the file.</summary>
    public IEnumerable<ModelAtom> HeavyAtoms => Atoms.Where(atom => !atom.IsHydrogen);

    /// <summary>Lowest coordinates of any atom centre (Å).</summary>
    public AxisTriple Minimum { get; }

    /// <summary>Highest coordinates of any atom centre (Å).</summary>
    public AxisTriple Maximum { get; }

    /// <summary>What the reader decided without being asked, one sentence each.</summary>
    public ReadOnlyCollection<string> Decisions { get; }

    /// <summary>What the user should know, one sentence each.</summary>
    public ReadOnlyCollection<string> Warnings { get; }

    /// <summary>The model of some of the atoms, with the same name, path, decisions and warnings.</summary>
    /// <param name="predicate">Which atoms stay.</param>
    /// <exception cref="EngineException">ModelEmpty where none does.</exception>
    public AtomicModel Where(Func<ModelAtom, bool> predicate) => new(Name, Atoms.Where(predicate), Path, Decisions, Warnings);

    /// <summary>For example <c>1orc.pdb (496 atoms)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} ({Atoms.Count} atoms)");

    private static (AxisTriple Minimum, AxisTriple Maximum) Measure(ReadOnlyCollection<ModelAtom> atoms)
    {
        AxisTriple low = atoms[0].Position;
        AxisTriple high = low;
        foreach (ModelAtom atom in atoms)
        {
            if (!double.IsFinite(atom.X + atom.Y + atom.Z + atom.Occupancy + atom.BFactor))
            {
                throw new ArgumentException($"Atom {atom} has a number that is NaN or infinite.", nameof(atoms));
            }

            low = new AxisTriple(Math.Min(low.X, atom.X), Math.Min(low.Y, atom.Y), Math.Min(low.Z, atom.Z));
            high = new AxisTriple(Math.Max(high.X, atom.X), Math.Max(high.Y, atom.Y), Math.Max(high.Z, atom.Z));
        }

        return (low, high);
    }
}
