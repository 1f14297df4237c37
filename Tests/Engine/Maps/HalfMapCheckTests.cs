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
        CryoMap[] halves = [phantom.DrawHalfMap(1, cancellationToken: _stop), phantom.DrawHalfMap(2, cancellationToken: _stop)];
        Assert.Empty(new Reconstruction(halves[0], halves[1]).Warnings(_stop));
    }

    // Noise that is alike in neighbouring voxels resembles the other half's in some place by chance.
    [Fact]
    public void SmoothNoiseMovesNoHalf()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 40, NoiseFraction = 2, Seed = 16 });
        CryoMap[] smooth = [.. new[] { 1, 2 }.Select(half => Blur(phantom.DrawHalfMap(half, cancellationToken: _stop), 6))];
        Assert.Empty(new Reconstruction(smooth[0], smooth[1]).Warnings(_stop));
    }

    // Of 130 the blocks of two voxels are too many to be kept: the last steps go by voxels.
    [Theory]
    [InlineData(48, 3, -1, 7)]
    [InlineData(47, -2, 0, 0)]
    [InlineData(48, 24, 24, 24)]
    [InlineData(130, -31, 2, 64)]
    public void AHalfThatWasMovedIsRefusedWithTheNumberOfVoxels(int size, int x, int y, int z)
    {
        CryoMap[] halves = [.. new[] { 1, 2 }.Select(half => Boxed(half == 1 ? Half1 : Half2, size, half))];
        CryoMap moved = Moved(halves[1], x, y, z);
        EngineException refusal = Assert.Throws<EngineException>(() => new Reconstruction(halves[0], moved).RequireSound(_stop));

        Assert.Equal(EngineError.HalfMapMismatch, refusal.Error);
        Assert.Contains(FormattableString.Invariant($"lies beside '{Half1.Name}', by ({x}, {y}, {z}) voxels"), refusal.Message, StringComparison.Ordinal);
        Assert.Empty(new Reconstruction(Moved(halves[0], x, y, z), moved).Warnings(_stop));
    }

    [Fact]
    public void HalvesOneVoxelApartMayBeAlignedNoBetterAndAreWarnedOf() => Assert.Contains(
        "by (0, -1, 0) voxels", Assert.Single(new Reconstruction(Half1, Moved(Half2, 0, -1, 0)).Warnings(_stop)), StringComparison.Ordinal);

    [Fact]
    public void AxesOfOneLengthAreSwappedInABoxThatIsNoCubeToo()
    {
        var size = new GridSize(Size, Size, 30);
        CryoMap swapped = EveryMethod.Change(Half2, (_, i) => Half2.AsSpan()[(i / Size % Size) + (Size * (i % Size)) + (i / Size / Size * Size * Size)]);
        EngineException refusal = Assert.Throws<EngineException>(() => new Reconstruction(Cut(Half1), Cut(swapped)).RequireSound(_stop));
        Assert.Contains("with x and y swapped", refusal.Message, StringComparison.Ordinal);

        CryoMap Cut(CryoMap map) => new(new MapGrid(size, map.VoxelSize), [.. map.AsSpan().Slice(9 * Size * Size, (int)size.VoxelCount)], map.Name);
    }

    [Fact]
    public void EverythingThatIsDoubtfulIsTold()
    {
        IReadOnlyList<string> warnings = new Reconstruction(Half1, Moved(Other("twice"), 1, 0, 0)).Warnings(_stop);
        Assert.Equal(2, warnings.Count);
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

    // The same box, repeated, so that it may begin at any voxel.
    private static CryoMap Moved(CryoMap map, int x, int y, int z)
    {
        GridSize size = map.Size;
        return EveryMethod.Change(map, (_, i) => map.AsSpan()[(int)size.Offset(
            Wrap((i % size.X) - x, size.X), Wrap((i / size.X % size.Y) - y, size.Y), Wrap((i / size.X / size.Y) - z, size.Z))]);

        static int Wrap(int index, int length) => (index + length) % length;
    }

    // In a cube of another edge, in noise of its own.
    private static CryoMap Boxed(CryoMap map, int edge, int seed)
    {
        var random = new DeterministicRandom(seed, 7);
        var grid = new MapGrid(new GridSize(edge, edge, edge), map.VoxelSize);
        int from = (edge - Size) / 2;
        var voxels = new float[grid.Size.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            int x = (i % edge) - from, y = (i / edge % edge) - from, z = (i / edge / edge) - from;
            bool isInside = x >= 0 && x < Size && y >= 0 && y < Size && z >= 0 && z < Size;
            voxels[i] = isInside ? map.AsSpan()[(int)map.Size.Offset(x, y, z)] : (float)(0.5 * map.StandardDeviation * random.NextNormal());
        }

        return new CryoMap(grid, voxels, map.Name);
    }

    private static CryoMap Blur(CryoMap map, int times)
    {
        for (int i = 0; i < times; i++)
        {
            CryoMap[] beside = [map, map, Moved(map, 1, 0, 0), Moved(map, -1, 0, 0), Moved(map, 0, 1, 0), Moved(map, 0, -1, 0), Moved(map, 0, 0, 1), Moved(map, 0, 0, -1)];
            map = EveryMethod.Change(map, (_, at) => beside.Average(other => other.AsSpan()[at]));
        }

        return map;
    }

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
