using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>What every method owes its users, whatever it computes: the same molecule has the same result, however its map is written down, and on every machine.</summary>
public sealed class EveryMethodTests
{
    // A few roundings of float32, as a share of the largest value.
    private const double Rounding = 5e-6;

    // RELION counts the coefficients of the plane kx = 0 twice as much as others, whichever axis that is: in a box this small it moves the result by 1 %.
    private const double RelionCounting = 0.02;

    // Axis (1, 2, 3) along columns, rows, sections: all orders but the usual one.
    private static readonly int[][] Orders = [[2, 1, 3], [3, 2, 1], [1, 3, 2], [2, 3, 1], [3, 1, 2]];

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. EveryMethod.All.Keys];

    public static TheoryData<string> SingleNames => [.. EveryMethod.All.Keys.Where(name => name.EndsWith('1'))];

    public static TheoryData<string> MaskedNames => [.. EveryMethod.Masked];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheScaleOfGreyValuesDoesNotMatter(string name)
    {
        Method method = EveryMethod.All[name];
        MethodOutput expected = EveryMethod.Expected(name, _stop);
        foreach (double factor in (double[])[1e-23, 1e18])
        {
            MethodOutput actual = method.Run(new MethodInput(_stop) { Maps = EveryMethod.Change((value, _) => (float)(value * factor)) });
            RequireSame(expected.Values, [.. actual.Values.Select(value => value / Math.Pow(factor, method.Scale))], Rounding, FormattableString.Invariant($"{name} × {factor}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GreyValuesBeyondSinglePrecisionAreRefused(string name)
    {
        foreach ((double factor, EngineError error) in ((double, EngineError)[])
            [(1e-30, EngineError.MapWithoutSignal), (1e30, EngineError.MapNotFinite), (1e38, EngineError.MapNotFinite)])
        {
            Reconstruction maps = EveryMethod.Change((value, _) => (float)(value * factor));
            Assert.Equal(error, Assert.Throws<EngineException>(() => EveryMethod.All[name].Run(new MethodInput(_stop) { Maps = maps })).Error);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AConstantAddedToTheMapsDoesNotMatter(string name)
    {
        // Backgrounds near to 0 are left where they are, as in the published programs, so that the constant is compared with another one, and loosely with none.
        const double Near = 0.02;
        Method method = EveryMethod.All[name];
        double deviation = EveryMethod.Half1.StandardDeviation;
        float small = (float)(-0.5 * deviation), large = (float)(8 * deviation);
        double[] one = Shifted(small), other = Shifted(large);

        RequireSame([.. one.Select(value => (float)value)], other, 2e-5, $"{name}, two constants");
        RequireSame(EveryMethod.Expected(name, _stop).Values, other, Near, $"{name}, none and a constant");

        double[] Shifted(float constant) =>
        [
            .. method.Run(new MethodInput(_stop) { Maps = EveryMethod.Change((value, _) => value + constant) }).Values.Select(value => value - (method.Offset * (double)constant)),
        ];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ContrastMattersOnlyWhereTheMoleculeHasToBeBright(string name)
    {
        Method method = EveryMethod.All[name];
        var inverted = new MethodInput(_stop) { Maps = EveryMethod.Change((value, _) => -value) };
        if (method.IsOfBrightMolecule)
        {
            Assert.Contains(method.Run(inverted).Sentences, sentence => sentence.Contains("darker than what surrounds it", StringComparison.Ordinal));
            Assert.DoesNotContain(EveryMethod.Expected(name, _stop).Sentences, sentence => sentence.Contains("darker", StringComparison.Ordinal));
        }
        else
        {
            RequireSame(EveryMethod.Expected(name, _stop).Values, [.. method.Run(inverted).Values.Select(value => (double)value * method.Sign)], Rounding, name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePlaceInSpaceGoesOnToTheResultAndChangesNothing(string name)
    {
        var place = new AxisTriple(-31.5, 17.25, 100);
        MethodOutput actual = EveryMethod.All[name].Run(new MethodInput(_stop)
        {
            Maps = new Reconstruction(Move(EveryMethod.Half1), Move(EveryMethod.Half2)),
            Mask = Move(EveryMethod.Mask),
            Truth = Move(EveryMethod.Truth),
        });

        Assert.Equal(EveryMethod.Expected(name, _stop).Values, actual.Values);
        Assert.True(actual.Grid is null || actual.Grid.Origin == place);

        CryoMap Move(CryoMap map) => new(new MapGrid(map.Size, map.VoxelSize, place), map.AsSpan().ToArray(), map.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhichAxisIsXDoesNotMatter(string name)
    {
        Method method = EveryMethod.All[name];
        foreach (int[] order in (int[][])[[2, 1, 0], [1, 2, 0]])
        {
            float[] turned = method.Run(new MethodInput(_stop)
            {
                Maps = new Reconstruction(EveryMethod.Turn(EveryMethod.Half1, order), EveryMethod.Turn(EveryMethod.Half2, order)),
                Mask = EveryMethod.Turn(EveryMethod.Mask, order),
                Truth = EveryMethod.Turn(EveryMethod.Truth, order),
            }).Values;
            float[] actual = method.IsCurve ? turned : EveryMethod.Turn(turned, order, back: true);
            RequireSame(EveryMethod.Expected(name, _stop).Values, [.. actual], method.TellsAxesApart ? RelionCounting : Rounding, $"{name}, {string.Join(' ', order)}");
        }
    }

    // The reader undoes the order of the axes, so that the voxels, and with them every bit of a result, are those of a map that was stored in the usual one.
    [Theory]
    [MemberData(nameof(Names))]
    public void TheOrderOfAxesInAFileDoesNotMatter(string name)
    {
        // Halves, mask and truth of four orders; each of them has every order with some method.
        int first = EveryMethod.All.Keys.ToList().IndexOf(name);
        using var folder = new MapFolder();
        MethodOutput actual = EveryMethod.All[name].Run(new MethodInput(_stop)
        {
            Maps = new Reconstruction(Stored(folder, EveryMethod.Half1, first), Stored(folder, EveryMethod.Half2, first + 1)),
            Mask = Stored(folder, EveryMethod.Mask, first + 2),
            Truth = Stored(folder, EveryMethod.Truth, first + 3),
        });

        Assert.Equal(EveryMethod.Expected(name, _stop).Values, actual.Values);
        Assert.True(actual.Grid is null || actual.Grid == EveryMethod.Expected(name, _stop).Grid);
    }

    [Fact]
    public void ALocalResolutionOfAnotherOrderOfAxesDoesNotMatterAndAResultIsWrittenInTheUsualOne()
    {
        CryoMap resolution = MonoRes.Run(EveryMethod.Halves, EveryMethod.Mask, cancellationToken: _stop).Map;
        CryoMap expected = Sharpen(EveryMethod.Half1, EveryMethod.Half2, resolution);
        using var folder = new MapFolder();
        for (int order = 0; order < Orders.Length; order++)
        {
            CryoMap actual = Sharpen(EveryMethod.Half1, Stored(folder, EveryMethod.Half2, order), Stored(folder, resolution, order + 1));
            Assert.Equal(expected.AsSpan(_stop).ToArray(), actual.AsSpan(_stop).ToArray());

            string path = folder[$"sharp{order}.mrc"];
            MrcFile.Write(Sharpen(Stored(folder, EveryMethod.Half1, order), EveryMethod.Half2, resolution), path);
            CryoMap written = MrcFile.Open(path);
            Assert.Equal(MrcAxisOrder.Standard, written.Header!.AxisOrder);
            Assert.Equal(expected.AsSpan(_stop).ToArray(), written.AsSpan(_stop).ToArray());
        }

        CryoMap Sharpen(CryoMap half1, CryoMap half2, CryoMap local) => LocalDeblurRun.Run(
            new Reconstruction(half1, half2), null, new LocalDeblurRunOptions { LocalResolution = local }, cancellationToken: _stop).Map;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThreadsAndCultureDoNotMatter(string name)
    {
        MethodOutput expected = EveryMethod.Expected(name, _stop);
        foreach ((int threads, string culture) in ((int, string)[])[(1, "de-DE"), (2, "tr-TR"), (3, ""), (7, "")])
        {
            CultureInfo before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            MethodOutput actual;
            try
            {
                actual = EveryMethod.All[name].Run(new MethodInput(_stop) { Limits = new RunLimits { Threads = threads } });
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }

            Assert.Equal(expected.Values, actual.Values);
            Assert.Equal(Comparable(expected), Comparable(actual));
        }

        // The number of threads is told.
        static IEnumerable<string> Comparable(MethodOutput output) => output.Sentences.Where(sentence => !sentence.Contains("hreads", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AMapThatIsTheSameEverywhereHasNoSignal(string name)
    {
        foreach (float constant in (float[])[0, 0.1f])
        {
            var flat = new MethodInput(_stop) { Maps = EveryMethod.Change((_, _) => constant) };
            Assert.Equal(EngineError.MapWithoutSignal, Assert.Throws<EngineException>(() => EveryMethod.All[name].Run(flat)).Error);
        }
    }

    [Theory]
    [MemberData(nameof(MaskedNames))]
    public void AMapThatIsTheSameInsideItsMaskHasNoSignal(string name)
    {
        float[] mask = EveryMethod.Mask.AsSpan(_stop).ToArray();
        foreach (float constant in (float[])[0, 0.3f])
        {
            var hollow = new MethodInput(_stop) { Maps = EveryMethod.Change((value, i) => mask[i] > 0 ? constant : value) };
            EngineException refusal = Assert.Throws<EngineException>(() => EveryMethod.All[name].Run(hollow));
            Assert.Equal(EngineError.MapWithoutSignal, refusal.Error);
            Assert.Contains("everywhere inside the mask", refusal.Message, StringComparison.Ordinal);
        }
    }

    // A density, a local resolution, and a mask of the surroundings: a result goes with a warning.
    [Theory]
    [MemberData(nameof(MaskedNames))]
    public void AMaskThatIsNoneIsNamed(string name)
    {
        (CryoMap Mask, string Words)[] wrong =
        [
            (EveryMethod.Change(EveryMethod.Mask, (value, i) => 3 * EveryMethod.Half1.AsSpan()[i], "density"), "as a density or a local resolution has"),
            (EveryMethod.Change(EveryMethod.Mask, (_, i) => (float)(EveryMethod.Truth.AsSpan()[i] / EveryMethod.Truth.Maximum), "truth"), "looks like a density"),
            (EveryMethod.Change(EveryMethod.Mask, (value, i) => value * (4 + (i % 5)), "resolution"), "as a density or a local resolution has"),
            (EveryMethod.Change(EveryMethod.Mask, (value, _) => 1 - value, "swapped"), "as if inside and outside were swapped"),
        ];
        int results = 0;
        foreach ((CryoMap mask, string words) in wrong)
        {
            try
            {
                MethodOutput output = EveryMethod.All[name].Run(new MethodInput(_stop) { Mask = mask });
                string[] doubts = [.. output.Sentences.Where(sentence => sentence.Contains($"The mask '{mask.Name}'", StringComparison.Ordinal))];
                Assert.Contains(doubts, sentence => sentence.Contains(words, StringComparison.Ordinal));
                results++;
            }
            catch (EngineException refusal)
            {
                EngineError[] named = [EngineError.MaskEmpty, EngineError.MaskCoversMap, EngineError.MapWithoutSignal, EngineError.ResolutionRangeInvalid];
                Assert.Contains(refusal.Error, named);
            }
        }

        Assert.True(results > 0);
    }

    // Of two halves it is refused.
    [Theory]
    [MemberData(nameof(SingleNames))]
    public void AMaskGivenForTheMapIsNamed(string name)
    {
        try
        {
            MethodOutput output = EveryMethod.All[name].Run(new MethodInput(_stop) { Maps = new Reconstruction(EveryMethod.Mask, EveryMethod.Mask) });
            Assert.Contains(output.Sentences, sentence => sentence.Contains("is a mask: 100 % of its voxels are 0 or 1", StringComparison.Ordinal));
        }
        catch (EngineException refusal)
        {
            Assert.Equal(EngineError.MapWithoutSignal, refusal.Error);
        }
    }

    // Masks as programs write them: soft, of bytes, resampled with overshoot, or a Gaussian.
    [Fact]
    public void MasksOfEveryKindAreTakenForMasks()
    {
        CryoMap soft = MaskBuilder.Run(EveryMethod.Halves, cancellationToken: _stop).Map;
        double Distance(int i) => Math.Sqrt(new[] { i % 33, i / 33 % 33, i / 1089 }.Sum(place => Math.Pow(place - 16, 2)));
        CryoMap[] sound =
        [
            EveryMethod.Mask,
            soft,
            EveryMethod.Change(EveryMethod.Mask, (value, _) => 255 * value),
            EveryMethod.Change(soft, (value, _) => (1.2f * value) - 0.1f),
            EveryMethod.Change(soft, (value, _) => 0.6f * value),
            EveryMethod.Change(soft, (_, i) => (float)Math.Exp(-Math.Pow(Distance(i) / 6, 2))),
            EveryMethod.Change(soft, (_, i) => (float)Math.Clamp((14 - Distance(i)) / 9, 0, 1)),
            EveryMethod.Change(soft, (_, _) => 1),
        ];
        Assert.All(sound, mask => Assert.Empty(MaskRule.Doubts(mask, _stop)));
    }

    // A header states the voxel size in 32 bits.
    private static CryoMap Stored(MapFolder folder, CryoMap map, int order)
    {
        const int Edge = EveryMethod.Edge;
        float[] voxels = map.AsSpan().ToArray();
        var file = new MrcFile { Axes = Orders[order % Orders.Length], Size = [Edge, Edge, Edge], Value = (x, y, z) => voxels[x + (Edge * (y + (Edge * z)))] };
        string path = folder[$"{map.Name}-{order}.mrc"];
        File.WriteAllBytes(path, file.Build());
        CryoMap stored = MrcFile.Open(path, new MrcReadOptions { VoxelSize = map.VoxelSize });
        int[] axes = [stored.Header!.AxisOrder.Column, stored.Header.AxisOrder.Row, stored.Header.AxisOrder.Section];
        Assert.Equal(file.Axes, axes);
        return stored;
    }

    private static void RequireSame(float[] expected, double[] actual, double tolerance, string what)
    {
        double largest = expected.Max(value => Math.Abs((double)value));
        double difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();

        // NaN is no number to compare with.
        Assert.True(difference <= tolerance * largest, FormattableString.Invariant($"{what}: differs by {difference / largest:E2} of the largest value"));
    }
}
