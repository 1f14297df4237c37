
namespace LocalDeblur.Models.Reading;

/// <summary>What both readers do with the atoms they find: elements, hydrogens, alternate conformations, and a word about each.</summary>
/// <param name="text">The file.</param>
/// <param name="options">How it is read.</param>
internal sealed class ModelBuilder(ModelText text, ModelReadOptions options)
{
    private readonly List<ModelAtom> _atoms = [];
    private int _found;

    /// <summary>Atoms taken so far.</summary>
    public int Count => _atoms.Count;

    /// <summary>Models in the file beyond the one that is read.</summary>
    public int OtherModels { get; set; }

    /// <summary>Atoms without a B factor of any kind.</summary>
    public int WithoutBFactor { get; set; }

    /// <summary>The atom taken last.</summary>
    public ModelAtom Last
    {
        get => _atoms[^1];
        set => _atoms[^1] = value;
    }

    /// <summary>An atom taken before.</summary>
    /// <param name="index">Which, from 0.</param>
    public ModelAtom this[int index]
    {
        get => _atoms[index];
        set => _atoms[index] = value;
    }

    /// <summary>Takes an atom, whose element is still the symbol as it was found.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="line">Its line.</param>
    /// <returns>False for a hydrogen that is left out.</returns>
    /// <exception cref="EngineException">ModelElementUnknown.</exception>
    public bool Add(ModelAtom atom, int line)
    {
        _found++;
        if (!PeriodicTable.TryFind(atom.Element, out (string Symbol, int Number) element))
        {
            string stated = atom.Element.Length == 0 ? "is not stated and cannot be told from its name" : $"is stated as '{atom.Element}', which is no chemical element";
            throw text.Refuse(
                line,
                $"the element of atom {atom} {stated}. Correct the file's element column (PDB 77–78, mmCIF _atom_site.type_symbol), or remove the atom.",
                EngineError.ModelElementUnknown);
        }

        ModelAtom known = atom with { Element = element.Symbol, AtomicNumber = element.Number };
        if (options.DropHydrogens && known.IsHydrogen)
        {
            return false;
        }

        _atoms.Add(known);
        return true;
    }

    /// <summary>The model.</summary>
    /// <exception cref="EngineException">ModelEmpty.</exception>
    public AtomicModel Build()
    {
        if (_atoms.Count == 0)
        {
            throw new EngineException(
                EngineError.ModelEmpty,
                _found == 0
                    ? $"'{text.Path}' has no atoms; expected ATOM or HETATM records (PDB) or an _atom_site category (mmCIF). Check that it is the file of a model."
                    : $"'{text.Path}' has hydrogen atoms only, and hydrogens are left out.",
                text.Path)
            {
                Advice = _found == 0 ? [] : [new("keep the hydrogens", EngineParameter.DropHydrogens), new("give another model")],
            };
        }

        var decisions = new List<string>();
        var warnings = new List<string>();
        if (OtherModels > 0)
        {
            decisions.Add(Say($"The first of {OtherModels + 1} models in the file was read."));
        }

        if (_found > _atoms.Count)
        {
            decisions.Add(Say($"{_found - _atoms.Count} hydrogen atoms were left out."));
        }

        List<ModelAtom> kept = _atoms;
        if (options.Alternates == AlternateConformations.HighestOccupancy && _atoms.Exists(atom => atom.AlternateLocation.Length > 0))
        {
            kept = AlternateLocations.Resolve(_atoms);
            if (kept.Count < _atoms.Count)
            {
                decisions.Add(Say($"Of the alternate conformations, the one of highest occupancy was kept in each residue; {_atoms.Count - kept.Count} atoms were left out."));
            }
        }

        int empty = kept.Count(atom => atom.Occupancy == 0);
        if (empty > 0)
        {
            warnings.Add(Say($"{empty} of {kept.Count} atoms have occupancy 0 and do not count in a density."));
        }

        if (WithoutBFactor > 0)
        {
            warnings.Add(Say($"{WithoutBFactor} atoms state no B factor; it was set to 0 Å²."));
        }

        int negative = kept.Count(atom => atom.BFactor < 0);
        if (negative > 0)
        {
            warnings.Add(Say($"{negative} atoms have a negative B factor."));
        }

        return new AtomicModel(Path.GetFileName(text.Path), kept, text.Path, decisions, warnings);
    }
}
