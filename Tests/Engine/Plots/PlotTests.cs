using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine.Plots;

public sealed class PlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void SvgIsWellFormedWithOneLineASeries()
    {
        XElement svg = Draw(Plot([1, 2, 3], [3, 1, 2]));
        Assert.Equal(2, svg.Descendants(Svg + "polyline").Count());
        Assert.Equal("0 0 680 460", svg.Attribute("viewBox")!.Value);
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "a < b & \"c\"");
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "one");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.35)]
    [InlineData(0.8)]
    public void TheLegendLeavesTheLinesFreeWhereItCan(double level)
    {
        // Both lines go through every corner or near it; room is between them.
        double[] x = [.. Enumerable.Range(0, 21).Select(i => i / 20.0)];
        double[] first = [.. x.Select(value => value < 0.5 ? 1 - value : level)];
        double[] second = [.. x.Select(value => 0.1 * value)];
        XElement svg = Draw(Plot([], []) with { Series = [new PlotSeries("one", x, first), new PlotSeries("two", x, second)] });

        XElement box = svg.Descendants(Svg + "rect").Last();
        double left = Number(box, "x"), top = Number(box, "y"), right = left + Number(box, "width"), bottom = top + Number(box, "height");
        Assert.All(svg.Descendants(Svg + "polyline"), line =>
        {
            (double X, double Y)[] points = [.. line.Attribute("points")!.Value.Split(' ').Select(point => point.Split(',')).Select(
                pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
            for (int i = 1; i < points.Length; i++)
            {
                for (int step = 0; step <= 100; step++)
                {
                    double px = points[i - 1].X + ((points[i].X - points[i - 1].X) * step / 100), py = points[i - 1].Y + ((points[i].Y - points[i - 1].Y) * step / 100);
                    Assert.False(px > left && px < right && py > top && py < bottom, $"({px}, {py}) under the legend");
                }
            }
        });

        static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void ALegendThatWouldHideLinesStandsBelowThem()
    {
        // A comb that leaves no room for a box.
        double[] x = [.. Enumerable.Range(0, 201).Select(i => i / 200.0)];
        double[] comb = [.. Enumerable.Range(0, 201).Select(i => i % 2.0)];
        LinePlot plot = Plot([], []) with { Series = [new PlotSeries("one", x, comb), new PlotSeries("two", x, comb)] };
        XElement svg = Draw(plot);

        double height = double.Parse(svg.Attribute("height")!.Value, CultureInfo.InvariantCulture);
        XElement box = svg.Descendants(Svg + "rect").Last();
        double top = double.Parse(box.Attribute("y")!.Value, CultureInfo.InvariantCulture);
        Assert.True(top >= 460, $"The legend begins at {top}.");
        Assert.True(top + double.Parse(box.Attribute("height")!.Value, CultureInfo.InvariantCulture) < height);
        Assert.Equal($"0 0 680 {height}", svg.Attribute("viewBox")!.Value);
        Assert.Equal(2 * height, PngPlot.Render(plot).Height);
    }

    [Fact]
    public void AGapSplitsALineAndAPointAloneIsADot()
    {
        XElement svg = Draw(Plot([1, 2, 3, 4, 5, 6, 7], [1, 2, double.NaN, 3, double.PositiveInfinity, 4, 5]));

        // Both series of the plot have the gaps: 1–2 and 6–7 are lines, 4 is alone.
        Assert.Equal(4, svg.Descendants(Svg + "polyline").Count());
        Assert.Equal(2, svg.Descendants(Svg + "circle").Count());
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void APlotWithoutPointsIsStillAPlot()
    {
        XElement svg = Draw(Plot([], []));
        Assert.Empty(svg.Descendants(Svg + "polyline"));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PictureAndTableAreTheSameInEveryCulture()
    {
        LinePlot plot = Plot([0.05, 0.1, 0.15], [0.5, -0.25, 1]) with { X = new PlotAxis("Frequency (1/Å)") { Resolution = PlotResolutionScale.Reciprocal } };
        (string Picture, string Table) expected = (Text(plot, SvgPlot.Write), Text(plot, PlotTable.Write));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(expected, (Text(plot, SvgPlot.Write), Text(plot, PlotTable.Write)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string[] labels = [.. XElement.Parse(expected.Picture).Descendants(Svg + "text").Select(text => text.Value)];
        Assert.Contains("−0.4", labels);
        Assert.Contains("0.10", labels);
        Assert.Contains("Resolution (Å)", labels);
        Assert.Contains("10", labels);
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-3.2, 7.1, "−4 −2 0 2 4 6 8")]
    [InlineData(0.0012, 0.0049, "0.0010 0.0015 0.0020 0.0025 0.0030 0.0035 0.0040 0.0045 0.0050")]
    [InlineData(5, 5, "4.4 4.6 4.8 5.0 5.2 5.4 5.6")]
    [InlineData(0, 3e7, "0e+0 5e+6 1e+7 1.5e+7 2e+7 2.5e+7 3e+7")]
    public void TicksAreRoundNumbers(double low, double high, string expected)
    {
        TickScale scale = TickScale.Choose(low, high, lowFixed: false, highFixed: false, 6);
        Assert.Equal(expected, string.Join(' ', scale.Ticks.Select(scale.Text)));
        Assert.True(scale.Minimum <= low && scale.Maximum >= high);
    }

    [Fact]
    public void TheTableHasOneRowAPlaceAndEmptyFieldsForWhatIsMissing()
    {
        var plot = new LinePlot
        {
            Title = "t",
            X = new PlotAxis("x (Å)"),
            Y = new PlotAxis("y"),
            Series = [new PlotSeries("a, b", [1, 2], [0.1, double.NaN]), new PlotSeries("c", [2, 3], [5, 6])],
        };
        Assert.Equal("x (Å),\"a, b\",c\n1,0.1,\n2,,5\n3,,6\n", Text(plot, PlotTable.Write));
    }

    [Fact]
    public void ASeriesOfUnequalLengthsIsRefused() => Assert.Throws<ArgumentException>(() => Draw(Plot([1, 2], [1])));

    [Fact]
    public void PngPlotPaintsWhatTheSvgPlotDraws()
    {
        // A level line at 0.75 and a dashed one at 0.25, with both axes fixed: y = 46 … 402 of 460, x = 72 … 656 of 680, two pixels a unit.
        var plot = new LinePlot
        {
            Title = "t",
            X = new PlotAxis("x") { Minimum = 0, Maximum = 1 },
            Y = new PlotAxis("y") { Minimum = 0, Maximum = 1 },
            Series =
            [
                new PlotSeries("high", [0, 1], [0.75, 0.75]) { Color = PlotColor.Blue },
                new PlotSeries("low", [0, 1], [0.25, 0.25]) { Color = PlotColor.Vermilion, Dash = PlotDash.Dashed },
                new PlotSeries("beyond", [0, 0.5, 1], [0.5, 1e9, 0.5]) { Color = PlotColor.Green },
            ],
        };
        PngImage image = PngPlot.Render(plot);
        Assert.Equal((1360, 920, 3), (image.Width, image.Height, image.Channels));
        int At(int x, int y) => (image.Row(y)[3 * x] << 16) | (image.Row(y)[(3 * x) + 1] << 8) | image.Row(y)[(3 * x) + 2];
        Assert.Equal(0xFFFFFF, At(2, 2));

        int high = 2 * (402 - (356 * 3 / 4));
        int low = 2 * (402 - (356 / 4));
        Assert.All(Enumerable.Range(400, 200), x => Assert.Equal(0x0072B2, At(x, high)));
        int[] dashes = [.. Enumerable.Range(400, 260).Select(x => At(x, low))];
        Assert.InRange(dashes.Count(pixel => pixel == 0xD55E00), 120, 160);
        Assert.InRange(dashes.Count(pixel => pixel == 0xFFFFFF), 60, 120);

        // Nothing leaves the axes, however far a value lies outside.
        Assert.All(Enumerable.Range(0, 90), y => Assert.DoesNotContain(0x009E73, Enumerable.Range(0, 1360).Select(x => At(x, y))));
    }

    [Fact]
    public void PngPlotIsTheSameInEveryCultureAndHasAPictureForAnyPlot()
    {
        static byte[] Draw(LinePlot plot)
        {
            using var stream = new MemoryStream();
            PngPlot.Write(plot, stream);
            return stream.ToArray();
        }

        LinePlot plot = Plot([0.05, 0.1, double.NaN, 0.2], [0.5, -0.25, 1, 1]) with { X = new PlotAxis("Frequency (1/Å)") { Resolution = PlotResolutionScale.Reciprocal } };
        byte[] expected = Draw(plot);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(expected, Draw(plot));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        _ = Decode(expected, out int width, out int height, out int colourType);
        Assert.Equal((1360, 920, 2), (width, height, colourType));
        Assert.NotEmpty(Draw(Plot([], [])));
        Assert.Throws<ArgumentException>(() => Draw(Plot([1, 2], [1])));
    }

    [Fact]
    public void APlotFileIsAPictureByItsSuffixAndATable()
    {
        string folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;
        try
        {
            LinePlot plot = Plot([1, 2], [3, 4]);
            PlotFile.Write(plot, Path.Combine(folder, "a.svg"), overwrite: false);
            PlotFile.Write(plot, Path.Combine(folder, "b.PNG"), overwrite: false, writer => writer.Write("own"));
            Assert.Equal(["a.csv", "a.svg", "b.PNG", "b.csv"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal("own", File.ReadAllText(Path.Combine(folder, "b.csv")));
            Assert.Equal(EngineError.MapFileExists, Assert.Throws<EngineException>(() => PlotFile.Write(plot, Path.Combine(folder, "a.svg"), overwrite: false)).Error);
            Assert.Equal(EngineError.PlotFileNameUnsupported, Assert.Throws<EngineException>(() => PlotFile.Write(plot, Path.Combine(folder, "c.pdf"), overwrite: false)).Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void PngReadsBackPixelByPixel(int channels)
    {
        var image = new PngImage(7, 5, channels);
        for (int y = 0; y < 5; y++)
        {
            for (int x = 0; x < 7 * channels; x++)
            {
                image.Row(y)[x] = (byte)(37 * (x + 1) * (y + 3));
            }
        }

        using var stream = new MemoryStream();
        image.Write(stream);
        byte[] pixels = Decode(stream.ToArray(), out int width, out int height, out int colourType);
        Assert.Equal((7, 5, channels == 1 ? 0 : 2), (width, height, colourType));
        Assert.Equal([.. Enumerable.Range(0, 5).SelectMany(y => image.Row(y).ToArray())], pixels);
    }

    [Fact]
    public void SlicesShowTheVoxelsWhereTheyLie()
    {
        // One bright voxel off the centre along each axis: seen right of and above the middle, in all three slices through it.
        var size = new GridSize(20, 20, 20);
        float[] voxels = new float[size.VoxelCount];
        voxels[size.Offset(15, 14, 13)] = 1;
        var map = new CryoMap(new MapGrid(size, 1), voxels, "dot");
        PngImage image = MapSlices.Render([new MapSliceRow("dot", map, 0, 1)], new MapSliceOptions { Position = (15, 14, 13), MinimumWidth = 600 });
        Assert.True(image.Width >= 600);
        int factor = (image.Width - 16) / 60;
        int top = image.Height - 4 - (20 * factor);
        byte At(int panel, int u, int v) => image.Row(top + (int)((19 - v + 0.5) * factor))[4 + (panel * ((20 * factor) + 4)) + (int)((u + 0.5) * factor)];
        Assert.InRange(At(0, 15, 14), 230, 255);
        Assert.InRange(At(1, 15, 13), 230, 255);
        Assert.InRange(At(2, 14, 13), 230, 255);
        Assert.Equal(0, At(0, 4, 14));
        Assert.Equal(0, At(0, 15, 17));
    }

    [Theory]
    [InlineData(1.06, 1.0, 900, 20)]
    [InlineData(1.06, 0.3, 900, 5)]
    [InlineData(2.5, 1.0, 1500, 50)]
    [InlineData(0.4, 1.0, 300, 5)]
    [InlineData(4.0, 1.0, 200, 50)]
    [InlineData(25.0, 1.0, 900, 500)]
    public void TheBarOnSlicesHasALengthInAngstrom(double voxelSize, double crop, int width, double length)
    {
        PngImage image = Slices(new AxisTriple(voxelSize, voxelSize, voxelSize), crop, width);
        int shown = (int)Math.Round(64 * crop);
        double factor = (image.Width - 16) / (3.0 * shown);
        int bar = Assert.Single(Bars(image));
        Assert.InRange(bar - (length / voxelSize * factor), -1, 1);
        Assert.InRange(bar / (shown * factor), 0.13, 0.36);
    }

    [Fact]
    public void SlicesOfLongVoxelsHaveABarForEachScaleAndThoseOfUnknownVoxelsHaveNone()
    {
        PngImage image = Slices(new AxisTriple(1, 2, 3), 1, 900);
        double factor = (image.Width - 16) / 192.0;
        int[] bars = Bars(image);
        Assert.Equal(2, bars.Length);
        Assert.InRange(bars[0] - (20 * factor), -1, 1);
        Assert.InRange(bars[1] - (20 / 2.0 * factor), -1, 1);
        Assert.Empty(Bars(Slices(default, 1, 900)));
    }

    [Fact]
    public void ALongCaptionOfSlicesEndsBeforeTheGreyScale()
    {
        var size = new GridSize(16, 16, 16);
        var map = new CryoMap(new MapGrid(size, 1), new float[size.VoxelCount], "m");
        PngImage plain = MapSlices.Render([new MapSliceRow("m", map, -0.0123, 4.56)]);
        PngImage full = MapSlices.Render([new MapSliceRow(new string('W', 300), map, -0.0123, 4.56)]);

        // What stands to the right is what stands there without a long caption, and paper lies before it.
        const int Strip = 24;
        int first = Enumerable.Range(plain.Width / 2, plain.Width / 2).First(x => Enumerable.Range(0, Strip).Any(y => plain.Row(y)[x] < 200));
        for (int y = 0; y < Strip; y++)
        {
            Assert.Equal(plain.Row(y)[first..].ToArray(), full.Row(y)[first..].ToArray());
            Assert.DoesNotContain(full.Row(y)[(first - 5)..first].ToArray(), pixel => pixel < 200);
        }

        // Paper on both sides of the grey scale, which is the longest run of columns with ink, sets it apart from its numbers.
        bool[] ink = [.. Enumerable.Range(0, plain.Width).Select(x => Enumerable.Range(0, Strip).Any(y => plain.Row(y)[x] < 200))];
        int middle = Enumerable.Range(first, plain.Width - first - 20).First(x => ink[x..(x + 20)].All(dark => dark));
        int end = Array.IndexOf(ink, false, middle);
        Assert.InRange(end - middle, 55, 90);
        Assert.All(Enumerable.Range(end, 3).Concat(Enumerable.Range(middle - 4, 3)), x => Assert.False(ink[x]));
        Assert.Contains(Enumerable.Range(0, Strip), y => full.Row(y)[(first - 60)..(first - 5)].ToArray().Any(pixel => pixel < 100));
    }

    [Fact]
    public void SlicesOfNaNAreBlack()
    {
        var size = new GridSize(8, 8, 8);
        float[] voxels = new float[size.VoxelCount];
        Array.Fill(voxels, float.NaN);
        PngImage image = MapSlices.Render([new MapSliceRow("nan", new CryoMap(new MapGrid(size, 1), voxels, "nan"))]);
        Assert.Equal(0, image.Row(image.Height / 2)[image.Width / 2]);
    }

    [Fact]
    public void SlicesThroughAVoxelOutsideAreRefused()
    {
        var map = new CryoMap(new MapGrid(new GridSize(8, 8, 8), 1), new float[512], "m");
        EngineException refusal = Assert.Throws<EngineException>(() => MapSlices.Render([new MapSliceRow("m", map)], new MapSliceOptions { Position = (0, 0, 8) }));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
    }

    [Fact]
    public void AFailedPictureLeavesTheOldFileWhole()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            ResultFile.WriteText(path, overwrite: false, writer => writer.Write("old"));
            Assert.Equal(EngineError.MapFileExists, Assert.Throws<EngineException>(() => ResultFile.WriteText(path, overwrite: false, writer => writer.Write("new"))).Error);
            Assert.Throws<InvalidOperationException>(() => ResultFile.WriteText(path, overwrite: true, writer =>
            {
                writer.Write("half");
                throw new InvalidOperationException();
            }));
            Assert.Equal("old", File.ReadAllText(path));
            ResultFile.WriteText(path, overwrite: true, writer => writer.Write("Å"));
            Assert.Equal([0xC3, 0x85], File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Black slices, so that a bar is what is white.
    private static PngImage Slices(AxisTriple spacing, double crop, int width)
    {
        var size = new GridSize(64, 64, 64);
        var map = new CryoMap(new MapGrid(size, spacing, default), new float[size.VoxelCount], "m");
        return MapSlices.Render([new MapSliceRow("m", map, 0, 1)], new MapSliceOptions { Crop = crop, MinimumWidth = width });
    }

    // Lengths of the bars, left to right: runs of white pixels in the lowest row of the slices that has any, and in the row above.
    private static int[] Bars(PngImage image)
    {
        int middle = image.Height / 2;
        int row = Enumerable.Range(middle, image.Height - 4 - middle).Last(y => y == middle || Runs(y).Length > 0);
        Assert.Equal(Runs(row), Runs(row - 1));
        return Runs(row);

        int[] Runs(int y)
        {
            // The paper between slices is white too; it is four pixels wide.
            List<int> runs = [];
            int run = 0;
            foreach (byte pixel in image.Row(y))
            {
                if (pixel == byte.MaxValue)
                {
                    run++;
                    continue;
                }

                if (run > 4)
                {
                    runs.Add(run);
                }

                run = 0;
            }

            return [.. runs];
        }
    }

    private static LinePlot Plot(double[] x, double[] y) => new()
    {
        Title = "a < b & \"c\"",
        X = new PlotAxis("x (Å)"),
        Y = new PlotAxis("y"),
        Series = [new PlotSeries("one", x, y), new PlotSeries("two", x, y) { Dash = PlotDash.Dashed, Color = PlotColor.Black }],
        ReferenceLines = [new PlotReferenceLine(0.5, "0.5")],
    };

    private static XElement Draw(LinePlot plot) => XElement.Parse(Text(plot, SvgPlot.Write));

    private static string Text(LinePlot plot, Action<LinePlot, TextWriter> write)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        write(plot, writer);
        return writer.ToString();
    }

    // A decoder of its own: chunks with their checksums, zlib, the filter types 0 and 2.
    private static byte[] Decode(byte[] file, out int width, out int height, out int colourType)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], file[..8]);
        byte[] header = [];
        using var data = new MemoryStream();
        string order = string.Empty;
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string type = Encoding.ASCII.GetString(file, at + 4, 4);
            Assert.Equal(Crc(file.AsSpan(at + 4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            if (type == "IHDR")
            {
                header = file[(at + 8)..(at + 8 + length)];
            }
            else if (type == "IDAT")
            {
                data.Write(file, at + 8, length);
            }

            order += type;
            at += 12 + length;
        }

        Assert.Equal("IHDRIDATIEND", order);
        width = BinaryPrimitives.ReadInt32BigEndian(header);
        height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        colourType = header[9];
        Assert.Equal(8, header[8]);
        int row = width * (colourType == 0 ? 1 : 3);
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        byte[] pixels = new byte[row * height];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            Assert.True(filter is 0 or 2);
            zlib.ReadExactly(pixels, y * row, row);
            for (int x = 0; filter == 2 && y > 0 && x < row; x++)
            {
                pixels[(y * row) + x] += pixels[((y - 1) * row) + x];
            }
        }

        Assert.Equal(-1, zlib.ReadByte());
        return pixels;
    }

    // Bit by bit, from the polynomial.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
