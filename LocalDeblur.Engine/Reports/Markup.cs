using System.Globalization;
using LocalDeblur.Plots;

namespace LocalDeblur.Reports;

/// <summary>The pieces that a page is put together of: tables, lists, plots and pictures.</summary>
internal static class Markup
{
    // A table of more rows is no longer read.
    private const int MostRows = 600;

    /// <summary>A number.</summary>
    /// <param name="value">The number; what is none is a dash.</param>
    /// <param name="format">How it is written.</param>
    public static Html Number(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? Html.Of($"{number.ToString(format, CultureInfo.InvariantCulture)}") : Html.Of($"–");

    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    public static Html Text(string text) => Html.Of($"{text}");

    /// <summary>A table. Where it is wider than the screen it scrolls, with the arrow keys too.</summary>
    /// <param name="name">What it is, for those who do not see it; no other on the page has the same.</param>
    /// <param name="heads">Heads of the columns; none for a table without.</param>
    /// <param name="rows">Its rows.</param>
    public static Html Table(string name, IReadOnlyList<Html> heads, IEnumerable<Html> rows) =>
        Html.Of($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">{Rows(heads, rows)}</div>\n");

    /// <summary>A row of numbers.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="numbers">The numbers.</param>
    public static Html Row(Html name, params IEnumerable<Html> numbers) =>
        Html.Of($"<tr><th scope=\"row\">{name}</th>{Html.Join(numbers.Select(number => Html.Of($"<td class=\"number\">{number}</td>")))}</tr>\n");

    /// <summary>A row of texts.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="texts">The texts.</param>
    public static Html Texts(Html name, params IEnumerable<Html> texts) =>
        Html.Of($"<tr><th scope=\"row\">{name}</th>{Html.Join(texts.Select(text => Html.Of($"<td class=\"long\">{text}</td>")))}</tr>\n");

    /// <summary>Sentences, one below the other.</summary>
    /// <param name="sentences">The sentences.</param>
    public static Html Sentences(IEnumerable<string> sentences) =>
        Html.Of($"<ul class=\"plain\">{Html.Join(sentences.Select(sentence => Html.Of($"<li>{sentence}</li>\n")))}</ul>\n");

    /// <summary>A text of several lines, each of them as text.</summary>
    /// <param name="text">The text.</param>
    public static Html Lines(string text) => Html.Join(text.TrimEnd().Split('\n').Select(line => Html.Of($"{line.TrimEnd('\r')}\n")));

    /// <summary>A plot, and its numbers for those who cannot see it and those who want to know.</summary>
    /// <param name="plot">The plot.</param>
    public static Html Plot(LinePlot plot)
    {
        using var picture = new StringWriter(CultureInfo.InvariantCulture);
        SvgPlot.Write(plot, picture);
        return Html.Of($"<figure class=\"plot\">{new Html(picture.ToString())}{Numbers(plot)}</figure>\n");
    }

    /// <summary>A picture of pixels.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="name">What it shows, for those who do not see it.</param>
    /// <param name="caption">What stands below it.</param>
    public static Html Picture(PngImage image, string name, string caption)
    {
        using var bytes = new MemoryStream();
        image.Write(bytes);
        var data = new Html(Convert.ToBase64String(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return Html.Of(
            $"""
            <figure><img src="data:image/png;base64,{data}" width="{image.Width}" height="{image.Height}" alt="{name}"><figcaption>{caption}</figcaption></figure>

            """);
    }

    private static Html Rows(IReadOnlyList<Html> heads, IEnumerable<Html> rows)
    {
        Html head = Html.Join(heads.Select(name => Html.Of($"<th scope=\"col\">{name}</th>")));
        Html top = heads.Count == 0 ? Html.Empty : Html.Of($"<thead><tr>{head}</tr></thead>");
        return Html.Of($"<table>{top}<tbody>{Html.Join(rows)}</tbody></table>");
    }

    private static Html Numbers(LinePlot plot)
    {
        double[] places = [.. plot.Series.SelectMany(series => series.X).Where(double.IsFinite).Distinct().Order()];
        if (places.Length > MostRows)
        {
            return Html.Empty;
        }

        Dictionary<double, double>[] columns =
            [.. plot.Series.Select(series => series.X.Zip(series.Y).GroupBy(point => point.First).ToDictionary(group => group.Key, group => group.Last().Second))];
        Html table = Rows(
            [Text(plot.X.Label), .. plot.Series.Select(series => Text(series.Name))],
            places.Select(place => Row(
                Number(place, "G5"),
                columns.Select(column => column.TryGetValue(place, out double value) && double.IsFinite(value) ? Number(value, "G4") : Html.Empty))));
        string name = $"Numbers: {plot.Title}";
        return Html.Of($"<details><summary>{name}</summary><div class=\"numbers\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\">{table}</div></details>");
    }
}
