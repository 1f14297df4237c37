using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>Modulation transfer function of a detector: how much of an amplitude is left at each frequency.</summary>
/// <remarks>Immutable.</remarks>
public sealed class DetectorMtf
{
    private const string StarFrequency = "_rlnResolutionInversePixel";
    private const string StarValue = "_rlnMtfValue";

    // A detector that leaves a thousandth of an amplitude has not seen it; dividing by less makes infinities of noise.
    private const double Least = 1e-3;
    private const double Most = 1.5;

    // Nyquist is at 0.5. Beyond the sampling frequency there is nothing: such numbers are lines per mm, or count in percent.
    private const double HighestFrequency = 1;

    // What rises by more from the first entry to the last is the inverse of a transfer function, or has its columns exchanged.
    private const double MostRise = 1.5;

    // Tables end a little before Nyquist; what is further on is held at the last value.
    private const double NearEnd = 0.9;

    private readonly double[] _frequencies;

    /// <summary>Wraps a table.</summary>
    /// <param name="frequencies">Frequencies in 1/pixel of the detector (0.5 is its Nyquist), ascending, from 0 up; at least two.</param>
    /// <param name="values">Value at each, 0.001 to 1.5.</param>
    /// <param name="name">Name for messages and history.</param>
    /// <exception cref="EngineException">MtfTableInvalid.</exception>
    public DetectorMtf(IEnumerable<double> frequencies, IEnumerable<double> values, string name)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _frequencies = [.. frequencies];
        Frequencies = new ReadOnlyCollection<double>(_frequencies);
        Values = new ReadOnlyCollection<double>([.. values]);
        if (Frequencies.Count < 2 || Frequencies.Count != Values.Count)
        {
            throw Refuse(name, $"it has {Frequencies.Count} frequencies and {Values.Count} values; expected at least two of each");
        }

        for (int i = 0; i < Frequencies.Count; i++)
        {
            if (!(Frequencies[i] is >= 0 and <= HighestFrequency) || (i > 0 && Frequencies[i] <= Frequencies[i - 1]))
            {
                throw Refuse(name, $"frequency number {i + 1} is {Frequencies[i]}; expected ascending numbers in 1/pixel, from 0 up to {HighestFrequency}");
            }

            if (!(Values[i] >= Least && Values[i] <= Most))
            {
                throw Refuse(name, $"value number {i + 1} is {Values[i]}; expected a share of the amplitude, {Least} to {Most}");
            }
        }

        if (Values[^1] > MostRise * Values[0])
        {
            throw Refuse(name, $"it rises from {Values[0]} at {Frequencies[0]}/pixel to {Values[^1]} at {Frequencies[^1]}/pixel; expected values that fall");
        }
    }

    /// <summary>Name for messages and history: the file's.</summary>
    public string Name { get; }

    /// <summary>Frequencies in 1/pixel of the detector, ascending.</summary>
    public ReadOnlyCollection<double> Frequencies { get; }

    /// <summary>Value at each.</summary>
    public ReadOnlyCollection<double> Values { get; }

    /// <summary>Reads a table: a STAR file with the columns _rlnResolutionInversePixel and _rlnMtfValue, or two columns of numbers, frequency and
    /// value, separated by commas, semicolons or blanks, with or without a head row.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, MtfTableInvalid.</exception>
    public static DetectorMtf Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using StringReader reader = TextFile.Open(path, EngineError.MtfTableInvalid);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>Reads a table from text.</summary>
    /// <param name="reader">Gives the text.</param>
    /// <param name="name">Name for messages and history.</param>
    /// <exception cref="EngineException">MtfTableInvalid, with the line.</exception>
    public static DetectorMtf Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        List<double> frequencies = [];
        List<double> values = [];
        List<string> columns = [];
        int line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            int comment = text.IndexOf('#', StringComparison.Ordinal);
            string[] fields = (comment < 0 ? text : text[..comment]).Split([',', ';', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
            {
                continue;
            }

            if (fields[0].StartsWith('_'))
            {
                columns.Add(fields[0]);
                continue;
            }

            bool isNumber = double.TryParse(fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            if (!isNumber && values.Count == 0)
            {
                // The head row of a table, or what STAR has before its numbers.
                continue;
            }

            if (!isNumber && columns.Count > 0)
            {
                // The next block of a STAR file.
                break;
            }

            int frequencyAt = columns.Count == 0 ? 0 : columns.IndexOf(StarFrequency);
            int valueAt = columns.Count == 0 ? 1 : columns.IndexOf(StarValue);
            if (frequencyAt < 0 || valueAt < 0)
            {
                throw Refuse(name, $"line {line}: the columns are {TextFile.Show(string.Join(", ", columns))}; expected {StarFrequency} and {StarValue}");
            }

            double frequency = Number(fields, frequencyAt);
            double value = Number(fields, valueAt);
            if (!(frequency is >= 0 and <= HighestFrequency) || (frequencies.Count > 0 && frequency <= frequencies[^1]))
            {
                throw Refuse(name, $"line {line}, column {frequencyAt + 1}: the frequency is {frequency}; expected ascending numbers in 1/pixel, from 0 up to {HighestFrequency}");
            }

            if (!(value >= Least && value <= Most))
            {
                throw Refuse(name, $"line {line}, column {valueAt + 1}: the value is {value}; expected a share of the amplitude, {Least} to {Most}");
            }

            frequencies.Add(frequency);
            values.Add(value);
        }

        return new DetectorMtf(frequencies, values, name);

        double Number(string[] fields, int at) =>
            at < fields.Length && double.TryParse(fields[at], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw Refuse(name, $"line {line}, column {at + 1}: {TextFile.Show(string.Join(' ', fields))}; expected a frequency and a value with decimal points");
    }

    /// <summary>Value at a frequency: linear between the entries, held beyond the first and the last.</summary>
    /// <param name="frequency">1/pixel of the detector.</param>
    public double At(double frequency)
    {
        int found = Array.BinarySearch(_frequencies, frequency);
        int above = found >= 0 ? found + 1 : ~found;
        if (above == 0 || above == Frequencies.Count)
        {
            return Values[Math.Max(0, above - 1)];
        }

        double share = (frequency - Frequencies[above - 1]) / (Frequencies[above] - Frequencies[above - 1]);
        return ((1 - share) * Values[above - 1]) + (share * Values[above]);
    }

    /// <summary>Refuses a table that ends before the frequencies that are asked of it.</summary>
    /// <param name="finest">The highest of them (1/pixel of the detector).</param>
    /// <exception cref="EngineException">MtfTableInvalid.</exception>
    internal void RequireReach(double finest)
    {
        if (Frequencies[^1] < NearEnd * finest)
        {
            throw Refuse(Name, $"it ends at {Frequencies[^1]}/pixel; expected values up to {finest:0.###}/pixel, the Nyquist frequency of the map");
        }
    }

    private static EngineException Refuse(string name, FormattableString what) =>
        new(
            EngineError.MtfTableInvalid,
            string.Create(CultureInfo.InvariantCulture, $"'{name}' is not a modulation transfer function: {what.ToString(CultureInfo.InvariantCulture)}."),
            name);
}
