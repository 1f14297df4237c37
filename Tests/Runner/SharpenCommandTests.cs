using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class SharpenCommandTests : IDisposable
{
    private const int Success = 0;
    private const int Usage = 2;
    private const int InputRefused = 3;
    private const int InsufficientMemory = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SharpensAMapAndSaysWhatItDid()
    {
        WriteInput(48);
        (int code, string output, string error) = await RunAsync("--map", "map.mrc", "--local-resolution", "resolution.mrc", "--output", "sharp.mrc.gz");

        Assert.True(code == Success, error);
        Assert.Contains("Step size", output, StringComparison.Ordinal);
        Assert.Contains("sharp.mrc.gz", output, StringComparison.Ordinal);
        Assert.Contains("] Sharpening", error, StringComparison.Ordinal);
        Assert.DoesNotContain("iteration", error, StringComparison.Ordinal);
        CryoMap expected = LocalDeblurSolver.Run(Open("map.mrc"), Open("resolution.mrc")).Map;
        CryoMap actual = Open("sharp.mrc.gz");
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
        Assert.Equal(Open("map.mrc").Grid, actual.Grid);
        Assert.True(File.Exists(Path.Combine(_folder, "sharp.mrc.gz.history.json")));
        Assert.True(MrcRules.Check(Path.Combine(_folder, "sharp.mrc.gz")).IsValid);
    }

    [Fact]
    public async Task EveryOptionReachesTheSolver()
    {
        WriteInput(32);
        (int code, _, string error) = await RunAsync(
            "-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc", "--mask", "mask.mrc", "--k", "0.01", "--step-size", "2.5",
            "--maximum-iterations", "3", "--formulation", "Paper", "--rank-tolerance", "1e-4", "--coarsest-resolution", "7.5", "--threads", "1",
            "--memory-limit", "1.5GB", "--voxel-size", "1.1", "--local-resolution-voxel-size", "1.1", "--mask-voxel-size", "1.1",
            "--origin", "1", "2", "-3", "--local-resolution-origin", "1", "2", "-3", "--mask-origin", "1", "2", "-3", "--quiet");

        Assert.True(code == Success, error);
        var options = new LocalDeblurOptions
        {
            Formulation = LocalDeblurFormulation.Paper,
            StepSize = 2.5,
            MaximumIterations = 3,
            Bank = Filters.FilterBank.Create(new GridSize(32, 32, 32), 1.1, 7.5, 0.01, 1e-4),
        };
        var reading = new MrcReadOptions { VoxelSize = 1.1, Origin = new AxisTriple(1, 2, -3) };
        CryoMap expected = LocalDeblurSolver.Run(Open("map.mrc", reading), Open("resolution.mrc", reading), Open("mask.mrc", reading), options).Map;
        CryoMap actual = Open("sharp.mrc");
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
        Assert.Equal(new AxisTriple(1, 2, -3), actual.Origin);
        Assert.Equal(1.1, actual.VoxelSize, 1e-6);
    }

    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public async Task NumbersAreTheSameInEveryCulture(string culture)
    {
        WriteInput(32);
        (int code, string output, string error) = await RunnerProcess.RunAsync(
            _folder,
            ["sharpen", "-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc", "--step-size", "2.5", "--maximum-iterations", "2"],
            environment: new Dictionary<string, string> { ["LANG"] = culture, ["LC_ALL"] = culture });

        Assert.True(code == Success, error);
        Assert.Contains("Step size 2.5,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadUsageIsTwo()
    {
        Assert.Equal(Usage, (await RunAsync()).ExitCode);
        Assert.Equal(Usage, (await RunAsync("--map", "map.mrc")).ExitCode);
        Assert.Equal(Usage, (await RunAsync("-m", "a.mrc", "-r", "b.mrc", "-o", "c.mrc", "--k", "wide")).ExitCode);
        Assert.Equal(Usage, (await RunAsync("-m", "a.mrc", "-r", "b.mrc", "-o", "c.mrc", "--memory-limit", "much")).ExitCode);
        Assert.Equal(Usage, (await RunnerProcess.RunAsync(_folder, [])).ExitCode);
    }

    [Fact]
    public async Task HalfMapsAloneAreAWholeRun()
    {
        WriteHalves(48);
        (int code, string output, string error) = await RunAsync("--half1", "half1.mrc", "--half2", "half2.mrc", "--output", "sharp.mrc");

        Assert.True(code == Success, error);
        Assert.Contains("The threshold is", output, StringComparison.Ordinal);
        Assert.Contains("The scan begins at", output, StringComparison.Ordinal);
        Assert.Contains("Step size", output, StringComparison.Ordinal);
        CryoMap expected = LocalDeblurRun.Run(new Reconstruction(Open("half1.mrc"), Open("half2.mrc"))).Map;
        Assert.Equal(expected.AsSpan().ToArray(), Open("sharp.mrc").AsSpan().ToArray());
    }

    [Fact]
    public async Task OneMapAloneRunsTooInRounds()
    {
        WriteHalves(48);
        (int code, _, string error) = await RunAsync("--map", "half1.mrc", "--mask", "mask.mrc", "--rounds", "2", "--maximum-iterations", "1", "--output", "sharp.mrc", "--quiet");

        Assert.True(code == Success, error);
        Assert.Contains("half1.mrc came alone", error, StringComparison.Ordinal);
        CryoMap expected = LocalDeblurRun.Run(
            Open("half1.mrc"), mask: Open("mask.mrc"), options: new LocalDeblurRunOptions { Rounds = 2, Sharpening = new LocalDeblurOptions { MaximumIterations = 1 } }).Map;
        Assert.Equal(expected.AsSpan().ToArray(), Open("sharp.mrc").AsSpan().ToArray());
    }

    [Fact]
    public async Task HalfMapsAreAveragedForAGivenLocalResolution()
    {
        WriteHalves(32);
        (int code, _, string error) = await RunAsync("--half1", "half1.mrc", "--half2", "half2.mrc", "-r", "resolution.mrc", "--output", "sharp.mrc", "--maximum-iterations", "1");

        Assert.True(code == Success, error);
        CryoMap expected = LocalDeblurSolver.Run(
            new Reconstruction(Open("half1.mrc"), Open("half2.mrc")).Mean(), Open("resolution.mrc"),
            options: new LocalDeblurOptions { MaximumIterations = 1 }).Map;
        Assert.Equal(expected.AsSpan().ToArray(), Open("sharp.mrc").AsSpan().ToArray());
    }

    [Theory]
    [InlineData("--map and half maps were both given", "-m", "a.mrc", "--half1", "b.mrc", "--half2", "c.mrc")]
    [InlineData("--half1 was given alone", "--half1", "b.mrc")]
    [InlineData("No map was given", "-r", "b.mrc")]
    [InlineData("--rounds and --local-resolution", "-m", "a.mrc", "-r", "b.mrc", "--rounds", "2")]
    [InlineData("--rounds is '21'", "-m", "a.mrc", "--rounds", "21")]
    [InlineData("--rounds is 'many'", "-m", "a.mrc", "--rounds", "many")]
    public async Task ConflictsAreUsageErrorsThatSayWhich(string expected, params string[] arguments)
    {
        (int code, _, string error) = await RunAsync([.. arguments, "-o", "sharp.mrc"]);
        Assert.Equal(Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedInputIsThreeAndLeavesNothing()
    {
        WriteInput(32);
        (int code, _, string error) = await RunAsync("-m", "missing.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc");
        Assert.Equal(InputRefused, code);
        Assert.Contains("MapFileNotFound", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc", "--local-resolution-voxel-size", "2");
        Assert.Equal(InputRefused, code);
        Assert.Contains("VoxelSizeMismatch", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("-m", "map.mrc", "-r", "resolution.mrc", "-o", "map.mrc");
        Assert.Equal(InputRefused, code);
        Assert.Contains("MapFileExists", error, StringComparison.Ordinal);

        Assert.Equal(["map.mrc", "mask.mrc", "resolution.mrc"], Directory.GetFiles(_folder, "*.mrc").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TooLittleMemoryIsFour()
    {
        WriteInput(32);
        (int code, _, string error) = await RunAsync("-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc", "--memory-limit", "100KB");

        Assert.Equal(InsufficientMemory, code);
        Assert.Contains("InsufficientMemory", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130, "Interrupted")]
    [InlineData("TERM", 143, "Terminated")]
    [InlineData("HUP", 129, "Terminated")]
    public async Task SignalEndsTheWork(string signal, int expected, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot send another one a signal on Windows.");
        WriteInput(160);
        (int code, _, string error) = await RunnerProcess.RunAsync(
            _folder,
            ["sharpen", "-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc"],
            ("Sharpening", process => Send(signal, process)));

        Assert.Equal(expected, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder), path => path.Contains("sharp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task SignalLeavesNothingHalfWritten(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot send another one a signal on Windows.");
        WriteInput(160);
        string[] before = Directory.GetFiles(_folder);
        string[] begun = [];
        (int code, _, string error) = await RunnerProcess.RunAsync(
            _folder,
            ["sharpen", "-m", "map.mrc", "-r", "resolution.mrc", "-o", "sharp.mrc.bz2", "--maximum-iterations", "1"],
            ("Sharpening", process =>
            {
                // A map of this size takes seconds to compress, so the signal comes while the file is open.
                while (!process.HasExited && begun.Length == 0)
                {
                    begun = Directory.GetFiles(_folder, "*.tmp");
                    Thread.Sleep(1);
                }

                Send(signal, process);
            }
        ));

        Assert.Equal(expected, code);
        Assert.NotEmpty(begun);
        Assert.Contains("nothing half-written is left", error, StringComparison.Ordinal);
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    private static void Send(string signal, Process process)
    {
        using Process? kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill!.WaitForExit();
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunnerProcess.RunAsync(_folder, ["sharpen", .. arguments]);

    private CryoMap Open(string name, MrcReadOptions? options = null) => MrcReader.Open(Path.Combine(_folder, name), options);

    private void WriteHalves(int size)
    {
        WriteInput(size);
        File.Move(Path.Combine(_folder, "map.mrc"), Path.Combine(_folder, "half1.mrc"));
        MrcWriter.Write(new HelixPhantom(new PhantomOptions { Size = size }).DrawHalfMap(2), Path.Combine(_folder, "half2.mrc"), new MrcWriteOptions { WriteHistory = false });
    }

    private void WriteInput(int size)
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = size });
        var writing = new MrcWriteOptions { WriteHistory = false };
        MrcWriter.Write(phantom.DrawHalfMap(1), Path.Combine(_folder, "map.mrc"), writing);
        MrcWriter.Write(phantom.DrawLocalResolution(), Path.Combine(_folder, "resolution.mrc"), writing);
        MrcWriter.Write(phantom.DrawMask(), Path.Combine(_folder, "mask.mrc"), writing);
    }
}
