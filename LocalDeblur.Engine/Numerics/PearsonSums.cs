namespace LocalDeblur.Numerics;

/// <summary>Running sums of a correlation coefficient, in double precision.</summary>
internal struct PearsonSums
{
    private double _a;
    private double _b;
    private double _aa;
    private double _bb;
    private double _ab;

    /// <summary>Pairs so far.</summary>
    public long Count { get; private set; }

    /// <summary>Pearson's correlation; NaN where either side does not vary.</summary>
    public readonly double Correlation =>
        (_ab - (_a * _b / Count)) / Math.Sqrt((_aa - (_a * _a / Count)) * (_bb - (_b * _b / Count)));

    /// <summary>Adds a pair.</summary>
    /// <param name="a">One value.</param>
    /// <param name="b">The other.</param>
    public void Add(double a, double b)
    {
        Count++;
        _a += a;
        _b += b;
        _aa += a * a;
        _bb += b * b;
        _ab += a * b;
    }
}
