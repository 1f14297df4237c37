using System.Xml.Linq;
using LocalDeblur.Files;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine;

public sealed class PlainTextTests : IDisposable
{
    private const string Escapes = "\u001b[2J\u001b]0;owned\u0007<script>";

    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("half1.mrc", "half1.mrc")]
    [InlineData("Å ≥ 日本 é", "Å ≥ 日本 é")]
    [InlineData("\ud83d\ude00", "\ud83d\ude00")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\nb\r\tc\0", "a\\u000ab\\u000d\\u0009c\\u0000")]
    [InlineData("\u009b1m\u007f", "\\u009b1m\\u007f")]
    [InlineData("\u202egnp.exe", "\\u202egnp.exe")]
    [InlineData("\u2028x", "\\u2028x")]
    [InlineData(null, "")]
    public void WhatCommandsATerminalIsWrittenOut(string? text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void HalfOfAPairIsWrittenOut() => Assert.Equal("\\ud800x\\udc00", PlainText.Of(new string(['\ud800', 'x', '\udc00'])));

    [Fact]
    public void EveryWayOutOfTheEngineTakesIt()
    {
        string path = new MrcFile { Labels = [Escapes], ExtendedType = "\u001b[2J", Extended = new byte[80] }.With(208, 0x1b, 0x5b, 0x32, 0x4a).Save(_folder, "a\u001b[2J.mrc");
        MrcHeader header = MrcReader.ReadHeader(path);
        var refusal = new EngineException(EngineError.MapNotFinite, $"'{path}' is odd.");
        using var csv = new StringWriter();
        CsvTable.WriteRow(csv, [Escapes, "x"]);

        IEnumerable<string> texts =
        [
            .. header.Labels, header.ExtendedHeaderType, header.MapId, .. header.Deviations.Select(deviation => deviation.Message),
            MrcFile.Open(path).Name, refusal.Message, refusal.MessageFor(_ => null), csv.ToString().TrimEnd('\n'),
        ];

        Assert.All(texts, text => Assert.DoesNotContain(text, character => char.IsControl(character)));
        Assert.Contains("\\u001b", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureStaysWellFormed()
    {
        using var svg = new StringWriter();
        var plot = new LinePlot { Title = Escapes, X = new PlotAxis("x"), Y = new PlotAxis("y"), Series = [new PlotSeries(Escapes, [0, 1], [0, 1])] };

        SvgPlot.Write(plot, svg);

        Assert.Contains("\\u001b[2J", XDocument.Parse(svg.ToString()).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-half", "'-half")]
    [InlineData("-3.5", "-3.5")]
    [InlineData("+1E-05", "+1E-05")]
    [InlineData("a,b", "\"a,b\"")]
    public void ATextInATableIsNoFormula(string field, string written)
    {
        using var csv = new StringWriter();
        CsvTable.WriteRow(csv, [field]);

        Assert.Equal(written + "\n", csv.ToString());
    }
}
