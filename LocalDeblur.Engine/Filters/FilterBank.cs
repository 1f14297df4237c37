using System.Globalization;
using LocalDeblur.Maps;

namespace LocalDeblur.Filters;

/// <summary>
/// The bank of raised-cosine bands that models local blur, with the width of their weights and the rank to which
/// the bank is reduced for the work. Depends on a map only through its size, voxel size and coarsest local resolution.
/// </summary>
/// <remarks>
/// At a voxel of local resolution R, band i has the weight w_i = exp(−K (r_i − R)²), and
/// (Hv)(x) = Σ w_i (B_i ∗ v)(x) / Σ w_i. Source: Ramírez-Aportela et al., Bioinformatics 36 (2020) 765–772.
/// </remarks>
public sealed class FilterBank
{
    /// <summary>The published default of K (1/Å²).</summary>
    public const double DefaultK = 0.025;

    /// <summary>Default of the tolerance that sets the rank, relative to the largest singular value.</summary>
    public const double DefaultRankTolerance = 1e-6;

    /// <summary>The bank reaches this far beyond the coarsest local resolution (Å).</summary>
    public const double Margin = 2;

    private readonly Lazy<LowRankKernel> _kernel;

    private FilterBank(GridSize size, double voxelSize, double coarsestResolution, double k, double rankTolerance, IReadOnlyList<RaisedCosineBand> bands)
    {
        Size = size;
        VoxelSize = voxelSize;
        CoarsestResolution = coarsestResolution;
        K = k;
        RankTolerance = rankTolerance;
        Bands = bands;
        _kernel = new Lazy<LowRankKernel>(() => LowRankKernel.Create(this));
    }

    /// <summary>Size of the maps it is for. The published rule takes the number of sections, nz, to thin the bands.</summary>
    public GridSize Size { get; }

    /// <summary>Voxel size of the maps it is for (Å).</summary>
    public double VoxelSize { get; }

    /// <summary>Finest resolution that the voxels can hold: two voxels (Å).</summary>
    public double FinestResolution => 2 * VoxelSize;

    /// <summary>Coarsest local resolution it is for (Å). Coarser values are treated as this one.</summary>
    public double CoarsestResolution { get; }

    /// <summary>Width parameter of the weights (1/Å²).</summary>
    public double K { get; }

    /// <summary>Singular values below this share of the largest are left out.</summary>
    public double RankTolerance { get; }

    /// <summary>The bands, finest first.</summary>
    public IReadOnlyList<RaisedCosineBand> Bands { get; }

    /// <summary>Number of inverse transforms that one application of the reduced bank takes.</summary>
    public int Rank => _kernel.Value.Rank;

    /// <summary>Singular values of the table of weights, largest first; the first Rank of them are kept.</summary>
    public IReadOnlyList<double> SingularValues => _kernel.Value.SingularValues;

    /// <summary>The bank reduced to its rank.</summary>
    internal LowRankKernel Kernel => _kernel.Value;

    /// <summary>Highest digital frequency that any band passes (cycles per voxel); slightly above ½, into the corners.</summary>
    internal double CutoffFrequency => Bands[0].DigitalFrequency + Bands[0].DigitalHalfWidth;

    /// <summary>Makes the bank for maps of one size, voxel size and coarsest local resolution.</summary>
    /// <param name="size">Voxels along x, y, z.</param>
    /// <param name="voxelSize">Edge of a voxel (Å), positive.</param>
    /// <param name="coarsestResolution">Coarsest local resolution (Å), at least two voxels.</param>
    /// <param name="k">Width parameter of the weights (1/Å²), above 0 and at most 1; useful 0.01 … 0.05.</param>
    /// <param name="rankTolerance">Singular values below this share of the largest are left out; 1e-12 … 0.1.</param>
    /// <exception cref="EngineException">VoxelSizeMissing, ResolutionRangeInvalid or ParameterOutOfRange.</exception>
    public static FilterBank Create(
        GridSize size,
        double voxelSize,
        double coarsestResolution,
        double k = DefaultK,
        double rankTolerance = DefaultRankTolerance)
    {
        if (!(voxelSize > 0) || !double.IsFinite(voxelSize))
        {
            throw new EngineException(EngineError.VoxelSizeMissing, Say($"The voxel size is {voxelSize} Å; expected a positive number."));
        }

        if (!(coarsestResolution >= 2 * voxelSize) || !(coarsestResolution <= LongestUsefulResolution))
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                Say($"The coarsest local resolution is {coarsestResolution:0.###} Å; expected {2 * voxelSize:0.###} Å (two voxels) to {LongestUsefulResolution} Å."))
            {
                Advice = [new("check that the resolution map is in Å"), new("give another coarsest resolution", EngineParameter.BankCoarsestResolution)],
            };
        }

        if (!(k > 0) || !(k <= 1))
        {
            throw EngineException.OutOfRange(EngineParameter.K, Say($"K is {k} 1/Å²; expected above 0 and at most 1 (useful values are 0.01 to 0.05)."));
        }

        if (!(rankTolerance >= 1e-12) || !(rankTolerance <= 0.1))
        {
            throw EngineException.OutOfRange(EngineParameter.RankTolerance, Say($"The rank tolerance is {rankTolerance}; expected 1e-12 to 0.1."));
        }

        var bands = new List<RaisedCosineBand>();
        int lastIndex = -1;

        // Accumulated, not multiplied: the published list of bands carries the rounding of the running sum.
        for (double r = 2 * voxelSize; r < coarsestResolution + Margin; r += RaisedCosineBand.ResolutionStep)
        {
            int index = (int)Math.Round(size.Z * (voxelSize / r), MidpointRounding.AwayFromZero);
            if (index != lastIndex && r > RaisedCosineBand.ResolutionStep)
            {
                bands.Add(new RaisedCosineBand(r, voxelSize));
                lastIndex = index;
            }
        }

        return new FilterBank(size, voxelSize, coarsestResolution, k, rankTolerance, bands);
    }

    /// <summary>Refuses a map for which this bank was not made.</summary>
    /// <param name="map">The map to be sharpened.</param>
    /// <exception cref="EngineException">FilterBankMismatch, with both values.</exception>
    public void RequireFits(CryoMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Size != Size || !(Math.Abs(map.VoxelSize - VoxelSize) <= MapGrid.VoxelSizeTolerance * VoxelSize))
        {
            throw new EngineException(
                EngineError.FilterBankMismatch,
                Say($"The filter bank is for {Size} voxels of {VoxelSize:0.#####} Å and '{map.Name}' has {map.Size} voxels of {map.VoxelSize:0.#####} Å; expected the same."),
                map.Name)
            {
                Advice = [new("give a bank that was made for this map", EngineParameter.Bank), new("give none, so that one is made")],
            };
        }
    }

    /// <summary>Normalised weights w_i / Σ w of all bands at one local resolution.</summary>
    /// <param name="resolution">Local resolution R (Å).</param>
    /// <param name="weights">Receives one weight per band.</param>
    public void Weights(double resolution, Span<double> weights)
    {
        double nearest = double.PositiveInfinity;
        for (int i = 0; i < Bands.Count; i++)
        {
            double distance = Bands[i].Resolution - resolution;
            weights[i] = distance * distance;
            nearest = Math.Min(nearest, weights[i]);
        }

        // Measured from the nearest band: the quotient is the same, and it survives where every weight would underflow.
        double sum = 0;
        for (int i = 0; i < Bands.Count; i++)
        {
            weights[i] = Math.Exp(-K * (weights[i] - nearest));
            sum += weights[i];
        }

        for (int i = 0; i < Bands.Count; i++)
        {
            weights[i] /= sum;
        }
    }

    private static EngineException Refuse(EngineError error, FormattableString message) =>
        new(error, message.ToString(CultureInfo.InvariantCulture));

    private const double LongestUsefulResolution = 200;
}
