using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class SharpeningMethodTests
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void MethodsHaveNamesAndFilesOfTheirOwn()
    {
        Assert.Equal(
            ["Raw", "BFactor", "AutoSharpen", "LocalDeblur", "LocalDeblur3", "Wiener", "LocalWiener", "LocScale", "LocalDeblurLocScale"], SharpeningMethods.Names);
        Assert.Equal(SharpeningMethods.All.Count, SharpeningMethods.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(SharpeningMethods.All.Count, SharpeningMethods.All.Select(method => method.FileName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (ISharpeningMethod method in SharpeningMethods.All)
        {
            Assert.Matches("^[A-Z][A-Za-z0-9]*$", method.Name);
            Assert.Matches("^[a-z0-9-]+$", method.FileName);
            Assert.NotEmpty(method.Summary);
            Assert.Same(method, SharpeningMethods.Named(method.Name.ToUpperInvariant()));
            Assert.True(method.BeginsWith is null || SharpeningMethods.All.Contains(method.BeginsWith));
        }

        Assert.Null(SharpeningMethods.Find("Sharpest"));
        Assert.Contains("LocalDeblurLocScale", Assert.Throws<EngineException>(() => SharpeningMethods.Named("Sharpest")).Message, StringComparison.Ordinal);
    }

    // Who adds a method has to say it where people look.
    [Fact]
    public void TheHelpNamesEveryMethod()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "en-US", "Compare-SharpeningMethod.md"));
        Assert.All(SharpeningMethods.Names, name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void OnesOwnMethodRunsAndBeginsWithAnotherThatRunsOnce()
    {
        (AtomicModel _, CryoMap map) = LeucineCube.Draw();
        var first = new Doubling();
        var then = new Doubling(first);
        SharpeningComparison comparison = SharpeningComparison.Run(map, map, Options(first, then), cancellationToken: _stop);
        Assert.Equal(["Doubled1", "Doubled2"], comparison.Rows.Select(row => row.Method));
        Assert.All(comparison.Rows, row => Assert.Null(row.Error));
        Assert.Equal(1, first.Runs);
        Assert.Equal(1, then.Runs);
        Assert.Equal(2 * map.AsSpan(_stop)[0], first.Made!.AsSpan(_stop)[0]);
        Assert.Equal(4 * map.AsSpan(_stop)[0], then.Made!.AsSpan(_stop)[0]);

        // By itself it has the other run before it.
        SharpeningComparison.Run(map, map, Options(then), cancellationToken: _stop);
        Assert.Equal((2, 2), (first.Runs, then.Runs));
    }

    [Fact]
    public void MethodForHalfMapsIsRefusedForOneMapAndRunsOnTwo()
    {
        (AtomicModel _, CryoMap map) = LeucineCube.Draw();
        var method = new Doubling { NeedsHalves = true };
        EngineException refusal = Assert.Throws<EngineException>(() => SharpeningComparison.Run(map, map, Options(method), cancellationToken: _stop));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Contains("half maps", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, method.Runs);

        Assert.Null(Assert.Single(SharpeningComparison.Run(new Reconstruction(map, map), map, Options(method), cancellationToken: _stop).Rows).Error);
        Assert.Equal(1, method.Runs);
    }

    [Fact]
    public void MethodForHalfMapsIsARowWithItsReasonOnOneHalf()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        var method = new Doubling { NeedsHalves = true };
        SharpeningComparisonOptions options = Options(method) with { CrossValidate = true, Model = model };
        SharpeningComparisonRow row = Assert.Single(SharpeningComparison.Run(new Reconstruction(map, map), map, options, cancellationToken: _stop).Rows);
        Assert.Null(row.Error);
        Assert.Equal(EngineError.MapCountUnsupported, row.Half1!.ErrorId);
        Assert.Equal(EngineError.MapCountUnsupported, row.Half2!.ErrorId);
        Assert.Equal(1, method.Runs);
    }

    [Fact]
    public void MethodsThatOneMapDoesNotAllowAreLeftOutWithTheirReason()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        SharpeningComparisonOptions options = Options() with { Methods = null };
        SharpeningComparison comparison = SharpeningComparison.Run(map, map, options, cancellationToken: _stop);
        Assert.Equal(["Raw", "BFactor", "AutoSharpen", "LocalDeblur", "LocalDeblur3"], comparison.Rows.Select(row => row.Method));
        Assert.Contains("Wiener and LocalWiener were left out: what is noise only two half maps say, and one map was given.", comparison.Decisions);
        Assert.Contains("LocScale and LocalDeblurLocScale were left out: their amplitudes are a model's, and none was given.", comparison.Decisions);

        comparison = SharpeningComparison.Run(map, map, options with { Methods = [SharpeningMethods.Named("Raw")], Model = model }, cancellationToken: _stop);
        Assert.DoesNotContain(comparison.Decisions, decision => decision.Contains("left out", StringComparison.Ordinal));
    }

    // What the rows say they are: the restoration itself with the plain filter's weights, and the published method with its iterations counted.
    [Fact]
    public void RowsFromHalfMapsAreTheMethodsThemselves()
    {
        var phantom = CryoPhantom.Draw(new PhantomOptions { Size = 48, VoxelSize = 1.2 }, null, _stop);
        var halves = new Reconstruction(phantom.HalfMap1, phantom.HalfMap2);
        var job = new SharpeningJob { Input = halves, Start = halves.Mean(_stop), Mask = phantom.Mask, Resolution = 4 };
        Assert.Equal(
            LocalWiener.Run(halves, phantom.Mask, null, null, _stop).Map.AsSpan(_stop), SharpeningMethods.Named("LocalWiener").Run(job, null, _stop).AsSpan(_stop));
        Assert.Equal(
            LocalWiener.Run(halves, phantom.Mask, new LocalWienerOptions { Global = true }, null, _stop).Map.AsSpan(_stop),
            SharpeningMethods.Named("Wiener").Run(job, null, _stop).AsSpan(_stop));
        CryoMap three = SharpeningMethods.Named("LocalDeblur3").Run(job with { LocalResolution = phantom.LocalResolution }, null, _stop);
        Assert.Equal(3, Convert.ToInt32(three.History[^1].Figures.Single(figure => figure.Key == "Iterations").Value, CultureInfo.InvariantCulture));
    }

    private static SharpeningComparisonOptions Options(params ISharpeningMethod[] methods) => new() { Methods = methods, Resolution = 3, Limits = new() { Threads = 1 } };

    private sealed class Doubling(Doubling? first = null) : ISharpeningMethod
    {
        public string Name => first is null ? "Doubled1" : "Doubled2";

        public string FileName => Name;

        public string Summary => "Twice the map";

        public bool NeedsHalves { get; init; }

        public ISharpeningMethod? BeginsWith => first;

        public int Runs { get; private set; }

        public CryoMap? Made { get; private set; }

        public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
        {
            Runs++;
            float[] twice = [.. job.Start.AsSpan(cancellationToken).ToArray().Select(value => 2 * value)];
            return Made = job.Start.Derive(twice, new HistoryEntry { Step = Name });
        }
    }
}
