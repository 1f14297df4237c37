using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using LocalDeblur.Files;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// One curve of Fourier shell correlation as the EMDB takes it with a deposition: an element fsc with title, xaxis and yaxis, which holds elements coordinate, each of
/// x (1/Å) and y.
/// </summary>
internal static class FscXml
{
    private const string Root = "fsc";
    private const string Title = "title";
    private const string Point = "coordinate";
    private const long MostCharacters = 16 << 20;

    // Share of the distance of two shells by which a frequency may lie beside its shell.
    private const double PlaceTolerance = 0.1;

    /// <summary>Writes the curve that states the resolution, from the first shell to the last.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="writer">Takes the text.</param>
    public static void Write(FscResult result, TextWriter writer)
    {
        FscCurveKind curve = result.Final.Curve;
        var document = new XElement(
            Root,
            new XAttribute(Title, $"{ProgramName.WithVersion}: {TitleOf(curve)}"),
            new XAttribute("xaxis", "Resolution (A-1)"),
            new XAttribute("yaxis", "Correlation Coefficient"),
            from shell in result.Shells.Skip(1)
            where double.IsFinite(shell[curve])
            select new XElement(Point, new XElement("x", Text(shell.Frequency)), new XElement("y", Text(shell[curve]))));
        using XmlWriter xml = XmlWriter.Create(writer, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true });
        document.Save(xml);
    }

    /// <summary>Reads such a file.</summary>
    /// <param name="reader">Gives the text.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="EngineException">FscTableInvalid.</exception>
    public static FscResult Read(TextReader reader, string name)
    {
        XElement root = Load(reader, name);
        if (root.Name.LocalName != Root)
        {
            throw FscTable.Refuse(name, Line(root), $"the element is <{root.Name.LocalName}>; expected <{Root}>");
        }

        (XElement Element, double X, double Y)[] points =
            [.. from point in root.Elements() where point.Name.LocalName == Point select (point, Number(point, "x", name), Number(point, "y", name))];
        if (points.Length < 3)
        {
            throw FscTable.Refuse(name, Line(root), $"{points.Length} elements <{Point}>; expected one for each shell, at least three");
        }

        // The first point may be the mean, at any frequency below the first shell's, or the first shell.
        double step = (points[^1].X - points[1].X) / (points.Length - 2);
        double first = Math.Round(points[1].X / step) - 1;
        FscCurveKind curve = CurveOf(root.Attribute(Title)?.Value ?? string.Empty, out string reason);
        List<FscShell> shells = first == 1 ? [Shell(0, 0, 1)] : [];
        for (int i = 0; i < points.Length; i++)
        {
            (XElement element, double x, double y) = points[i];
            bool isMean = first == 0 && i == 0;
            if (!(step > 0) || first is not (0 or 1) || (!isMean && Math.Abs((x / step) - shells.Count) > PlaceTolerance))
            {
                throw FscTable.Refuse(name, Line(element), Say($"the frequency is {x} 1/Å; expected the shells of a box, at equal distances from the first on"));
            }

            shells.Add(Shell(shells.Count, isMean ? 0 : x, FscTable.Correlation(y, curve, name, Line(element), "y")));
        }

        return new FscResult(shells) { Decisions = [$"The curve of '{name}' is taken for the {curve.ToString().ToLowerInvariant()} one, {reason}."] };

        FscShell Shell(int index, double frequency, double value) => new(
            index, 1 / frequency, frequency, 0, Of(FscCurveKind.Unmasked, value), Of(FscCurveKind.Masked, value), double.NaN, Of(FscCurveKind.Corrected, value));

        double Of(FscCurveKind kind, double value) => kind == curve ? value : double.NaN;
    }

    private static string TitleOf(FscCurveKind curve) => curve switch
    {
        FscCurveKind.Corrected => "masked-corrected FSC",
        FscCurveKind.Masked => "masked FSC",
        _ => "unmasked FSC",
    };

    private static FscCurveKind CurveOf(string title, out string reason)
    {
        reason = "as its title says";
        if (title.Contains("unmasked", StringComparison.OrdinalIgnoreCase))
        {
            return FscCurveKind.Unmasked;
        }

        if (title.Contains("masked", StringComparison.OrdinalIgnoreCase) && !title.Contains("corrected", StringComparison.OrdinalIgnoreCase))
        {
            return FscCurveKind.Masked;
        }

        reason = title.Contains("corrected", StringComparison.OrdinalIgnoreCase) ? reason : "which states the resolution, since its title says nothing";
        return FscCurveKind.Corrected;
    }

    private static XElement Load(TextReader reader, string name)
    {
        try
        {
            // No document type, so that nothing is fetched or expanded.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters };
            using XmlReader xml = XmlReader.Create(reader, settings);
            return XElement.Load(xml, LoadOptions.SetLineInfo);
        }
        catch (XmlException exception)
        {
            throw FscTable.Refuse(name, Math.Max(1, exception.LineNumber), $"it is no XML ({exception.Message.TrimEnd('.')})");
        }
    }

    private static double Number(XElement point, string child, string name)
    {
        string? text = point.Elements().FirstOrDefault(element => element.Name.LocalName == child)?.Value;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw FscTable.Refuse(name, Line(point), $"<{child}> is {TextFile.Show(text ?? string.Empty)}; expected a number with a decimal point");
    }

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
