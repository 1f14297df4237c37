using System.Runtime.Intrinsics;

namespace LocalDeblur.Numerics;

/// <summary>Running sums of a correlation coefficient, in double precision.</summary>
internal struct PearsonSums
{
    // What is left of the squares when their mean is taken off, and is no more than this share of them, is the rounding of values that do not vary: float32 tells
    // apart what differs by twice the root of it.
    private const double Rounding = 1e-14;

    private double _a;
    private double _b;
    private double _aa;
    private double _bb;
    private double _ab;

    /// <summary>Pairs so far.</summary>
    public long Count { get; private set; }

    /// <summary>Pearson's correlation; NaN where either side does not vary.</summary>
    public readonly double Correlation => CorrelationOf(_ab - (_a * _b / Count));

    /// <summary>Mean of the first side.</summary>
    public readonly double MeanOfFirst => _a / Count;

    /// <summary>Mean of the second side.</summary>
    public readonly double MeanOfSecond => _b / Count;

    /// <summary>Variance of the first side, divided by n.</summary>
    public readonly double VarianceOfFirst => Spread(_a, _aa) / Count;

    /// <summary>Variance of the second side, divided by n.</summary>
    public readonly double VarianceOfSecond => Spread(_b, _bb) / Count;

    /// <summary>The correlation of the same values in another pairing; NaN where either side does not vary.</summary>
    /// <param name="products">Sum of the products of the pairs' deviations from the means.</param>
    public readonly double CorrelationOf(double products)
    {
        double spread = Math.Sqrt(Spread(_a, _aa)) * Math.Sqrt(Spread(_b, _bb));
        return spread > 0 ? products / spread : double.NaN;
    }

    /// <summary>The sums over the pairs of both.</summary>
    /// <param name="other">Further pairs.</param>
    public readonly PearsonSums With(PearsonSums other) => new()
    {
        Count = Count + other.Count,
        _a = _a + other._a,
        _b = _b + other._b,
        _aa = _aa + other._aa,
        _bb = _bb + other._bb,
        _ab = _ab + other._ab,
    };

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

    /// <summary>Adds many pairs, in a fixed order.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other, as many.</param>
    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector512<double> sumA = default, sumB = default, sumAA = default, sumBB = default, sumAB = default;
        int i = 0;
        for (; i <= a.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            (Vector512<double> lowA, Vector512<double> highA) = Vector512.Widen(Vector512.Create(a[i..]));
            (Vector512<double> lowB, Vector512<double> highB) = Vector512.Widen(Vector512.Create(b[i..]));
            sumA += lowA + highA;
            sumB += lowB + highB;
            sumAA += (lowA * lowA) + (highA * highA);
            sumBB += (lowB * lowB) + (highB * highB);
            sumAB += (lowA * lowB) + (highA * highB);
        }

        Count += i;
        _a += Vector512.Sum(sumA);
        _b += Vector512.Sum(sumB);
        _aa += Vector512.Sum(sumAA);
        _bb += Vector512.Sum(sumBB);
        _ab += Vector512.Sum(sumAB);
        for (; i < a.Length; i++)
        {
            Add(a[i], b[i]);
        }
    }

    private readonly double Spread(double sum, double squares)
    {
        double left = squares - (sum * sum / Count);
        return left > Rounding * squares ? left : 0;
    }
}
