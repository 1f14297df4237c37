namespace LocalDeblur.Models.Reading;

/// <summary>Reads the atoms of a PDB file: ATOM, HETATM and ANISOU records of the first model. All other records, MTRIX and BIOMT among them, change nothing.</summary>
/// <remarks>
/// Chain ids take columns 21–22, so that the two-character ids of large complexes are read. Numbers may be hybrid-36. Serial numbers that
/// cannot be read are replaced by running ones. What follows END or ENDMDL without a MODEL of its own belongs to the model, as in files that were put together.
/// </remarks>
internal static class PdbReader
{
    // Occupancy and everything behind it may be missing.
    private const int CoordinatesEnd = 54;

    /// <summary>8π²/3 times 10⁻⁴, which makes the sum of the three stored diagonal elements a B factor.</summary>
    private const double AnisotropicScale = 8 * Math.PI * Math.PI / 3 * 1e-4;

    /// <summary>Reads the first model.</summary>
    /// <param name="text">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ModelFormatInvalid, ModelElementUnknown or ModelEmpty.</exception>
    public static AtomicModel Read(ModelText text, ModelReadOptions options, CancellationToken cancellationToken)
    {
        var builder = new ModelBuilder(text, options);
        var lines = new ModelLines(text.Bytes.Span);
        int atoms = 0;
        bool needsBFactor = false;
        bool isOtherModel = false;
        while (lines.MoveNext())
        {
            if (lines.Number % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ReadOnlySpan<byte> line = lines.Current;
            if (IsAtom(line))
            {
                if (isOtherModel)
                {
                    builder.AtomsOfOtherModels++;
                    continue;
                }

                needsBFactor = false;
                ModelAtom? atom = ReadAtom(text, builder, line, lines.Number, ++atoms, out bool statesBFactor);
                if (atom is not null && builder.Add(atom, lines.Number) && !statesBFactor)
                {
                    builder.NoteMissingBFactor();
                    needsBFactor = true;
                }
            }
            else if (line.StartsWith("ANISOU"u8))
            {
                if (needsBFactor && !isOtherModel && ReadAnisotropic(line) is { } bFactor)
                {
                    builder.FindLastBFactor(bFactor);
                    needsBFactor = false;
                }
            }
            else if (line.StartsWith("MODEL "u8))
            {
                builder.OtherModels += atoms > 0 ? 1 : 0;
                isOtherModel = atoms > 0;
            }
            else if (line.StartsWith("ENDMDL"u8) || line.TrimEnd((byte)' ').SequenceEqual("END"u8))
            {
                isOtherModel = false;
                builder.EndPart();
            }
        }

        return builder.Build();
    }

    /// <summary>True for an ATOM or HETATM record. Some programs let a serial number of six digits run into the record's name.</summary>
    /// <param name="line">A line.</param>
    public static bool IsAtom(ReadOnlySpan<byte> line) =>
        line.StartsWith("HETATM"u8) ||
        (line.StartsWith("ATOM"u8) && (line.Length < 5 || IsBlankOrDigit(line[4])) && (line.Length < 6 || IsBlankOrDigit(line[5])));

    private static bool IsBlankOrDigit(byte value) => value == ' ' || char.IsAsciiDigit((char)value);

    // Null for an atom that cannot be read, of which the builder is told.
    private static ModelAtom? ReadAtom(ModelText text, ModelBuilder builder, ReadOnlySpan<byte> line, int number, int running, out bool statesBFactor)
    {
        statesBFactor = false;
        if (line.Length < CoordinatesEnd)
        {
            builder.LeaveOut(number, $"the atom record has {line.Length} columns; expected coordinates in columns 31–54. The file is cut off or damaged.");
            return null;
        }

        string residue = text.Intern(line[17..20].Trim((byte)' '));
        (string element, int charge) = ReadElement(text, line, text.Intern(line[12..16]), residue);
        string name = text.Intern(line[12..16].Trim((byte)' '));
        if (name.Length == 0)
        {
            if (element.Length == 0)
            {
                builder.LeaveOut(number, "the atom has neither a name in columns 13–16 nor an element in columns 77–78; expected one of them.");
                return null;
            }

            name = text.Intern(Columns(line, 76, 78));
            builder.Nameless++;
        }

        if (!TryResidueNumber(line, builder, out int residueNumber, out ReadOnlySpan<byte> insertion))
        {
            builder.LeaveOut(
                number,
                $"the residue number of atom '{name}' is {ModelText.Show(line[22..26])}; expected a whole number, decimal or hybrid-36, in columns 23–26.");
            return null;
        }

        Span<double> place = stackalloc double[3];
        for (int axis = 0; axis < place.Length; axis++)
        {
            int from = 30 + (8 * axis);
            if (!ModelText.TryNumber(line[from..(from + 8)], out place[axis]))
            {
                builder.LeaveOut(
                    number,
                    Say($"the {"xyz"[axis]} coordinate of atom '{name}' is {ModelText.Show(line[from..(from + 8)])}; expected a number in columns {from + 1}–{from + 8}. ")
                        + "The columns are shifted, or the file is damaged.");
                return null;
            }
        }

        // Six digits run from column 6 or 7 on; both are decimal.
        if (!Hybrid36.TryRead(line[6..11], out int serial) || (char.IsAsciiDigit((char)line[5]) && !Hybrid36.TryRead(line[5..11], out serial)))
        {
            serial = running;
        }

        ReadOnlySpan<byte> occupancy = Columns(line, 54, 60);
        bool isOccupied = ModelText.TryNumber(occupancy, out double share);
        builder.WithoutOccupancy += isOccupied || occupancy.IsEmpty ? 0 : 1;
        statesBFactor = ModelText.TryNumber(Columns(line, 60, 66), out double bFactor);
        return new ModelAtom
        {
            Serial = serial,
            Name = name,
            Element = element,
            AtomicNumber = 0,
            ResidueName = residue,
            Chain = text.Intern(line[20..22].Trim((byte)' ')),
            ResidueNumber = residueNumber,
            InsertionCode = text.Intern(insertion),
            AlternateLocation = text.Intern(line[16..17].Trim((byte)' ')),
            X = place[0],
            Y = place[1],
            Z = place[2],
            Occupancy = isOccupied ? share : 1,
            BFactor = statesBFactor ? bFactor : 0,
            Charge = charge,
            IsHetero = line[0] == 'H',
        };
    }

    // Waters of some files have no number at all; they count as residue 0 each.
    private static bool TryResidueNumber(ReadOnlySpan<byte> line, ModelBuilder builder, out int number, out ReadOnlySpan<byte> insertion)
    {
        insertion = line[26..27].Trim((byte)' ');
        ReadOnlySpan<byte> code = line[22..26].Trim((byte)' ');
        number = 0;
        if (code.IsEmpty || Hybrid36.TryRead(line[22..26], out number))
        {
            return true;
        }

        if (!insertion.IsEmpty || !ResidueCode.TryRead(code, out number, out insertion))
        {
            return false;
        }

        builder.NoteCode(code);
        return true;
    }

    // Columns 77–80: the element to the right of two columns, then the charge. Older files have other things there, which begin with no letter.
    private static (string Element, int Charge) ReadElement(ModelText text, ReadOnlySpan<byte> line, string padded, string residue)
    {
        string stated = text.Intern(Columns(line, 76, 80));
        bool isStated = ElementNames.TryRead(stated, out string symbol, out int charge) && line[76..Math.Min(line.Length, 78)].ContainsAnyExcept((byte)' ');
        return isStated ? (symbol, charge) : (ElementNames.FromAtomName(padded, residue, isAligned: true) ?? "", ElementNames.Charge(stated));
    }

    private static ReadOnlySpan<byte> Columns(ReadOnlySpan<byte> line, int from, int to) =>
        line.Length <= from ? default : line[from..Math.Min(to, line.Length)].Trim((byte)' ');

    private static double? ReadAnisotropic(ReadOnlySpan<byte> line)
    {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (!ModelText.TryNumber(Columns(line, 28 + (7 * axis), 35 + (7 * axis)), out double value))
            {
                return null;
            }

            sum += value;
        }

        return AnisotropicScale * sum;
    }
}
