using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace LocalDeblur.Archives;

/// <summary>What an entry of the EMDB says of itself and its files: its XML header (schema 3), or the same as JSON from the archive's programming interface.</summary>
internal sealed partial record EmdbHeader
{
    /// <summary>Title; empty where there is none.</summary>
    public required string Title { get; init; }

    /// <summary>Stated resolution (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>Voxel size of the primary map (Å).</summary>
    public double? VoxelSize { get; init; }

    /// <summary>Recommended contour level of the primary map.</summary>
    public double? ContourLevel { get; init; }

    /// <summary>The primary map.</summary>
    public required EmdbFile Map { get; init; }

    /// <summary>The half maps.</summary>
    public required IReadOnlyList<EmdbFile> HalfMaps { get; init; }

    /// <summary>The masks.</summary>
    public required IReadOnlyList<EmdbFile> Masks { get; init; }

    /// <summary>Ids of the atomic models, in small letters.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The document, XML or JSON.</param>
    /// <param name="id">The entry that it must be of, for example EMD-5778.</param>
    /// <exception cref="DownloadFailure">It is not the header of that entry.</exception>
    public static EmdbHeader Read(byte[] bytes, string id)
    {
        XElement root = Parse(bytes);
        if (Text(root, "emdb_id") != id)
        {
            throw Invalid($"the header is of {Text(root, "emdb_id") ?? "no entry"}; expected {id}");
        }

        XElement map = root.Element("map") ?? throw Invalid("the header names no map");
        XElement? parts = root.Element("interpretation");
        XElement? pixel = map.Element("pixel_spacing");
        XElement[] contours = [.. Each(map, "contour_list", "contour").OrderByDescending(IsPrimary)];
        return new EmdbHeader
        {
            Title = root.Element("admin") is { } admin ? Text(admin, "title") ?? string.Empty : string.Empty,
            Resolution = root.Descendants("final_reconstruction").Select(final => Number(final, "resolution")).FirstOrDefault(value => value > 0),
            VoxelSize = pixel is null ? null : Number(pixel, "x"),
            ContourLevel = contours.Select(contour => Number(contour, "level")).FirstOrDefault(level => level is not null),
            Map = File(map, "map"),
            HalfMaps = [.. Each(parts, "half_map_list", "half_map").Select(half => File(half, "other"))],
            Masks = [.. Each(parts, "segmentation_list", "segmentation").Select(mask => File(mask, "masks"))],
            Models = [.. Each(root.Element("crossreferences"), "pdb_list", "pdb_reference").Select(Model)],
        };

        static bool IsPrimary(XElement contour) => string.Equals(Text(contour, "primary"), "true", StringComparison.OrdinalIgnoreCase);
    }

    private static XElement Parse(byte[] bytes)
    {
        try
        {
            if (Array.Find(bytes, value => value > ' ' && value < 0x80) == '{')
            {
                using var document = JsonDocument.Parse(bytes);
                return Elements("emd", document.RootElement).Single();
            }

            // No document type, so that nothing is fetched or expanded.
            using XmlReader xml = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement root = XElement.Load(xml);
            return root.Name == "emd" ? root : throw Invalid($"the header's element is <{root.Name.LocalName}>; expected <emd> of the schema's version 3");
        }
        catch (Exception exception) when (exception is JsonException or XmlException)
        {
            throw new DownloadFailure(DownloadFailure.Kind.Invalid, $"the header cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    // JSON has the elements and attributes of the schema as members, an element's text as valueOf_, and repeated elements as arrays.
    private static IEnumerable<XElement> Elements(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
        [
            new XElement(
                XmlConvert.EncodeLocalName(name),
                value.EnumerateObject().Select(member => member.NameEquals("valueOf_") ? new XText(member.Value.ToString()) : (object)Elements(member.Name, member.Value))),
        ],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Elements(name, item)),
        JsonValueKind.Null => [],
        _ => [new XElement(XmlConvert.EncodeLocalName(name), value.ToString())],
    };

    private static EmdbFile File(XElement element, string folder)
    {
        string name = Text(element, "file") ?? throw Invalid($"<{element.Name.LocalName}> of the header names no file");
        if (!FileName().IsMatch(name))
        {
            throw Invalid($"the header names the file '{name}'; expected a plain name");
        }

        XElement? statistics = element.Element("statistics");
        return new EmdbFile(name, folder)
        {
            Kilobytes = Number(element, "size_kbytes"),
            Statistics = statistics is null ? [] : [.. EmdbFile.StatisticNames.Select(each => Number(statistics, each.InHeader))],
        };
    }

    private static string Model(XElement reference)
    {
        string id = (Text(reference, "pdb_id") ?? string.Empty).ToLowerInvariant();
        return ModelId().IsMatch(id) ? id : throw Invalid($"the header names the model '{id}'; expected an id of the PDB");
    }

    private static IEnumerable<XElement> Each(XElement? parent, string list, string item) => parent?.Element(list)?.Elements(item) ?? [];

    // An attribute, or the text of a child without that of the child's own children.
    private static string? Text(XElement parent, string name) => parent.Attribute(name)?.Value
        ?? (parent.Element(name) is { } child ? string.Concat(child.Nodes().OfType<XText>().Select(text => text.Value)).Trim() : null);

    private static double? Number(XElement parent, string name) =>
        double.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static DownloadFailure Invalid(string message) => new(DownloadFailure.Kind.Invalid, message);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex FileName();

    [GeneratedRegex("^[a-z0-9_]{4,12}$")]
    private static partial Regex ModelId();
}
