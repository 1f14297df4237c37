using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Plots;

namespace LocalDeblur.Validation;

/// <summary>
/// What a step did to a map, measured against a known truth: Fourier shell correlation and amplitude profile, over the whole box and in the mask, and the
/// correlation of the voxels, in the mask and in parts of it by local resolution. A phantom has a truth; a measured map has none.
/// </summary>
/// <remarks>None of the measures depends on a constant factor between a map and the truth.</remarks>
public sealed class TruthComparison
{
    /// <summary>Lowest resolution of <see cref="Figures"/> that are taken over a range (Å). What is coarser is the molecule's outline.</summary>
    public const double Coarsest = 10;

    // From here on (Å) a local resolution is a program's mark for "no value".
    private const int NoResolution = 100;

    private TruthComparison(TruthShells box, TruthShells inMask, TruthZone whole, TruthZone[] zones, double finest)
    {
        Box = box;
        InMask = inMask;
        Mask = whole;
        Zones = new ReadOnlyCollection<TruthZone>(zones);
        Finest = finest;
        Figures = new ReadOnlyCollection<TruthFigure>(MakeFigures());
    }

    /// <summary>Statistics of the maps as they are.</summary>
    public TruthShells Box { get; }

    /// <summary>Statistics of the maps, the truth included, multiplied by the mask.</summary>
    public TruthShells InMask { get; }

    /// <summary>Correlation of the voxels in the mask.</summary>
    public TruthZone Mask { get; }

    /// <summary>The same in parts of 1 Å of local resolution, finest first; empty where no local resolution was given.</summary>
    public ReadOnlyCollection<TruthZone> Zones { get; }

    /// <summary>Highest resolution of <see cref="Figures"/> that are taken over a range (Å).</summary>
    public double Finest { get; }

    /// <summary>The measures in one list, to print or to export.</summary>
    public ReadOnlyCollection<TruthFigure> Figures { get; }

    /// <summary>Measures two maps against the truth.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="before">The map before the step.</param>
    /// <param name="after">The map after it.</param>
    /// <param name="mask">Mask, 0 … 1; at least 0.5 counts as inside for the correlation of voxels.</param>
    /// <param name="localResolution">Local resolution (Å), 0 outside; or null.</param>
    /// <param name="finest">Highest resolution of measures over a range (Å): that of the truth.</param>
    /// <param name="threads">Threads to work with; 0 is one for each processor. The result does not depend on it.</param>
    /// <param name="progress">Told about each step; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EngineException">The maps do not lie on one grid of cubic voxels; MaskEmpty.</exception>
    public static TruthComparison Measure(
        CryoMap truth,
        CryoMap before,
        CryoMap after,
        CryoMap mask,
        CryoMap? localResolution = null,
        double finest = 3,
        int threads = 0,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(mask);
        truth.Grid.RequireCubicVoxels(truth.Name);
        foreach (CryoMap? map in (CryoMap?[])[before, after, mask, localResolution])
        {
            if (map is not null)
            {
                truth.Grid.RequireSameAs(truth.Name, map.Grid, map.Name);
            }
        }

        const string Stage = "Comparing with the truth";
        progress?.Report(new StageProgress(Stage, 0));
        (TruthZone whole, TruthZone[] zones) = Correlate(truth, before, after, mask, localResolution, cancellationToken);

        var shells = new RadialShells(truth.Size, truth.VoxelSize);
        using var transform = new RealFft3D(truth.Size, threads);
        using Spectrum truthSpectrum = transform.AllocateSpectrum();
        using Spectrum spectrum = transform.AllocateSpectrum();
        var measured = new TruthShells[2];
        for (int i = 0; i < measured.Length; i++)
        {
            progress?.Report(new StageProgress(Stage, 0.2 + (0.4 * i)));
            bool masked = i == 1;
            Transform(truth, truthSpectrum);
            RadialProfile profileTruth = RadialProfile.Measure(truthSpectrum, shells, threads, cancellationToken);
            Transform(before, spectrum);
            RadialProfile profileBefore = RadialProfile.Measure(spectrum, shells, threads, cancellationToken);
            ShellCorrelation correlationBefore = ShellCorrelation.Measure(spectrum, truthSpectrum, shells, threads, cancellationToken);
            Transform(after, spectrum);
            RadialProfile profileAfter = RadialProfile.Measure(spectrum, shells, threads, cancellationToken);
            ShellCorrelation correlationAfter = ShellCorrelation.Measure(spectrum, truthSpectrum, shells, threads, cancellationToken);
            measured[i] = new TruthShells(correlationBefore, correlationAfter, profileTruth, profileBefore, profileAfter);

            void Transform(CryoMap map, Spectrum target)
            {
                float[] voxels = map.Load(cancellationToken);
                if (masked)
                {
                    transform.Forward(new MaskedRows(voxels, mask.Load(cancellationToken), map.Size), target, cancellationToken);
                }
                else
                {
                    transform.Forward(voxels, target, cancellationToken);
                }
            }
        }

        progress?.Report(new StageProgress(Stage, 1));
        return new TruthComparison(measured[0], measured[1], whole, zones, finest);
    }

    /// <summary>Writes the shells as comma-separated values: one row a shell, from the first after the mean to Nyquist.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        PlotTable.WriteRow(writer,
        [
            "Shell", "Resolution (Å)", "1/d (1/Å)", "1/d² (1/Å²)",
            "FSC before", "FSC after", "ln mean |F| truth", "ln mean |F| before", "ln mean |F| after",
            "FSC before (mask)", "FSC after (mask)", "ln mean |F| truth (mask)", "ln mean |F| before (mask)", "ln mean |F| after (mask)",
        ]);
        RadialShells shells = Box.Shells;
        for (int shell = 1; shell < shells.Count; shell++)
        {
            double frequency = shells.Frequency(shell);
            IEnumerable<double> numbers = [shell, shells.Resolution(shell), frequency, frequency * frequency, .. Row(Box, shell), .. Row(InMask, shell)];
            PlotTable.WriteRow(writer, numbers.Select(PlotTable.Number));
        }
    }

    /// <summary>Writes <see cref="Figures"/> as comma-separated values: one row a measure.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteFigures(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        PlotTable.WriteRow(writer, ["Measure", "Before", "After", "Better when"]);
        foreach (TruthFigure figure in Figures)
        {
            PlotTable.WriteRow(writer, [figure.Name, PlotTable.Number(figure.Before), PlotTable.Number(figure.After), figure.HigherIsBetter ? "higher" : "lower"]);
        }
    }

    private static double[] Row(TruthShells shells, int shell) =>
    [
        shells.CorrelationBefore.Values[shell],
        shells.CorrelationAfter.Values[shell],
        shells.ProfileTruth.LogAmplitudes[shell],
        shells.ProfileBefore.LogAmplitudes[shell],
        shells.ProfileAfter.LogAmplitudes[shell],
    ];

    private static (TruthZone Whole, TruthZone[] Zones) Correlate(CryoMap truth, CryoMap before, CryoMap after, CryoMap mask, CryoMap? localResolution, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> t = truth.AsSpan(cancellationToken);
        ReadOnlySpan<float> b = before.AsSpan(cancellationToken);
        ReadOnlySpan<float> a = after.AsSpan(cancellationToken);
        ReadOnlySpan<float> m = mask.AsSpan(cancellationToken);
        ReadOnlySpan<float> r = localResolution is null ? default : localResolution.AsSpan(cancellationToken);
        PearsonSums wholeBefore = default;
        PearsonSums wholeAfter = default;
        var partsBefore = new PearsonSums[NoResolution];
        var partsAfter = new PearsonSums[NoResolution];

        // A value on the last limit, such as 8.0 Å in a range that ends there, belongs to the zone below it.
        int last = r.IsEmpty ? 0 : (int)Math.Clamp(Math.Ceiling(TensorPrimitives.Max(r)) - 1, 0, NoResolution - 1);
        int plane = truth.Size.X * truth.Size.Y;
        for (int i = 0; i < t.Length; i++)
        {
            if (i % plane == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!(m[i] >= 0.5f))
            {
                continue;
            }

            wholeBefore.Add(t[i], b[i]);
            wholeAfter.Add(t[i], a[i]);
            if (!r.IsEmpty && r[i] is > 0 and < NoResolution)
            {
                int zone = Math.Min(last, (int)r[i]);
                partsBefore[zone].Add(t[i], b[i]);
                partsAfter[zone].Add(t[i], a[i]);
            }
        }

        if (wholeBefore.Count == 0)
        {
            throw new EngineException(EngineError.MaskEmpty, $"The mask '{mask.Name}' has no voxel of at least 0.5. Give a mask that is 1 inside the molecule and 0 outside.", mask.Name);
        }

        return (
            new TruthZone(0, double.PositiveInfinity, wholeBefore.Count, wholeBefore.Correlation, wholeAfter.Correlation),
            [
                .. from zone in Enumerable.Range(0, NoResolution)
                   where partsBefore[zone].Count > 0
                   select new TruthZone(zone, zone + 1, partsBefore[zone].Count, partsBefore[zone].Correlation, partsAfter[zone].Correlation),
            ]);
    }

    private static double ResolutionBelow(ShellCorrelation correlation, double threshold) =>
        correlation.Shells.Resolution(correlation.FirstShellBelow(threshold) ?? correlation.Shells.Count - 1);

    private List<TruthFigure> MakeFigures()
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{Coarsest:0.##} to {Finest:0.##} Å");
        var figures = new List<TruthFigure>
        {
            new(
                $"Distance of the amplitude profile from the truth's, in the mask, {range} (ln)",
                InMask.ProfileBefore.ShapeDistance(InMask.ProfileTruth, Coarsest, Finest),
                InMask.ProfileAfter.ShapeDistance(InMask.ProfileTruth, Coarsest, Finest),
                HigherIsBetter: false),
            new("Resolution where FSC with the truth falls below 0.5, whole box (Å; Nyquist where it does not)", ResolutionBelow(Box.CorrelationBefore, 0.5), ResolutionBelow(Box.CorrelationAfter, 0.5), HigherIsBetter: false),
            new($"Mean FSC with the truth, whole box, {range}", Box.CorrelationBefore.MeanBetween(Coarsest, Finest), Box.CorrelationAfter.MeanBetween(Coarsest, Finest), HigherIsBetter: true),
            new($"Mean FSC with the truth, in the mask, {range}", InMask.CorrelationBefore.MeanBetween(Coarsest, Finest), InMask.CorrelationAfter.MeanBetween(Coarsest, Finest), HigherIsBetter: true),
            new("Correlation with the truth in the mask", Mask.Before, Mask.After, HigherIsBetter: true),
        };
        foreach (TruthZone zone in Zones)
        {
            figures.Add(new TruthFigure(string.Create(CultureInfo.InvariantCulture, $"Correlation with the truth where the local resolution is {zone.Finest:0} to {zone.Coarsest:0} Å"), zone.Before, zone.After, HigherIsBetter: true));
        }

        return figures;
    }
}
