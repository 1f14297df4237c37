using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// Files of Fourier shell correlation, of which the suffix tells the kind: .csv, comma-separated values with one row per shell and a head row; .star, RELION's
/// postprocess.star; .xml, the curve that states the resolution as the EMDB takes it with a deposition.
/// </summary>
/// <remarks>
/// The columns of comma-separated values are shell, inv_resolution_per_A, resolution_A, fsc_corrected, fsc_mask_fraction, fsc_unmasked, fsc_masked,
/// fsc_phase_randomised_masked and count. A curve that was not measured has empty fields. Shell 0, whose resolution is infinite, has an empty resolution; on reading
/// anything goes there. Numbers are written independently of the culture and read back exactly. A file is read as what its content is, whatever its suffix.
/// </remarks>
public static class FscTable
{
    // Room for figures that were rounded.
    private const double MostCorrelation = 1.001;

    private const string Csv = ".csv";
    private const string Star = ".star";
    private const string Xml = ".xml";

    /// <summary>Whether the name of a file has a suffix that can be written: .csv, .star or .xml.</summary>
    /// <param name="path">Path or name.</param>
    public static bool IsTable(string path) => Has(path, Csv) || Has(path, Star) || Has(path, Xml);

    /// <summary>Whether a table has Guinier profiles beside the curves, by its name.</summary>
    /// <param name="path">Path or name.</param>
    public static bool HoldsProfiles(string path) => Has(path, Star);

    /// <summary>The refusal of a name that is not one of a table.</summary>
    /// <param name="path">The name.</param>
    public static EngineException NameUnsupported(string path) => new(
        EngineError.TableFileNameUnsupported,
        $"'{path}' does not say what table to write; expected a name that ends in .csv (all curves), .star (RELION's postprocess.star) or .xml (for the EMDB).",
        path);

    /// <summary>Refuses a table that could not be written in the end, before what it holds is computed.</summary>
    /// <param name="path">Table to write; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="EngineException">TableFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsTable(path))
        {
            throw NameUnsupported(path);
        }

        TemporaryFile.RequireTarget(Path.GetFullPath(path), overwrite);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="path">Table to write; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="guinier">Profiles for the block data_guinier of a .star file; null for none. Other tables have no place for them.</param>
    /// <param name="projectFolder">Full path of the folder that a .star file's names of maps below it are relative to, as RELION has its project's; null to write
    /// them as they are.</param>
    /// <exception cref="EngineException">TableFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public static void Write(FscResult result, string path, bool overwrite, GuinierTable? guinier = null, string? projectFolder = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        RequireWritable(path, overwrite);
        ResultFile.WriteText(path, overwrite, writer =>
        {
            if (Has(path, Star))
            {
                FscStar.Write(result, guinier, projectFolder, writer);
            }
            else if (Has(path, Xml))
            {
                FscXml.Write(result, writer);
            }
            else
            {
                Write(result, writer);
            }
        });
    }

    /// <summary>Writes comma-separated values.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="writer">Takes the text; lines end with a line feed.</param>
    public static void Write(FscResult result, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        FscColumns names = FscColumns.Csv;
        CsvTable.WriteRow(writer, [names.Shell, names.Frequency, names.Resolution, .. names.Curves.Select(column => column.Name), names.Count!]);
        foreach (FscShell shell in result.Shells)
        {
            CsvTable.WriteRow(writer,
            [
                CsvTable.Number(shell.Index),
                CsvTable.Number(shell.Frequency),
                CsvTable.Number(shell.Resolution),
                .. names.Curves.Select(column => CsvTable.Number(shell[column.Curve])),
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
        using StringReader reader = TextFile.Open(path, EngineError.FscTableInvalid);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>
    /// Reads a table of any of the three kinds, by its content. Of comma-separated values and of a .star file the columns are found by name and others passed over;
    /// the shell, its resolution and one curve must be there. The one curve of an .xml file is what its title says, or else the corrected one.
    /// </summary>
    /// <param name="reader">Gives the text.</param>
    /// <param name="name">Name of the table, for messages.</param>
    /// <exception cref="EngineException">FscTableInvalid, with the line.</exception>
    public static FscResult Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Peek() == '<')
        {
            return FscXml.Read(reader, name);
        }

        List<string> blank = [];
        string? first = reader.ReadLine()?.TrimStart('\uFEFF');
        for (; first is not null && string.IsNullOrWhiteSpace(first); first = reader.ReadLine())
        {
            blank.Add(first);
        }

        IEnumerable<string> lines = [.. blank, first ?? string.Empty];
        lines = lines.Concat(Lines(reader));
        return first is not null && StarBlock.CanBegin(first) ? FscStar.Read(lines, name) : ReadCsv(lines, name);
    }

    /// <summary>A correlation, if it can be one. A correction divides by one minus a correlation that may be near 1, and so knows no lower end.</summary>
    /// <param name="value">What the table says; NaN for nothing.</param>
    /// <param name="curve">Its curve.</param>
    /// <param name="name">Name of the table.</param>
    /// <param name="line">Number of the line.</param>
    /// <param name="column">Name of the column.</param>
    /// <exception cref="EngineException">FscTableInvalid.</exception>
    internal static double Correlation(double value, FscCurveKind curve, string name, int line, string column)
    {
        bool isCorrected = curve is FscCurveKind.Corrected or FscCurveKind.MaskFraction;
        return double.IsNaN(value) || (double.IsFinite(value) && value <= MostCorrelation && (isCorrected || value >= -MostCorrelation))
            ? value
            : throw Refuse(name, line, Say($"{value} in column '{column}'; expected a correlation, at most 1{(isCorrected ? "" : " and at least -1")}"));
    }

    /// <summary>The refusal of a table.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="line">Number of the line, from 1.</param>
    /// <param name="what">What is wrong there.</param>
    internal static EngineException Refuse(string name, int line, string what) =>
        new(EngineError.FscTableInvalid, Say($"'{name}' is not a table of Fourier shell correlation: line {line}: {what}."), name);

    private static FscResult ReadCsv(IEnumerable<string> lines, string name)
    {
        FscRows? rows = null;
        foreach ((int before, string text) in lines.Index())
        {
            string[] fields = text.Split(',');
            if (!string.IsNullOrWhiteSpace(text) && rows is null)
            {
                rows = new FscRows(FscColumns.Csv, [.. fields.Select(field => field.Trim().Trim('"'))], name, before + 1);
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                rows!.Add(fields, before + 1);
            }
        }

        return new FscResult((rows ?? new FscRows(FscColumns.Csv, [], name, 1)).Finish());
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static bool Has(string path, string suffix) => path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
