using System.Text;
using System.Text.RegularExpressions;
using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine.Plots;

/// <summary>Text in pictures of pixels: every sign is there, stays in its room, and can be turned and enlarged.</summary>
public sealed partial class StrokeFontTests
{
    private const int Ink = 0;

    private static readonly string Ascii = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code));

    [Fact]
    public void EverySignOfAsciiAndOfOurOwnTextsIsInTheAlphabet()
    {
        string[] sources =
        [
            .. from project in (string[])["LocalDeblur.Engine", "LocalDeblur.PowerShell", "LocalDeblur.Runner"]
               from file in Directory.EnumerateFiles(Path.Combine(Repository(), project), "*.cs", SearchOption.AllDirectories)
               where !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
               select file,
        ];
        Assert.NotEmpty(sources);
        string ours = string.Concat(
            from file in sources
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from Match text in Literal().Matches(line)
            select text.Value);
        Assert.Contains("Å", ours, StringComparison.Ordinal);

        Assert.Empty((Ascii + ours).EnumerateRunes().Where(sign => !StrokeFont.Has(sign)).Distinct());
    }

    [Fact]
    public void NoTwoSignsLookAlikeAndOnlyTheSpaceIsEmpty()
    {
        string signs = Ascii + "Å⟨⟩²³±µ·–—−…×°σλ→√≥≤⁻¹∞‖χγéèüöñç";
        (char Sign, string Picture)[] pictures = [.. signs.Select(sign => (sign, Pixels(Draw(sign.ToString(), 40))))];

        Assert.Equal([' '], pictures.Where(one => !one.Picture.Contains('1', StringComparison.Ordinal)).Select(one => one.Sign));
        Assert.Empty(pictures.GroupBy(one => one.Picture).Where(same => same.Count() > 1).Select(same => string.Concat(same.Select(one => one.Sign))));
    }

    [Fact]
    public void ASignThatIsNotInTheAlphabetIsABox()
    {
        // Cyrillic, Chinese, a sign of two code units, and half of one.
        foreach (string sign in (string[])["ж", "漢", "😀", "😀"[..1]])
        {
            Assert.Equal(Pixels(Draw("□", 40)), Pixels(Draw(sign, 40)));
            Assert.Equal(StrokeFont.Measure("a□b", 20), StrokeFont.Measure($"a{sign}b", 20), 1e-9);
        }
    }

    [Fact]
    public void ControlCharactersTakeNoRoom() => Assert.Equal(StrokeFont.Measure("ab", 20), StrokeFont.Measure("a\n\tb\0", 20), 1e-9);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TextStaysInTheRoomThatIsMeasured(bool bold)
    {
        string[] signs = [.. Ascii.Append('Å').Append('²').Append('É').Append('⟩').Append('ж').Append('₂').Append('Ç').Select(sign => sign.ToString())];
        foreach (string text in signs.Concat(["Fourier shell correlation: 2.12 Å", "AVATAR, LTV. Ty", "ln⟨|F|⟩ (1/Å²)", "_j_f_Wj"]))
        {
            double width = StrokeFont.Measure(text, 100, bold), half = StrokeFont.PenWidth(100, bold) / 2;
            foreach ((double X, double Y) in StrokeFont.Strokes(text, 100, bold).SelectMany(stroke => stroke))
            {
                Assert.True(X - half >= -0.01 && X + half <= width + 0.01, $"'{text}' reaches from {X - half} to {X + half} of {width}.");
                Assert.True(Y - half >= -25 && Y + half <= 100, $"'{text}' reaches from {Y - half} up to {Y + half}.");
            }
        }
    }

    [Fact]
    public void CapitalsAndDigitsStandOnTheLineAndAreAsHighAsStated()
    {
        foreach (char sign in "EFHITZ147")
        {
            (double Low, double High) = Reach(sign.ToString());
            Assert.InRange(Low, -0.01, 0.01);
            Assert.InRange(High, 100 * StrokeFont.CapitalHeight - 0.5, 100 * StrokeFont.CapitalHeight + 0.5);
        }

        // What is round reaches a little beyond, so that it looks as large.
        foreach (char sign in "CGOSU035689")
        {
            (double low, double high) = Reach(sign.ToString());
            Assert.InRange(low, -2, 0.01);
            Assert.InRange(high, 100 * StrokeFont.CapitalHeight - 0.5, (100 * StrokeFont.CapitalHeight) + 2);
        }

        static (double Low, double High) Reach(string text)
        {
            double[] heights = [.. StrokeFont.Strokes(text, 100).SelectMany(stroke => stroke).Select(point => point.Y)];
            return (heights.Min() - (StrokeFont.PenWidth(100) / 2), heights.Max() + (StrokeFont.PenWidth(100) / 2));
        }
    }

    [Fact]
    public void WidthsFollowTheLetters()
    {
        Assert.True(StrokeFont.Measure("ill", 20) < 0.5 * StrokeFont.Measure("mmm", 20));
        Assert.True(StrokeFont.Measure("AVA", 20) < (2 * StrokeFont.Measure("A", 20)) + StrokeFont.Measure("V", 20));
        Assert.True(StrokeFont.Measure("map", 20) < StrokeFont.Measure("map", 20, bold: true));
        Assert.Equal(0, StrokeFont.Measure(string.Empty, 20));

        // Numbers below each other align.
        Assert.Single("0123456789".Select(digit => StrokeFont.Measure(digit.ToString(), 20)).Distinct());
    }

    [Theory]
    [InlineData(nameof(PlotAnchor.Start))]
    [InlineData(nameof(PlotAnchor.Middle))]
    [InlineData(nameof(PlotAnchor.End))]
    public void TextThatRunsUpwardsIsTheLevelTextTurned(string anchor)
    {
        const int Edge = 400;
        var style = new PlotTextStyle(Enum.Parse<PlotAnchor>(anchor), Ink, 26);
        PngImage level = White(Edge), upwards = White(Edge);
        new PngCanvas(level, 1).Text(200, 200, "ln⟨|F|⟩ (Å²) j", style);
        new PngCanvas(upwards, 1).Text(200, 200, "ln⟨|F|⟩ (Å²) j", style with { Upwards = true });

        Assert.Contains(level.Row(190).ToArray(), pixel => pixel < 128);
        for (int y = 0; y < Edge; y++)
        {
            for (int x = 0; x < Edge; x++)
            {
                // A quarter turn to the left about (200, 200), which lies between pixels.
                Assert.InRange(upwards.Row(399 - x)[y] - level.Row(y)[x], -1, 1);
            }
        }
    }

    [Theory]
    [InlineData(12, 0.98, 1.02)]
    [InlineData(26, 0.98, 1.02)]
    [InlineData(100, 0.98, 1.02)]
    [InlineData(7, 1.2, 2)]
    public void TextIsAsDarkAtEverySizeAndDarkerWhereThePenWouldBeThinnerThanAPixel(double size, double least, double most)
    {
        double share = Darkness(Draw("Resolution (Å)", size)) / (size * size);
        double large = Darkness(Draw("Resolution (Å)", 200)) / (200 * 200);
        Assert.InRange(share / large, least, most);

        static double Darkness(PngImage image) => Enumerable.Range(0, image.Height).Sum(y => image.Row(y).ToArray().Sum(pixel => 255 - pixel)) / 255.0;
    }

    [Fact]
    public void ALetterLooksTheSameWhereverTheWordBegins()
    {
        PngImage first = White(100), second = White(100);
        new PngCanvas(first, 1).Text(10, 60, "Å", new PlotTextStyle(PlotAnchor.Start, Ink, 30));
        new PngCanvas(second, 1).Text(10.4, 59.7, "Å", new PlotTextStyle(PlotAnchor.Start, Ink, 30));
        Assert.Equal(Pixels(first), Pixels(second));
    }

    [Theory]
    [InlineData("half1_postprocess_masked.mrc", 100)]
    [InlineData("half1_postprocess_masked.mrc", 60)]
    [InlineData("😀😀😀😀😀😀😀😀😀😀", 60)]
    public void WhatIsTooLongKeepsItsBeginningAndItsEnd(string text, double room)
    {
        string fitting = StrokeFont.Fit(text, room, 13);
        string[] parts = fitting.Split('…');
        Assert.Equal(2, parts.Length);
        Assert.True(parts[0].Length > 0 && text.StartsWith(parts[0], StringComparison.Ordinal));
        Assert.True(parts[1].Length > 0 && text.EndsWith(parts[1], StringComparison.Ordinal));
        Assert.InRange(StrokeFont.Measure(fitting, 13), room * 0.8, room);
        Assert.DoesNotContain(Rune.ReplacementChar, fitting.EnumerateRunes());

        Assert.Equal(text, StrokeFont.Fit(text, 1000, 13));
        Assert.Equal("…", StrokeFont.Fit(text, 1, 13));
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();

    private static string Repository()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LocalDeblur.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie in the repository.");
        }

        return folder.FullName;
    }

    private static PngImage White(int width, int height = 0)
    {
        var image = new PngImage(width, height == 0 ? width : height, 1);
        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).Fill(byte.MaxValue);
        }

        return image;
    }

    private static PngImage Draw(string text, double size)
    {
        PngImage image = White((int)Math.Ceiling(StrokeFont.Measure(text, size)) + 2, (int)Math.Ceiling(1.3 * size));
        new PngCanvas(image, 1).Text(1, size, text, new PlotTextStyle(PlotAnchor.Start, Ink, size));
        return image;
    }

    // One letter a pixel: 1 where there is ink.
    private static string Pixels(PngImage image) =>
        string.Join('/', Enumerable.Range(0, image.Height).Select(y => string.Concat(image.Row(y).ToArray().Select(pixel => pixel < 128 ? '1' : '0'))));
}
