namespace LocalDeblur.Numerics;

/// <summary>Statistics of voxels that pass by in pieces, in double precision.</summary>
/// <remarks>Pieces are merged by the formula of Chan, Golub and LeVeque (1979), which does not suffer from a large mean.</remarks>
internal sealed class RunningStatistics
{
    private long _count;
    private long _nonFinite;
    private double _mean;
    private double _squares;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;

    /// <summary>Figures of everything added so far; NaN where a value was not finite, or none was added.</summary>
    public VolumeStatistics Result => _nonFinite > 0 || _count == 0
        ? new VolumeStatistics(double.NaN, double.NaN, double.NaN, double.NaN, _nonFinite)
        : new VolumeStatistics(_minimum, _maximum, _mean, Math.Sqrt(_squares / _count), 0);

    /// <summary>Adds a piece.</summary>
    /// <param name="values">Any number of values.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        VolumeStatistics piece = VolumeStatistics.Measure(values);
        _nonFinite += piece.NonFinite;
        if (_nonFinite > 0)
        {
            return;
        }

        long total = _count + values.Length;
        double difference = piece.Mean - _mean;
        _squares += piece.StandardDeviation * piece.StandardDeviation * values.Length + difference * difference * ((double)_count * values.Length / total);
        _mean += difference * values.Length / total;
        _count = total;
        _minimum = Math.Min(_minimum, piece.Minimum);
        _maximum = Math.Max(_maximum, piece.Maximum);
    }
}
