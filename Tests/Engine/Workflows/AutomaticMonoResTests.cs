using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class AutomaticMonoResTests
{
    private readonly CryoMap _first;
    private readonly CryoMap _second;

    public AutomaticMonoResTests()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        _first = phantom.DrawHalfMap(1);
        _second = phantom.DrawHalfMap(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WithoutAMaskOneIsMadeAndToldOf(bool hasHalves)
    {
        Reconstruction input = hasHalves ? new Reconstruction(_first, _second) : _first;
        var options = new MonoResOptions { WithFilledMap = true, WithRefinedMask = true };
        MonoResResult result = AutomaticMonoRes.Run(input, mask: null, options);

        var masking = new MaskOptions { SoftEdgeVoxels = 0 };
        CryoMap mask = MaskBuilder.Run(input, masking).Map;
        MonoResResult expected = MonoRes.Run(input, mask, options);
        Assert.Equal(expected.LocalResolution.AsSpan().ToArray(), result.LocalResolution.AsSpan().ToArray());
        Assert.Equal(expected.Filled!.AsSpan().ToArray(), result.Filled!.AsSpan().ToArray());
        foreach (CryoMap map in (CryoMap[])[result.LocalResolution, result.Filled!, result.RefinedMask!])
        {
            Assert.Equal([MaskBuilder.StepName, MonoRes.StepName], map.History.TakeLast(2).Select(step => step.Step));
        }
    }

    [Fact]
    public void AMaskThatIsGivenIsUsedAsItIs()
    {
        CryoMap mask = MaskBuilder.Run(new Reconstruction(_first, _second)).Map;
        MonoResResult result = AutomaticMonoRes.Run(new Reconstruction(_first, _second), mask);
        Assert.Equal(MonoRes.Run(new Reconstruction(_first, _second), mask).LocalResolution.AsSpan().ToArray(), result.LocalResolution.AsSpan().ToArray());
        Assert.DoesNotContain(MaskBuilder.StepName, result.LocalResolution.History.Select(step => step.Step));
    }

    [Fact]
    public void ProgressIsAShareOfTheWhole()
    {
        var fractions = new List<double>();
        AutomaticMonoRes.Run(new Reconstruction(_first, _second), mask: null, progress: new Recorder(fractions));
        Assert.NotEmpty(fractions);
        Assert.All(fractions, fraction => Assert.InRange(fraction, 0, 1));
    }

    private sealed class Recorder(List<double> fractions) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => fractions.Add(value.Fraction);
    }
}
