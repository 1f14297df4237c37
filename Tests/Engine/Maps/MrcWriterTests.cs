using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MrcWriterTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, 4)]
    [InlineData(230, 230)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(231, 1)]
    [InlineData(401, 1)]
    [InlineData(404, 4)]
    public void SpaceGroupAndItsOperatorsSurviveTogether(int stated, int written)
    {
        byte[] operators = Encoding.ASCII.GetBytes("X,  Y,  Z".PadRight(80) + "-X,  Y+1/2,  -Z".PadRight(80));
        string source = new MrcFile { Extended = operators, ExtendedType = "CCP4" }.With(88, stated).Save(_folder, "source.mrc");
        string target = _folder["copy.mrc"];

        MrcFile.Write(MrcFile.Open(source, stated > 400 ? new MrcReadOptions { Index = 0 } : null), target);

        MrcHeader header = MrcReader.ReadHeader(target);
        Assert.Equal(written, header.SpaceGroup);
        Assert.Equal("CCP4", header.ExtendedHeaderType);
        Assert.Equal(operators, header.ExtendedHeader.ToArray());
    }

    [Fact]
    public void WrittenFileIsLittleEndianInStandardOrderWithOwnStatistics()
    {
        CryoMap map = MrcFile.Open(new MrcFile { BigEndian = true, Mode = 1, Axes = [3, 1, 2] }.With(88, 0).With(76, 99f).With(108, 0).Save(_folder));

        MrcFile.Write(map, _folder["out.mrc"]);

        byte[] bytes = File.ReadAllBytes(_folder["out.mrc"]);
        Assert.Equal([4, 3, 2, 2, 0, 0, 0, 4, 3, 2], Enumerable.Range(0, 10).Select(i => Integer(bytes, 4 * i)));
        Assert.Equal([6f, 4.5f, 3f, 90f, 90f, 90f], Enumerable.Range(10, 6).Select(i => Real(bytes, 4 * i)));
        Assert.Equal([1, 2, 3], Enumerable.Range(16, 3).Select(i => Integer(bytes, 4 * i)));
        Assert.Equal([-12f, 11f, -0.5f], Enumerable.Range(19, 3).Select(i => Real(bytes, 4 * i)));
        Assert.Equal((1, 0, 20141), (Integer(bytes, 88), Integer(bytes, 92), Integer(bytes, 108)));
        Assert.Equal("MAP DD\0\0"u8.ToArray(), bytes[208..216]);
        // Of the integers −12 … 11: √((24² − 1) / 12).
        Assert.Equal((float)Math.Sqrt(575 / 12.0), Real(bytes, 216));
        Assert.Equal(Enumerable.Range(-12, 24).Select(value => (float)value), Enumerable.Range(0, 24).Select(i => Real(bytes, 1024 + 4 * i)));
    }

    [Fact]
    public void PlaceInSpaceSurvives()
    {
        var file = new MrcFile { Axes = [2, 3, 1], Origin = [12.5f, -3, 40], Start = [-7, 8, 9], Sampling = [40, 30, 20], Cell = [53.196f, 39.9f, 26.6f] };
        CryoMap map = MrcFile.Open(file.With(56, 94.3f).Save(_folder));

        MrcFile.Write(map, _folder["out.map"]);

        MrcHeader before = map.Header!;
        MrcHeader after = MrcReader.ReadHeader(_folder["out.map"]);
        Assert.Equal(before.Origin, after.Origin);
        Assert.Equal(before.Start, after.Start);
        Assert.Equal(before.Sampling, after.Sampling);
        Assert.Equal(before.Cell, after.Cell);
        Assert.Equal(before.Angles, after.Angles);
        Assert.Equal(map.Grid, MrcFile.Open(_folder["out.map"]).Grid);
    }

    [Fact]
    public void LabelsAreKeptAndOursIsAppended()
    {
        CryoMap map = MrcFile.Open(new MrcFile { Labels = ["first", "Größe"] }.With(220, 9).Save(_folder));
        var step = new HistoryEntry
        {
            Step = "LocalDeblur",
            Parameters = HistoryEntry.Values(("K", 0.025), ("Path", "/somewhere/long"), ("Bands", new[] { 1.0, 2.0 })),
            Figures = HistoryEntry.Values(("Step", 4.063894), ("Iterations", 7)),
        };

        MrcFile.Write(map.Derive(MrcFile.Voxels(map), step), _folder["out.mrc"]);

        MrcHeader header = MrcReader.ReadHeader(_folder["out.mrc"]);
        Assert.Equal(["first", "Größe", $"{ProgramName.WithVersion} LocalDeblur Step=4.0639 Iterations=7 K=0.025"], header.Labels);
        Assert.Equal(3, header.StatedLabelCount);
    }

    [Fact]
    public void EleventhLabelDropsTheSecond()
    {
        string[] labels = [.. Enumerable.Range(1, 10).Select(i => $"label {i}")];
        CryoMap map = MrcFile.Open(new MrcFile { Labels = labels }.Save(_folder));

        MrcFile.Write(map, _folder["out.mrc"]);

        MrcHeader header = MrcReader.ReadHeader(_folder["out.mrc"]);
        Assert.Equal(10, header.Labels.Count);
        Assert.Equal(["label 1", .. labels[2..]], header.Labels.Take(9));
        Assert.StartsWith(ProgramName.WithVersion, header.Labels[9], StringComparison.Ordinal);
    }

    [Fact]
    public void LabelIsEightyCharactersOfAsciiAtMost()
    {
        var step = new HistoryEntry { Step = "Schärfung " + new string('x', 90), Parameters = HistoryEntry.Values(("A", 1)) };
        CryoMap map = Map([1, 2]).Derive([1, 2], step);

        MrcFile.Write(map, _folder["out.mrc"]);

        string label = Assert.Single(MrcReader.ReadHeader(_folder["out.mrc"]).Labels);
        Assert.Equal(80, label.Length);
        Assert.All(label, character => Assert.InRange(character, ' ', '~'));
    }

    [Theory]
    [InlineData("FEI1", "FEI1")]
    [InlineData("XYZW", "XYZW")]
    [InlineData("\0\0\0\0", "")]
    public void ExtendedHeaderSurvivesByteForByte(string type, string expected)
    {
        byte[] extended = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        CryoMap map = MrcFile.Open(new MrcFile { Extended = extended, ExtendedType = type }.Save(_folder));

        MrcFile.Write(map, _folder["out.mrc"]);

        MrcHeader header = MrcReader.ReadHeader(_folder["out.mrc"]);
        Assert.Equal(extended, header.ExtendedHeader.ToArray());
        Assert.Equal(expected, header.ExtendedHeaderType);
        Assert.Equal(MrcFile.Voxels(map), MrcFile.Voxels(MrcFile.Open(_folder["out.mrc"])));
    }

    [Fact]
    public void ExtendedHeaderOfTextRecordsWithoutATypeIsMarkedCcp4()
    {
        byte[] extended = Encoding.ASCII.GetBytes("X, Y, Z".PadRight(80));
        CryoMap map = MrcFile.Open(new MrcFile { Extended = extended }.Save(_folder));

        MrcFile.Write(map, _folder["out.mrc"]);

        Assert.Equal("CCP4", MrcReader.ReadHeader(_folder["out.mrc"]).ExtendedHeaderType);
        Assert.Equal(extended, MrcReader.ReadHeader(_folder["out.mrc"]).ExtendedHeader.ToArray());
    }

    [Fact]
    public void HalfPrecisionFileHasTheStatisticsOfItsRoundedVoxels()
    {
        float[] voxels = [0.1f, 1000.3f, -2049.1f, 65504f];
        CryoMap map = Map(voxels);

        MrcFile.Write(map, _folder["out.mrc"], new MrcWriteOptions { Mode = MrcMode.Float16 });

        float[] rounded = [.. voxels.Select(value => (float)(Half)value)];
        CryoMap written = MrcFile.Open(_folder["out.mrc"]);
        Assert.Equal(MrcMode.Float16, written.Header!.Mode);
        Assert.Equal(rounded, MrcFile.Voxels(written));
        Assert.Equal(rounded.Min(), written.Header.StatedMinimum);
        Assert.Equal((float)rounded.Average(value => (double)value), written.Header.StatedMean);
        Assert.Empty(MrcFile.Check(_folder["out.mrc"]).Findings);
    }

    [Fact]
    public void ValuesBeyondHalfPrecisionAreRefused()
    {
        MrcFile.Refused(EngineError.MapModeUnsupported, () => MrcFile.Write(Map([65505, 0]), _folder["out.mrc"], new MrcWriteOptions { Mode = MrcMode.Float16 }), "65505", "65504");
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData(MrcMode.Int16)]
    [InlineData(MrcMode.ComplexFloat32)]
    public void OtherModesAreNotWritten(MrcMode mode) =>
        MrcFile.Refused(EngineError.MapModeUnsupported, () => MrcFile.Write(Map([1, 2]), _folder["out.mrc"], new MrcWriteOptions { Mode = mode }), mode.ToString());

    [Fact]
    public void NonFiniteVoxelsAreNotWritten()
    {
        MrcFile.Refused(EngineError.MapNotFinite, () => MrcFile.Write(Map([1, float.NaN]), _folder["out.mrc"]));
        Assert.Empty(_folder.Names());
    }

    [Theory]
    [InlineData("out.mrc.gz", FileCompression.Gzip)]
    [InlineData("out.MAP.GZ", FileCompression.Gzip)]
    [InlineData("out.rec.bz2", FileCompression.Bzip2)]
    [InlineData("out.ccp4", FileCompression.None)]
    public void SuffixChoosesTheCompression(string name, FileCompression compression)
    {
        float[] voxels = [.. Enumerable.Range(0, 300_000).Select(i => i * 0.5f)];
        MrcFile.Write(new CryoMap(new MapGrid(new GridSize(300, 100, 10), 1.1), voxels, "computed"), _folder[name]);

        CryoMap map = MrcFile.Open(_folder[name]);
        Assert.Equal(compression, map.Header!.Compression);
        Assert.Equal(voxels, MrcFile.Voxels(map));
        Assert.Empty(MrcFile.Check(_folder[name]).Findings);
    }

    [Theory]
    [InlineData("out.txt")]
    [InlineData("out.mrcs")]
    [InlineData("out.gz")]
    [InlineData("out")]
    public void NameWithoutASuffixOfAMapIsRefused(string name)
    {
        MrcFile.Refused(EngineError.MapFileNameUnsupported, () => MrcFile.Write(Map([1, 2]), _folder[name]), ".mrc", name);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void MissingDirectoryIsRefusedAndNotMade()
    {
        MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Write(Map([1, 2]), Path.Combine(_folder["no"], "out.mrc")), _folder["no"]);
        Assert.False(Directory.Exists(_folder["no"]));
    }

    [Fact]
    public void DirectoryAsTargetIsRefused()
    {
        Directory.CreateDirectory(_folder["out.mrc"]);

        MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Write(Map([1, 2]), _folder["out.mrc"], new MrcWriteOptions { Overwrite = true }), "directory");
    }

    [Fact]
    public void ExistingFileIsOnlyReplacedOnRequest()
    {
        byte[] old = [1, 2, 3];
        _folder.Save("out.mrc", old);

        MrcFile.Refused(EngineError.MapFileExists, () => MrcFile.Write(Map([1, 2]), _folder["out.mrc"]), "out.mrc", "allow the file to be replaced");
        Assert.Equal(old, File.ReadAllBytes(_folder["out.mrc"]));

        MrcFile.Write(Map([1, 2]), _folder["out.mrc"], new MrcWriteOptions { Overwrite = true });
        Assert.Equal([1f, 2f], MrcFile.Voxels(MrcFile.Open(_folder["out.mrc"])));
    }

    [Fact]
    public void ExistingHistoryIsOnlyReplacedOnRequest()
    {
        _folder.Save("out.history.json", [1]);

        MrcFile.Refused(EngineError.MapFileExists, () => MrcFile.Write(Map([1, 2]), _folder["out.mrc"]), "out.history.json");
        MrcFile.Write(Map([1, 2]), _folder["out.mrc"], new MrcWriteOptions { Overwrite = true });
        Assert.Equal(["out.history.json", "out.mrc"], _folder.Names());
        Assert.NotEqual([1], File.ReadAllBytes(_folder["out.history.json"]));
    }

    [Fact]
    public void CancellationWhileWritingLeavesTheOldFileAndNoTrace()
    {
        _folder.Save("out.mrc", [1, 2, 3]);
        using var source = new CancellationTokenSource();
        var map = new CryoMap(new MapGrid(new GridSize(1000, 1000, 2), 1), new float[2_000_000], "large");

        Assert.Throws<OperationCanceledException>(() => MrcWriter.Write(map, _folder["out.mrc"], new MrcWriteOptions { Overwrite = true }, new CancelAtHalf(source), source.Token));

        Assert.Equal(["out.mrc"], _folder.Names());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["out.mrc"]));
    }

    [Fact]
    public void VoxelsThatCannotBeReadLeaveTheOldFileAndNoTrace()
    {
        _folder.Save("out.mrc", [1, 2, 3]);
        CryoMap map = MrcFile.Open(new MrcFile().Save(_folder, "in.mrc"));
        File.Delete(map.Path!);

        MrcFile.Refused(EngineError.MapFileNotFound, () => MrcFile.Write(map, _folder["out.mrc"], new MrcWriteOptions { Overwrite = true }));

        Assert.Equal(["out.mrc"], _folder.Names());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["out.mrc"]));
    }

    [Fact]
    public void UnloadedMapCanBeWrittenOntoItsOwnFile()
    {
        string path = new MrcFile { Mode = 1, Origin = [1, 2, 3] }.Save(_folder);
        CryoMap map = MrcFile.Open(path);

        MrcFile.Write(map, path, new MrcWriteOptions { Overwrite = true });

        CryoMap written = MrcFile.Open(path);
        Assert.Equal(MrcMode.Float32, written.Header!.Mode);
        Assert.Equal(MrcFile.Voxels(map), MrcFile.Voxels(written));
        Assert.Equal(map.Origin, written.Origin);
    }

    [Fact]
    public void ProgressEndsAtOne()
    {
        var fractions = new List<double>();

        MrcWriter.Write(Map([1, 2]), _folder["out.mrc"], progress: new Collect(fractions), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, fractions[^1]);
        Assert.Equal(fractions.Order(), fractions);
    }

    [Fact]
    public void HistoryIsWrittenBesideTheMapWhateverTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var step = new HistoryEntry
            {
                Step = "LocalDeblur",
                Parameters = HistoryEntry.Values(("K", 0.025), ("Mode", MrcMode.Float16), ("Nothing", null), ("Bands", new[] { 2.5, double.NaN })),
                Figures = HistoryEntry.Values(
                    ("Change", double.PositiveInfinity), ("Small", 0.5f), ("Count", 7L), ("Done", true),
                    ("Took", TimeSpan.FromSeconds(90.5)), ("Nested", new object[] { new[] { 1, 2 }, "Å" })),
                Decisions = ["chose λ"],
                Warnings = ["careful"],
            };

            MrcFile.Write(Map([1, 2]).Derive([1, 2], step), _folder["sharp.mrc.gz"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(["sharp.mrc.gz", "sharp.mrc.gz.history.json"], _folder.Names());
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(_folder["sharp.mrc.gz.history.json"]));
        Assert.Equal("sharp.mrc.gz", json.RootElement.GetProperty("Map").GetString());
        JsonElement written = Assert.Single(json.RootElement.GetProperty("Steps").EnumerateArray());
        Assert.Equal(
            """{"K":0.025,"Mode":"Float16","Nothing":null,"Bands":[2.5,"NaN"]}""",
            Compact(written.GetProperty("Parameters")));
        Assert.Equal(
            """{"Change":"Infinity","Small":0.5,"Count":7,"Done":true,"Took":"00:01:30.5000000","Nested":[[1,2],"Å"]}""",
            Compact(written.GetProperty("Figures")));
        Assert.Equal("chose λ", written.GetProperty("Decisions")[0].GetString());
        Assert.Equal("careful", written.GetProperty("Warnings")[0].GetString());
        Assert.EndsWith("Z", written.GetProperty("Time").GetString(), StringComparison.Ordinal);
    }

    private static string Compact(JsonElement element) => element.GetRawText().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static CryoMap Map(float[] voxels) => new(new MapGrid(new GridSize(voxels.Length, 1, 1), 1.25), voxels, "computed");

    private static int Integer(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    private static float Real(byte[] bytes, int offset) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(offset));

    private sealed class CancelAtHalf(CancellationTokenSource source) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Fraction >= 0.5)
            {
                source.Cancel();
            }
        }
    }

    private sealed class Collect(List<double> fractions) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => fractions.Add(value.Fraction);
    }
}
