namespace LocalDeblur.Models.Reading;

/// <summary>Reads the atoms of a PDB file: ATOM, HETATM and ANISOU records of the first model. All other records, MTRIX and BIOMT among them, change nothing.</summary>
/// <remarks>
/// Chain ids take columns 21–22, so that the two-character ids of large complexes are read. Numbers may be hybrid-36. Serial numbers that
/// cannot be read are replaced by running ones. What is read after END, or after the ENDMDL of a model with atoms, is another model.
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
        bool isDone = false;
        while (lines.MoveNext())
        {
            if (lines.Number % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ReadOnlySpan<byte> line = lines.Current;
            if (IsAtom(line))
            {
                if (isDone)
                {
                    continue;
                }

                ModelAtom atom = ReadAtom(text, line, lines.Number, ++atoms, out bool statesBFactor);
                bool isTaken = builder.Add(atom, lines.Number);
                needsBFactor = isTaken && !statesBFactor;
                builder.WithoutBFactor += needsBFactor ? 1 : 0;
            }
            else if (line.StartsWith("ANISOU"u8))
            {
                if (needsBFactor && !isDone)
                {
                    builder.Last = builder.Last with { BFactor = ReadAnisotropic(text, line, lines.Number) };
                    builder.WithoutBFactor--;
                    needsBFactor = false;
                }
            }
            else if (line.StartsWith("MODEL "u8))
            {
                builder.OtherModels += atoms > 0 ? 1 : 0;
                isDone |= atoms > 0;
            }
            else if (line.StartsWith("ENDMDL"u8) || line.TrimEnd((byte)' ').SequenceEqual("END"u8))
            {
                isDone |= atoms > 0;
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

    private static ModelAtom ReadAtom(ModelText text, ReadOnlySpan<byte> line, int number, int running, out bool statesBFactor)
    {
        if (line.Length < CoordinatesEnd)
        {
            throw text.Refuse(number, $"the atom record has {line.Length} columns; expected coordinates in columns 31–54. The file is cut off or damaged.");
        }

        string padded = text.Intern(line[12..16]);
        string name = text.Intern(line[12..16].Trim((byte)' '));
        string residue = text.Intern(line[17..20].Trim((byte)' '));
        if (name.Length == 0)
        {
            throw text.Refuse(number, "the atom has no name; expected one in columns 13–16.");
        }

        if (!Hybrid36.TryRead(line[22..26], out int residueNumber))
        {
            throw text.Refuse(number, $"the residue number of atom '{name}' is {ModelText.Show(line[22..26])}; expected a whole number, decimal or hybrid-36, in columns 23–26.");
        }

        // Six digits run from column 6 or 7 on; both are decimal.
        if (!Hybrid36.TryRead(line[6..11], out int serial) || (char.IsAsciiDigit((char)line[5]) && !Hybrid36.TryRead(line[5..11], out serial)))
        {
            serial = running;
        }

        (string element, int charge) = ReadElement(text, line, padded, residue);
        ReadOnlySpan<byte> bFactor = Columns(line, 60, 66);
        ReadOnlySpan<byte> occupancy = Columns(line, 54, 60);
        statesBFactor = !bFactor.IsEmpty;
        return new ModelAtom
        {
            Serial = serial,
            Name = name,
            Element = element,
            AtomicNumber = 0,
            ResidueName = residue,
            Chain = text.Intern(line[20..22].Trim((byte)' ')),
            ResidueNumber = residueNumber,
            InsertionCode = text.Intern(line[26..27].Trim((byte)' ')),
            AlternateLocation = text.Intern(line[16..17].Trim((byte)' ')),
            X = Number(text, line[30..38], number, name, "x coordinate", "31–38"),
            Y = Number(text, line[38..46], number, name, "y coordinate", "39–46"),
            Z = Number(text, line[46..54], number, name, "z coordinate", "47–54"),
            Occupancy = occupancy.IsEmpty ? 1 : Number(text, occupancy, number, name, "occupancy", "55–60"),
            BFactor = bFactor.IsEmpty ? 0 : Number(text, bFactor, number, name, "B factor", "61–66"),
            Charge = charge,
            IsHetero = line[0] == 'H',
        };
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

    private static double ReadAnisotropic(ModelText text, ReadOnlySpan<byte> line, int number)
    {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            ReadOnlySpan<byte> field = Columns(line, 28 + (7 * axis), 35 + (7 * axis));
            sum += ModelText.TryNumber(field, out double value)
                ? value
                : throw text.Refuse(number, $"the anisotropic displacement is {ModelText.Show(field)}; expected whole numbers in columns 29–70.");
        }

        return AnisotropicScale * sum;
    }

    private static double Number(ModelText text, ReadOnlySpan<byte> field, int line, string atom, string what, string columns) =>
        ModelText.TryNumber(field, out double value)
            ? value
            : throw text.Refuse(
                line,
                $"the {what} of atom '{atom}' is {ModelText.Show(field)}; expected a number in columns {columns}. The columns are shifted, or the file is damaged.");
}
