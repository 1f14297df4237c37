using System.Collections.ObjectModel;
using LocalDeblur.Density;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Models;

namespace LocalDeblur.Shells;

/// <summary>
/// Radial amplitude profile of a volume: the mean amplitude of its transform in each shell, which drawn as a logarithm against 1/d² is a Guinier plot
/// (Rosenthal and Henderson, <i>J. Mol. Biol.</i> 333 (2003) 721).
/// </summary>
/// <remarks>
/// The transform is scaled by 1/N, N the number of voxels. A blur exp(−B·s²/4), s = 1/d, adds a straight line of slope −B/4; so a line of slope m is undone by
/// multiplying with exp(−B·s²/4) where B = 4·m, and <see cref="GuinierFit.BFactor"/> is negative for a map that wants sharpening. Immutable.
/// </remarks>
public sealed class GuinierProfile
{
    private const string Stage = "Guinier profile";

    // Share of the run that drawing a model takes.
    private const double DrawingShare = 0.6;

    private GuinierProfile(string name, RadialShells shells, double[] means, double[] squares)
        : this(name, shells, new ReadOnlyCollection<double>(means), Logarithms(means, 1), Logarithms(squares, 0.5))
    {
    }

    private GuinierProfile(string name, RadialShells shells, ReadOnlyCollection<double> means, ReadOnlyCollection<double> logMeans, ReadOnlyCollection<double> logRms)
    {
        Name = name;
        Shells = shells;
        MeanAmplitudes = means;
        LogAmplitudes = logMeans;
        LogRmsAmplitudes = logRms;
    }

    /// <summary>Name for legends and tables: that of the map; empty where none was given.</summary>
    public string Name { get; }

    /// <summary>Name of the mask that the map was multiplied by; null where the whole map was measured.</summary>
    public string? Mask { get; private init; }

    /// <summary>The shells, which state how often a coefficient counts (<see cref="RadialShells.Counting"/>).</summary>
    public RadialShells Shells { get; }

    /// <summary>Mean of |F| over the coefficients that count in each shell, in the unit of the volume. Shell 0 is the mean of the volume alone.</summary>
    public ReadOnlyCollection<double> MeanAmplitudes { get; }

    /// <summary>Natural logarithm of the mean amplitude; NaN where the shell has no power.</summary>
    public ReadOnlyCollection<double> LogAmplitudes { get; }

    /// <summary>Natural logarithm of the root mean square amplitude, ½·ln⟨|F|²⟩; NaN where the shell has no power.</summary>
    public ReadOnlyCollection<double> LogRmsAmplitudes { get; }

    /// <summary>The straight line through a range of the profile that was asked for; null for none.</summary>
    public GuinierFit? Fit { get; private init; }

    /// <summary>True for the profile of an atomic model, by which those of maps are judged.</summary>
    public bool IsModel { get; private init; }

    /// <summary>Measures the profile of a map.</summary>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="mask">Mask on the same grid, by which the map is multiplied, nothing subtracted; a soft edge adds least of its own. Null for the whole map.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The profile, from the mean to Nyquist of the longest edge. It does not depend on the number of threads.</returns>
    /// <exception cref="EngineException">The input cannot be used, does not fit together, or needs more memory than allowed; MapWithoutSignal where
    /// it is 0 in the mask; FitRangeEmpty.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static GuinierProfile Measure(
        CryoMap map,
        CryoMap? mask = null,
        GuinierProfileOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        options ??= new GuinierProfileOptions();
        map.Grid.RequireCubicVoxels(map.Name);
        mask?.Grid.RequireSameAs(mask.Name, map.Grid, map.Name);
        options.Require(map);
        RequireMemory(map, mask, options);

        progress?.Report(new StageProgress(Stage, 0));
        map.RequireFinite(cancellationToken);
        mask?.RequireFinite(cancellationToken);
        if (mask is { Minimum: 0, Maximum: 0 })
        {
            throw new EngineException(EngineError.MaskEmpty, $"The mask '{mask.Name}' is 0 everywhere. Give a mask that is 1 in the molecule and 0 outside.", mask.Name);
        }

        var shells = new RadialShells(map.Size, map.VoxelSize, options.Counting, options.Limits);
        using var transform = new RealFft3D(map.Size, options.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        ReadOnlyMemory<float> voxels = map.Load(cancellationToken);
        if (mask is null)
        {
            transform.Forward(voxels, spectrum, cancellationToken);
        }
        else
        {
            transform.Forward(new MaskedRows(voxels, mask.Load(cancellationToken), map.Size), spectrum, cancellationToken);
        }

        progress?.Report(new StageProgress(Stage, 0.7));
        GuinierProfile profile = Measure(spectrum, shells, options.Limits, cancellationToken).Copy(map.Name, mask is null ? null : MapLabel.Of(mask), null);
        if (profile.MeanAmplitudes.All(amplitude => !(amplitude > 0)))
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                mask is null
                    ? $"Every voxel of '{map.Name}' is 0; expected a map with a signal. Check that it is the map that was meant."
                    : $"'{map.Name}' is 0 wherever the mask '{mask.Name}' is not; expected a map with a signal there. Check that both are the maps that were meant.",
                map.Name);
        }

        progress?.Report(new StageProgress(Stage, 1));
        return options.FitRange is { } range ? profile.WithFit(range) : profile;
    }

    /// <summary>Measures the profile of an atomic model, on the grid of a map and with every detail that its voxels can hold.</summary>
    /// <param name="model">The model.</param>
    /// <param name="grid">The map's grid. Cubic voxels.</param>
    /// <param name="mask">Mask on the same grid, by which the model's density is multiplied; null for none.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The profile, NaN in its last shell, and the density it was measured of, whose history says how it was drawn.</returns>
    /// <exception cref="EngineException">As from <see cref="ModelDensity.Calculate"/>, or as for a map.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static (GuinierProfile Profile, CryoMap Density) MeasureModel(
        AtomicModel model,
        MapGrid grid,
        CryoMap? mask = null,
        GuinierProfileOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new GuinierProfileOptions();
        var drawing = new ModelDensityOptions { Limits = options.Limits };
        CryoMap density = ModelDensity.DrawReference(model, grid, drawing, ScaledProgress.Part(progress, 0, DrawingShare), cancellationToken);
        GuinierProfile whole = Measure(density, mask, options with { FitRange = null }, ScaledProgress.Part(progress, DrawingShare, 1 - DrawingShare), cancellationToken);

        // The density ends at Nyquist, in the middle of the last shell, whose mean would count zeros.
        double[] means = [.. whole.MeanAmplitudes.SkipLast(1), double.NaN];
        double[] squares = [.. whole.LogRmsAmplitudes.SkipLast(1).Select(logarithm => Math.Exp(2 * logarithm)), double.NaN];
        GuinierProfile profile = new GuinierProfile(whole.Name, whole.Shells, means, squares).Copy(whole.Name, whole.Mask, null, isModel: true);
        return (options.FitRange is { } range ? profile.WithFit(range) : profile, density);
    }

    /// <summary>Measures the profile of a transform.</summary>
    /// <param name="spectrum">Transform of the volume, scaled by 1/N.</param>
    /// <param name="shells">Shells of its size.</param>
    /// <param name="limits">Of these the threads; null for as many as the process may use. The result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    internal static GuinierProfile Measure(Spectrum spectrum, RadialShells shells, RunLimits? limits = null, CancellationToken cancellationToken = default) =>
        Measure(spectrum, null, shells, limits ?? new RunLimits(), cancellationToken);

    /// <summary>Measures the profile of a transform after a filter, which is not applied.</summary>
    /// <param name="spectrum">Transform of the volume, scaled by 1/N.</param>
    /// <param name="filter">Multiplies the coefficients; null for none.</param>
    /// <param name="shells">Shells of its size.</param>
    /// <param name="limits">Of these the threads; null for as many as the process may use. The result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    internal static GuinierProfile Measure(Spectrum spectrum, OctantFilter? filter, RadialShells shells, RunLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentNullException.ThrowIfNull(shells);
        if (spectrum.Size != shells.Size || (filter is not null && filter.Size != shells.Size))
        {
            throw new ArgumentException($"A transform of {spectrum.Size} voxels, shells of {shells.Size}; expected one size.", nameof(shells));
        }

        double[] sums = shells.Sum(2, new Amplitudes(spectrum, filter), limits, cancellationToken);
        double[] means = new double[shells.Count];
        double[] squares = new double[shells.Count];
        for (int shell = 0; shell < means.Length; shell++)
        {
            means[shell] = sums[2 * shell] / shells.CoefficientCount(shell);
            squares[shell] = sums[(2 * shell) + 1] / shells.CoefficientCount(shell);
        }

        return new GuinierProfile(string.Empty, shells, means, squares);
    }

    /// <summary>The same profile under another name.</summary>
    /// <param name="name">Name for legends and tables.</param>
    public GuinierProfile Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Copy(name, Mask, Fit);
    }

    /// <summary>The same profile with a straight line through a range of it.</summary>
    /// <param name="range">Range of resolution.</param>
    /// <exception cref="EngineException">FitRangeEmpty: the range holds fewer than two shells with power.</exception>
    public GuinierProfile WithFit(ResolutionRange range) => Copy(Name, Mask, MeasureFit(range));

    /// <summary>
    /// The straight line y = intercept + slope·x through the points x = 1/d², y = ln⟨|F|⟩ of a range of resolution, all of the same weight. Shells without power are
    /// left out.
    /// </summary>
    /// <param name="range">Range of resolution, its ends included.</param>
    /// <exception cref="EngineException">FitRangeEmpty: the range holds fewer than two shells with power.</exception>
    public GuinierFit MeasureFit(ResolutionRange range)
    {
        int[] chosen = [.. Enumerable.Range(1, Shells.Count - 1).Where(shell => range.Contains(Shells.Resolution(shell)) && double.IsFinite(LogAmplitudes[shell]))];
        if (chosen.Length < 2)
        {
            throw new EngineException(
                EngineError.FitRangeEmpty,
                Say($"The range from {range.Coarsest:0.###} to {range.Finest:0.###} Å holds {chosen.Length} of the {Shells.Count - 1} shells ")
                    + Say($"(edge {Shells.Edge:0.##} Å) with signal; expected two or more, for a line."),
                Name.Length > 0 ? Name : null)
            {
                Advice = [new("give a wider range", EngineParameter.FitRange), new("give the B factor instead of having it fitted", EngineParameter.BFactor)],
            };
        }

        return GuinierFit.Through([.. chosen.Select(shell => Math.Pow(Shells.Frequency(shell), 2))], [.. chosen.Select(shell => LogAmplitudes[shell])], range);
    }

    /// <summary>
    /// How far the shape of this profile is from another: the root mean square of ln(⟨|F|⟩/⟨|F_other|⟩) over the shells of a range of resolution after its mean was
    /// subtracted, so that a constant factor between the volumes does not count. 0 for proportional volumes; 0.1 is a typical misfit of 10 %.
    /// </summary>
    /// <param name="other">The other profile. Where its shells differ, its logarithm is interpolated linearly in 1/d² at the shells of this one.</param>
    /// <param name="coarsest">Lowest resolution (Å).</param>
    /// <param name="finest">Highest resolution (Å).</param>
    /// <returns>NaN where the range holds no shell with power in both.</returns>
    public double ShapeDistance(GuinierProfile other, double coarsest, double finest)
    {
        ArgumentNullException.ThrowIfNull(other);
        (double mean, double deviation) = LogRatio(other, new ResolutionRange(coarsest, finest));
        return double.IsNaN(mean) ? double.NaN : deviation;
    }

    /// <summary>Mean and standard deviation of ln(⟨|F|⟩/⟨|F_other|⟩) over the shells of a range; NaN where it holds no shell with power in both.</summary>
    /// <param name="other">The other profile, interpolated where its shells differ.</param>
    /// <param name="range">Range of resolution.</param>
    internal (double Mean, double Deviation) LogRatio(GuinierProfile other, ResolutionRange range)
    {
        bool sameShells = other.Shells.Count == Shells.Count && other.Shells.Edge == Shells.Edge;
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int shell = 1; shell < LogAmplitudes.Count; shell++)
        {
            double ratio = LogAmplitudes[shell] - (sameShells ? other.LogAmplitudes[shell] : other.LogAmplitudeAt(Shells.Frequency(shell)));
            if (range.Contains(Shells.Resolution(shell)) && !double.IsNaN(ratio))
            {
                sum += ratio;
                squares += ratio * ratio;
                count++;
            }
        }

        double mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
    }

    private static ReadOnlyCollection<double> Logarithms(double[] values, double factor) =>
        new(Array.ConvertAll(values, value => value > 0 ? factor * Math.Log(value) : double.NaN));

    // The map, the mask and the transform.
    private static void RequireMemory(CryoMap map, CryoMap? mask, GuinierProfileOptions options)
    {
        int volumes = mask is null ? 1 : 2;
        long needed = (volumes * sizeof(float) * map.Size.VoxelCount) + RealFft3D.SpectrumBytes(map.Size);
        options.Limits.Require(needed, Say($"The Guinier profile of '{map.Name}' ({map.Size} voxels)"), map.Name);
    }

    private GuinierProfile Copy(string name, string? mask, GuinierFit? fit) => Copy(name, mask, fit, IsModel);

    private GuinierProfile Copy(string name, string? mask, GuinierFit? fit, bool isModel) =>
        new(name, Shells, MeanAmplitudes, LogAmplitudes, LogRmsAmplitudes) { Mask = mask, Fit = fit, IsModel = isModel };

    // Logarithm at a frequency (1/Å) between two shells, linear in its square; NaN outside the profile.
    private double LogAmplitudeAt(double frequency)
    {
        double place = frequency * Shells.Edge;
        int below = (int)place;
        if (below < 1 || below >= Shells.Count - 1)
        {
            return below == Shells.Count - 1 && place == below ? LogAmplitudes[below] : double.NaN;
        }

        double share = ((place * place) - ((double)below * below)) / ((2.0 * below) + 1);
        return ((1 - share) * LogAmplitudes[below]) + (share * LogAmplitudes[below + 1]);
    }

    private readonly struct Amplitudes(Spectrum spectrum, OctantFilter? filter) : IShellRows
    {
        public void Add(int ky, int kz, ReadOnlySpan<int> shells, ReadOnlySpan<double> weights, Span<float> scratch, Span<double> sums)
        {
            int n = shells.Length;
            Span<float> re = scratch[..n];
            Span<float> im = scratch.Slice(n, n);
            spectrum.CopyRow(ky, kz, re, im);
            int foldedY = Math.Min(ky, spectrum.Size.Y - ky);
            int foldedZ = Math.Min(kz, spectrum.Size.Z - kz);
            for (int kx = 0; kx < n; kx++)
            {
                double real = re[kx];
                double imaginary = im[kx];
                double factor = filter is null ? 1 : filter.Get(kx, foldedY, foldedZ);
                double power = factor * factor * ((real * real) + (imaginary * imaginary));
                sums[2 * shells[kx]] += weights[kx] * Math.Sqrt(power);
                sums[(2 * shells[kx]) + 1] += weights[kx] * power;
            }
        }
    }
}
