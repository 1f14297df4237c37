using System.Text;
using LocalDeblur.Tests.Engine;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>Sound files, small, from which fuzzed ones are made; and words of their formats.</summary>
internal static class FuzzSamples
{
    private static readonly string[] PdbWords =
    [
        "ATOM  ", "HETATM", "ANISOU", "TER", "MODEL        1", "ENDMDL", "END", "CRYST1", "A0000", "a000", " CA ", "HOH", "MSE", "  1.000", "********",
    ];

    private static readonly string[] MmcifWords =
    [
        "loop_", "data_b", "_atom_site.id", "_atom_site.Cartn_x", "_atom_site.label_alt_id", "_atom_site.pdbx_PDB_model_num", "_entry.id", ";\ntext\n;\n",
        "'a b'", "save_x", "stop_", "global_", "#", ".", "?",
    ];

    private static readonly string[] FscWords =
    [
        "data_fsc", "data_general", "loop_", "_rlnSpectralIndex", "_rlnResolution", "_rlnAngstromResolution", "_rlnFourierShellCorrelationCorrected",
        "_rlnResolutionInversePixel", "_rlnMtfValue",
        "shell", "inv_resolution_per_A", "resolution_A", "fsc_unmasked", "fsc_corrected", "0.143", "1.0", "-1.0", "999.0", "<coordinate>", "</coordinate>",
        "<x>0.1</x>", "<fsc>", "</fsc>", "title=\"FSC\"",
    ];

    private static readonly string[] JobWords =
    [
        "\"schema\"", "\"localdeblur.job/1\"", "\"localdeblur.job/2\"", "\"inputs\"", "\"stages\"", "\"stage\"", "\"mask\"", "\"sharpen\"", "\"halfMap1\"",
        "\"map\"", "\"path\"", "\"outputs\"", "\"folder\"",
        "\"resources\"", "\"threads\"", "\"memoryBytes\"", "\"../out\"", "\"/\"", ",", ":", "{", "}", "[", "]", "null", "1e400", "-1", "\"\\u0000\"", "//c",
    ];

    /// <summary>Words of the formats that are text, by what reads them.</summary>
    public static IReadOnlyDictionary<string, string[]> Words { get; } = new Dictionary<string, string[]>
    {
        ["model"] = [.. PdbWords, .. MmcifWords],
        ["fsc"] = FscWords,
        ["mtf"] = FscWords,
        ["job"] = JobWords,
    };

    /// <summary>Kinds of files by name: what reads them, and how one of them is drawn and changed.</summary>
    public static IReadOnlyDictionary<string, (string Target, Func<Random, byte[]> Draw)> All { get; } = new Dictionary<string, (string, Func<Random, byte[]>)>
    {
        ["header"] = ("header", random => FuzzMutator.Map(Header(random), random)),
        ["map"] = ("map", random => FuzzMutator.Map(Map(random), random)),
        ["map.gz"] = ("map", random => FuzzMutator.Compressed(MrcFile.Gzip(MaybeChanged(random)), random)),
        ["map.bz2"] = ("map", random => FuzzMutator.Compressed(MrcFile.Bzip2(MaybeChanged(random)), random)),
        ["pdb"] = ("model", random => FuzzMutator.Text(Pdb, PdbWords, random)),
        ["cif"] = ("model", random => FuzzMutator.Text(Mmcif, MmcifWords, random)),
        ["pdb.gz"] = ("model", random => FuzzMutator.Compressed(MrcFile.Gzip(FuzzMutator.Text(Pdb, PdbWords, random)), random)),
        ["fsc.csv"] = ("fsc", random => FuzzMutator.Text(FscCsv, FscWords, random)),
        ["fsc.star"] = ("fsc", random => FuzzMutator.Text(FscStar, FscWords, random)),
        ["fsc.xml"] = ("fsc", random => FuzzMutator.Text(FscXml, FscWords, random)),
        ["mtf"] = ("mtf", random => FuzzMutator.Text(random.Next(2) == 0 ? MtfStar : MtfText, FscWords, random)),
        ["job"] = ("job", random => FuzzMutator.Text(Job, JobWords, random)),
    };

    /// <summary>The files of text as they are, and what reads each.</summary>
    public static IReadOnlyList<(string Target, byte[] Bytes)> Sound =>
        [("model", Pdb), ("model", Mmcif), ("fsc", FscCsv), ("fsc", FscStar), ("fsc", FscXml), ("mtf", MtfStar), ("mtf", MtfText), ("job", Job)];

    private static byte[] Pdb => Bytes(
        "HEADER    FUZZ",
        "CRYST1   20.000   20.000   20.000  90.00  90.00  90.00 P 1           1",
        "MODEL        1",
        ModelFile.Atom(" N  ", x: 0, element: " N"),
        ModelFile.Atom(" CA ", x: 1.5, alternate: 'A', occupancy: 0.5),
        ModelFile.Atom(" CA ", x: 1.6, alternate: 'B', occupancy: 0.5),
        ModelFile.Atom(" C  ", number: "   2", residue: "LYS", x: 3),
        "TER",
        ModelFile.Atom("ZN  ", number: "A000", residue: "ZN", x: 5, element: "ZN", charge: "2+", serial: "A0000", record: "HETATM"),
        "ENDMDL",
        "END");

    private static byte[] Mmcif => Bytes(
        "data_fuzz",
        "_entry.id FUZZ",
        "_struct.title",
        ";text",
        "of two lines",
        ";",
        "#",
        "loop_",
        "_atom_site.group_PDB",
        "_atom_site.id",
        "_atom_site.type_symbol",
        "_atom_site.label_atom_id",
        "_atom_site.label_alt_id",
        "_atom_site.label_comp_id",
        "_atom_site.label_asym_id",
        "_atom_site.label_seq_id",
        "_atom_site.Cartn_x",
        "_atom_site.Cartn_y",
        "_atom_site.Cartn_z",
        "_atom_site.occupancy",
        "_atom_site.B_iso_or_equiv",
        "_atom_site.auth_asym_id",
        "_atom_site.auth_seq_id",
        "_atom_site.pdbx_PDB_model_num",
        "ATOM 1 N N . ALA A 1 1.0 2.0 3.0 1.0 20.0 A 1 1",
        "ATOM 2 C CA A ALA A 1 2.0 2.0 3.0 0.5 20.0 A 1 1",
        "ATOM 3 C CA B ALA A 1 2.1 2.0 3.0 0.5 20.0 A 1 1",
        "HETATM 4 O \"O5'\" . LIG B . 4.0 2.0 -3.0 1.0 ? B 2 1",
        "#");

    private static byte[] FscCsv => Bytes(
        "shell,inv_resolution_per_A,resolution_A,fsc_unmasked,fsc_masked,fsc_phase_randomised_masked,fsc_corrected,count",
        "0,0,Infinity,1,1,1,1,1",
        "1,0.05,20,0.99,0.99,0.9,0.98,26",
        "2,0.1,10,0.8,0.9,0.1,0.88,98",
        "3,0.15,6.67,0.1,0.2,0.05,0.12,210");

    private static byte[] FscStar => Bytes(
        "# version 30001",
        "data_general",
        "_rlnFinalResolution 8.0",
        "_rlnUnfilteredMapHalf1 half1.mrc",
        "data_fsc",
        "loop_",
        "_rlnSpectralIndex #1",
        "_rlnResolution #2",
        "_rlnAngstromResolution #3",
        "_rlnFourierShellCorrelationCorrected #4",
        "_rlnFourierShellCorrelationUnmaskedMaps #5",
        "0 0.0 999.0 1.0 1.0",
        "1 0.05 20.0 0.99 0.98",
        "2 0.1 10.0 0.8 0.7",
        "3 0.15 6.67 0.1 0.05",
        "",
        "data_guinier");

    private static byte[] FscXml => Bytes(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<fsc title=\"FSC\" xaxis=\"Resolution (A-1)\" yaxis=\"Correlation Coefficient\">",
        "  <coordinate><x>0.05</x><y>0.99</y></coordinate>",
        "  <coordinate><x>0.1</x><y>0.8</y></coordinate>",
        "  <coordinate><x>0.15</x><y>0.1</y></coordinate>",
        "</fsc>");

    private static byte[] MtfStar => Bytes("data_", "", "loop_", "_rlnResolutionInversePixel #1", "_rlnMtfValue #2", "0.0 1.0", "0.1 0.9", "0.3 0.6", "0.5 0.3");

    private static byte[] MtfText => Bytes("frequency,mtf", "0.0,1.0", "0.1,0.9", "0.5,0.3");

    private static byte[] Job => Bytes(
        "{",
        "  \"schema\": \"localdeblur.job/1\",",
        "  \"inputs\": { \"halfMap1\": { \"path\": \"half1.mrc\" }, \"halfMap2\": { \"path\": \"half2.mrc\", \"voxelSize\": 1.2, \"origin\": [1, 2, 3] } },",
        "  \"stages\": [",
        "    { \"stage\": \"mask\", \"halfMap1\": \"halfMap1\", \"halfMap2\": \"halfMap2\" },",
        "    { \"stage\": \"sharpen\", \"halfMap1\": \"halfMap1\", \"halfMap2\": \"halfMap2\", \"mask\": \"mask\" }",
        "  ],",
        "  \"outputs\": { \"folder\": \"out\" },",
        "  \"resources\": { \"threads\": 2, \"memoryBytes\": 1000000000, \"seconds\": 3600 }",
        "}");

    private static byte[] Header(Random random) => Map(random)[..1024];

    private static byte[] MaybeChanged(Random random) => random.Next(2) == 0 ? FuzzMutator.Map(Map(random), random) : Map(random);

    // In all modes, byte and axis orders, with and without an extended header.
    private static byte[] Map(Random random) => new MrcFile
    {
        Mode = new[] { 0, 1, 2, 6, 12 }[random.Next(5)],
        BigEndian = random.Next(2) == 0,
        Axes = new[] { new[] { 1, 2, 3 }, [3, 1, 2], [2, 1, 3] }[random.Next(3)],
        Size = [random.Next(1, 9), random.Next(1, 9), random.Next(1, 9)],
        Extended = new byte[random.Next(2) * 160],
        ExtendedType = random.Next(2) == 0 ? "FEI1" : "\0\0\0\0",
    }.Build();

    private static byte[] Bytes(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
