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
/// What steps did to a map, measured against a known truth: Fourier shell correlation and amplitude profile, over the whole box and in the mask, the
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

    private TruthComparison(string[] names, TruthShells box, TruthShells inMask, TruthZone whole, TruthZone[] zones, double finest)
    {
        Names = new ReadOnlyCollection<string>(names);
        Box = box;
        InMask = inMask;
        Mask = whole;
        Zones = new ReadOnlyCollection<TruthZone>(zones);
        Finest = finest;
        Figures = new ReadOnlyCollection<TruthFigure>(MakeFigures());
    }

    /// <summary>What the maps are called, in their order; the map before any step is the first.</summary>
    public ReadOnlyCollection<string> Names { get; }

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

    /// <summary>Measures maps against the truth.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="maps">The map before any step, and what became of it, each with its name for tables and plots.</param>
    /// <param name="mask">Mask, 0 … 1; at least 0.5 counts as inside for the correlation of voxels and for the parts.</param>
    /// <param name="localResolution">Local resolution (Å), 0 outside; or null. Values of 100 Å and more belong to no part.</param>
    /// <param name="finest">Highest resolution of measures over a range (Å): that of the truth.</param>
    /// <param name="limits">Threads and memory; null for what the process may use. The result does not depend on them.</param>
    /// <param name="progress">Told about each step from the calling thread; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EngineException">The maps do not lie on one grid of cubic voxels; MaskEmpty; InsufficientMemory.</exception>
    public static TruthComparison Measure(
        CryoMap truth,
        IReadOnlyList<(string Name, CryoMap Map)> maps,
        CryoMap mask,
        CryoMap? localResolution = null,
        double finest = 3,
        RunLimits? limits = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(mask);
        truth.Grid.RequireCubicVoxels(truth.Name);
        CryoMap[] compared = [.. maps.Select(map => map.Map)];
        foreach (CryoMap? map in (CryoMap?[])[.. compared, mask, localResolution])
        {
            if (map is not null)
            {
                truth.Grid.RequireSameAs(truth.Name, map.Grid, map.Name);
            }
        }

        limits ??= new RunLimits();
        RequireMemory(truth, compared.Length, localResolution is not null, limits);
        float[] maskVoxels = mask.Load(cancellationToken);
        sbyte[] zoneOf = localResolution is null ? [] : SortByResolution(maskVoxels, localResolution.AsSpan(cancellationToken));
        int[] zonesPresent = [.. Enumerable.Range(0, NoResolution).Where(zone => zoneOf.AsSpan().Contains((sbyte)zone))];
        using var work = new ShellWork(truth, compared, limits, cancellationToken);
        int step = 0;
        void Tell() => progress?.Report(new StageProgress("Comparing with the truth", (double)step++ / (zonesPresent.Length + 2)));

        Tell();
        TruthShells box = work.Measure(null);
        Tell();
        TruthShells inMask = work.Measure(maskVoxels);
        (long wholeCount, double[] wholeCorrelations) = Correlate(truth, compared, maskVoxels, cancellationToken);
        if (wholeCount == 0)
        {
            throw MaskRule.Empty(mask);
        }

        TruthZone whole = Zone(0, double.PositiveInfinity, wholeCount, wholeCorrelations, inMask.ProfileTruth, inMask.Profiles);
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

            (long count, double[] correlations) = Correlate(truth, compared, part, cancellationToken);
            Weigh(zoneOf, localResolution!.AsSpan(cancellationToken), from + 0.5, part);
            (GuinierProfile partTruth, GuinierProfile[] partProfiles) = work.Profiles(part);
            zones[i] = Zone(from, from + 1, count, correlations, partTruth, partProfiles);
        }

        return new TruthComparison([.. maps.Select(map => map.Name)], box, inMask, whole, zones, finest);

        TruthZone Zone(double from, double to, long count, double[] correlations, GuinierProfile profileTruth, IEnumerable<GuinierProfile> profiles) =>
            new(from, to, count, correlations, [.. profiles.Select(profile => profile.ShapeDistance(profileTruth, Coarsest, finest))]);
    }

    /// <summary>Writes the shells as comma-separated values: one row per shell, from the first after the mean to Nyquist.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, ["Shell", "Resolution (Å)", "1/d (1/Å)", "1/d² (1/Å²)", .. Columns(string.Empty), .. Columns(" (mask)")]);
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
        CsvTable.WriteRow(writer, ["Measure", .. Names, "Better when"]);
        foreach (TruthFigure figure in Figures)
        {
            CsvTable.WriteRow(writer, [figure.Name, .. figure.Values.Select(CsvTable.Number), figure.HigherIsBetter ? "higher" : "lower"]);
        }
    }

    private static IEnumerable<double> Row(TruthShells shells, int shell) =>
    [
        .. shells.Correlations.Select(correlation => correlation.Values[shell]),
        shells.ProfileTruth.LogAmplitudes[shell],
        .. shells.Profiles.Select(profile => profile.LogAmplitudes[shell]),
    ];

    private static (long Count, double[] Correlations) Correlate(CryoMap truth, CryoMap[] maps, float[] inside, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> t = truth.AsSpan(cancellationToken);
        var sums = new PearsonSums[maps.Length];
        for (int map = 0; map < maps.Length; map++)
        {
            ReadOnlySpan<float> values = maps[map].AsSpan(cancellationToken);
            for (int i = 0; i < inside.Length; i++)
            {
                if (MaskRule.Selects(inside[i]))
                {
                    sums[map].Add(t[i], values[i]);
                }
            }
        }

        return (sums[0].Count, [.. sums.Select(sum => sum.Correlation)]);
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

    private IEnumerable<string> Columns(string where) =>
    [
        .. Names.Select(name => $"FSC {name}{where}"),
        $"ln mean |F| truth{where}",
        .. Names.Select(name => $"ln mean |F| {name}{where}"),
    ];

    private List<TruthFigure> MakeFigures()
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{Coarsest:0.##} to {Finest:0.##} Å");
        var figures = new List<TruthFigure>
        {
            new($"Distance from the truth's amplitude profile in the mask, {range} (ln)", Mask.ProfileDistances, HigherIsBetter: false),
            new(
                "Resolution where FSC with the truth falls below 0.5, whole box (Å; Nyquist where it does not)",
                [.. Box.Correlations.Select(correlation => ResolutionBelow(correlation, 0.5))], HigherIsBetter: false),
            new($"Mean FSC with the truth, whole box, {range}", [.. Box.Correlations.Select(MeanCorrelation)], HigherIsBetter: true),
            new($"Mean FSC with the truth in the mask, {range}", [.. InMask.Correlations.Select(MeanCorrelation)], HigherIsBetter: true),
            new("Correlation with the truth in the mask", Mask.Correlations, HigherIsBetter: true),
        };
        foreach (TruthZone zone in Zones)
        {
            string name = Say($"Correlation with the truth where the local resolution is {zone.Finest:0} to {zone.Coarsest:0} Å");
            figures.Add(new TruthFigure(name, zone.Correlations, HigherIsBetter: true));
        }

        foreach (TruthZone zone in Zones)
        {
            string name = Say($"Distance from the truth's amplitude profile where the local resolution is {zone.Finest:0} to {zone.Coarsest:0} Å (ln)");
            figures.Add(new TruthFigure(name, zone.ProfileDistances, HigherIsBetter: false));
        }

        return figures;
    }

    private double MeanCorrelation(ShellCorrelation correlation) => correlation.MeanBetween(Coarsest, Finest);

    // The maps, the truth, the mask and two transforms; with a local resolution that, the zone of every voxel, and the mask of one zone.
    private static void RequireMemory(CryoMap truth, int maps, bool hasZones, RunLimits limits)
    {
        long voxel = (maps + 2) * sizeof(float);
        voxel += hasZones ? (2 * sizeof(float)) + sizeof(sbyte) : 0;
        limits.Require((voxel * truth.Size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(truth.Size)), Say($"The comparison with '{truth.Name}' ({truth.Size} voxels)"), truth.Name);
    }

    // The transform and the two spectra that every measurement shares.
    private sealed class ShellWork : IDisposable
    {
        private readonly CryoMap _truth;
        private readonly CryoMap[] _maps;
        private readonly RunLimits _limits;
        private readonly CancellationToken _cancellationToken;
        private readonly RadialShells _shells;
        private readonly RealFft3D _transform;
        private readonly Spectrum _truthSpectrum;
        private readonly Spectrum _spectrum;

        public ShellWork(CryoMap truth, CryoMap[] maps, RunLimits limits, CancellationToken cancellationToken)
        {
            (_truth, _maps, _limits, _cancellationToken) = (truth, maps, limits, cancellationToken);
            _shells = new RadialShells(truth.Size, truth.VoxelSize, limits: limits);
            _transform = new RealFft3D(truth.Size, limits);
            _truthSpectrum = _transform.AllocateSpectrum();
            _spectrum = _transform.AllocateSpectrum();
        }

        // Statistics of the maps times the mask; of the maps as they are where it is null.
        public TruthShells Measure(float[]? mask)
        {
            GuinierProfile profileTruth = Profile(_truth, mask, _truthSpectrum);
            var profiles = new GuinierProfile[_maps.Length];
            var correlations = new ShellCorrelation[_maps.Length];
            for (int map = 0; map < _maps.Length; map++)
            {
                profiles[map] = Profile(_maps[map], mask, _spectrum);
                correlations[map] = ShellCorrelation.Measure(_spectrum, _truthSpectrum, _shells, _limits, _cancellationToken);
            }

            return new TruthShells(correlations, profiles, profileTruth);
        }

        // Profiles of the maps times the mask.
        public (GuinierProfile Truth, GuinierProfile[] Maps) Profiles(float[] mask) =>
            (Profile(_truth, mask, _spectrum), [.. _maps.Select(map => Profile(map, mask, _spectrum))]);

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
