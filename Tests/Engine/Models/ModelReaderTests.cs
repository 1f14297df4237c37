using System.Text;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using Xunit;
using static LocalDeblur.Tests.Engine.ModelFile;

namespace LocalDeblur.Tests.Engine.Models;

public sealed class ModelReaderTests : IDisposable
{
    private const int FuzzedFiles = 3000;

    private static readonly string PdbText = string.Join(
        '\n',
        "CRYST1   80.000   80.000   80.000  90.00  90.00  90.00 P 1",
        "MODEL        1",
        Atom(" N  ", element: " N", serial: "    1"),
        Atom(" CA ", alternate: 'A', occupancy: 0.5, serial: "    2"),
        Atom(" CA ", alternate: 'B', occupancy: 0.25, x: 1.5, serial: "    3"),
        Atom(" O  ", element: " O", charge: "1-", serial: "    4"),
        Atom(" N  ", "UNK", " B", "  -3", 'C', element: " N", serial: "    5"),
        Atom("ZN  ", " ZN", " C", " 301", element: "ZN", charge: "2+", serial: "    6", record: "HETATM"),
        "TER",
        "ENDMDL",
        "END");

    private static readonly string MmcifText = string.Join(
        '\n',
        "data_same",
        "_struct.title",
        ";the same",
        ";",
        "loop_",
        "_atom_site.group_PDB",
        "_atom_site.id",
        "_atom_site.type_symbol",
        "_atom_site.label_atom_id",
        "_atom_site.label_alt_id",
        "_atom_site.label_comp_id",
        "_atom_site.label_asym_id",
        "_atom_site.auth_asym_id",
        "_atom_site.label_seq_id",
        "_atom_site.auth_seq_id",
        "_atom_site.pdbx_PDB_ins_code",
        "_atom_site.Cartn_x",
        "_atom_site.Cartn_y",
        "_atom_site.Cartn_z",
        "_atom_site.occupancy",
        "_atom_site.B_iso_or_equiv",
        "_atom_site.pdbx_formal_charge",
        "_atom_site.pdbx_PDB_model_num",
        "ATOM 1 N N . ALA AA A 11 1 ? 1 2 -3.5 1 20 ? 1",
        "ATOM 2 C CA A ALA AA A 11 1 ? 1 2 -3.5 0.5 20 ? 1",
        "ATOM 3 C CA B ALA AA A 11 1 ? 1.5 2 -3.5 0.25 20 ? 1",
        "ATOM 4 O \"O\" . ALA AA A 11 1 ? 1 2 -3.5 1 20 -1 1",
        "ATOM 5 N N . UNK BB B 1 -3 C 1 2 -3.5 1 20 ? 1",
        "HETATM 6 ZN ZN . ZN CC C . 301 ? 1 2 -3.5 1 20 2 1",
        "#");

    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AlternateConformations.HighestOccupancy, 5)]
    [InlineData(AlternateConformations.All, 6)]
    public void OneModelInBothFormatsIsTheSame(AlternateConformations alternates, int atoms)
    {
        var options = new ModelReadOptions { Alternates = alternates };

        AtomicModel pdb = Parse("m.pdb", PdbText, options);
        AtomicModel mmcif = Parse("m.cif", MmcifText, options);

        Assert.Equal(atoms, pdb.Atoms.Count);
        Assert.Equal(pdb.Atoms, mmcif.Atoms);
        Assert.Equal(pdb.Residues.Select(residue => residue.ToString()), mmcif.Residues.Select(residue => residue.ToString()));
    }

    [Theory]
    [InlineData("m.pdb", true, "plain")]
    [InlineData("m.pdb.gz", true, "gzip")]
    [InlineData("m.ent.bz2", true, "bzip2")]
    [InlineData("m.cif", false, "plain")]
    [InlineData("m.cif.gz", false, "gzip")]
    [InlineData("m", false, "bzip2")]
    [InlineData("m.txt", true, "plain")]
    [InlineData("m.pdb", false, "gzip")]
    [InlineData("m", true, "bom")]
    public void FormatAndCompressionAreToldByContent(string name, bool isPdb, string compression)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(isPdb ? PdbText : MmcifText);
        bytes = compression switch { "gzip" => MrcFile.Gzip(bytes), "bzip2" => MrcFile.Bzip2(bytes), "bom" => [.. Encoding.UTF8.Preamble, .. bytes], _ => bytes };

        AtomicModel model = ModelReader.Open(_folder.Save(name, bytes), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(5, model.Atoms.Count);
        Assert.Equal((name, _folder[name]), (model.Name, model.Path));
    }

    [Theory]
    [InlineData("", "m.pdb", EngineError.ModelEmpty)]
    [InlineData("REMARK nothing", "m.pdb", EngineError.ModelEmpty)]
    [InlineData("REMARK nothing", "m.cif", EngineError.ModelFormatInvalid)]
    [InlineData("data_x", "m.cif", EngineError.ModelEmpty)]
    [InlineData("hello", "m.txt", EngineError.ModelFormatInvalid)]
    public void FileWithoutAtomsIsRefused(string text, string name, EngineError error)
    {
        EngineException refusal = Assert.Throws<EngineException>(
            () => ModelReader.Open(_folder.Save(name, Encoding.UTF8.GetBytes(text)), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(error, refusal.Error);
        Assert.Contains(_folder[name], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingAndDamagedFilesAreRefused()
    {
        byte[] bytes = MrcFile.Gzip(Encoding.UTF8.GetBytes(PdbText));

        Assert.Equal(EngineError.ModelFileNotFound, Refusal(_folder["none.pdb"]));
        Assert.Equal(EngineError.ModelFileInaccessible, Refusal(Path.GetDirectoryName(_folder["x"])!));
        Assert.Equal(EngineError.ModelFileInaccessible, Refusal(_folder.Save("cut.pdb.gz", bytes[..^20])));
        bytes[^6] ^= 255;
        Assert.Equal(EngineError.ModelFileInaccessible, Refusal(_folder.Save("damaged.pdb.gz", bytes)));
    }

    [Fact]
    public void CancelledReadingStops() =>
        Assert.ThrowsAny<OperationCanceledException>(
            () => ModelReader.Open(_folder.Save("m.pdb", Encoding.UTF8.GetBytes(PdbText)), cancellationToken: new CancellationToken(true)));

    [Theory]
    [InlineData("m.pdb")]
    [InlineData("m.cif")]
    public void CorruptedFileIsReadOrRefusedAndNeverWorse(string name)
    {
        string text = name == "m.pdb" ? PdbText : MmcifText;
        string[] pieces =
            ["'", "\"", ";", "\n;", "\n", "\r", "loop_", "data_", "save_", "save_x", " _a.b ", "?", ".", "#", "NaN", "1e999", "-", "\0", "é", "ATOM  ", "ENDMDL", "****", "zzzz"];
        for (int seed = 0; seed < FuzzedFiles; seed++)
        {
            var random = new Random(seed);
            var corrupted = new StringBuilder(text);
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int at = random.Next(corrupted.Length);
                int length = random.Next(0, Math.Min(12, corrupted.Length - at));
                switch (random.Next(4))
                {
                    case 0:
                        corrupted.Remove(at, length);
                        break;
                    case 1:
                        corrupted.Insert(at, pieces[random.Next(pieces.Length)]);
                        break;
                    case 2:
                        corrupted[at] = (char)random.Next(256);
                        break;
                    default:
                        corrupted.Insert(random.Next(corrupted.Length), corrupted.ToString(at, length));
                        break;
                }
            }

            corrupted.Length = seed % 5 == 0 ? random.Next(corrupted.Length) : corrupted.Length;
            ReadOrRefuse(name, corrupted.ToString(), seed);
        }
    }

    private static void ReadOrRefuse(string name, string text, int seed)
    {
        try
        {
            AtomicModel model = Parse(name, text, new ModelReadOptions { Alternates = (AlternateConformations)(seed % 2), DropHydrogens = seed % 3 == 0 });
            Assert.Equal(model.Atoms.Count, model.Residues.Sum(residue => residue.Atoms.Count));
        }
        catch (EngineException refusal)
        {
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            bool namesLine = refusal.Message.Contains(", line ", StringComparison.Ordinal);
            Assert.True(namesLine || refusal.Error == EngineError.ModelEmpty || refusal.Message.Contains("neither", StringComparison.Ordinal), $"seed {seed}: {refusal.Message}");
        }
    }

    private static EngineError Refusal(string path) => Assert.Throws<EngineException>(() => ModelReader.Open(path)).Error;
}
