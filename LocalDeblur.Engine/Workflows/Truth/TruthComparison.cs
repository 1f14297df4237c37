using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Truth;

/// <summary>
/// What a step did to a map, measured against a known truth: Fourier shell correlation and amplitude profile, over the whole box and in the mask, the
/// correlation of the voxels in the mask, and the same in parts of it by local resolution. A phantom has a truth; a measured map has none.
/// </summary>
/// <remarks>
/// None of the measures depends on a constant factor between a map and the truth. A Fourier shell correlation hardly changes when all of a shell is
/// raised alike, so that what sharpening does shows in the amplitude profiles first.
/// </remarks>
internal sealed class TruthComparison
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

    /// <summary>Shell statistics of the maps as they are.</summary>
    public TruthShells Box { get; }

    /// <summary>Shell statistics of the maps, the truth included, multiplied by the mask.</summary>
    public TruthShells InMask { get; }

    /// <summary>The whole mask.</summary>
    public TruthZone Mask { get; }

    /// <summary>Parts of the mask, each 1 Å of local resolution, finest first; empty where no local resolution was given.</summary>
    public ReadOnlyCollection<TruthZone> Zones { get; }

    /// <summary>Highest resolution of <see cref="Figures"/> that are taken over a range (Å).</summary>
    public double Finest { get; }

    /// <summary>The measures in one list, to print or to export.</summary>
    public ReadOnlyCollection<TruthFigure> Figures { get; }

    /// <summary>Measures two maps against the truth.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="before">The map before the step.</param>
    /// <param name="after">The map after it.</param>
    /// <param name="mask">Mask, 0 … 1; at least 0.5 counts as inside for the correlation of voxels and for the parts.</param>
    /// <param name="localResolution">Local resolution (Å), 0 outside; or null. Values of 100 Å and more belong to no part.</param>
    /// <param name="finest">Highest resolution of measures over a range (Å): that of the truth.</param>
    /// <param name="limits">Threads and memory; null for what the process may use. The result does not depend on them.</param>
    /// <param name="progress">Told about each step from the calling thread; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EngineException">The maps do not lie on one grid of cubic voxels; MaskEmpty; InsufficientMemory.</exception>
    public static TruthComparison Measure(
        CryoMap truth,
        CryoMap before,
        CryoMap after,
        CryoMap mask,
        CryoMap? localResolution = null,
        double finest = 3,
        RunLimits? limits = null,
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

        limits ??= new RunLimits();
        RequireMemory(truth, localResolution is not null, limits);
        float[] maskVoxels = mask.Load(cancellationToken);
        sbyte[] zoneOf = localResolution is null ? [] : SortByResolution(maskVoxels, localResolution.AsSpan(cancellationToken));
        int[] zonesPresent = [.. Enumerable.Range(0, NoResolution).Where(zone => zoneOf.AsSpan().Contains((sbyte)zone))];
        using var work = new ShellWork(truth, before, after, limits, cancellationToken);
        int step = 0;
        void Tell() => progress?.Report(new StageProgress("Comparing with the truth", (double)step++ / (zonesPresent.Length + 2)));

        Tell();
        TruthShells box = work.Measure(null);
        Tell();
        TruthShells inMask = work.Measure(maskVoxels);
        (long wholeCount, double wholeBefore, double wholeAfter) = Correlate(truth, before, after, maskVoxels, cancellationToken);
        if (wholeCount == 0)
        {
            throw MaskRule.Empty(mask);
        }

        TruthZone whole = Zone(0, double.PositiveInfinity, wholeCount, wholeBefore, wholeAfter, inMask.ProfileTruth, inMask.ProfileBefore, inMask.ProfileAfter);
        var zones = new TruthZone[zonesPresent.Length];
        float[] part = zones.Length == 0 ? [] : new float[maskVoxels.Length];
        for (int i = 0; i < zones.Length; i++)
        {
            Tell();
            int from = zonesPresent[i];
            for (int voxel = 0; voxel < part.Length; voxel++)
            {
                part[voxel] = zoneOf[voxel] == from ? 1 : 0;
            }

            (long count, double correlationBefore, double correlationAfter) = Correlate(truth, before, after, part, cancellationToken);
            Weigh(zoneOf, localResolution!.AsSpan(cancellationToken), from + 0.5, part);
            (GuinierProfile partTruth, GuinierProfile partBefore, GuinierProfile partAfter) = work.Profiles(part);
            zones[i] = Zone(from, from + 1, count, correlationBefore, correlationAfter, partTruth, partBefore, partAfter);
        }

        return new TruthComparison(box, inMask, whole, zones, finest);

        TruthZone Zone(
            double from, double to, long count, double correlationBefore, double correlationAfter, GuinierProfile profileTruth,
            GuinierProfile profileBefore, GuinierProfile profileAfter) =>
            new(
            from,
            to,
            count,
            correlationBefore,
            correlationAfter,
            profileBefore.ShapeDistance(profileTruth, Coarsest, finest),
            profileAfter.ShapeDistance(profileTruth, Coarsest, finest));
    }

    /// <summary>Writes the shells as comma-separated values: one row per shell, from the first after the mean to Nyquist.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer,
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
            CsvTable.WriteRow(writer, numbers.Select(CsvTable.Number));
        }
    }

    /// <summary>Writes <see cref="Figures"/> as comma-separated values: one row a measure.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteFigures(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, ["Measure", "Before", "After", "Better when"]);
        foreach (TruthFigure figure in Figures)
        {
            CsvTable.WriteRow(writer, [figure.Name, CsvTable.Number(figure.Before), CsvTable.Number(figure.After), figure.HigherIsBetter ? "higher" : "lower"]);
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

    private static (long Count, double Before, double After) Correlate(CryoMap truth, CryoMap before, CryoMap after, float[] inside, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> t = truth.AsSpan(cancellationToken);
        ReadOnlySpan<float> b = before.AsSpan(cancellationToken);
        ReadOnlySpan<float> a = after.AsSpan(cancellationToken);
        PearsonSums sumsBefore = default;
        PearsonSums sumsAfter = default;
        for (int i = 0; i < inside.Length; i++)
        {
            if (MaskRule.Selects(inside[i]))
            {
                sumsBefore.Add(t[i], b[i]);
                sumsAfter.Add(t[i], a[i]);
            }
        }

        return (sumsBefore.Count, sumsBefore.Correlation, sumsAfter.Correlation);
    }

    // The part that each voxel belongs to, named by its finest whole Å; −1 for none. A value on the last limit, such as 8.0 Å in a range that ends there,
    // belongs to the part below it.
    private static sbyte[] SortByResolution(float[] mask, ReadOnlySpan<float> resolution)
    {
        float coarsest = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            if (MaskRule.Selects(mask[i]) && resolution[i] is > 0 and < NoResolution)
            {
                coarsest = Math.Max(coarsest, resolution[i]);
            }
        }

        int last = Math.Max(0, (int)Math.Ceiling(coarsest) - 1);
        sbyte[] zones = new sbyte[mask.Length];
        for (int i = 0; i < zones.Length; i++)
        {
            zones[i] = MaskRule.Selects(mask[i]) && resolution[i] is > 0 and < NoResolution ? (sbyte)Math.Min(last, (int)resolution[i]) : (sbyte)-1;
        }

        return zones;
    }

    // Weight of each voxel for a profile: a raised cosine about the middle of a part that ends 1 Å from it, since a sharp edge through the molecule would
    // add amplitudes of its own.
    private static void Weigh(sbyte[] zoneOf, ReadOnlySpan<float> resolution, double middle, float[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = zoneOf[i] >= 0 ? (float)RaisedCosine.Fall(Math.Abs(resolution[i] - middle), 1) : 0;
        }
    }

    private static double ResolutionBelow(ShellCorrelation correlation, double threshold) =>
        correlation.Shells.Resolution(correlation.FirstShellBelow(threshold) ?? correlation.Shells.Count - 1);

    private List<TruthFigure> MakeFigures()
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{Coarsest:0.##} to {Finest:0.##} Å");
        var figures = new List<TruthFigure>
        {
            new($"Distance from the truth's amplitude profile in the mask, {range} (ln)", Mask.ProfileDistanceBefore, Mask.ProfileDistanceAfter, HigherIsBetter: false),
            new(
                "Resolution where FSC with the truth falls below 0.5, whole box (Å; Nyquist where it does not)",
                ResolutionBelow(Box.CorrelationBefore, 0.5), ResolutionBelow(Box.CorrelationAfter, 0.5), HigherIsBetter: false),
            new(
                $"Mean FSC with the truth, whole box, {range}",
                Box.CorrelationBefore.MeanBetween(Coarsest, Finest), Box.CorrelationAfter.MeanBetween(Coarsest, Finest), HigherIsBetter: true),
            new(
                $"Mean FSC with the truth in the mask, {range}",
                InMask.CorrelationBefore.MeanBetween(Coarsest, Finest), InMask.CorrelationAfter.MeanBetween(Coarsest, Finest), HigherIsBetter: true),
            new("Correlation with the truth in the mask", Mask.CorrelationBefore, Mask.CorrelationAfter, HigherIsBetter: true),
        };
        foreach (TruthZone zone in Zones)
        {
            string name = Say($"Correlation with the truth where the local resolution is {zone.Finest:0} to {zone.Coarsest:0} Å");
            figures.Add(new TruthFigure(name, zone.CorrelationBefore, zone.CorrelationAfter, HigherIsBetter: true));
        }

        foreach (TruthZone zone in Zones)
        {
            string name = Say($"Distance from the truth's amplitude profile where the local resolution is {zone.Finest:0} to {zone.Coarsest:0} Å (ln)");
            figures.Add(new TruthFigure(name, zone.ProfileDistanceBefore, zone.ProfileDistanceAfter, HigherIsBetter: false));
        }

        return figures;
    }

    // The three maps, the mask and two transforms; with a local resolution that, the zone of every voxel, and the mask of one zone.
    private static void RequireMemory(CryoMap truth, bool hasZones, RunLimits limits)
    {
        long voxel = hasZones ? (6 * sizeof(float)) + sizeof(sbyte) : 4 * sizeof(float);
        limits.Require((voxel * truth.Size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(truth.Size)), Say($"The comparison with '{truth.Name}' ({truth.Size} voxels)"), truth.Name);
    }

    // The transform and the two spectra that every measurement shares.
    private sealed class ShellWork : IDisposable
    {
        private readonly CryoMap _truth;
        private readonly CryoMap _before;
        private readonly CryoMap _after;
        private readonly RunLimits _limits;
        private readonly CancellationToken _cancellationToken;
        private readonly RadialShells _shells;
        private readonly RealFft3D _transform;
        private readonly Spectrum _truthSpectrum;
        private readonly Spectrum _spectrum;

        public ShellWork(CryoMap truth, CryoMap before, CryoMap after, RunLimits limits, CancellationToken cancellationToken)
        {
            (_truth, _before, _after, _limits, _cancellationToken) = (truth, before, after, limits, cancellationToken);
            _shells = new RadialShells(truth.Size, truth.VoxelSize, limits: limits);
            _transform = new RealFft3D(truth.Size, limits);
            _truthSpectrum = _transform.AllocateSpectrum();
            _spectrum = _transform.AllocateSpectrum();
        }

        // Statistics of the maps times the mask; of the maps as they are where it is null.
        public TruthShells Measure(float[]? mask)
        {
            GuinierProfile profileTruth = Profile(_truth, mask, _truthSpectrum);
            GuinierProfile profileBefore = Profile(_before, mask, _spectrum);
            ShellCorrelation correlationBefore = ShellCorrelation.Measure(_spectrum, _truthSpectrum, _shells, _limits, _cancellationToken);
            GuinierProfile profileAfter = Profile(_after, mask, _spectrum);
            ShellCorrelation correlationAfter = ShellCorrelation.Measure(_spectrum, _truthSpectrum, _shells, _limits, _cancellationToken);
            return new TruthShells(correlationBefore, correlationAfter, profileTruth, profileBefore, profileAfter);
        }

        // Profiles of the maps times the mask.
        public (GuinierProfile Truth, GuinierProfile Before, GuinierProfile After) Profiles(float[] mask) =>
            (Profile(_truth, mask, _spectrum), Profile(_before, mask, _spectrum), Profile(_after, mask, _spectrum));

        public void Dispose()
        {
            _spectrum.Dispose();
            _truthSpectrum.Dispose();
            _transform.Dispose();
        }

        // Leaves the transform in 'target'.
        private GuinierProfile Profile(CryoMap map, float[]? mask, Spectrum target)
        {
            float[] voxels = map.Load(_cancellationToken);
            if (mask is null)
            {
                _transform.Forward(voxels, target, _cancellationToken);
            }
            else
            {
                _transform.Forward(new MaskedRows(voxels, mask, map.Size), target, _cancellationToken);
            }

            return GuinierProfile.Measure(target, _shells, _limits, _cancellationToken);
        }
    }
}
