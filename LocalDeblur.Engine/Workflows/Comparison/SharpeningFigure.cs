namespace LocalDeblur.Workflows.Comparison;

/// <summary>One figure of a method over several sets of half maps.</summary>
/// <param name="Mean">Its mean over the sets that have it.</param>
/// <param name="StandardError">Standard error of the mean; null for one set.</param>
/// <param name="Sets">Sets that have it.</param>
public sealed record SharpeningFigure(double Mean, double? StandardError, int Sets)
{
    /// <summary>
    /// Mean of what is gained over the map as it is, set by set; negative where the figure is lower. The noise of a set is in both, so this is known better than the two
    /// means. Null where no set has the map as it is.
    /// </summary>
    public double? Gain { get; init; }

    /// <summary>Standard error of <see cref="Gain"/>; null for one set.</summary>
    public double? GainError { get; init; }

    /// <summary>In how many sets the method is better than the map as it is; null where no set has that.</summary>
    public int? Better { get; init; }

    /// <summary>For example <c>0.643 ± 0.001 (4/4)</c>, better in four of four sets.</summary>
    public override string ToString() => Say(3);

    /// <summary>The same with other decimals.</summary>
    /// <param name="decimals">0 … 9.</param>
    public string Say(int decimals)
    {
        string format = "F" + decimals.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string error = StandardError?.ToString(format, System.Globalization.CultureInfo.InvariantCulture) is { } text ? $" ± {text}" : string.Empty;
        string better = Better is null ? string.Empty : FormattableString.Invariant($" ({Better}/{Sets})");
        return $"{Mean.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}{error}{better}";
    }

    /// <summary>Takes the figure from sets; null where none has it.</summary>
    /// <param name="values">The method's value in each set, and that of the map as it is; null for none.</param>
    /// <param name="higherIsBetter">True where a higher value is better.</param>
    internal static SharpeningFigure? Of(IEnumerable<(double? Method, double? Raw)> values, bool higherIsBetter)
    {
        (double Method, double? Raw)[] had = [.. values.Where(pair => pair.Method is not null).Select(pair => (pair.Method!.Value, pair.Raw))];
        if (had.Length == 0)
        {
            return null;
        }

        (double mean, double? error) = Mean([.. had.Select(pair => pair.Method)]);
        double[] gains = [.. had.Where(pair => pair.Raw is not null).Select(pair => pair.Method - pair.Raw!.Value)];
        var figure = new SharpeningFigure(mean, error, had.Length);
        if (gains.Length == 0)
        {
            return figure;
        }

        (double gain, double? gainError) = Mean(gains);
        return figure with { Gain = gain, GainError = gainError, Better = gains.Count(difference => higherIsBetter ? difference > 0 : difference < 0) };

        static (double Mean, double? Error) Mean(double[] values)
        {
            double mean = values.Average();
            return (mean, values.Length < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1.0) / values.Length));
        }
    }
}
