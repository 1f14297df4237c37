using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Tests.Engine;
using LocalDeblur.Tests.Reference;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>The published programs by their own names: Xmipp's command lines give Xmipp's files.</summary>
public sealed class XmippCommandTests : IDisposable
{
    // As in the parity tests of the engine, where it is reasoned.
    private const double SharpeningTolerance = 1e-5;
    private const double ResolutionTolerance = 1e-3;
    private const double LargestShareOfOthers = 1e-3;

    private readonly MapFolder _folder = new();

    private string Folder => Path.GetDirectoryName(_folder["a"])!;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("localdeblur_default", 4.063894, 7)]
    [InlineData("localdeblur_k001_l5_i2", 5, 2, "-k", "0.01", "-l", "5.0", "-i", "2")]
    public async Task SharpeningEqualsThePublishedProgram(string expected, double step, int iterations, params string[] options)
    {
        await File.WriteAllTextAsync(_folder["F.mrc"], "replaced", TestContext.Current.CancellationToken);
        await RequireAsync(
            0, "xmipp_volume_local_sharpening",
            ["--vol", Lobes("map"), "--resolution_map", Lobes("locres"), "--sampling", "1.06", "-n", "2", "--md", "params.xmd", "-o", "F.mrc:mrc", .. options]);

        MapComparison comparison = ReferenceMap.Require("lobes64", expected).Compare(MrcReader.Open(_folder["F.mrc"]));
        Assert.InRange(comparison.RelativeRmsDifference, 0, SharpeningTolerance);
        string[] lines = await File.ReadAllLinesAsync(_folder["params.xmd"], TestContext.Current.CancellationToken);
        Assert.Equal(["# XMIPP_STAR_1 * ", "# ", "data_", "loop_", " _cost", " _iterationNumber"], lines[..6]);
        string[] values = lines[6].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(double.Parse(values[0], System.Globalization.CultureInfo.InvariantCulture) / step, 1 - 5e-7, 1 + 5e-7);
        Assert.Equal(iterations.ToString(System.Globalization.CultureInfo.InvariantCulture), values[1]);
        Assert.Equal(["F.mrc", "params.xmd"], _folder.Names());
    }

    [Theory]
    [InlineData("monores_map", "map", null)]
    [InlineData("monores_halves", "half1", "half2", "--noiseonlyinhalves")]
    [InlineData("monores_halves_gaussian", "half1", "half2", "--gaussian")]
    public async Task ResolutionEqualsThePublishedProgram(string expected, string first, string? second, params string[] options)
    {
        string[] halves = second is null ? [] : ["--vol2", Lobes(second)];
        string text = await RequireAsync(
            0, "xmipp_resolution_monogenic_signal",
            ["--vol", Lobes(first), "--mask", Lobes("mask"), "--sampling_rate", "1.06", "--minRes", "0", "--maxRes", "12", "--step", "0.25", "--significance", "0.95",
            "-o", ".", "--threads", "2", .. halves, .. options]);

        Assert.Contains("Note: --minRes changes nothing", text, StringComparison.Ordinal);
        string[] maps = ["monoresResolutionChimera.mrc", "monoresResolutionMap.mrc", "refinedMask.mrc"];
        Assert.Equal(second is null ? maps : ["meanMap.mrc", .. maps], _folder.Names());
        RequireEqual($"lobes64/{expected}.mrc.gz", "monoresResolutionMap.mrc");
        RequireEqual($"lobes64/{expected}_chimera.mrc.gz", "monoresResolutionChimera.mrc");
        RequireEqual($"lobes64/{expected}_mask.mrc.gz", "refinedMask.mrc");
    }

    [Theory]
    [InlineData(2, "--mask", "xmipp_resolution_monogenic_signal", "--vol", "a.mrc", "--sampling_rate", "1", "--maxRes", "12", "-o", ".")]
    [InlineData(
        2, "--noiseonlyinhalves was given without --vol2", "xmipp_resolution_monogenic_signal", "--vol", "a.mrc", "--mask", "m.mrc", "--sampling_rate", "1", "--maxRes", "9",
        "-o", ".", "--noiseonlyinhalves")]
    [InlineData(2, "--symmetry", "xmipp_volume_local_sharpening", "--vol", "a.mrc", "--resolution_map", "r.mrc", "--sampling", "1", "-o", "F.mrc", "--symmetry", "c1")]
    [InlineData(3, "MapFileNotFound", "xmipp_volume_local_sharpening", "--vol", "a.mrc:mrc", "--resolution_map", "r.mrc", "--sampling", "1", "-o", "F.mrc")]
    [InlineData(3, "MapFileNameUnsupported", "xmipp_volume_local_sharpening", "--vol", "a.mrc", "--resolution_map", "r.mrc", "--sampling", "1", "-o", "F.vol")]
    public async Task WhatCannotBeDoneIsRefused(int code, string message, string program, params string[] arguments)
    {
        Assert.Contains(message, await RequireAsync(code, program, arguments), StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task LinksStandInForPublishedProgramsAndGiveTheirPlaceBack()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "localdeblur");
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(program), "The runner's own program is not beside the tests, or the system is not Linux.");
        string bin = Directory.CreateDirectory(_folder["bin"]).FullName;
        string link = Path.Combine(bin, "xmipp_volume_local_sharpening");
        await File.WriteAllTextAsync(link, "the published one", TestContext.Current.CancellationToken);

        for (int time = 0; time < 2; time++)
        {
            Assert.Equal(0, (await StartAsync(program, "xmipp", "install", bin)).Code);
        }

        Assert.Equal(program, new FileInfo(link).LinkTarget);
        Assert.Equal("the published one", await File.ReadAllTextAsync(link + ".original", TestContext.Current.CancellationToken));
        (int code, string text) = await StartAsync(link, "--vol", Lobes("map"), "--resolution_map", Lobes("locres"), "--sampling", "1.06", "-l", "5", "-i", "1", "-o", "F.mrc");
        Assert.True(code == 0, text);
        Assert.Contains("lambda = 5, 1 iterations", text, StringComparison.Ordinal);
        Assert.Equal(2, (await StartAsync(Path.Combine(bin, "xmipp_resolution_monogenic_signal"), "--vol", "none.mrc")).Code);

        Assert.Equal(0, (await StartAsync(program, "xmipp", "uninstall", bin)).Code);
        Assert.Equal(["xmipp_volume_local_sharpening"], Directory.GetFileSystemEntries(bin).Select(Path.GetFileName));
        Assert.Equal("the published one", await File.ReadAllTextAsync(link, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AProgramThatIsNoLinkIsNotRemoved()
    {
        string bin = Directory.CreateDirectory(_folder["bin"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "xmipp_volume_local_sharpening"), "the published one", TestContext.Current.CancellationToken);
        await RequireAsync(0, "xmipp", ["uninstall", bin]);

        Assert.Equal("the published one", await File.ReadAllTextAsync(Path.Combine(bin, "xmipp_volume_local_sharpening"), TestContext.Current.CancellationToken));
    }

    private static string Lobes(string name) => ReferenceData.Require($"lobes64/{name}.mrc.gz");

    private void RequireEqual(string expected, string actual)
    {
        ReadOnlySpan<float> reference = ReferenceData.OpenMap(expected).AsSpan();
        ReadOnlySpan<float> values = MrcReader.Open(_folder[actual]).AsSpan();
        int others = 0, inside = 0;
        for (int i = 0; i < values.Length; i++)
        {
            inside += reference[i] > 0 || values[i] > 0 ? 1 : 0;
            others += Math.Abs(reference[i] - values[i]) > ResolutionTolerance ? 1 : 0;
        }

        Assert.InRange((double)others / inside, 0, LargestShareOfOthers);
    }

    private async Task<string> RequireAsync(int expected, string program, string[] arguments)
    {
        (int code, string output, string error) = await RunnerProcess.RunAsync(Folder, [program, .. arguments]);
        Assert.True(code == expected, $"{code}: {output}{error}");
        return output + error;
    }

    private async Task<(int Code, string Text)> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The runtime of the tests, wherever it is.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + error);
    }
}
