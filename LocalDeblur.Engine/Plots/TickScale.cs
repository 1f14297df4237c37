using System.Globalization;

namespace LocalDeblur.Plots;

/// <summary>Round numbers along an axis.</summary>
internal sealed class TickScale
{
    private readonly string _format;

    private TickScale(double minimum, double maximum, double[] ticks, string format)
    {
        Minimum = minimum;
        Maximum = maximum;
        Ticks = ticks;
        _format = format;
    }

    /// <summary>Lower end of the axis.</summary>
    public double Minimum { get; }

    /// <summary>Upper end of the axis.</summary>
    public double Maximum { get; }

    /// <summary>The round numbers, ascending, both ends included where they are round.</summary>
    public double[] Ticks { get; }

    /// <summary>Chooses ticks at 1, 2 or 5 times a power of ten. An end that is not fixed moves out to the next tick.</summary>
    /// <param name="low">Lowest value to show.</param>
    /// <param name="high">Highest value to show.</param>
    /// <param name="lowFixed">The axis begins at <paramref name="low"/> exactly.</param>
    /// <param name="highFixed">The axis ends at <paramref name="high"/> exactly.</param>
    /// <param name="intervals">About how many intervals.</param>
    public static TickScale Choose(double low, double high, bool lowFixed, bool highFixed, int intervals)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            (low, high) = (0, 1);
        }

        if (high <= low)
        {
            double room = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - room, low + room);
        }

        double rough = (high - low) / intervals;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double mantissa = rough / power;
        double step = power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10);

        // A value that misses its tick by rounding only belongs to it.
        const double Slack = 1e-9;
        long first = (long)(lowFixed ? Math.Ceiling((low / step) - Slack) : Math.Floor((low / step) + Slack));
        long last = (long)(highFixed ? Math.Floor((high / step) + Slack) : Math.Ceiling((high / step) - Slack));
        double[] ticks = new double[Math.Max(0, last - first + 1)];
        for (int i = 0; i < ticks.Length; i++)
        {
            ticks[i] = (first + i) * step;
        }

        int exponent = (int)Math.Floor(Math.Log10(step) + Slack);
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        string format = largest is >= 1e6 or < 1e-4 ? "0.##e+0" : "F" + Math.Max(0, -exponent).ToString(CultureInfo.InvariantCulture);
        return new TickScale(lowFixed ? low : first * step, highFixed ? high : last * step, ticks, format);
    }

    /// <summary>The text of a tick: as many decimals as the step needs, a true minus sign, never a decimal comma.</summary>
    /// <param name="tick">One of <see cref="Ticks"/>.</param>
    public string Text(double tick) => tick.ToString(_format, CultureInfo.InvariantCulture).Replace('-', '−');
}
