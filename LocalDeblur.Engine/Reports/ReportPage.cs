using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LocalDeblur.Plots;

namespace LocalDeblur.Reports;

/// <summary>Writes a report as a page: the markup, style and script that stand in Page as files of their own, with what was measured.</summary>
/// <remarks>
/// The page's own policy allows the one script and the one style by their hashes, and pictures that stand in it; nothing else runs or loads, whatever names and labels hold.
/// Values become text in <see cref="Html"/> alone; the script gets its data as JSON in which no tag can begin.
/// </remarks>
internal sealed partial class ReportPage(SharpeningReport report, CancellationToken cancellationToken)
{
    private readonly ReportPictures _pictures = new(report, cancellationToken);

    /// <summary>The whole page.</summary>
    public string Compose()
    {
        string script = Resource("report.js"), style = Resource("report.css");
        var words = new ReportSections(report, _pictures.LevelBefore);
        (string Id, string Title, Html Content)[] sections = [.. words.All().Where(section => section.Content.Text.Length > 0)];
        (string Id, string Title)[] links =
            [("summary", "In short"), ("look", "Look at it"), .. sections.Select(section => (section.Id, section.Title)), ("definitions", "What the numbers mean")];
        var parts = new Dictionary<string, Html>
        {
            ["script"] = new(script),
            ["style"] = new(style),
            ["script-hash"] = new(Hash(script)),
            ["style-hash"] = new(Hash(style)),
            ["program"] = Html.Of($"{ProgramName.WithVersion}"),
            ["title"] = Html.Of($"{report.Title}"),
            ["subtitle"] = Html.Of($"{report.Name}. Measured on {report.Time.UtcDateTime:d MMMM yyyy, HH:mm} UTC by {ProgramName.WithVersion}."),
            ["links"] = Html.Join(links.Select(link => Html.Of($"<li><a href=\"#{link.Id}\">{link.Title}</a></li>"))),
            ["summary"] = words.Summary(),
            ["slices"] = _pictures.Slices(),
            ["surface"] = _pictures.Surface(),
            ["pictures"] = _pictures.More(),
            ["key"] = _pictures.ResolutionKey(),
            ["sections"] = Html.Join(sections.Select(section => Html.Of(
                $"<section id=\"{section.Id}\" aria-labelledby=\"{section.Id}-title\">\n<h2 id=\"{section.Id}-title\">{section.Title}</h2>\n{section.Content}</section>\n"))),
            ["definitions"] = Definitions.List(),
            ["data"] = Data(),
        };
        return Place().Replace(Resource("report.html"), place => parts[place.Groups[1].Value].Text);
    }

    // What the script works on. The serialiser writes every sign that could begin a tag as \u003C and the like.
    private Html Data()
    {
        ReportVolume volume = report.Volume;
        var data = new
        {
            size = (int[])[volume.Size.X, volume.Size.Y, volume.Size.Z],
            first = (int[])[volume.First.X, volume.First.Y, volume.First.Z],
            step = volume.Step,
            voxel = volume.Grid.VoxelSize,
            origin = (double[])[volume.Grid.Origin.X, volume.Grid.Origin.Y, volume.Grid.Origin.Z],
            perDalton = SharpeningReport.VolumePerDalton,
            palette = Enumerable.Range(0, 9).Select(stop => $"#{MapColors.At(MapPalette.Viridis, stop / 8.0):x6}").ToArray(),
            resolution = volume.Resolution is null ? null : new { finest = volume.FinestResolution, coarsest = volume.CoarsestResolution },
            maps = new { before = Describe("Before", volume.Before, _pictures.LevelBefore), after = Describe("After", volume.After, report.Contour.Level) },
        };
        StringBuilder text = new();
        text.Append("<script type=\"application/json\" id=\"data\">").Append(JsonSerializer.Serialize(data)).Append("</script>\n");
        foreach ((string id, string? voxels) in ((string, string?)[])
            [("before", volume.Before.Voxels), ("after", volume.After.Voxels), ("mask", volume.Mask), ("resolution", volume.Resolution)])
        {
            if (voxels is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"<script type=\"application/octet-stream\" id=\"voxels-{id}\">{voxels}</script>\n");
            }
        }

        return new Html(text.ToString());
    }

    private static object Describe(string name, ReportDensity map, double contour) => new
    {
        name,
        low = map.Low,
        high = map.High,
        dark = map.Dark,
        bright = map.Bright,
        mean = map.Mean,
        deviation = map.Deviation,
        contour,
        enclosed = map.Enclosed,
    };

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    // Line ends as a browser counts them, whatever the checkout has.
    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Place();
}
