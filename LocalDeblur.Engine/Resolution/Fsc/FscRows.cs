using System.Globalization;
using LocalDeblur.Files;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>Makes shells of the rows of a table, whose columns are found by name; others are passed over.</summary>
internal sealed class FscRows
{
    private readonly FscColumns _columns;
    private readonly IReadOnlyList<string> _head;
    private readonly string _name;
    private readonly List<FscShell> _shells = [];
    private string[] _fields = [];
    private int _line;

    /// <summary>Begins with the names of the columns.</summary>
    /// <param name="columns">What they may be.</param>
    /// <param name="head">What they are.</param>
    /// <param name="name">Name of the table, for messages.</param>
    /// <param name="line">Number of their line.</param>
    /// <exception cref="EngineException">FscTableInvalid where the shell, its resolution or a curve is missing.</exception>
    public FscRows(FscColumns columns, IReadOnlyList<string> head, string name, int line)
    {
        (_columns, _head, _name, _line) = (columns, head, name, line);
        if (!head.Contains(columns.Shell) || !(head.Contains(columns.Resolution) || head.Contains(columns.Frequency)) || !columns.Curves.Any(curve => head.Contains(curve.Name)))
        {
            string curve = columns.Curves.Single(known => known.Curve == FscCurveKind.Unmasked).Name;
            string found = TextFile.Show(string.Join(", ", head));
            throw Refuse($"the columns are {found}; expected {columns.Shell}, {columns.Resolution} or {columns.Frequency}, and a curve such as {curve}");
        }
    }

    /// <summary>Takes one row.</summary>
    /// <param name="fields">Its fields.</param>
    /// <param name="line">Number of its line.</param>
    /// <exception cref="EngineException">FscTableInvalid.</exception>
    public void Add(string[] fields, int line)
    {
        (_fields, _line) = (fields, line);
        if (fields.Length != _head.Count)
        {
            throw Refuse($"{fields.Length} fields; expected {_head.Count}");
        }

        double index = Number(_columns.Shell);
        if (index != _shells.Count)
        {
            throw Refuse($"shell '{index}'; expected {_shells.Count}, shells in order from 0");
        }

        (double resolution, double frequency) = Place();
        double count = _columns.Count is null ? double.NaN : Number(_columns.Count);
        _shells.Add(new FscShell(
            _shells.Count,
            resolution,
            frequency,
            double.IsNaN(count) ? 0 : (long)count,
            Curve(FscCurveKind.Unmasked),
            Curve(FscCurveKind.Masked),
            Curve(FscCurveKind.Randomised),
            Curve(FscCurveKind.Corrected),
            Curve(FscCurveKind.MaskFraction)));
    }

    /// <summary>The shells.</summary>
    /// <exception cref="EngineException">FscTableInvalid where there are fewer than two, or no curve.</exception>
    public IReadOnlyList<FscShell> Finish()
    {
        bool hasCurve = _shells.Skip(1).Any(shell => _columns.Curves.Any(column => column.Curve != FscCurveKind.Randomised && !double.IsNaN(shell[column.Curve])));
        return _shells.Count >= 2 && hasCurve ? _shells : throw Refuse($"the table ends without a curve; expected a row for each shell");
    }

    private (double Resolution, double Frequency) Place()
    {
        double resolution = Number(_columns.Resolution);
        double frequency = Number(_columns.Frequency);
        if (_shells.Count == 0)
        {
            return (double.PositiveInfinity, 0);
        }

        resolution = double.IsNaN(resolution) ? 1 / frequency : resolution;
        frequency = double.IsNaN(frequency) ? 1 / resolution : frequency;
        return resolution > 0 && double.IsFinite(resolution) && frequency > 0 && double.IsFinite(frequency) && (_shells.Count == 1 || resolution < _shells[^1].Resolution)
            ? (resolution, frequency)
            : throw Refuse($"resolution {resolution} Å; expected positive numbers that fall from shell to shell");
    }

    private double Curve(FscCurveKind curve)
    {
        string column = Array.Find(_columns.Curves, column => column.Curve == curve).Name;
        return FscTable.Correlation(Number(column), curve, _name, _line, column);
    }

    private double Number(string column)
    {
        int at = 0;
        while (at < _head.Count && _head[at] != column)
        {
            at++;
        }

        if (at == _head.Count || string.IsNullOrWhiteSpace(_fields[at]))
        {
            return double.NaN;
        }

        return double.TryParse(_fields[at].Trim().Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Refuse($"{TextFile.Show(_fields[at])} in column '{column}'; expected a number with a decimal point");
    }

    private EngineException Refuse(FormattableString what) => FscTable.Refuse(_name, _line, what.ToString(CultureInfo.InvariantCulture));
}
