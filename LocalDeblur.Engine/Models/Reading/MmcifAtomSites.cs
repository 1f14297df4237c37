using System.Globalization;

namespace LocalDeblur.Models.Reading;

/// <summary>The category _atom_site.</summary>
/// <param name="text">The file.</param>
/// <param name="builder">Takes the atoms.</param>
internal sealed class MmcifAtomSites(ModelText text, ModelBuilder builder) : MmcifCategory(text, "_atom_site.", Names)
{
    private const int Group = 0;
    private const int Id = 1;
    private const int Symbol = 2;
    private const int LabelAtom = 3;
    private const int AuthAtom = 4;
    private const int LabelResidue = 5;
    private const int AuthResidue = 6;
    private const int LabelChain = 7;
    private const int AuthChain = 8;
    private const int LabelNumber = 9;
    private const int AuthNumber = 10;
    private const int Insertion = 11;
    private const int Alternate = 12;
    private const int X = 13;
    private const int Y = 14;
    private const int Z = 15;
    private const int Occupancy = 16;
    private const int BFactor = 17;
    private const int UFactor = 18;
    private const int FormalCharge = 19;
    private const int Model = 20;
    private const int AnisotropicU = 21;

    private static readonly string[] Names =
    [
        "group_PDB", "id", "type_symbol", "label_atom_id", "auth_atom_id", "label_comp_id", "auth_comp_id", "label_asym_id", "auth_asym_id", "label_seq_id", "auth_seq_id",
        "pdbx_PDB_ins_code", "label_alt_id", "Cartn_x", "Cartn_y", "Cartn_z", "occupancy", "B_iso_or_equiv", "U_iso_or_equiv", "pdbx_formal_charge", "pdbx_PDB_model_num",
        "aniso_U[1][1]", "aniso_U[2][2]", "aniso_U[3][3]",
    ];

    private readonly HashSet<string> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _withoutBFactor = [];
    private string? _model;

    /// <summary>The same category of the next data block.</summary>
    public MmcifAtomSites Next() => new(Text, builder);

    /// <summary>Ends a data block: reads what stood in single items, and gives atoms without a B factor the one of their anisotropic displacement.</summary>
    /// <param name="anisotropic">The displacements.</param>
    public void Finish(MmcifAnisotropic anisotropic)
    {
        FinishItems();
        anisotropic.Finish();
        builder.FindBFactors(index => _withoutBFactor.TryGetValue(index, out string? id) && anisotropic.BFactors.TryGetValue(id, out double bFactor) ? bFactor : null);
        builder.OtherModels += Math.Max(0, _models.Count - 1);
        builder.EndPart();
    }

    /// <inheritdoc/>
    protected override void RequireColumns(int line)
    {
        foreach (int axis in (ReadOnlySpan<int>)[X, Y, Z])
        {
            if (!Has(axis))
            {
                throw Text.Refuse(
                    line,
                    $"the category _atom_site has no {Tag(axis)}; expected Cartesian coordinates. A CIF of a small molecule, with fractional coordinates, cannot be read.");
            }
        }

        if (!Has(LabelAtom) && !Has(AuthAtom) && !Has(Symbol))
        {
            throw Text.Refuse(line, $"the category _atom_site has neither {Tag(AuthAtom)} nor {Tag(LabelAtom)} nor {Tag(Symbol)}; expected atom names or elements.");
        }
    }

    /// <inheritdoc/>
    protected override void ReadRow()
    {
        string model = Text.Intern(Get(Model));
        _models.Add(model);
        _model ??= model;
        if (model != _model)
        {
            builder.AtomsOfOtherModels++;
            return;
        }

        if (Read() is not { } atom)
        {
            return;
        }

        double bFactor = ReadBFactor();
        if (builder.Add(atom with { BFactor = double.IsNaN(bFactor) ? 0 : bFactor }, Line) && double.IsNaN(bFactor))
        {
            builder.NoteMissingBFactor();
            _withoutBFactor[builder.Count - 1] = Text.Intern(Get(Id));
        }
    }

    // Null for an atom that cannot be read, of which the builder is told. Its B factor is read behind it.
    private ModelAtom? Read()
    {
        string name = Text.Intern(Get(AuthAtom, LabelAtom));
        string residue = Text.Intern(Get(AuthResidue, LabelResidue));
        (string element, int charge) = ReadElement(name, residue);
        if (name.Length == 0)
        {
            if (element.Length == 0)
            {
                builder.LeaveOut(Line, $"the atom has neither a name nor an element; expected one as {Tag(AuthAtom)}, {Tag(LabelAtom)} or {Tag(Symbol)}.");
                return null;
            }

            name = Text.Intern(Get(Symbol));
            builder.Nameless++;
        }

        if (!TryResidueNumber(out int number, out ReadOnlySpan<byte> insertion))
        {
            builder.LeaveOut(Line, $"the residue number of atom '{name}' is {ModelText.Show(Get(AuthNumber, LabelNumber))}; expected a whole number.");
            return null;
        }

        foreach (int axis in (ReadOnlySpan<int>)[X, Y, Z])
        {
            if (double.IsNaN(Number(axis)))
            {
                builder.LeaveOut(Line, $"the {Tag(axis)} of atom '{name}' is {ModelText.Show(Get(axis))}; expected a number.");
                return null;
            }
        }

        double occupancy = Number(Occupancy);
        builder.WithoutOccupancy += double.IsNaN(occupancy) && !Get(Occupancy).IsEmpty ? 1 : 0;
        return new ModelAtom
        {
            Serial = int.TryParse(Get(Id), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int serial) ? serial : Rows,
            Name = name,
            Element = element,
            AtomicNumber = 0,
            ResidueName = residue,
            Chain = Text.Intern(Get(AuthChain, LabelChain)),
            ResidueNumber = number,
            InsertionCode = Text.Intern(insertion),
            AlternateLocation = Text.Intern(Get(Alternate)),
            X = Number(X),
            Y = Number(Y),
            Z = Number(Z),
            Occupancy = double.IsNaN(occupancy) ? 1 : occupancy,
            Charge = charge,
            IsHetero = System.Text.Ascii.EqualsIgnoreCase(Get(Group), "HETATM"u8),
        };
    }

    private (string Element, int Charge) ReadElement(string name, string residue)
    {
        ReadOnlySpan<byte> charge = Get(FormalCharge);
        bool isStated = ElementNames.TryRead(Text.Intern(Get(Symbol)), out string symbol, out int stated);
        int value = int.TryParse(charge, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : ElementNames.Charge(Text.Intern(charge));
        return (isStated ? symbol : ElementNames.FromAtomName(name, residue, isAligned: false) ?? "", charge.IsEmpty ? stated : value);
    }

    private double ReadBFactor()
    {
        double bFactor = Number(BFactor);
        if (!double.IsNaN(bFactor))
        {
            return bFactor;
        }

        double u = Number(UFactor);
        return MmcifAnisotropic.BFactorOf(double.IsNaN(u) ? (Number(AnisotropicU) + Number(AnisotropicU + 1) + Number(AnisotropicU + 2)) / 3 : u);
    }

    // The authors' number is a code, not always a number. Waters of some files have none at all; they count as residue 0 each.
    private bool TryResidueNumber(out int number, out ReadOnlySpan<byte> insertion)
    {
        insertion = Get(Insertion);
        ReadOnlySpan<byte> code = Get(AuthNumber, LabelNumber);
        number = 0;
        if (code.IsEmpty || int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        if (ResidueCode.TryRead(code, out number, out ReadOnlySpan<byte> letters))
        {
            insertion = insertion.IsEmpty ? letters : insertion;
            builder.NoteCode(code);
            return true;
        }

        return false;
    }
}

/// <summary>The category _atom_site_anisotrop, as B factors.</summary>
/// <param name="text">The file.</param>
internal sealed class MmcifAnisotropic(ModelText text) : MmcifCategory(text, "_atom_site_anisotrop.", "id", "U[1][1]", "U[2][2]", "U[3][3]", "B[1][1]", "B[2][2]", "B[3][3]")
{
    private readonly Dictionary<string, double> _bFactors = new(StringComparer.Ordinal);

    /// <summary>B factor (Å²) of each atom that has an anisotropic displacement, by the atom's id.</summary>
    public IReadOnlyDictionary<string, double> BFactors => _bFactors;

    /// <summary>B factor of a mean square displacement: 8π²U.</summary>
    /// <param name="u">U (Å²).</param>
    public static double BFactorOf(double u) => 8 * Math.PI * Math.PI * u;

    /// <summary>Reads what stood in single items.</summary>
    public void Finish() => FinishItems();

    /// <inheritdoc/>
    protected override void RequireColumns(int line)
    {
    }

    /// <inheritdoc/>
    protected override void ReadRow()
    {
        double u = (Number(1) + Number(2) + Number(3)) / 3;
        double bFactor = double.IsNaN(u) ? (Number(4) + Number(5) + Number(6)) / 3 : BFactorOf(u);
        if (!double.IsNaN(bFactor))
        {
            _bFactors[Text.Intern(Get(0))] = bFactor;
        }
    }
}
