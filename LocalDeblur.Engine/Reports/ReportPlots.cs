using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.Shells;
using LocalDeblur.Validation;

namespace LocalDeblur.Reports;

/// <summary>The plots of a report that no other command draws.</summary>
internal static class ReportPlots
{
    /// <summary>Most chains that are drawn: more lines than colours cannot be told apart.</summary>
    public const int MostChains = 6;

    private const int Bins = 160;
    private const int LevelsAPoint = 8;
    private const double LowestDeviation = -6;

    /// <summary>Histogram of the local resolution.</summary>
    /// <param name="spread">Its numbers.</param>
    public static LinePlot Resolutions(ResolutionSpread spread)
    {
        (double[] x, double[] y) = Steps(spread.Edges, [.. spread.Counts.Select(count => (double)count)]);
        return new LinePlot
        {
            Title = "Local resolution inside the mask",
            X = new PlotAxis("Local resolution (Å)"),
            Y = new PlotAxis("Voxels") { Minimum = 0 },
            Series = [new PlotSeries("Voxels", x, y)],
            ReferenceLines = [new PlotReferenceLine(spread.Median, Say($"median {spread.Median:0.00} Å")) { Upright = true }],
        };
    }

    /// <summary>Histogram of the densities before and after, in standard deviations, with the contour.</summary>
    /// <param name="before">The map before.</param>
    /// <param name="after">The sharpened map.</param>
    /// <param name="level">Density of its surface.</param>
    public static LinePlot Densities(CryoMap before, CryoMap after, double level)
    {
        (string Name, CryoMap Map)[] maps = [("Before", before), ("After", after)];
        double highest = maps.Max(one => (one.Map.Maximum - one.Map.Mean) / one.Map.StandardDeviation);
        double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(i => LowestDeviation + (i * (highest - LowestDeviation) / Bins))];
        return new LinePlot
        {
            Title = "Densities of all voxels",
            X = new PlotAxis("Density (σ from the mean)"),
            Y = new PlotAxis("Voxels, log10") { Minimum = 0 },
            Series = [.. maps.Select(one => Histogram(one.Name, one.Map, edges))],
            ReferenceLines = [new PlotReferenceLine((level - after.Mean) / after.StandardDeviation, "contour, after") { Upright = true }],
        };
    }

    /// <summary>Volume within the surface against its density.</summary>
    /// <param name="before">The map before.</param>
    /// <param name="after">The sharpened map.</param>
    /// <param name="voxel">Edge of a voxel (Å).</param>
    /// <param name="level">Density of the surface of the sharpened map.</param>
    public static LinePlot Enclosed(ReportDensity before, ReportDensity after, double voxel, double level)
    {
        return new LinePlot
        {
            Title = "Volume within the surface",
            X = new PlotAxis("Contour (σ from the mean)"),
            Y = new PlotAxis("Enclosed, log10 of kDa"),
            Series = [Line("Before", before), Line("After", after)],
            ReferenceLines = [new PlotReferenceLine((level - after.Mean) / after.Deviation, "contour, after") { Upright = true }],
        };

        PlotSeries Line(string name, ReportDensity map)
        {
            (double X, double Y)[] points =
            [
                .. from number in Enumerable.Range(0, ReportDensity.Levels / LevelsAPoint).Select(point => point * LevelsAPoint)
                   let deviations = (map.Low + (number * (map.High - map.Low) / (ReportDensity.Levels - 1)) - map.Mean) / map.Deviation
                   where deviations >= 0.5 && map.Enclosed[number] > 0
                   select (deviations, Math.Log10(map.Enclosed[number] * Math.Pow(voxel, 3) / (1000 * SharpeningReport.VolumePerDalton))),
            ];
            return new PlotSeries(name, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
        }
    }

    /// <summary>Power spectra.</summary>
    /// <param name="profiles">Profiles of the maps.</param>
    public static LinePlot Power(IReadOnlyList<GuinierProfile> profiles) => new()
    {
        Title = "Power spectrum in the mask",
        X = new PlotAxis("Spatial frequency, 1/d (1/Å)") { Minimum = 0, Resolution = PlotResolutionScale.Reciprocal },
        Y = new PlotAxis("Mean |F|², log10"),
        Series =
        [
            .. from profile in profiles
               let shells = Enumerable.Range(1, profile.Shells.Count - 1).ToArray()
               select new PlotSeries(
                   profile.Name,
                   [.. shells.Select(profile.Shells.Frequency)],
                   [.. shells.Select(shell => 2 * profile.LogRmsAmplitudes[shell] / Math.Log(10))]),
        ],
    };

    /// <summary>Q-score by residue: a line for each chain, those with the lowest scores where there are many.</summary>
    /// <param name="atoms">The scores.</param>
    public static LinePlot Residues(QScoreResult atoms)
    {
        QScoreChain[] chains = [.. atoms.Chains.Where(chain => double.IsFinite(chain.Q)).OrderBy(chain => chain.Q).Take(MostChains)];
        Array.Sort(chains, (one, other) => string.CompareOrdinal(one.Id, other.Id));
        bool isPart = chains.Length < atoms.Chains.Count;
        return new LinePlot
        {
            Title = isPart ? Say($"Q-score by residue, the {chains.Length} chains of the lowest of {atoms.Chains.Count}") : "Q-score by residue",
            X = new PlotAxis("Residue number"),
            Y = new PlotAxis("Q-score") { Maximum = 1 },
            Series =
            [
                .. from chain in chains
                   let residues = atoms.Residues.Where(residue => residue.Chain == chain.Id).ToArray()
                   select new PlotSeries(
                       $"Chain {(string.IsNullOrWhiteSpace(chain.Id) ? "without a name" : chain.Id)}",
                       [.. residues.Select(residue => (double)residue.Number)],
                       [.. residues.Select(residue => residue.Q)]),
            ],
            ReferenceLines = atoms.Expected is { } expected ? [new PlotReferenceLine(expected, "expected")] : [],
        };
    }

    private static PlotSeries Histogram(string name, CryoMap map, double[] edges)
    {
        double[] counts = new double[edges.Length - 1];
        double scale = 1 / (map.StandardDeviation * (edges[1] - edges[0])), low = map.Mean + (edges[0] * map.StandardDeviation);
        foreach (float value in map.AsSpan())
        {
            double bin = (value - low) * scale;
            if (bin >= 0)
            {
                counts[Math.Min(counts.Length - 1, (int)bin)]++;
            }
        }

        (double[] x, double[] y) = Steps(edges, [.. counts.Select(count => count > 0 ? Math.Log10(count) : 0)]);
        return new PlotSeries(name, x, y);
    }

    // The outline of bars.
    private static (double[] X, double[] Y) Steps(IReadOnlyList<double> edges, IReadOnlyList<double> heights) =>
    (
        [edges[0], .. Enumerable.Range(0, heights.Count).SelectMany(i => (double[])[edges[i], edges[i + 1]]), edges[^1]],
        [0, .. heights.SelectMany(height => (double[])[height, height]), 0]
    );
}
