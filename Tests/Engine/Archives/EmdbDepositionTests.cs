using System.Security.Cryptography;
using LocalDeblur.Archives;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Archives;

/// <summary>The folder of a deposition: whole or absent, half maps byte for byte, and none that should not be deposited.</summary>
public sealed class EmdbDepositionTests : IDisposable
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 48 });

    // Drawn once: files are written from them.
    private static readonly CryoMap[] Halves = [Phantom.DrawHalfMap(1), Phantom.DrawHalfMap(2)];

    private readonly MapFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFolderHasEverythingAndTheHalvesAsTheyCame()
    {
        CryoMap first = Save(Halves[0], "run_half1.mrc"), second = Save(Halves[1], "run_half2.MAP.gz"), map = Phantom.DrawTruth();
        EmdbDepositionResult made = Write(map, first, second, new EmdbDepositionOptions { EnclosedVolume = 5000 });

        Assert.Equal(
            ["README.txt", "fsc.xml", "half1.mrc", "half2.map.gz", "image.png", "mask.map.gz", "primary.map.gz"],
            Directory.GetFiles(_folder["out"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(made.Files.Order(StringComparer.Ordinal), Directory.GetFiles(_folder["out"]).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(_folder["run_half1.mrc"]), File.ReadAllBytes(Made("half1.mrc")));
        Assert.Equal(File.ReadAllBytes(_folder["run_half2.MAP.gz"]), File.ReadAllBytes(Made("half2.map.gz")));
        CryoMap primary = MrcReader.Open(Made("primary.map.gz"));
        Assert.Equal(map.AsSpan().ToArray(), primary.AsSpan().ToArray());
        Assert.Equal((map.Grid.Size, map.Grid.Origin), (primary.Grid.Size, primary.Grid.Origin));
        Assert.Equal(FscTable.Read(Made("fsc.xml")).Resolution, made.Resolution!.Value, 1e-9);
        byte[] picture = File.ReadAllBytes(Made("image.png"));
        Assert.Equal([0, 0, 500 >> 8, 500 & 0xFF, 0, 0, 500 >> 8, 500 & 0xFF], picture[16..24]);

        string readme = File.ReadAllText(Made("README.txt"));
        Assert.Contains($"Voxel size                {map.VoxelSize} Å", readme, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"Contour level             {made.ContourLevel:G4}, from the enclosed volume"), readme, StringComparison.Ordinal);
        Assert.Contains($"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["run_half1.mrc"])))}", readme, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(_folder["x"])!, readme, StringComparison.Ordinal);
        Assert.DoesNotContain("Accepted", readme, StringComparison.Ordinal);

        // Not once more, unless told; and never over what is not a deposition.
        Assert.Equal(EngineError.MapFileExists, Refusal(map, first, second, new()).Error);
        File.WriteAllText(Made("notes.txt"), "mine");
        Assert.Equal(EngineError.MapFileExists, Refusal(map, first, second, new() { Overwrite = true }).Error);
        Assert.Equal("mine", File.ReadAllText(Made("notes.txt")));
        File.Delete(Made("notes.txt"));
        var known = new EmdbDepositionOptions { Overwrite = true, Level = 0.25, Fsc = FscTable.Read(Made("fsc.xml")), Mask = Save(Phantom.DrawMask(), "m.mrc") };
        Assert.Equal(0.25, Write(map, first, second, known).ContourLevel);
        Assert.Equal(File.ReadAllBytes(_folder["m.mrc"]), File.ReadAllBytes(Made("mask.mrc")));
        Assert.False(File.Exists(Made("mask.map.gz")));
        AssertNothingUnfinished();
    }

    [Theory]
    [InlineData("the same", EngineError.HalfMapsIdentical)]
    [InlineData("masked", EngineError.HalfMapMasked)]
    [InlineData("another molecule", EngineError.HalfMapMismatch)]
    public void HalvesThatShouldNotBeDepositedAreRefusedUnlessAccepted(string what, EngineError expected)
    {
        CryoMap first = Save(Halves[0], "half1.mrc"), map = Save(Phantom.DrawTruth(), "map.mrc");
        CryoMap second = what switch
        {
            "the same" => Save(Halves[0], "half2.mrc"),
            "masked" => Save(Changed(Halves[1], (value, mask) => mask > 0 ? value : 0), "half2.mrc"),
            _ => Save(Changed(Halves[1], (value, _) => -value), "half2.mrc"),
        };
        if (what == "masked")
        {
            // Both, as a user does it: halves of which one alone is masked do not fit together.
            first = Save(Changed(Halves[0], (value, mask) => mask > 0 ? value : 0), "half1m.mrc");
        }

        EngineException refusal = Refusal(map, first, second, new());
        Assert.Equal(expected, refusal.Error);
        Assert.Contains(refusal.Advice, way => way.Parameter == EngineParameter.AcceptHalfMaps);
        Assert.False(Directory.Exists(_folder["out"]));

        EmdbDepositionResult made = Write(map, first, second, new() { AcceptHalfMaps = true });
        string readme = File.ReadAllText(Made("README.txt"));
        Assert.Contains("Accepted though a check refused them", readme, StringComparison.Ordinal);
        Assert.Contains($"  {Assert.Single(map.Header!.Labels).Trim()}\n", readme, StringComparison.Ordinal);
        Assert.Contains(made.Warnings, warning => warning.StartsWith("Accepted: ", StringComparison.Ordinal));
        Assert.Equal(what == "masked", File.Exists(Made("fsc.xml")));
        AssertNothingUnfinished();
    }

    [Fact]
    public void WhatCannotBeDepositedLeavesNothing()
    {
        CryoMap first = Save(Halves[0], "half1.mrc"), second = Save(Halves[1], "half2.mrc"), map = Save(Phantom.DrawTruth(), "map.mrc");
        var small = new HelixPhantom(new PhantomOptions { Size = 32 });
        Assert.Equal(EngineError.MapFileNotFound, Refusal(map, Halves[0], second, new()).Error);
        Assert.Equal(EngineError.MapSizeMismatch, Refusal(small.DrawTruth(), first, second, new()).Error);
        Assert.Equal(EngineError.MapSizeMismatch, Refusal(map, first, second, new() { Mask = small.DrawMask() }).Error);
        Assert.Equal(EngineError.FscMismatch, Refusal(map, first, second, new() { Fsc = new FscResult([Shell(0), Shell(1)]) }).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(map, first, second, new() { EnclosedVolume = 1e9 }).Error);
        Assert.Equal(EngineError.MapCountUnsupported, Assert.Throws<EngineException>(() => EmdbDeposition.Write(map, map, _folder["out"], null, null, Stop)).Error);
        var other = new MrcReadOptions { VoxelSize = 2 * map.VoxelSize };
        Assert.Equal(
            EngineError.VoxelSizeMismatch,
            Refusal(MrcReader.Open(_folder["map.mrc"], other), MrcReader.Open(_folder["half1.mrc"], other), MrcReader.Open(_folder["half2.mrc"], other), new()).Error);

        // Told to stop when the folder is half full.
        using var stop = new CancellationTokenSource();
        var progress = new Immediate(stage =>
        {
            if (stage.StartsWith("Copying", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => EmdbDeposition.Write(map, new Reconstruction(first, second), _folder["out"], null, progress, stop.Token));
        Assert.False(Directory.Exists(_folder["out"]));
        AssertNothingUnfinished();

        static FscShell Shell(int index) => new(index, 1.0 / index, index, 0, 1, double.NaN, double.NaN, double.NaN);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(8, 0.125)]
    public void ZerosCountInLongRowsAlone(int length, double expected)
    {
        float[] voxels = [.. Enumerable.Range(0, 64 * 2 * 2).Select(i => i % 64 < length ? 0f : 1 + (i % 3))];
        var map = new CryoMap(new MapGrid(new GridSize(64, 2, 2), 1), voxels, "m");
        Assert.Equal(expected, ZeroRegion.Share(map, Stop));
    }

    private static CryoMap Changed(CryoMap map, Func<float, float, float> change)
    {
        ReadOnlySpan<float> values = map.AsSpan(), mask = Phantom.DrawMask().AsSpan();
        float[] voxels = new float[values.Length];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = change(values[i], mask[i]);
        }

        return new CryoMap(map.Grid, voxels, map.Name);
    }

    private CryoMap Save(CryoMap map, string name)
    {
        MrcWriter.Write(map, _folder[name], new MrcWriteOptions { WriteHistory = false, Overwrite = true });
        return MrcReader.Open(_folder[name]);
    }

    private string Made(string name) => Path.Combine(_folder["out"], name);

    private EmdbDepositionResult Write(CryoMap map, CryoMap first, CryoMap second, EmdbDepositionOptions options) =>
        EmdbDeposition.Write(map, new Reconstruction(first, second), _folder["out"], options, null, Stop);

    private EngineException Refusal(CryoMap map, CryoMap first, CryoMap second, EmdbDepositionOptions options) =>
        Assert.Throws<EngineException>(() => Write(map, first, second, options));

    private void AssertNothingUnfinished() =>
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder["x"])!), entry => Path.GetFileName(entry).StartsWith('.'));

    private sealed class Immediate(Action<string> act) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => act(value.Stage);
    }
}
