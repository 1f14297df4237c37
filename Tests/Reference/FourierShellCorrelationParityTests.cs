using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against the tables of relion_postprocess, RELION 3.1.3, whose numbers have six decimals or six digits.</summary>
public sealed class FourierShellCorrelationParityTests
{
    /// <summary>Float32 transforms against double, and half a unit of the last digit of the table.</summary>
    private const double Parity = 1e-5;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void CurvesWithoutRandomNumbersEqualRelion(string set)
    {
        FscResult ours = Measure(set, new FourierShellCorrelationOptions());
        FscResult theirs = Table($"{set}/fsc.csv");
        foreach (FscCurveKind curve in (FscCurveKind[])[FscCurveKind.Unmasked, FscCurveKind.Masked, FscCurveKind.MaskFraction])
        {
            RequireEqual(ours, theirs, curve);
        }

        Assert.NotNull(ours.RandomisedFrom);
        Report(FormattableString.Invariant($"{set}: ours {ours.ResolutionShell:0.####} Å by shell, {ours.Resolution:0.####} Å interpolated; ")
            + FormattableString.Invariant($"theirs {theirs.ResolutionShell:0.####} Å"));
    }

    // The phases of Nyquist's own shell are random here, and the mask carries that into the randomised curve. Nothing is corrected by it.
    [Theory]
    [InlineData("orc80", 2.0)]
    [InlineData("orc80n6", 4.0)]
    public void RunWithNothingRandomEqualsRelion(string set, double resolution)
    {
        FscResult ours = Measure(set, new FourierShellCorrelationOptions { RandomiseFrom = 2 });
        FscResult theirs = Table($"{set}/fsc_det.csv");
        foreach (FscCurveKind curve in (FscCurveKind[])[FscCurveKind.Unmasked, FscCurveKind.Masked, FscCurveKind.MaskFraction, FscCurveKind.Corrected])
        {
            RequireEqual(ours, theirs, curve);
        }

        IEnumerable<string> differences = ours.Shells.Zip(theirs.Shells, (a, b) => FormattableString.Invariant($"{Math.Abs(a.Randomised - b.Randomised):0.0E+0}"));
        Report($"{set}: randomised, largest difference by shell {string.Join(' ', differences)}");
        Assert.Equal(40, ours.RandomisedFrom);
        Assert.Equal(resolution, ours.ResolutionShell, 1e-9);
        Assert.Equal(theirs.ResolutionShell, ours.ResolutionShell, 1e-5);
    }

    // Forty draws of the published program's kind gave 3.6 to 4.2 Å on orc80n6.
    [Theory]
    [InlineData("orc80", 2.0, 2.0)]
    [InlineData("orc80n6", 3.6, 4.3)]
    public void ResolutionOverSeedsStaysInTheSpreadOfTheMethod(string set, double finest, double coarsest)
    {
        FscResult theirs = Table($"{set}/fsc.csv");
        FscResult[] runs = [.. Enumerable.Range(1, 20).Select(seed => Measure(set, new FourierShellCorrelationOptions { Seed = seed }))];
        double[] shells = [.. runs.Select(run => run.ResolutionShell).Order()];
        double[] interpolated = [.. runs.Select(run => run.Resolution).Order()];
        double[] spread = [.. Enumerable.Range(0, theirs.Shells.Count).Select(i => runs.Max(run => run.Shells[i].Corrected) - runs.Min(run => run.Shells[i].Corrected))];
        double[] deviation = [.. Enumerable.Range(0, theirs.Shells.Count).Select(i => Deviation(runs.Select(run => run.Shells[i].Corrected)))];
        int corrected = runs[0].RandomisedFrom!.Value + 2;
        double[] distance =
        [
            .. from i in Enumerable.Range(corrected, theirs.Shells.Count - corrected)
               select Math.Abs(theirs.Shells[i].Corrected - runs.Average(run => run.Shells[i].Corrected)) / deviation[i],
        ];
        Report(FormattableString.Invariant($"{set}: by shell {shells[0]:0.###} … {shells[10]:0.###} … {shells[^1]:0.###} Å; ")
            + FormattableString.Invariant($"interpolated {interpolated[0]:0.###} … {interpolated[10]:0.###} … {interpolated[^1]:0.###} Å; ")
            + FormattableString.Invariant($"corrected curve: largest spread {spread.Max():0.####}, largest SD {deviation.Max():0.####}; ")
            + FormattableString.Invariant($"theirs is at most {distance.Max():0.#} SD from our mean"));
        Assert.InRange(distance.Max(), 0, 5);
        Assert.All(shells, value => Assert.InRange(value, finest - 1e-9, coarsest));
    }

    private static double Deviation(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1));
    }

    private static void RequireEqual(FscResult ours, FscResult theirs, FscCurveKind curve)
    {
        Assert.Equal(theirs.Shells.Count, ours.Shells.Count);
        double largest = ours.Shells.Zip(theirs.Shells, (a, b) => Math.Abs(a[curve] - b[curve])).Max();
        Report(FormattableString.Invariant($"{curve}: largest difference {largest:E2}"));
        Assert.InRange(largest, 0, Parity);
    }

    private static FscResult Table(string path)
    {
        using StreamReader reader = File.OpenText(ReferenceData.Require(path));
        return FscTable.Read(reader, path);
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private FscResult Measure(string set, FourierShellCorrelationOptions options) => FourierShellCorrelation.Run(
        new Reconstruction(ReferenceData.OpenMap($"{set}/half1.mrc.gz"), ReferenceData.OpenMap($"{set}/half2.mrc.gz")),
        ReferenceData.OpenMap($"{set}/mask.mrc.gz"),
        options,
        cancellationToken: _stop);
}
