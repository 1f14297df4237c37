using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Archives;

/// <summary>The README of a deposition: what each file is, the figures that the deposition site asks for, and how they were found.</summary>
/// <param name="map">The primary map.</param>
/// <param name="contour">Its recommended surface.</param>
/// <param name="curves">The half maps' correlation; null for none.</param>
internal sealed class DepositionReport(CryoMap map, Contour contour, FscResult? curves)
{
    private const int LabelWidth = 26;

    /// <summary>How the contour level was found.</summary>
    public required string ContourRule { get; init; }

    /// <summary>Densities at which each half map encloses as much as the primary map.</summary>
    public required double[] HalfContours { get; init; }

    /// <summary>Share of each half map that is exactly zero in rows.</summary>
    public required double[] Zeros { get; init; }

    /// <summary>What spoke against the half maps and was accepted.</summary>
    public required string[] Accepted { get; init; }

    /// <summary>What else the user should know.</summary>
    public required string[] Doubts { get; init; }

    /// <summary>Where the mask comes from.</summary>
    public required string MaskRule { get; init; }

    /// <summary>Whether the correlation was given rather than measured.</summary>
    public required bool IsCurveGiven { get; init; }

    /// <summary>The half maps, copied.</summary>
    public required DepositedFile[] Halves { get; init; }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="primary">Name of the primary map's file.</param>
    /// <param name="mask">Name of the mask's file.</param>
    /// <param name="curve">Name of the curve's file; null for none.</param>
    /// <param name="picture">Name of the picture.</param>
    public void Write(TextWriter writer, string primary, string mask, string? curve, string picture)
    {
        void Line(string text = "") => writer.Write($"{text}\n");
        void Item(string label, FormattableString value) => Line($"{label.PadRight(LabelWidth)}{value.ToString(CultureInfo.InvariantCulture)}");

        Line($"Files for a deposition in the EMDB, put together by {ProgramName.WithVersion}");
        Line();
        Item("Voxel size", $"{map.VoxelSize:0.#####} Å, of every map");
        Item("Box", $"{map.Size} voxels");
        Item("Place", $"({map.Origin}) Å");
        Item("Contour level", $"{contour.Level:G4}, {ContourRule}");
        Item(string.Empty, $"it encloses {contour.Voxels * Math.Pow(map.VoxelSize, 3):0} Å³ ({contour.Voxels} voxels)");
        Item("Contour level, half maps", $"{HalfContours[0]:G4} and {HalfContours[1]:G4}, which enclose as much");
        string origin = IsCurveGiven ? "as given" : "measured in the mask";
        Item("Resolution", $"{(curves is null ? "not measured, since the half maps are not two of one reconstruction" : $"{curves}, {origin}")}");
        Line();
        Line("Files");
        Item(primary, $"primary map: {map.Name}");
        foreach ((DepositedFile half, double zeros) in Halves.Zip(Zeros))
        {
            Item(half.Name, $"half map: {PlainText.Of(Path.GetFileName(half.Source))}, byte for byte");
            Item(string.Empty, $"SHA-256 {half.Sha256}");
            Item(string.Empty, $"{100 * zeros:0.##} % of its voxels lie in rows that are exactly 0");
        }

        Item(mask, $"mask: {MaskRule}");
        if (curve is not null)
        {
            Item(curve, $"Fourier shell correlation, the curve that states the resolution");
        }

        Item(picture, $"surface of the primary map at the contour level");
        Line();
        Line("How the primary map was made, by the labels of its file and its history");
        foreach (string label in map.Header?.Labels ?? [])
        {
            Line($"  {PlainText.Of(label.Trim())}");
        }

        foreach (HistoryEntry step in map.History)
        {
            Line($"  {step.Step} ({step.Program}): {Said(step)}");
        }

        Section("Accepted though a check refused them", Accepted);
        Section("To look at before it is deposited", Doubts);

        void Section(string title, string[] sentences)
        {
            if (sentences.Length > 0)
            {
                Line();
                Line(title);
                Array.ForEach(sentences, sentence => Line($"  {PlainText.Of(sentence)}"));
            }
        }
    }

    // Names without their folders, which are nobody's business.
    private static string Said(HistoryEntry step) => PlainText.Of(string.Join(
        ", ",
        from parameter in step.Parameters
        where parameter.Value is not null
        let value = parameter.Value is string text && Path.IsPathRooted(text) ? Path.GetFileName(text) : parameter.Value
        select string.Create(CultureInfo.InvariantCulture, $"{parameter.Key} {value}")));
}
