using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Plots;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows.Truth;

namespace LocalDeblur.Workflows.Demo;

/// <summary>What the demo makes and where it puts it.</summary>
public sealed record PhantomDemoOptions
{
    /// <summary>The phantom.</summary>
    public PhantomOptions Phantom { get; init; } = new();

    /// <summary>The run from the half maps alone: mask, local resolution and sharpening.</summary>
    public LocalDeblurRunOptions Sharpening { get; init; } = new();

    /// <summary>The local Wiener restoration of the same half maps.</summary>
    public LocalWienerOptions Restoration { get; init; } = new();

    /// <summary>Folder for its files; made where it does not exist. Files of an earlier demo in it are replaced.</summary>
    public required string Folder { get; init; }
}

/// <summary>What the demo arrived at.</summary>
/// <param name="Sharpening">The sharpening: its figures and its map.</param>
/// <param name="Restoration">The restoration: its figures and its map.</param>
/// <param name="Names">What the maps of the figures are called: the map before, then each method.</param>
/// <param name="Figures">The map before and after each method against the truth.</param>
/// <param name="Files">Full paths of what was written.</param>
public sealed record PhantomDemoResult(
    LocalDeblurResult Sharpening, LocalWienerResult Restoration, IReadOnlyList<string> Names, IReadOnlyList<TruthFigure> Figures, IReadOnlyList<string> Files);

/// <summary>
/// The whole job on input that anyone can make again: draws two half maps of a phantom whose truth is known, sharpens from them
/// alone by the published method and by the local Wiener restoration, and measures the map before and after against the truth.
/// </summary>
public static class PhantomDemo
{
    // What each part takes of the demo's time.
    private const double DrawingShare = 0.2;
    private const double SharpeningShare = 0.4;
    private const double RestoringShare = 0.2;
    private const double ComparingFrom = DrawingShare + SharpeningShare + RestoringShare;

    // Share of the edge that the molecule takes.
    private const double WholeMolecule = 0.8;

    /// <summary>Runs it.</summary>
    /// <param name="options">What to make.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the demo; files that are complete stay.</param>
    /// <exception cref="EngineException">A parameter is out of range, or the folder cannot be written to.</exception>
    public static PhantomDemoResult Run(PhantomDemoOptions options, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var output = new DemoFolder(options.Folder, cancellationToken);
        CryoPhantom phantom = CryoPhantom.Draw(options.Phantom, Scale(0, DrawingShare), cancellationToken);
        CryoMap truth = output.Write("truth.mrc", phantom.Truth);
        CryoMap first = output.Write("half1.mrc", phantom.HalfMap1);
        CryoMap second = output.Write("half2.mrc", phantom.HalfMap2);
        CryoMap mask = output.Write("mask.mrc", phantom.Mask);
        CryoMap resolution = output.Write("local-resolution.mrc", phantom.LocalResolution);
        var halves = new Reconstruction(first, second);
        CryoMap before = output.Write("map.mrc", halves.Mean(cancellationToken));

        // Only the half maps go in: mask and true local resolution serve the comparison, and stay beside them with the truth, the mean and what is sharpened first.
        long volume = sizeof(float) * first.Size.VoxelCount;
        LocalDeblurRunOptions sharpeningBeside = options.Sharpening.WithLimits(options.Sharpening.Sharpening.Limits.Beside(4 * volume));
        LocalDeblurResult sharpening = LocalDeblurRun.Run(halves, null, sharpeningBeside, Scale(DrawingShare, SharpeningShare), cancellationToken);
        CryoMap sharpened = output.Write("sharpened.mrc", sharpening.Map);
        LocalWienerOptions restoringBeside = options.Restoration with { Limits = options.Restoration.Limits.Beside(5 * volume) };
        LocalWienerResult restoration = LocalWiener.Run(halves, null, restoringBeside, Scale(DrawingShare + SharpeningShare, RestoringShare), cancellationToken);
        CryoMap restored = output.Write("restored.mrc", restoration.Map);
        TruthComparison comparison = TruthComparison.Measure(
            truth,
            [("Before", before), ("LocalDeblur", sharpened), ("LocalWiener", restored)],
            mask,
            resolution,
            options.Phantom.FinestResolution,
            options.Sharpening.Sharpening.Limits,
            Scale(ComparingFrom, 1 - ComparingFrom),
            cancellationToken);

        output.WriteText("figures.csv", writer =>
        {
            comparison.WriteFigures(writer);
            (string Name, double Sharpening, double Restoration)[] figures =
            [
                (nameof(sharpening.StepSize), sharpening.StepSize, double.NaN),
                (nameof(sharpening.Iterations), sharpening.Iterations, double.NaN),
                (nameof(sharpening.Bands), sharpening.Bands, double.NaN),
                (nameof(sharpening.Rank), sharpening.Rank, double.NaN),
                (nameof(restoration.FallOff), double.NaN, restoration.FallOff),
                (nameof(restoration.UsedBands), double.NaN, restoration.UsedBands),
                (nameof(RunCost.Seconds), sharpening.Cost!.Seconds, restoration.Cost!.Seconds),
                (nameof(RunCost.PeakBytes), sharpening.Cost.PeakBytes, restoration.Cost.PeakBytes),
            ];
            foreach ((string name, double ofSharpening, double ofRestoration) in figures)
            {
                CsvTable.WriteRow(writer, [name, string.Empty, CsvTable.Number(ofSharpening), CsvTable.Number(ofRestoration), string.Empty]);
            }
        });
        output.WriteText("shells.csv", comparison.WriteTable);
        output.WriteText("radial-profiles.svg", writer => SvgPlot.Write(TruthPlots.Profiles(comparison.InMask, comparison.Names, "Amplitude profiles in the mask"), writer));
        output.WriteText("fsc.svg", writer => SvgPlot.Write(TruthPlots.Correlations(comparison.Box, comparison.Names, "Correlation with the truth"), writer));
        MapSliceRow[] rows = [new("Before", before), new("LocalDeblur", sharpened), new("LocalWiener", restored), new("Truth", truth)];
        output.WriteFile("slices.png", MapSlices.Render(rows, new MapSliceOptions { Crop = WholeMolecule }, cancellationToken).Write);
        output.WriteFile("slices-detail.png", MapSlices.Render(rows, Detail(truth.Size), cancellationToken).Write);
        progress?.Report(new StageProgress("Done", 1));
        return new PhantomDemoResult(sharpening, restoration, comparison.Names, comparison.Figures, output.Files);

        IProgress<StageProgress>? Scale(double from, double share) => ScaledProgress.Part(progress, from, share);
    }

    /// <summary>A place between core and far end, where the local resolution passes 5 Å: neither sharp already nor beyond help.</summary>
    private static MapSliceOptions Detail(GridSize size) => new()
    {
        Crop = 0.3,
        Position = ((int)(0.586 * size.X), (int)(0.484 * size.Y), (int)(0.547 * size.Z)),
    };
}
