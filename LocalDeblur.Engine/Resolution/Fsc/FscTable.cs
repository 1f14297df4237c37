using System.Globalization;
using LocalDeblur.Files;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// Curves of Fourier shell correlation as comma-separated values: one row per shell, with a head row. The columns are shell,
/// inv_resolution_per_A, resolution_A, fsc_corrected, fsc_mask_fraction, fsc_unmasked, fsc_masked, fsc_phase_randomised_masked and count.
/// </summary>
/// <remarks>
/// A curve that was not measured has empty fields. Shell 0, whose resolution is infinite, has an empty resolution; on reading anything goes there.
/// Numbers are written independently of the culture and read back exactly.
/// </remarks>
public static class FscTable
{
    private const string ShellColumn = "shell";
    private const string FrequencyColumn = "inv_resolution_per_A";
    private const string ResolutionColumn = "resolution_A";
    private const string CountColumn = "count";

    private static readonly (string Name, FscCurveKind Curve)[] CurveColumns =
    [
        ("fsc_corrected", FscCurveKind.Corrected),
        ("fsc_mask_fraction", FscCurveKind.MaskFraction),
        ("fsc_unmasked", FscCurveKind.Unmasked),
        ("fsc_masked", FscCurveKind.Masked),
        ("fsc_phase_randomised_masked", FscCurveKind.Randomised),
    ];

    /// <summary>Writes the table.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="writer">Takes the text; lines end with a line feed.</param>
    public static void Write(FscResult result, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, [ShellColumn, FrequencyColumn, ResolutionColumn, .. CurveColumns.Select(column => column.Name), CountColumn]);
        foreach (FscShell shell in result.Shells)
        {
            CsvTable.WriteRow(writer,
            [
                CsvTable.Number(shell.Index),
                CsvTable.Number(shell.Frequency),
                CsvTable.Number(shell.Resolution),
                .. CurveColumns.Select(column => CsvTable.Number(shell[column.Curve])),
                shell.Count > 0 ? shell.Count.ToString(CultureInfo.InvariantCulture) : string.Empty,
            ]);
        }
    }

    /// <summary>Reads a table from a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, FscTableInvalid.</exception>
    public static FscResult Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using StreamReader reader = TextFile.Open(path);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>Reads a table. Columns are found by name; others are passed over. The shell, its resolution and one curve must be there.</summary>
    /// <param name="reader">Gives the text.</param>
    /// <param name="name">Name of the table, for messages.</param>
    /// <exception cref="EngineException">FscTableInvalid, with the line.</exception>
    public static FscResult Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string[] head = [.. (reader.ReadLine() ?? string.Empty).TrimStart('\uFEFF').Split(',').Select(field => field.Trim().Trim('"'))];
        int shellAt = Array.IndexOf(head, ShellColumn);
        int resolutionAt = Array.IndexOf(head, ResolutionColumn);
        int frequencyAt = Array.IndexOf(head, FrequencyColumn);
        int countAt = Array.IndexOf(head, CountColumn);
        if (shellAt < 0 || (resolutionAt < 0 && frequencyAt < 0) || !CurveColumns.Any(column => head.Contains(column.Name)))
        {
            throw Refuse(
                name,
                1,
                $"the columns are '{string.Join(", ", head)}'; expected {ShellColumn}, {ResolutionColumn} or {FrequencyColumn}, and a curve such as fsc_unmasked");
        }

        var shells = new List<FscShell>();
        int line = 1;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            string[] fields = text.Split(',');
            if (fields.Length != head.Length)
            {
                throw Refuse(name, line, $"{fields.Length} fields; expected {head.Length}");
            }

            double index = Number(shellAt);
            if (index != shells.Count)
            {
                throw Refuse(name, line, $"shell '{fields[shellAt]}'; expected {shells.Count}, shells in order from 0");
            }

            double resolution = Number(resolutionAt);
            double frequency = Number(frequencyAt);
            if (shells.Count == 0)
            {
                resolution = double.PositiveInfinity;
                frequency = 0;
            }
            else
            {
                resolution = double.IsNaN(resolution) ? 1 / frequency : resolution;
                frequency = double.IsNaN(frequency) ? 1 / resolution : frequency;
                if (!(resolution > 0) || !(frequency > 0) || (shells.Count > 1 && resolution >= shells[^1].Resolution))
                {
                    throw Refuse(name, line, string.Create(CultureInfo.InvariantCulture, $"resolution {resolution} Å; expected positive numbers that fall from shell to shell"));
                }
            }

            double count = Number(countAt);
            shells.Add(new FscShell(
                shells.Count,
                resolution,
                frequency,
                double.IsNaN(count) ? 0 : (long)count,
                Curve(FscCurveKind.Unmasked),
                Curve(FscCurveKind.Masked),
                Curve(FscCurveKind.Randomised),
                Curve(FscCurveKind.Corrected),
                Curve(FscCurveKind.MaskFraction)));

            double Number(int column)
            {
                if (column < 0 || string.IsNullOrWhiteSpace(fields[column]))
                {
                    return double.NaN;
                }

                return double.TryParse(fields[column].Trim().Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw Refuse(name, line, $"'{fields[column]}' in column '{head[column]}'; expected a number with a decimal point");
            }

            double Curve(FscCurveKind curve) => Number(Array.IndexOf(head, Array.Find(CurveColumns, column => column.Curve == curve).Name));
        }

        if (shells.Count < 2 || !shells.Skip(1).Any(shell => CurveColumns.Any(column => column.Curve != FscCurveKind.Randomised && !double.IsNaN(shell[column.Curve]))))
        {
            throw Refuse(name, line, "the table ends without a curve; expected a row for each shell");
        }

        return new FscResult(shells);
    }

    private static EngineException Refuse(string name, int line, string what) =>
        new(EngineError.FscTableInvalid, string.Create(CultureInfo.InvariantCulture, $"'{name}' is not a table of Fourier shell correlation: line {line}: {what}."), name);
}
