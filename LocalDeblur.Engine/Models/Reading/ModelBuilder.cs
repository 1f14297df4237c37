namespace LocalDeblur.Models.Reading;

/// <summary>What both readers do with the atoms they find: elements, hydrogens, alternate conformations, and a word about everything that was left out.</summary>
/// <param name="text">The file.</param>
/// <param name="options">How it is read.</param>
/// <remarks>An atom that cannot be read is left out and counted. Only a file in which there are more of those than of others is refused.</remarks>
internal sealed class ModelBuilder(ModelText text, ModelReadOptions options)
{
    private readonly List<ModelAtom> _atoms = [];
    private readonly List<int> _withoutBFactor = [];
    private readonly HashSet<(string Chain, int Number, string Insertion, string Residue, string Name, string Alternate)> _known = [];
    private int _hydrogens;
    private int _unreadable;
    private EngineException? _firstUnreadable;
    private string? _firstCode;
    private int _codes;

    // Where the part of the file begins that is being read, and what had been left out before it.
    private int _partStart;
    private int _hydrogensBefore;
    private int _laterParts;
    private int _repeated;

    /// <summary>Atoms taken so far.</summary>
    public int Count => _atoms.Count;

    /// <summary>Models in the file beyond the one that is read.</summary>
    public int OtherModels { get; set; }

    /// <summary>Their atoms.</summary>
    public int AtomsOfOtherModels { get; set; }

    /// <summary>Atoms that go by their element, since the file gives them no name.</summary>
    public int Nameless { get; set; }

    /// <summary>Atoms whose occupancy cannot be read.</summary>
    public int WithoutOccupancy { get; set; }

    /// <summary>Takes an atom, whose element is still the symbol as it was found.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="line">Its line.</param>
    /// <returns>False for an atom that is left out: a hydrogen, or one of no known element.</returns>
    public bool Add(ModelAtom atom, int line)
    {
        if (!PeriodicTable.TryFind(atom.Element, out (string Symbol, int Number) element))
        {
            string stated = atom.Element.Length == 0 ? "is not stated and cannot be told from its name" : $"is stated as '{atom.Element}', which is no chemical element";
            LeaveOut(
                line, $"the element of atom {atom} {stated}. Correct the file's element column (PDB 77–78, mmCIF _atom_site.type_symbol).", EngineError.ModelElementUnknown);
            return false;
        }

        ModelAtom known = atom with { Element = element.Symbol, AtomicNumber = element.Number };
        if (options.DropHydrogens && known.IsHydrogen)
        {
            _hydrogens++;
            return false;
        }

        _atoms.Add(known);
        return true;
    }

    /// <summary>Counts an atom that cannot be read.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="problem">What is wrong with it, as sentences.</param>
    /// <param name="error">Kind of refusal, should there be more such atoms than others.</param>
    public void LeaveOut(int line, string problem, EngineError error = EngineError.ModelFormatInvalid)
    {
        _unreadable++;
        _firstUnreadable ??= text.Refuse(line, problem, error);
    }

    /// <summary>Counts an atom whose residue number is a code.</summary>
    /// <param name="code">The code.</param>
    public void NoteCode(ReadOnlySpan<byte> code)
    {
        _codes++;
        _firstCode ??= ModelText.Show(code);
    }

    /// <summary>Counts the atom taken last as one without a B factor.</summary>
    public void NoteMissingBFactor() => _withoutBFactor.Add(_atoms.Count - 1);

    /// <summary>Gives the atom taken last, which has no B factor, the one of its anisotropic displacement.</summary>
    /// <param name="bFactor">Å².</param>
    public void FindLastBFactor(double bFactor)
    {
        _withoutBFactor.RemoveAt(_withoutBFactor.Count - 1);
        _atoms[^1] = _atoms[^1] with { BFactor = bFactor };
    }

    /// <summary>Gives atoms without a B factor the one of its anisotropic displacement.</summary>
    /// <param name="bFactor">B factor (Å²) of the atom of an index; null where it has no displacement either.</param>
    public void FindBFactors(Func<int, double?> bFactor) => _withoutBFactor.RemoveAll(index =>
    {
        if (bFactor(index) is not { } found)
        {
            return false;
        }

        _atoms[index] = _atoms[index] with { BFactor = found };
        return true;
    });

    /// <summary>
    /// Ends a part of the file: at END, at the ENDMDL of no MODEL, or where an mmCIF's next data block begins. What follows belongs to the model too, as in files
    /// that were put together, unless it is nothing but the same atoms again, as in the frames of a trajectory.
    /// </summary>
    public void EndPart()
    {
        bool isLater = _partStart > 0 && _atoms.Count > _partStart;
        if (isLater)
        {
            // Only files of several parts pay for knowing their atoms.
            if (_known.Count == 0)
            {
                _known.UnionWith(_atoms.Take(_partStart).Select(Identity));
            }

            int added = _atoms.Count - _partStart;
            if (_atoms.Skip(_partStart).All(atom => _known.Contains(Identity(atom))))
            {
                _repeated += added;
                _atoms.RemoveRange(_partStart, added);
                _withoutBFactor.RemoveAll(index => index >= _partStart);
                _hydrogens = _hydrogensBefore;
            }
            else
            {
                _laterParts += added;
                _known.UnionWith(_atoms.Skip(_partStart).Select(Identity));
            }
        }

        _partStart = _atoms.Count;
        _hydrogensBefore = _hydrogens;
    }

    /// <summary>The model.</summary>
    /// <exception cref="EngineException">ModelEmpty, or ModelFormatInvalid or ModelElementUnknown where more atoms cannot be read than can.</exception>
    public AtomicModel Build()
    {
        EndPart();
        if (_unreadable > _atoms.Count + _hydrogens)
        {
            throw _unreadable == 1
                ? _firstUnreadable!
                : new EngineException(
                    _firstUnreadable!.Error, Say($"{_firstUnreadable.Message} {_unreadable} of {_unreadable + _atoms.Count + _hydrogens} atoms cannot be read."), text.Path);
        }

        if (_atoms.Count == 0)
        {
            throw new EngineException(
                EngineError.ModelEmpty,
                _hydrogens == 0
                    ? $"'{text.Path}' has no atoms; expected ATOM or HETATM records (PDB) or an _atom_site category (mmCIF). Check that it is the file of a model."
                    : $"'{text.Path}' has hydrogen atoms only, and hydrogens are left out.",
                text.Path)
            {
                Advice = _hydrogens == 0 ? [] : [new("keep the hydrogens", EngineParameter.DropHydrogens), new("give another model")],
            };
        }

        var decisions = new List<string>();
        var warnings = new List<string>();
        if (_hydrogens > 0)
        {
            decisions.Add(Say($"{_hydrogens} hydrogen atoms were left out."));
        }

        List<ModelAtom> kept = Alternates(decisions);
        TellWhatWasLeftOut(warnings);
        TellWhatWasMadeUp(warnings);
        int empty = kept.Count(atom => atom.Occupancy == 0);
        if (empty > 0)
        {
            warnings.Add(Say($"{empty} of {kept.Count} atoms have occupancy 0 and do not count in a density."));
        }

        int negative = kept.Count(atom => atom.BFactor < 0);
        if (negative > 0)
        {
            warnings.Add(Say($"{negative} atoms have a negative B factor."));
        }

        return new AtomicModel(Path.GetFileName(text.Path), kept, text.Path, decisions, warnings);
    }

    private static (string Chain, int Number, string Insertion, string Residue, string Name, string Alternate) Identity(ModelAtom atom) =>
        (atom.Chain, atom.ResidueNumber, atom.InsertionCode, atom.ResidueName, atom.Name, atom.AlternateLocation);

    private List<ModelAtom> Alternates(List<string> decisions)
    {
        if (options.Alternates != AlternateConformations.HighestOccupancy || !_atoms.Exists(atom => atom.AlternateLocation.Length > 0))
        {
            return _atoms;
        }

        List<ModelAtom> kept = AlternateLocations.Resolve(_atoms);
        if (kept.Count < _atoms.Count)
        {
            decisions.Add(Say($"Of the alternate conformations, the one of highest occupancy was kept in each residue; {_atoms.Count - kept.Count} atoms were left out."));
        }

        return kept;
    }

    private void TellWhatWasLeftOut(List<string> warnings)
    {
        if (OtherModels > 0)
        {
            warnings.Add(Say($"The first of {OtherModels + 1} models in the file was read; {AtomsOfOtherModels} atoms of the others were left out."));
        }

        if (_repeated > 0)
        {
            warnings.Add(Say($"{_repeated} atoms behind the end of the model are the same atoms again, as in the frames of a trajectory; they were left out."));
        }

        if (_laterParts > 0)
        {
            warnings.Add(Say($"The file goes on behind the end of its model; {_laterParts} atoms that follow were read as part of it."));
        }

        if (_unreadable > 0)
        {
            warnings.Add(Say($"{_unreadable} atoms could not be read and were left out. The first: {_firstUnreadable!.Message}"));
        }
    }

    private void TellWhatWasMadeUp(List<string> warnings)
    {
        if (Nameless > 0)
        {
            warnings.Add(Say($"{Nameless} atoms have no name, as in pseudo-atomic models; they go by their elements."));
        }

        if (_codes > 0)
        {
            warnings.Add(Say($"{_codes} atoms have a residue number that is no whole number, the first {_firstCode}; it was read as number and insertion code."));
        }

        if (WithoutOccupancy > 0)
        {
            warnings.Add(Say($"{WithoutOccupancy} atoms state an occupancy that cannot be read; it was set to 1."));
        }

        if (_withoutBFactor.Count > 0)
        {
            warnings.Add(Say($"{_withoutBFactor.Count} atoms state no B factor; it was set to 0 Å²."));
        }
    }
}
