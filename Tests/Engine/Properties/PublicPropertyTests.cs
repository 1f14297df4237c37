using System.Collections;
using System.Reflection;
using LocalDeblur.Archives;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Models;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.AutoSharpening;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;
using LocalDeblur.Validation;
using LocalDeblur.Workflows;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Demo;
using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>
/// A property says what there is, or null or NaN where there is nothing. One that throws looks to a PowerShell user like an empty one, since PowerShell swallows what a property
/// throws.
/// </summary>
public sealed class PublicPropertyTests
{
    // Asking one map for its halves is a mistake in a program; nothing of this type comes out of a cmdlet.
    private static readonly string[] MayThrow = ["Reconstruction.Half1", "Reconstruction.Half2"];

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Type> _types = [];
    private readonly List<string> _thrown = [];

    [Fact]
    public void NoPropertyThrows()
    {
        foreach (object root in Results().Concat(Nothing()).Concat(Defaults()))
        {
            Visit(root);
        }

        Assert.Empty(_thrown);

        // What a method or a score returns is among them; the demo's result is made of theirs.
        string[] missed =
        [
            .. from type in typeof(CryoMap).Assembly.GetExportedTypes()
               where type.Name.EndsWith("Result", StringComparison.Ordinal) && !type.IsAbstract && type != typeof(PhantomDemoResult) && !_types.Contains(type)
               select type.Name,
        ];
        Assert.Empty(missed);
    }

    private IEnumerable<object> Results()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        CryoMap half1 = phantom.DrawHalfMap(1, cancellationToken: _stop), truth = phantom.DrawTruth(cancellationToken: _stop);
        var halves = new Reconstruction(half1, phantom.DrawHalfMap(2, cancellationToken: _stop));
        CryoMap mask = phantom.DrawMask(_stop);
        AtomicModel model = phantom.BuildModel();
        CryoMap resolution = phantom.DrawLocalResolution(_stop);
        yield return MaskBuilder.Run(halves, cancellationToken: _stop);
        yield return MonoRes.Run(halves, mask, new MonoResOptions { Step = 2, WithFilledMap = true, WithRefinedMask = true }, cancellationToken: _stop);
        yield return LocalFsc.Run(halves, mask, new LocalFscOptions { SamplingDistance = 20 }, cancellationToken: _stop);
        yield return GaussianFsc.Run(halves, mask, cancellationToken: _stop);
        yield return LocalWienerResolution.Run(halves, mask, cancellationToken: _stop);
        yield return LocalWiener.Run(halves, mask, new LocalWienerOptions { ByProducts = true }, cancellationToken: _stop);
        yield return LocalDeblurRun.Run(half1, null, new LocalDeblurRunOptions { LocalResolution = resolution }, cancellationToken: _stop);
        yield return BFactorSharpening.Run(halves, mask, cancellationToken: _stop);
        yield return AutoSharpen.Run(halves, new AutoSharpenOptions { Resolution = 4 }, cancellationToken: _stop);
        yield return AutoSharpen.Run(half1, new AutoSharpenOptions { Resolution = 4 }, cancellationToken: _stop);
        yield return LocScale.Run(half1, truth, mask, new LocScaleOptions { WindowVoxels = 8 }, cancellationToken: _stop);
        yield return GuinierProfile.Measure(half1, mask, cancellationToken: _stop);
        yield return QScore.Measure(model, half1, cancellationToken: _stop);
        yield return EMRinger.Measure(model, half1, cancellationToken: _stop);
        yield return MapModelFit.Measure(model, half1, 4, cancellationToken: _stop);
        yield return MapComparison.Compare(half1, truth, mask, _stop);
        var comparison = new SharpeningComparisonOptions { Methods = [SharpeningMethods.Named("Raw")], Truth = truth };
        yield return SharpeningComparison.Run(halves, mask, comparison, cancellationToken: _stop);
        yield return SharpeningDraws.Run([halves, halves], mask, comparison, cancellationToken: _stop);
        using var folder = new MapFolder();
        MrcWriter.Write(half1, folder["half1.mrc"], new MrcWriteOptions(), null, _stop);
        yield return MrcReader.Open(folder["half1.mrc"]);
        yield return MrcRules.Check(folder["half1.mrc"], _stop);
    }

    // What has little or no result.
    private IEnumerable<object> Nothing()
    {
        var grid = new MapGrid(new GridSize(16, 16, 16), 2);
        yield return new CryoMap(grid, [float.NaN, .. new float[4095]], "not finite");
        yield return new CryoMap(new MapGrid(new GridSize(16, 16, 16), new AxisTriple(1, 2, 3), default), new float[4096], "no cubes");
        yield return new FscResult([new FscShell(0, double.PositiveInfinity, 0, 1, double.NaN), new FscShell(1, 10, 0.1, 6, double.NaN)]);
        yield return LocalWiener.Run(EveryMethod.Halves, EveryMethod.Mask, new LocalWienerOptions { Global = true }, cancellationToken: _stop);
        yield return BFactorSharpening.Run(
            EveryMethod.Half1, null, new BFactorSharpeningOptions { BFactor = -10, FitRange = new ResolutionRange(3.01, 3), WeightByFsc = false }, cancellationToken: _stop);
        yield return new AtomicModel("one atom", new HelixPhantom(new PhantomOptions { Size = 32 }).BuildModel().Atoms.Take(1));
        yield return new SharpeningComparisonRow { Method = "Raw", Map = "map", UsesModel = false };
        yield return new EngineException(EngineError.MapNotFinite, "message");
        yield return new EmdbDepositionResult("folder") { Files = [], VoxelSize = 1, ContourLevel = 0.1, Decisions = [], Warnings = [] };
    }

    private static IEnumerable<object> Defaults() =>
        from type in typeof(CryoMap).Assembly.GetExportedTypes()
        where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        let make = type.GetConstructor(Type.EmptyTypes)
        where make is not null && !type.GetProperties().Any(property => property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
        select make.Invoke(null);

    private void Visit(object? value)
    {
        if (value is null or string || value.GetType().IsPrimitive)
        {
            return;
        }

        if (value is IEnumerable list)
        {
            foreach (object? item in list.Cast<object?>().Take(3))
            {
                Visit(item);
            }
        }

        Type type = value.GetType();
        if (type.Assembly != typeof(CryoMap).Assembly || (!type.IsValueType && !_seen.Add(value)))
        {
            return;
        }

        _types.Add(type);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            object? part = null;
            try
            {
                part = property.GetValue(value);
            }
            catch (TargetInvocationException exception) when (!MayThrow.Contains($"{type.Name}.{property.Name}"))
            {
                _thrown.Add($"{type.Name}.{property.Name}: {exception.InnerException!.Message}");
            }
            catch (TargetInvocationException)
            {
            }

            // A value type of the engine has parts of its own, such as a place or a size.
            if (!type.IsValueType || part is null || part.GetType() != type)
            {
                Visit(part);
            }
        }

        _ = value.ToString();
    }
}
