using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine.Plots;

/// <summary>Where the texts of a plot lie: inside the picture, apart from each other, and clear of the lines.</summary>
public sealed class PlotLayoutTests
{
    private static readonly double[] X = [.. Enumerable.Range(0, 41).Select(i => i * 0.012)];

    public static TheoryData<string> Kinds => [.. Plots.Keys];

    private static Dictionary<string, LinePlot> Plots { get; } = new()
    {
        ["shell correlation"] = new LinePlot
        {
            Title = "Fourier shell correlation: 2.12 Å (FSC 0.143, corrected)",
            X = new PlotAxis("Spatial frequency, 1/d (1/Å)") { Minimum = 0, Resolution = PlotResolutionScale.Reciprocal },
            Y = new PlotAxis("Fourier shell correlation") { Minimum = 0, Maximum = 1 },
            Series =
            [
                new PlotSeries("Unmasked", X, [.. X.Select(x => Math.Exp(-3 * x))]),
                new PlotSeries("Phases randomised", X, [.. X.Select(x => x < 0.25 ? 0.98 : 0.01)]),
                new PlotSeries("Corrected", X, [.. X.Select(x => 1 - (0.3 * x))]),
                new PlotSeries("Mask fraction", X, [.. X.Select(x => 0.9 - x)]),
            ],
            ReferenceLines = [new PlotReferenceLine(0.143, "0.143"), new PlotReferenceLine(0.5, "0.5")],
        },
        ["squared frequency"] = new LinePlot
        {
            Title = "Guinier plot",
            X = new PlotAxis("Spatial frequency squared, 1/d² (1/Å²)") { Minimum = 0, Resolution = PlotResolutionScale.ReciprocalSquare },
            Y = new PlotAxis("ln⟨|F|⟩, aligned at low resolution"),
            Series =
            [
                new PlotSeries("map.mrc", [.. X.Select(x => x * x)], [.. X.Select(x => -8 - (20 * x))]),
                new PlotSeries("map.mrc: B -83.4 Å²", [.. X.Select(x => x * x)], [.. X.Select(x => -8 - (19 * x))]),
            ],
        },
        ["small numbers"] = new LinePlot
        {
            Title = "Small numbers",
            X = new PlotAxis("x"),
            Y = new PlotAxis("y"),
            Series = [new PlotSeries("one", X, [.. X.Select(x => -0.000123 + (0.0004 * x))])],
        },
        ["long names"] = new LinePlot
        {
            Title = string.Concat(Enumerable.Repeat("A title without end and without measure ", 6)),
            X = new PlotAxis(string.Concat(Enumerable.Repeat("An axis without end ", 12))),
            Y = new PlotAxis(string.Concat(Enumerable.Repeat("Another axis without end ", 12))),
            Series = [.. Enumerable.Range(0, 9).Select(i => new PlotSeries($"{i}{new string('W', 120)}{i}", X, [.. X.Select(x => i * x)]))],
            ReferenceLines = [new PlotReferenceLine(1, "one"), new PlotReferenceLine(1.05, "nearly one")],
        },
        ["upright line in a peak"] = new LinePlot
        {
            Title = "6272.mrc.gz: EMRinger 5.18 (99 residues)",
            X = new PlotAxis("Density threshold"),
            Y = new PlotAxis("EMRinger score"),
            Series = [new PlotSeries("score", X, [.. X.Select(x => Math.Min(5.85, 0.1 + (30 * x)))])],
            ReferenceLines = [new PlotReferenceLine(0, "chance"), new PlotReferenceLine(0.4, "score") { Upright = true }],
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TextsLieInThePictureAndApart(string kind)
    {
        foreach (double letterWidth in (double[])[1, 1.16])
        {
            (Recorder canvas, int height) = Lay(kind, letterWidth);
            Assert.True(canvas.Texts.Count > 8);
            foreach ((string text, Box box) in canvas.Texts)
            {
                Assert.True(box.Left >= 0 && box.Right <= PlotLayout.Width && box.Top >= 0 && box.Bottom <= height, $"'{text}' lies at {box}.");
            }

            for (int i = 0; i < canvas.Texts.Count; i++)
            {
                Assert.DoesNotContain(canvas.Texts.Skip(i + 1), other => other.Box.Overlaps(canvas.Texts[i].Box));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void LabelsOfLinesAndTheLegendHideNothing(string kind)
    {
        LinePlot plot = Plots[kind];
        (Recorder canvas, _) = Lay(kind, 1);
        string[] labels = [.. plot.ReferenceLines.Select(line => line.Label)];
        Box[] boxes = [.. canvas.Texts.Where(text => labels.Contains(text.Text)).Select(text => text.Box)];
        Assert.Equal(labels.Length, boxes.Length);

        // Where the legend stands among the lines, it is the last rectangle; it holds its names.
        Box legend = canvas.Rectangles[^1];
        if (plot.Series.Count > 1)
        {
            Assert.Equal(plot.Series.Count, canvas.Texts.Count(text => legend.Contains(text.Box)));
            Assert.DoesNotContain(boxes, legend.Overlaps);
            boxes = [.. boxes, legend];
        }

        Assert.Equal(plot.Series.Count, canvas.Lines.Count);
        Assert.All(canvas.Lines, line => Assert.All(boxes, box =>
        {
            Assert.True(line.Count > 1);
            for (int i = 1; i < line.Count; i++)
            {
                for (int step = 0; step <= 50; step++)
                {
                    double share = step / 50.0;
                    double x = line[i - 1].X + (share * (line[i].X - line[i - 1].X)), y = line[i - 1].Y + (share * (line[i].Y - line[i - 1].Y));
                    Assert.False(box.Overlaps(new Box(x, y, x, y)), $"({x}, {y}) in {box}");
                }
            }
        }));
    }

    [Fact]
    public void RoundResolutionsAreMarkedFirst()
    {
        (Recorder canvas, _) = Lay("squared frequency", 1);
        string[] marks = [.. canvas.Texts.Select(text => text.Text)];
        Assert.All((string[])["10", "5", "4", "3"], mark => Assert.Contains(mark, marks));
    }

    [Fact]
    public void WideTickLabelsMoveTheAxisToTheRight()
    {
        double plain = Lay("shell correlation", 1).Canvas.Rectangles[1].Left;
        double wide = Lay("small numbers", 1).Canvas.Rectangles[1].Left;
        Assert.True(wide > plain, $"{wide} and {plain}");
    }

    private static (Recorder Canvas, int Height) Lay(string kind, double letterWidth)
    {
        var layout = new PlotLayout(Plots[kind], letterWidth);
        var canvas = new Recorder(letterWidth);
        layout.Draw(canvas);
        return (canvas, layout.Height);
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Overlaps(Box other) => other.Left < Right && other.Right > Left && other.Top < Bottom && other.Bottom > Top;

        public bool Contains(Box other) => other.Left >= Left && other.Right <= Right && other.Top >= Top && other.Bottom <= Bottom;
    }

    // Notes what is painted, texts as the boxes that their letters fill.
    private sealed class Recorder(double letterWidth) : PlotCanvas
    {
        public List<(string Text, Box Box)> Texts { get; } = [];

        public List<Box> Rectangles { get; } = [];

        public List<IReadOnlyList<(double X, double Y)>> Lines { get; } = [];

        public override void Rectangle(double x, double y, double width, double height, int? fill, int? stroke, double opacity = 1) =>
            Rectangles.Add(new Box(x, y, x + width, y + height));

        public override void Line(double x1, double y1, double x2, double y2, PlotPen pen)
        {
        }

        public override void Polyline(IReadOnlyList<(double X, double Y)> points, PlotPen pen) => Lines.Add([.. points]);

        public override void Disc(double x, double y, double radius, int color)
        {
        }

        public override void Text(double x, double y, string text, PlotTextStyle style)
        {
            double width = StrokeFont.Measure(text, style.Size, style.Bold) * letterWidth, above = StrokeFont.CapitalHeight * style.Size;
            double back = style.Anchor switch { PlotAnchor.Middle => width / 2, PlotAnchor.End => width, _ => 0 };
            Texts.Add((text, style.Upwards ? new Box(x - above, y + back - width, x, y + back) : new Box(x - back, y - above, x - back + width, y)));
        }

        public override void BeginClip(double x, double y, double width, double height)
        {
        }

        public override void EndClip()
        {
        }
    }
}
