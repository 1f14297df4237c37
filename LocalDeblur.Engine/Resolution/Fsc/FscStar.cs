using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>Curves of Fourier shell correlation as RELION's postprocess.star: the blocks data_general, data_fsc and data_guinier.</summary>
/// <remarks>Labels, the stand-in of 999 Å for the infinite resolution of shell 0 and that of −99 for the logarithm of 0 are those of RELION 3.1.</remarks>
internal static class FscStar
{
    private const string General = "general";
    private const string Fsc = "fsc";
    private const string FinalResolution = "_rlnFinalResolution";
    private const string RandomiseFrom = "_rlnRandomiseFrom";
    private const string Half1 = "_rlnUnfilteredMapHalf1";
    private const string Half2 = "_rlnUnfilteredMapHalf2";
    private const string Mask = "_rlnMaskName";

    private const double ResolutionOfMean = 999;
    private const double LogarithmOfNothing = -99;

    // Share by which RELION's own figure may differ from that of the curve: what six decimals lose, and a little more.
    private const double FigureTolerance = 1e-3;

    /// <summary>Writes the file.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="guinier">Profiles; null to leave data_guinier out.</param>
    /// <param name="projectFolder">Folder that names of files below it are relative to; null to write them as they are.</param>
    /// <param name="writer">Takes the text.</param>
    public static void Write(FscResult result, GuinierTable? guinier, string? projectFolder, TextWriter writer)
    {
        writer.Write($"# {ProgramName.WithVersion}\n");
        WriteGeneral(result, guinier, projectFolder, writer);

        FscColumns names = FscColumns.Star;
        (string Name, FscCurveKind Curve)[] curves = [.. names.Curves.Where(column => result.Curves.Contains(column.Curve))];
        WriteLoop(writer, Fsc, [names.Shell, names.Frequency, names.Resolution, .. curves.Select(column => column.Name)], result.Shells.Select(shell => (double[])
        [
            shell.Index,
            shell.Index == 0 ? 1 / ResolutionOfMean : shell.Frequency,
            shell.Index == 0 ? ResolutionOfMean : shell.Resolution,
            .. curves.Select(column => double.IsFinite(shell[column.Curve]) ? shell[column.Curve] : 0),
        ]));
        if (guinier is not null)
        {
            WriteGuinier(guinier, writer);
        }
    }

    /// <summary>Reads such a file, of this program or of RELION.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="EngineException">FscTableInvalid.</exception>
    public static FscResult Read(IEnumerable<string> lines, string name)
    {
        Dictionary<string, StarBlock> blocks = StarBlock.Read(lines, General, Fsc);
        if (!blocks.TryGetValue(Fsc, out StarBlock? table))
        {
            throw FscTable.Refuse(name, 1, "the file has no block data_fsc; expected a postprocess.star");
        }

        var rows = new FscRows(FscColumns.Star, table.Columns, name, table.HeadLine);
        table.Rows.ForEach(row => rows.Add(row.Fields, row.Line));
        IReadOnlyList<FscShell> shells = rows.Finish();
        Dictionary<string, string> items = blocks.GetValueOrDefault(General)?.Items ?? [];
        double from = Number(items, RandomiseFrom);
        double stated = Number(items, FinalResolution);
        FscResolution final = new FscResult(shells).Final;
        double found = AsWritten(final.ResolutionShell);
        return new FscResult(shells)
        {
            RandomisedFrom = from > 0 ? FourierShellCorrelation.ShellOf(shells[1].Resolution, from) : null,
            HalfMaps = items.GetValueOrDefault(Half1) is { } half1 && items.GetValueOrDefault(Half2) is { } half2 ? [half1, half2] : [],
            Mask = items.GetValueOrDefault(Mask),
            Warnings = stated > 0 && Math.Abs(stated - found) > FigureTolerance * stated
                ? [Say($"'{name}' states a final resolution of {stated:0.##} Å; its {final.Curve.ToString().ToLowerInvariant()} curve gives {found:0.##} Å.")]
                : [],
        };
    }

    private static double Number(Dictionary<string, string> items, string label) =>
        double.TryParse(items.GetValueOrDefault(label), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static void WriteGeneral(FscResult result, GuinierTable? guinier, string? projectFolder, TextWriter writer)
    {
        WriteHead(writer, General);
        Item(FinalResolution, TextOrNone(AsWritten(result.ResolutionShell)));
        Item("_rlnBfactorUsedForSharpening", guinier is null ? null : Text(guinier.BFactor));
        Item(Half1, FileName(result.HalfMaps.ElementAtOrDefault(0), projectFolder));
        Item(Half2, FileName(result.HalfMaps.ElementAtOrDefault(1), projectFolder));
        Item(Mask, FileName(result.Mask, projectFolder));
        Item(RandomiseFrom, result.RandomisedFrom is { } shell ? Text(result.Shells[shell].Resolution) : null);
        if (guinier?.Weighted.Fit is { } fit)
        {
            Item("_rlnFittedSlopeGuinierPlot", Text(fit.Slope));
            Item("_rlnFittedInterceptGuinierPlot", Text(fit.Intercept));
            Item("_rlnCorrelationFitGuinierPlot", TextOrNone(fit.Correlation));
        }

        void Item(string label, string? value)
        {
            if (value is not null)
            {
                writer.Write($"{label,-40} {value}\n");
            }
        }
    }

    private static void WriteGuinier(GuinierTable guinier, TextWriter writer)
    {
        RadialShells shells = guinier.Original.Shells;
        double? intercept = guinier.Weighted.Fit?.Intercept;
        string[] columns = ["_rlnResolutionSquared", "_rlnLogAmplitudesOriginal", "_rlnLogAmplitudesWeighted", "_rlnLogAmplitudesSharpened"];
        WriteLoop(
            writer,
            "guinier",
            intercept is null ? columns : [.. columns, "_rlnLogAmplitudesIntercept"],
            from shell in Enumerable.Range(0, shells.Count)
            let logarithms = ((GuinierProfile[])[guinier.Original, guinier.Weighted, guinier.Sharpened])
                .Select(profile => double.IsFinite(profile.LogAmplitudes[shell]) ? profile.LogAmplitudes[shell] : LogarithmOfNothing)
            select (double[])[Math.Pow(shells.Frequency(shell), 2), .. logarithms, .. intercept is { } value ? (double[])[value] : []]);
    }

    private static void WriteLoop(TextWriter writer, string block, string[] columns, IEnumerable<double[]> rows)
    {
        WriteHead(writer, block);
        writer.Write("loop_\n");
        foreach ((int i, string column) in columns.Index())
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{column} #{i + 1}\n"));
        }

        foreach (double[] row in rows)
        {
            writer.Write(string.Join(' ', row.Select(Text)));
            writer.Write('\n');
        }

        writer.Write('\n');
    }

    // Without its version RELION takes a file for one of before 3.1, and converts it.
    private static void WriteHead(TextWriter writer, string block) => writer.Write($"\n# version 30001\n\ndata_{block}\n\n");

    private static double AsWritten(double resolution) => double.IsPositiveInfinity(resolution) ? ResolutionOfMean : resolution;

    // An item that has no number is left out, since RELION knows no word for that.
    private static string? TextOrNone(double value) => double.IsNaN(value) ? null : Text(value);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // A name with blanks would be two words to RELION, which knows no quotes.
    private static string? FileName(string? path, string? projectFolder)
    {
        if (path is null)
        {
            return null;
        }

        string relative = projectFolder is not null && Path.IsPathFullyQualified(path) ? Path.GetRelativePath(projectFolder, path) : path;
        string written = relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace(Path.DirectorySeparatorChar, '/');
        return written.Any(char.IsWhiteSpace) ? null : written;
    }
}
