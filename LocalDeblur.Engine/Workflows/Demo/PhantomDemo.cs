using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Plots;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows.Truth;

namespace LocalDeblur.Workflows.Demo;

/// <summary>What the demo makes and where it puts it.</summary>
public sealed record PhantomDemoOptions
{
    /// <summary>The phantom.</summary>
    public PhantomOptions Phantom { get; init; } = new();

    /// <summary>The run from the half maps alone: mask, local resolution and sharpening.</summary>
    public LocalDeblurRunOptions Sharpening { get; init; } = new();

    /// <summary>Folder for its files; made where it does not exist. Files of an earlier demo in it are replaced.</summary>
    public required string Folder { get; init; }
}

/// <summary>What the demo arrived at.</summary>
/// <param name="Sharpening">The sharpening: its figures and its map.</param>
/// <param name="Figures">The map before and after against the truth.</param>
/// <param name="Files">Full paths of what was written.</param>
public sealed record PhantomDemoResult(LocalDeblurResult Sharpening, IReadOnlyList<TruthFigure> Figures, IReadOnlyList<string> Files);

/// <summary>
/// The whole job on input that anyone can make again: draws two half maps of a phantom whose truth is known, sharpens from them
/// alone, and measures the map before and after against the truth.
/// </summary>
public static class PhantomDemo
{
    // What the drawing and the comparison take beside the sharpening, as shares of the demo's time.
    private const double DrawingShare = 0.25;
    private const double SharpeningShare = 0.55;

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

        // Only the half maps go in: mask and true local resolution serve the comparison.
        LocalDeblurResult sharpening = LocalDeblurRun.Run(halves, null, options.Sharpening, Scale(DrawingShare, SharpeningShare), cancellationToken);
        CryoMap after = output.Write("sharpened.mrc", sharpening.Map);
        TruthComparison comparison = TruthComparison.Measure(
            truth,
            before,
            after,
            mask,
            resolution,
            options.Phantom.FinestResolution,
            options.Sharpening.Sharpening.Limits,
            Scale(DrawingShare + SharpeningShare, 1 - DrawingShare - SharpeningShare),
            cancellationToken);

        output.WriteText("figures.csv", writer =>
        {
            comparison.WriteFigures(writer);
            (string Name, double Value)[] figures =
            [
                (nameof(sharpening.StepSize), sharpening.StepSize),
                (nameof(sharpening.Iterations), sharpening.Iterations),
                (nameof(sharpening.Bands), sharpening.Bands),
                (nameof(sharpening.Rank), sharpening.Rank),
                (nameof(RunCost.Seconds), sharpening.Cost!.Seconds),
                (nameof(RunCost.PeakBytes), sharpening.Cost.PeakBytes),
            ];
            foreach ((string name, double value) in figures)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{name},,{value},\n"));
            }
        });
        output.WriteText("shells.csv", comparison.WriteTable);
        output.WriteText("radial-profiles.svg", writer => SvgPlot.Write(TruthPlots.Profiles(comparison.InMask, "Amplitude profiles in the mask", "LocalDeblur"), writer));
        output.WriteText("fsc.svg", writer => SvgPlot.Write(TruthPlots.Correlations(comparison.Box, "Correlation with the truth", "LocalDeblur"), writer));
        MapSliceRow[] rows = [new("Before", before), new("LocalDeblur", after), new("Truth", truth)];
        output.WriteFile("slices.png", MapSlices.Render(rows, new MapSliceOptions { Crop = WholeMolecule }, cancellationToken).Write);
        output.WriteFile("slices-detail.png", MapSlices.Render(rows, Detail(truth.Size), cancellationToken).Write);
        progress?.Report(new StageProgress("Done", 1));
        return new PhantomDemoResult(sharpening, comparison.Figures, output.Files);

        IProgress<StageProgress>? Scale(double from, double share) => ScaledProgress.Part(progress, from, share);
    }

    /// <summary>A place between core and far end, where the local resolution passes 5 Å: neither sharp already nor beyond help.</summary>
    private static MapSliceOptions Detail(GridSize size) => new()
    {
        Crop = 0.3,
        Position = ((int)(0.586 * size.X), (int)(0.484 * size.Y), (int)(0.547 * size.Z)),
    };
}
