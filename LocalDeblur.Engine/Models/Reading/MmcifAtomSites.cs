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
    private readonly List<(int Index, string Id)> _withoutBFactor = [];
    private string? _model;

    /// <summary>Reads what stood in single items, and gives atoms without a B factor the one of their anisotropic displacement.</summary>
    /// <param name="anisotropic">The displacements.</param>
    public void Finish(MmcifAnisotropic anisotropic)
    {
        FinishItems();
        anisotropic.Finish();
        foreach ((int index, string id) in _withoutBFactor)
        {
            if (anisotropic.BFactors.TryGetValue(id, out double bFactor))
            {
                builder[index] = builder[index] with { BFactor = bFactor };
            }
            else
            {
                builder.WithoutBFactor++;
            }
        }

        builder.OtherModels = Math.Max(0, _models.Count - 1);
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

        if (!Has(LabelAtom) && !Has(AuthAtom))
        {
            throw Text.Refuse(line, $"the category _atom_site has neither {Tag(AuthAtom)} nor {Tag(LabelAtom)}; expected atom names.");
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
            return;
        }

        string name = Text.Intern(Get(AuthAtom, LabelAtom));
        if (name.Length == 0)
        {
            throw Text.Refuse(Line, $"the atom has no name; expected one as {Tag(AuthAtom)} or {Tag(LabelAtom)}.");
        }

        string residue = Text.Intern(Get(AuthResidue, LabelResidue));
        (string element, int charge) = ReadElement(name, residue);
        double bFactor = ReadBFactor();
        double occupancy = Number(Occupancy);
        var atom = new ModelAtom
        {
            Serial = int.TryParse(Get(Id), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int serial) ? serial : Rows,
            Name = name,
            Element = element,
            AtomicNumber = 0,
            ResidueName = residue,
            Chain = Text.Intern(Get(AuthChain, LabelChain)),
            ResidueNumber = ReadResidueNumber(name),
            InsertionCode = Text.Intern(Get(Insertion)),
            AlternateLocation = Text.Intern(Get(Alternate)),
            X = Coordinate(X, name),
            Y = Coordinate(Y, name),
            Z = Coordinate(Z, name),
            Occupancy = double.IsNaN(occupancy) ? 1 : occupancy,
            BFactor = double.IsNaN(bFactor) ? 0 : bFactor,
            Charge = charge,
            IsHetero = System.Text.Ascii.EqualsIgnoreCase(Get(Group), "HETATM"u8),
        };
        if (builder.Add(atom, Line) && double.IsNaN(bFactor))
        {
            _withoutBFactor.Add((builder.Count - 1, Text.Intern(Get(Id))));
        }
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

    // Waters of some files have no number at all; they count as residue 0 each.
    private int ReadResidueNumber(string atom)
    {
        ReadOnlySpan<byte> value = Get(AuthNumber, LabelNumber);
        if (value.IsEmpty)
        {
            return 0;
        }

        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Text.Refuse(Line, $"the residue number of atom '{atom}' is {ModelText.Show(value)}; expected a whole number.");
    }

    private double Coordinate(int axis, string atom)
    {
        double value = Number(axis);
        return double.IsNaN(value) ? throw Text.Refuse(Line, $"atom '{atom}' has no {Tag(axis)}; expected a number.") : value;
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
