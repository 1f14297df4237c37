using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class ResolutionCommandTests : IDisposable
{
    private const int Success = 0;
    private const int Usage = 2;
    private const int InputRefused = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public ResolutionCommandTests()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        var writing = new MrcWriteOptions { WriteHistory = false };
        MrcWriter.Write(phantom.DrawHalfMap(1), Path.Combine(_folder, "half1.mrc"), writing);
        MrcWriter.Write(phantom.DrawHalfMap(2), Path.Combine(_folder, "half2.mrc"), writing);
        MrcWriter.Write(phantom.DrawMask(), Path.Combine(_folder, "mask.mrc"), writing);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task HalfMapsGiveTheirLocalResolutionInAMaskMadeForThem()
    {
        (int code, string output, string error) = await RunAsync("--half1", "half1.mrc", "--half2", "half2.mrc", "--output", "resolution.mrc");

        Assert.True(code == Success, error);
        Assert.Contains("The threshold is", output, StringComparison.Ordinal);
        Assert.Contains("Local resolution", output, StringComparison.Ordinal);
        CryoMap expected = AutomaticMonoRes.Run(new Reconstruction(Open("half1.mrc"), Open("half2.mrc")), mask: null).LocalResolution;
        Assert.Equal(expected.AsSpan().ToArray(), Open("resolution.mrc").AsSpan().ToArray());
        Assert.True(File.Exists(Path.Combine(_folder, "resolution.history.json")));
    }

    [Fact]
    public async Task EveryOptionOfMonoResArrives()
    {
        (int code, _, string error) = await RunAsync(
            "--map", "half1.mrc", "--mask", "mask.mrc", "--method", "MonoRes", "--coarsest-resolution", "10", "--step", "0.5", "--significance", "0.9",
            "--noise-from", "OutsideMask", "--gaussian-noise", "--threads", "1", "--memory-limit", "1GB", "--output", "resolution.mrc", "--quiet");

        Assert.True(code == Success, error);
        var options = new MonoResOptions { CoarsestResolution = 10, Step = 0.5, Significance = 0.9, NoiseFrom = MonoResNoise.OutsideMask, GaussianNoise = true };
        Assert.Equal(MonoRes.Run(Open("half1.mrc"), Open("mask.mrc"), options).LocalResolution.AsSpan().ToArray(), Open("resolution.mrc").AsSpan().ToArray());
    }

    [Fact]
    public async Task EveryOptionOfLocalFscArrives()
    {
        (int code, string output, string error) = await RunAsync(
            "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--method", "localfsc", "--coarsest-resolution", "20",
            "--sampling-distance", "12", "--randomise-beyond", "8", "--seed", "3", "--output", "resolution.mrc");

        Assert.True(code == Success, error);
        Assert.Contains("Local resolution", output, StringComparison.Ordinal);
        var options = new LocalFscOptions { CoarsestResolution = 20, SamplingDistance = 12, RandomiseBeyond = 8, Seed = 3 };
        Assert.Equal(
            LocalFsc.Run(new Reconstruction(Open("half1.mrc"), Open("half2.mrc")), Open("mask.mrc"), options).Map.AsSpan().ToArray(),
            Open("resolution.mrc").AsSpan().ToArray());
    }

    [Theory]
    [InlineData("LocalFsc", "--window-shape", "gaussian", "--coarsest-resolution", "20")]
    [InlineData("LocalWiener")]
    public async Task TheOtherMethodsFromHalfMapsArrive(string method, params string[] options)
    {
        (int code, string output, string error) = await RunAsync(
            ["--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--method", method, "--window-width", "6", "--output", "resolution.mrc", .. options]);

        Assert.True(code == Success, error);
        Assert.Contains("Local resolution", output, StringComparison.Ordinal);
        var halves = new Reconstruction(Open("half1.mrc"), Open("half2.mrc"));
        CryoMap expected = method == "LocalWiener"
            ? LocalWienerResolution.Run(halves, Open("mask.mrc"), new() { WindowWidth = 6 }).Map
            : GaussianFsc.Run(halves, Open("mask.mrc"), new() { WindowWidth = 6, CoarsestResolution = 20 }).Map;
        Assert.Equal(expected.AsSpan().ToArray(), Open("resolution.mrc").AsSpan().ToArray());
    }

    [Theory]
    [InlineData("--sampling-distance belongs to another method", "--half1", "half1.mrc", "--half2", "half2.mrc", "--sampling-distance", "20")]
    [InlineData("--step belongs to another method", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalFsc", "--step", "1")]
    [InlineData("--window-shape belongs to another method", "--half1", "half1.mrc", "--half2", "half2.mrc", "--window-shape", "Gaussian")]
    [InlineData("--window-width belongs to Gaussian windows", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalFsc", "--window-width", "4")]
    [InlineData("--seed belongs to spheres", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalFsc", "--window-shape", "gaussian", "--seed", "4")]
    [InlineData("--coarsest-resolution belongs to another", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalWiener", "--coarsest-resolution", "9")]
    [InlineData("LocalWiener compares the two half maps", "--map", "half1.mrc", "--method", "LocalWiener")]
    [InlineData("round", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalFsc", "--window-shape", "round")]
    [InlineData("LocalFsc compares the two half maps", "--map", "half1.mrc", "--method", "LocalFsc")]
    [InlineData("--seed was given without --randomise-beyond", "--half1", "half1.mrc", "--half2", "half2.mrc", "--method", "LocalFsc", "--seed", "2")]
    [InlineData("--half2 was given alone", "--half2", "half2.mrc")]
    [InlineData("resmap", "--map", "half1.mrc", "--method", "resmap")]
    public async Task ConflictsAreUsageErrorsThatSayWhich(string expected, params string[] arguments)
    {
        (int code, _, string error) = await RunAsync([.. arguments, "--output", "resolution.mrc"]);
        Assert.Equal(Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalvesThatDisagreeAreRefusedWithBothValues()
    {
        MrcWriter.Write(new HelixPhantom(new PhantomOptions { Size = 32 }).DrawHalfMap(2), Path.Combine(_folder, "small.mrc"));
        (int code, _, string error) = await RunAsync("--half1", "half1.mrc", "--half2", "small.mrc", "--output", "resolution.mrc");
        Assert.Equal(InputRefused, code);
        Assert.Contains("MapSizeMismatch", error, StringComparison.Ordinal);
        Assert.Contains("48 × 48 × 48", error, StringComparison.Ordinal);
        Assert.Contains("32 × 32 × 32", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "resolution.mrc")));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunnerProcess.RunAsync(_folder, ["resolution", .. arguments]);

    private CryoMap Open(string name) => MrcReader.Open(Path.Combine(_folder, name));
}
