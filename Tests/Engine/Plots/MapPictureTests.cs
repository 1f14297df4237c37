using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine.Plots;

/// <summary>Pictures of maps by themselves: what is shown, in which colours, in files, scripts and terminals.</summary>
public sealed class MapPictureTests : IDisposable
{
    private readonly MapFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ProjectionsAreMeansAlongTheAxes()
    {
        CryoMap map = Map(4, 5, 6, (x, y, z) => x + (10 * y) + (100 * z));
        MapSlicePanel[] panels = MapSlicePanel.Of(map, new MapSliceOptions { View = MapView.Projection }, Stop);

        Assert.Equal([(4, 5), (4, 6), (5, 6)], panels.Select(panel => (panel.Across, panel.Down)));

        // The last row is the lowest of the second axis: y 0, z 0, z 0.
        Assert.Equal(250 + 3, panels[0].Values[(4 * 4) + 3]);
        Assert.Equal(20 + 3, panels[1].Values[(5 * 4) + 3]);
        Assert.Equal(1.5 + 40, panels[2].Values[(5 * 5) + 4]);
    }

    [Theory]
    [InlineData(3, new[] { 1, 4, 7 })]
    [InlineData(99, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 })]
    public void AMontageIsOfHeightsAtEqualDistances(int count, int[] heights)
    {
        CryoMap map = Map(4, 4, 9, (_, _, z) => z);
        MapSlicePanel[] panels = MapSlicePanel.Of(map, new MapSliceOptions { View = MapView.Montage, Count = count }, Stop);

        Assert.Equal(heights, panels.Select(panel => (int)panel.Values[0]));
        Assert.Equal(heights.Select(height => $"z = {height}"), panels.Select(panel => panel.Label));
    }

    [Fact]
    public void ResolutionsAreColouredAndWhatHasNoneIsNot()
    {
        CryoMap map = Map(16, 16, 16, (x, _, _) => x < 8 ? 0 : x < 12 ? 3 : 6);
        PngImage image = MapSlices.Render([new MapSliceRow("r", map)], new MapSliceOptions { IsResolution = true, MinimumWidth = 600 }, Stop);
        int row = image.Height / 2;

        Assert.Equal(3, image.Channels);
        Assert.Equal(MapColors.NoValue, Pixel(image, 40, row));
        Assert.Equal(MapColors.At(MapPalette.Viridis, 0), Pixel(image, 4 + (9 * 13), row));
        Assert.Equal(MapColors.At(MapPalette.Viridis, 1), Pixel(image, 4 + (14 * 13), row));
    }

    [Theory]
    [InlineData(MapPalette.Grey)]
    [InlineData(MapPalette.Viridis)]
    [InlineData(MapPalette.Cividis)]
    public void PalettesGrowBrighterFromEndToEnd(MapPalette palette)
    {
        double[] light = [.. Enumerable.Range(0, 101).Select(step => Luminance(MapColors.At(palette, step / 100.0)))];

        Assert.All(light.Zip(light.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1, $"{pair}"));
        Assert.True(light[^1] - light[0] > 150);

        static double Luminance(int color) => (0.2126 * (color >> 16)) + (0.7152 * ((color >> 8) & 0xFF)) + (0.0722 * (color & 0xFF));
    }

    [Fact]
    public void AScriptForChimeraXHasALevelByVolumeAndQuotedNames()
    {
        // 10 voxels of 8 Å³ above 4; the raw map has its own values.
        CryoMap map = Save("sharp \"1\".mrc", (x, y, z) => y == 0 && z == 0 && x < 10 ? 5 + (0.1f * x) : 0.001f * ((16 * y) + x));
        CryoMap raw = Save("raw.mrc", (x, y, z) => y == 0 && z == 0 && x < 10 ? 2 + (0.1f * x) : 0);
        CryoMap resolution = Save("filled.mrc", (x, _, _) => 4 + (0.1f * x));
        double level = ChimeraXScript.Write(
            new ChimeraXScene(map) { LocalResolution = resolution, RawMap = raw, EnclosedVolume = 80 }, _folder["a.cxc"], overwrite: false, cancellationToken: Stop);

        Assert.Equal(5, level, 1e-6);
        Assert.Equal(
            [
                "open \"sharp \\\"1\\\".mrc\" id 1",
                "volume #1 style surface step 1 level 5",
                "open \"filled.mrc\" id 2",
                "volume #2 hide",
                "color sample #1 map #2 palette \"4,#440154:4.4,#21918c:4.8,#fde725\"",
                "key #440154:4 #21918c:4.4 #fde725:4.8",
                "open \"raw.mrc\" id 3",
                "volume #3 style surface step 1 level 2 color #b4b4b4",
                "move x 33.6 models #3",
                "view",
            ],
            File.ReadAllLines(_folder["a.cxc"]).Skip(1));
    }

    [Fact]
    public void AScriptIsRefusedForMapsThatItCannotOpenOrFill()
    {
        CryoMap map = Save("a.mrc", (x, _, _) => x);
        Assert.Equal(EngineError.MapFileNotFound, Refusal(new ChimeraXScene(Map(16, 16, 16, (x, _, _) => x)) { Level = 1 }).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ChimeraXScene(map) { EnclosedVolume = 1e9 }).Error);
        Assert.Equal(EngineError.ResolutionRangeInvalid, Refusal(new ChimeraXScene(map) { Level = 1, LocalResolution = Save("r.mrc", (_, _, _) => 0) }).Error);

        // In nm, and in pm.
        Assert.Equal(EngineError.ResolutionRangeInvalid, Refusal(new ChimeraXScene(map) { Level = 1, LocalResolution = Save("nm.mrc", (_, _, _) => 0.5f) }).Error);
        Assert.Equal(EngineError.ResolutionRangeInvalid, Refusal(new ChimeraXScene(map) { Level = 1, LocalResolution = Save("pm.mrc", (_, _, _) => 500) }).Error);
        Assert.Equal(EngineError.MapSizeMismatch, Refusal(new ChimeraXScene(map) { Level = 1, RawMap = Map(8, 8, 8, (_, _, _) => 1) }).Error);
        Assert.False(File.Exists(_folder["b.cxc"]));

        EngineException Refusal(ChimeraXScene scene) =>
            Assert.Throws<EngineException>(() => ChimeraXScript.Write(scene, _folder["b.cxc"], overwrite: false, cancellationToken: Stop));
    }

    [Fact]
    public void HalfBlocksHaveTwoPixelsEach()
    {
        // Dark below the middle of y, bright above: seen from above, bright comes first.
        CryoMap map = Map(8, 8, 8, (_, y, _) => y < 4 ? 0 : 1);
        string text = TerminalPicture.Slices([new MapSliceRow("m\u001b[31m", map, 0, 1)], null, new TerminalScreen(TerminalStyle.Blocks, 30, 12), Stop);
        string[] lines = text.Split('\n');

        Assert.StartsWith("m?[31m  0 to 1", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("\e[38;2;255;255;255m\e[48;2;255;255;255m▀", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("\e[38;2;0;0;0m\e[48;2;0;0;0m▀", lines[4], StringComparison.Ordinal);
        Assert.All(lines.Skip(1).Take(5), line => Assert.Equal(3 * 9, line.Count(sign => sign == '▀')));
        Assert.Contains("XY  z = 4", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void PlainCharactersHoldNoEscape()
    {
        CryoMap map = Map(8, 8, 8, (x, _, _) => x);
        string text = TerminalPicture.Slices([new MapSliceRow("m", map, 0, 7)], null, new TerminalScreen(TerminalStyle.Text, 40, 20), Stop);

        Assert.DoesNotContain('\e', text);
        Assert.All(text.Where(sign => sign != 'Å' && sign != '\n'), sign => Assert.InRange(sign, ' ', '~'));
        Assert.Matches("^ .*@", text.Split('\n')[1]);
    }

    [Fact]
    public void SixelsDecodeToThePicture()
    {
        var image = new PngImage(20, 13, 3);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                image.Row(y)[(3 * x) + (y < 6 ? 0 : 1)] = (byte)(x < 10 ? 255 : 0);
            }
        }

        string text = SixelEncoder.Encode(image);
        Assert.StartsWith("\eP0;1;0q\"1;1;20;13#0;2;0;0;0", text, StringComparison.Ordinal);
        Assert.EndsWith("\e\\\n", text, StringComparison.Ordinal);

        // Red is colour 5·7·6, green 6·6; ten columns of six rows, then of the one row of the last band.
        string[] bands = text[(text.LastIndexOf("#251;2;100;100;100", StringComparison.Ordinal) + "#251;2;100;100;100".Length)..].Split('-');
        Assert.Equal(["#0!10?!10~$#210!10~!10?$", "#0!10?!10~$#36!10~!10?$", "#0!10?!10@$#36!10@!10?$"], bands[..3]);
    }

    [Theory]
    [InlineData(TerminalStyle.Text, "|a")]
    [InlineData(TerminalStyle.Blocks, "│\e[38;2;")]
    public void CurvesHaveAxesAndALegend(TerminalStyle style, string beginning)
    {
        var plot = new LinePlot
        {
            Title = "T",
            X = new PlotAxis("1/d") { Minimum = 0, Resolution = PlotResolutionScale.Reciprocal },
            Y = new PlotAxis("FSC") { Minimum = 0, Maximum = 1 },
            Series = [new PlotSeries("first", [0, 0.25], [1, 0])],
            ReferenceLines = [new PlotReferenceLine(0.143, "0.143")],
        };
        string text = TerminalPicture.Plot(plot, new TerminalScreen(style, 60, 24));

        Assert.Contains("first", text, StringComparison.Ordinal);
        Assert.Contains(" Å", text, StringComparison.Ordinal);
        Assert.Contains(beginning, text.Split('\n')[1], StringComparison.Ordinal);
        Assert.Equal(style == TerminalStyle.Blocks, text.Any(sign => sign is >= '\u2801' and <= '\u28FF'));
    }

    private static int Pixel(PngImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Row(y).Slice(3 * x, 3);
        return (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
    }

    private CryoMap Save(string name, Func<int, int, int, float> value)
    {
        MrcWriter.Write(Map(16, 16, 16, value), _folder[name], new MrcWriteOptions { WriteHistory = false });
        return MrcReader.Open(_folder[name]);
    }

    private static CryoMap Map(int nx, int ny, int nz, Func<int, int, int, float> value)
    {
        var size = new GridSize(nx, ny, nz);
        float[] voxels = new float[size.VoxelCount];
        for (int z = 0; z < nz; z++)
        {
            for (int y = 0; y < ny; y++)
            {
                for (int x = 0; x < nx; x++)
                {
                    voxels[size.Offset(x, y, z)] = value(x, y, z);
                }
            }
        }

        return new CryoMap(new MapGrid(size, 2), voxels, "m");
    }
}
