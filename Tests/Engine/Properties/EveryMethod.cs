using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Sharpening.AutoSharpening;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Workflows;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>Every method that takes a reconstruction and makes a map, by name, and a phantom that all of them can work on.</summary>
internal static class EveryMethod
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 48 });

    public static CryoMap Half1 { get; } = Phantom.DrawHalfMap(1);

    public static CryoMap Half2 { get; } = Phantom.DrawHalfMap(2);

    public static CryoMap Mask { get; } = Phantom.DrawMask();

    public static CryoMap Truth { get; } = Phantom.DrawTruth();

    /// <summary>Those that take half maps.</summary>
    public static IReadOnlyDictionary<string, Func<Reconstruction, CryoMap?, MapResult>> OfHalves { get; } = new Dictionary<string, Func<Reconstruction, CryoMap?, MapResult>>
    {
        ["Mask"] = (input, _) => MaskBuilder.Run(input),
        ["MonoRes"] = (input, mask) => AutomaticMonoRes.Run(input, mask),
        ["LocalFsc"] = (input, mask) => LocalFsc.Run(input, mask, new LocalFscOptions { SamplingDistance = 12 }),
        ["LocalDeblur"] = (input, mask) => LocalDeblurRun.Run(input, mask),
        ["LocalWiener"] = (input, mask) => LocalWiener.Run(input, mask),
        ["BFactor"] = (input, mask) => BFactorSharpening.Run(input, mask, new BFactorSharpeningOptions { Resolution = 4 }),
        ["AutoSharpen"] = (input, _) => AutoSharpen.Run(input, new AutoSharpenOptions { Resolution = 4 }),
        ["LocScale"] = (input, mask) => new LocScaleRun(Truth).Run(input, mask, new LocScaleOptions { WindowVoxels = 12 }),
    };

    /// <summary>Those that take one map.</summary>
    public static IReadOnlyDictionary<string, Func<Reconstruction, CryoMap?, MapResult>> OfOneMap { get; } =
        OfHalves.Where(method => method.Key is not ("LocalFsc" or "LocalWiener")).ToDictionary();

    /// <summary>The same map with other voxels.</summary>
    public static CryoMap Change(CryoMap map, Func<float, int, float> value, string? name = null) =>
        new(map.Grid, [.. map.AsSpan().ToArray().Select(value)], name ?? map.Name);
}
