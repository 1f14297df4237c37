using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using Xunit;
using static LocalDeblur.Tests.Engine.ModelFile;

namespace LocalDeblur.Tests.Engine.Models;

public sealed class ModelMmcifTests
{
    private const string Short = "data_x\nloop_\n_atom_site.type_symbol\n_atom_site.label_atom_id\n_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n";

    [Fact]
    public void EveryItemIsRead()
    {
        ModelAtom atom = Assert.Single(Mmcif(
            "DATA_test",
            "Loop_",
            "_ATOM_SITE.group_PDB _atom_site.id _atom_site.type_symbol _atom_site.label_atom_id _atom_site.label_alt_id _atom_site.label_comp_id",
            "_atom_site.label_asym_id _atom_site.label_seq_id _atom_site.pdbx_PDB_ins_code _atom_site.CARTN_X _atom_site.Cartn_y _atom_site.Cartn_z",
            "_atom_site.occupancy _atom_site.B_iso_or_equiv _atom_site.pdbx_formal_charge _atom_site.auth_seq_id _atom_site.auth_comp_id",
            "_atom_site.auth_asym_id _atom_site.auth_atom_id _atom_site.pdbx_PDB_model_num",
            "HETATM 77 FE \"O5'\" B HEMX A . C -1.5 2.25(3) 3e1 0.5 45.25 -1 -12 HEM AAA \"O1'\" 1").Atoms);

        Assert.Equal(
            new ModelAtom
            {
                Serial = 77,
                Name = "O1'",
                Element = "Fe",
                AtomicNumber = 26,
                ResidueName = "HEM",
                Chain = "AAA",
                ResidueNumber = -12,
                InsertionCode = "C",
                AlternateLocation = "B",
                X = -1.5,
                Y = 2.25,
                Z = 30,
                Occupancy = 0.5,
                BFactor = 45.25,
                Charge = -1,
                IsHetero = true,
            },
            atom);
    }

    [Fact]
    public void LabelsStandInForWhatTheAuthorsLeftOut()
    {
        ModelAtom atom = Assert.Single(Mmcif(
            "data_x",
            "loop_",
            "_atom_site.label_atom_id",
            "_atom_site.auth_atom_id",
            "_atom_site.label_comp_id",
            "_atom_site.label_asym_id",
            "_atom_site.label_seq_id",
            "_atom_site.auth_seq_id",
            "_atom_site.Cartn_x",
            "_atom_site.Cartn_y",
            "_atom_site.Cartn_z",
            "CA ? LEU B 7 . 1 2 3").Atoms);

        Assert.Equal("B/LEU 7/CA", atom.ToString());
        Assert.Equal(("C", 1.0, 0.0), (atom.Element, atom.Occupancy, atom.BFactor));
    }

    [Fact]
    public void SyntaxOfEveryKindIsUnderstood()
    {
        AtomicModel model = Mmcif(
            "# a comment",
            "data_first",
            "_struct.title 'it''s; a loop_ data_ \"title\"'",
            "_struct.details",
            ";several lines",
            "loop_",
            "_atom_site.x",
            " ; no end",
            ";",
            "_struct.empty ''",
            "save_frame",
            "_atom_site.Cartn_x 5",
            "save_",
            "loop_ _other.a _other.b # behind a tag",
            "1 'x y' ? . \"a'b\" 'it's'",
            Short["data_x\n".Length..],
            "C CA 1 2 3 # the first",
            "N",
            "'N A'",
            ";4",
            ";",
            "'5' \"6\"",
            "data_second",
            "_other.x 9");

        Assert.Equal(["CA", "N A"], model.Atoms.Select(atom => atom.Name));
        Assert.Equal(new AxisTriple(4, 5, 6), model.Atoms[1].Position);
    }

    [Fact]
    public void OneAtomMayStandWithoutLoop()
    {
        AtomicModel model = Mmcif(
            "data_x", "_atom_site.type_symbol ZN", "_atom_site.label_atom_id ZN", "_atom_site.Cartn_x 1", "_atom_site.Cartn_y 2", "_atom_site.Cartn_z 3", "data_y");

        Assert.Equal("Zn", Assert.Single(model.Atoms).Element);
    }

    [Fact]
    public void DataBlocksWithoutAtomsArePassedOver() =>
        Assert.Single(Parse("m.cif", "data_comp_ALA\nloop_\n_chem_comp.id\nALA\n" + Short + "C CA 1 2 3", new ModelReadOptions()).Atoms);

    [Fact]
    public void FirstModelIsReadWhateverItsNumber()
    {
        AtomicModel model = Parse("m.cif", Short + "_atom_site.pdbx_PDB_model_num\nC CA 1 2 3 7\nC CA 2 2 3 8\nN N 1 2 3 7\n", new ModelReadOptions());

        Assert.Equal(["CA", "N"], model.Atoms.Select(atom => atom.Name));
        Assert.Contains("first of 2 models in the file was read; 1 atoms of the others", model.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void BFactorComesFromWhereverItIsStated()
    {
        AtomicModel model = Parse(
            "m.cif",
            Short + "_atom_site.id _atom_site.B_iso_or_equiv _atom_site.U_iso_or_equiv\nC CA 1 2 3 a 12 1\nC CB 1 2 3 b ? 0.5\nC CG 1 2 3 c . ?\nC CD 1 2 3 d ? ?\n" +
            "loop_ _atom_site_anisotrop.id _atom_site_anisotrop.U[1][1] _atom_site_anisotrop.U[2][2] _atom_site_anisotrop.U[3][3]\na 9 9 9 c 0.1 0.2 0.3\n",
            new ModelReadOptions());

        double scale = 8 * Math.PI * Math.PI;
        Assert.Equal([12, scale / 2, scale * 0.2, 0], model.Atoms.Select(atom => Math.Round(atom.BFactor, 9)), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Contains("1 atoms state no B factor", Assert.Single(model.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("O1-", "OX", "O", -1)]
    [InlineData("FE2+", "FE", "Fe", 2)]
    [InlineData("?", "CA", "C", 0)]
    [InlineData("?", "ZN", "Zn", 0)]
    public void ElementAndChargeAreRead(string symbol, string name, string element, int charge)
    {
        ModelAtom atom = Parse("m.cif", $"{Short}{symbol} {name} 1 2 3", new ModelReadOptions()).Atoms[0];

        Assert.Equal((element, charge), (atom.Element, atom.Charge));
    }

    [Fact]
    public void FurtherDataBlocksBelongToTheModelUnlessTheyRepeatIt()
    {
        const string Names = "loop_ _atom_site.type_symbol _atom_site.label_atom_id _atom_site.label_asym_id _atom_site.Cartn_x _atom_site.Cartn_y _atom_site.Cartn_z\n";
        AtomicModel model = Parse(
            "m.cif",
            $"data_a {Names} C CA A 1 2 3 N N A 2 2 3\ndata_b _other.x 1\ndata_c {Names} C CA B 5 2 3\ndata_d {Names} N N A 9 9 9",
            new ModelReadOptions());

        Assert.Equal(["A/CA1", "A/N2", "B/CA5"], model.Atoms.Select(atom => FormattableString.Invariant($"{atom.Chain}/{atom.Name}{atom.X}")));
        Assert.Contains(model.Warnings, warning => warning.StartsWith("1 atoms behind the end", StringComparison.Ordinal));
        Assert.Contains(model.Warnings, warning => warning.Contains("1 atoms that follow", StringComparison.Ordinal));
    }

    [Fact]
    public void DisplacementsAreThoseOfTheirDataBlock()
    {
        const string Names = "loop_ _atom_site.id _atom_site.type_symbol _atom_site.label_atom_id _atom_site.label_asym_id "
            + "_atom_site.Cartn_x _atom_site.Cartn_y _atom_site.Cartn_z\n";
        const string Displacement = "loop_ _atom_site_anisotrop.id _atom_site_anisotrop.B[1][1] _atom_site_anisotrop.B[2][2] _atom_site_anisotrop.B[3][3] 1";
        AtomicModel model = Parse(
            "m.cif", $"data_a {Names} 1 C CA A 1 2 3 {Displacement} 10 10 10\ndata_b {Names} 1 C CA B 1 2 3 {Displacement} 20 20 20", new ModelReadOptions());

        Assert.Equal([10, 20], model.Atoms.Select(atom => atom.BFactor));
    }

    [Theory]
    [InlineData("2A", "?", 2, "A")]
    [InlineData("0A", "B", 0, "B")]
    public void ResidueNumberMayBeACode(string code, string stated, int number, string insertion)
    {
        AtomicModel model = Parse("m.cif", $"{Short}_atom_site.auth_seq_id _atom_site.pdbx_PDB_ins_code\nC CA 1 2 3 {code} {stated}", new ModelReadOptions());

        Assert.Equal((number, insertion), (model.Atoms[0].ResidueNumber, model.Atoms[0].InsertionCode));
        Assert.Contains(model.Warnings, warning => warning.Contains($"'{code}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C CA 1 2 x", "Cartn_z")]
    [InlineData("C CA 1 ? 3", "Cartn_y")]
    [InlineData("? ? 1 2 3", "neither a name")]
    [InlineData("X X1 1 2 3", "'X'")]
    public void OneOddAtomIsLeftOutAndCounted(string row, string part)
    {
        AtomicModel model = Parse("m.cif", $"{Short}N N 1 2 3\n{row}\nC ? 1 2 3", new ModelReadOptions());

        Assert.Equal(["N", "C"], model.Atoms.Select(atom => atom.Name));
        Assert.Contains(model.Warnings, warning => warning.Contains($"'m.cif', line 9: the ", StringComparison.Ordinal) && warning.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C CA 1 2", 8, "5")]
    [InlineData("C CA 1 2 x", 8, "Cartn_z")]
    [InlineData("C CA 1 ? 3", 8, "Cartn_y")]
    [InlineData("C CA 1 2 3\nC 'CA 1 2 3", 9, "quotes")]
    [InlineData("C CA 1 2 3\nC\n;CA 1 2 3\n", 10, "text field")]
    [InlineData("Xx CA 1 2 3", 8, "'Xx'")]
    [InlineData("C CA 1 2 3\nsave_a\n_x.y 1", 9, "save frame")]
    [InlineData("C CA 1 2 3\nloop_\nloop_", 9, "no tags")]
    [InlineData("C CA 1 2 3\n_x.y", 9, "no value")]
    [InlineData("C CA 1 2 3\n_x.y 1 2", 9, "no tag")]
    public void ErrorNamesFileAndLine(string rest, int line, string part)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => Parse("m.cif", Short + rest, new ModelReadOptions()));

        Assert.Contains($"'m.cif', line {line}:", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CifOfASmallMoleculeIsRefused()
    {
        EngineException refusal = Assert.Throws<EngineException>(() => Mmcif("data_x", "loop_", "_atom_site.label _atom_site.fract_x", "C1 0.5"));

        Assert.Equal(EngineError.ModelFormatInvalid, refusal.Error);
        Assert.Contains("line 2", refusal.Message, StringComparison.Ordinal);
    }
}
