using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Tests.Engine.Properties;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class HalfMapCheckTests
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 48 });
    private static readonly CryoMap Half1 = Phantom.DrawHalfMap(1);
    private static readonly CryoMap Half2 = Phantom.DrawHalfMap(2);
    private static readonly CryoMap Mask = Phantom.DrawMask();
    private static readonly CryoMap Truth = Phantom.DrawTruth();
    private static readonly int Size = Half1.Size.X;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    // A correlation of any two maps is measured, whatever they are.
    public static TheoryData<string> Methods => [.. EveryMethod.All.Keys.Where(name => name.EndsWith('2') && name != "Fsc 2")];

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(2)]
    public void HalvesOfOneReconstructionPassWhateverTheirNoise(double noise)
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48, NoiseFraction = noise });
        Assert.Empty(new Reconstruction(phantom.DrawHalfMap(1, cancellationToken: _stop), phantom.DrawHalfMap(2, cancellationToken: _stop)).Warnings(_stop));
    }

    [Theory]
    [InlineData("scaled", "differ by a factor of 10")]
    [InlineData("mask", "is a mask")]
    [InlineData("byte mask", "are 0 or 255")]
    [InlineData("opposed", "are opposed")]
    [InlineData("mirrored", "with z reversed")]
    [InlineData("mirrored about voxel 0", "with z reversed")]
    [InlineData("axes swapped", "with x and z swapped")]
    [InlineData("noise", "have nothing in common")]
    [InlineData("low-passed", "do not have the same power")]
    public void WhatIsNoHalfIsRefusedInPlainWords(string kind, string words)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => new Reconstruction(Half1, Other(kind)).RequireSound(_stop));

        Assert.Equal(EngineError.HalfMapMismatch, refusal.Error);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("expected", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("two half maps of one reconstruction", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(EngineError.HalfMapMismatch, Assert.Throws<EngineException>(() => new Reconstruction(Other(kind), Half1).RequireSound(_stop)).Error);
    }

    [Theory]
    [InlineData("twice", "differ by a factor of")]
    [InlineData("filtered", "do not have the same power")]
    [InlineData("sharpened", "do not have the same power")]
    [InlineData("mean", "at the edge of the box")]
    [InlineData("same", "the same in every voxel")]
    [InlineData("same times 1.2", "but for a factor")]
    public void WhatMayBeAHalfIsWarnedOf(string kind, string words) =>
        Assert.Contains(words, Assert.Single(new Reconstruction(Half1, Other(kind)).Warnings(_stop)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryMethodRefusesWhatAreNoHalves(string method)
    {
        Assert.Equal(EngineError.HalfMapMismatch, Refusal(Other("mirrored")));
        Assert.Equal(EngineError.HalfMapMismatch, Refusal(Other("scaled")));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(Other("zero")));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(Other("constant")));

        EngineError Refusal(CryoMap second) =>
            Assert.Throws<EngineException>(() => Run(method, second)).Error;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryMethodWarnsOfWhatMayBeAHalf(string method)
    {
        Assert.Contains(Run(method, Other("twice")).Sentences, warning => warning.Contains("differ by a factor of", StringComparison.Ordinal));
    }

    [Fact]
    public void CorrelationOfAnyTwoMapsIsMeasuredAndTheirKinTold()
    {
        Assert.Empty(FourierShellCorrelation.Run(new Reconstruction(Half1, Other("scaled")), cancellationToken: _stop).Warnings);
        Assert.Contains(
            "mirrored", Assert.Single(FourierShellCorrelation.Run(new Reconstruction(Half1, Other("mirrored")), cancellationToken: _stop).Warnings), StringComparison.Ordinal);
        Assert.Equal(
            EngineError.MapWithoutSignal,
            Assert.Throws<EngineException>(() => FourierShellCorrelation.Run(new Reconstruction(Half1, Other("zero")), cancellationToken: _stop)).Error);
    }

    // What the check tells does not depend on where the zero of the grey values lies.
    [Fact]
    public void AnOffsetOfOneHalfIsNoDifference()
    {
        CryoMap lifted = EveryMethod.Change(Half2, (value, _) => value + (float)(20 * Half2.StandardDeviation));
        Assert.Empty(new Reconstruction(Half1, lifted).Warnings(_stop));
    }

    private MethodOutput Run(string method, CryoMap second) =>
        EveryMethod.All[method].Run(new MethodInput(_stop) { Maps = new Reconstruction(Half1, second), Mask = Mask, Truth = Truth });

    private static CryoMap Other(string kind)
    {
        var random = new DeterministicRandom(5, 0);
        ReadOnlyMemory<float> voxels = Half2.AsSpan().ToArray();
        return kind switch
        {
            "scaled" => EveryMethod.Change(Half2, (value, _) => 1005 * value),
            "twice" => EveryMethod.Change(Half2, (value, _) => 2 * value),
            "mask" => Mask,
            "byte mask" => EveryMethod.Change(Mask, (value, _) => 255 * value),
            "opposed" => EveryMethod.Change(Half2, (value, _) => -value),
            "mirrored" => Moved((x, y, z) => (x, y, Size - 1 - z)),
            "mirrored about voxel 0" => Moved((x, y, z) => (x, y, (Size - z) % Size)),
            "axes swapped" => Moved((x, y, z) => (z, y, x)),
            "noise" => EveryMethod.Change(Half2, (_, _) => (float)(Half2.StandardDeviation * random.NextNormal())),
            "filtered" => Filled((x, y, z) => (V(x, y, z) + V(x + 1, y, z) + V(x, y + 1, z) + V(x, y, z + 1)) / 4),
            "low-passed" => Filled((x, y, z) => Enumerable.Range(0, 27).Average(i => V(x + (i % 3), y + (i / 3 % 3), z + (i / 9)))),
            "sharpened" => Filled((x, y, z) => (2 * V(x, y, z)) - ((V(x + 1, y, z) + V(x, y + 1, z)) / 2)),
            "mean" => new Reconstruction(Half1, Half2).Mean(),
            "same" => Half1,
            "same times 1.2" => EveryMethod.Change(Half1, (value, _) => 1.2f * value),
            "zero" => EveryMethod.Change(Half2, (_, _) => 0),
            "constant" => EveryMethod.Change(Half2, (_, _) => 3),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        CryoMap Moved(Func<int, int, int, (int X, int Y, int Z)> from) => Filled((x, y, z) => from(x, y, z) is var (fx, fy, fz) ? V(fx, fy, fz) : 0);

        static CryoMap Filled(Func<int, int, int, float> value) =>
            EveryMethod.Change(Half2, (_, i) => value(i % Size, i / Size % Size, i / Size / Size));

        float V(int x, int y, int z) => voxels.Span[(x % Size) + (Size * ((y % Size) + (Size * (z % Size))))];
    }
}
