using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>An External job of RELION: what its output folder shows, on every way out.</summary>
public sealed class RelionCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    private const string Success = "RELION_JOB_EXIT_SUCCESS";
    private const string Failure = "RELION_JOB_EXIT_FAILURE";
    private const string Aborted = "RELION_JOB_EXIT_ABORTED";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AJobWritesItsMapsAndTheListOfThem()
    {
        string job = Job("External/job001/");
        await File.WriteAllBytesAsync(Path.Combine(job, Failure), [], Stop);
        await folder.RequireAsync(
            PhantomFolder.Success, "relion", "--o", "External/job001/", "--in_3dref", "half2.mrc", "--j", "2", "--k", "0.02", "--pipeline_control", "External/job001/");

        Assert.Equal([Success], Markers(job));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(job, "RELION_OUTPUT_NODES.star"), Stop);
        Assert.Equal(
            [
                "External/job001/mask.mrc Mask3D.mrc",
                "External/job001/postprocess.star ProcessData.star.relion.postprocess",
                "External/job001/local_resolution.mrc Image3D.mrc.localresmap",
                "External/job001/sharpened.mrc DensityMap.mrc",
            ],
            lines.Where(line => line.StartsWith("External", StringComparison.Ordinal)));
        var expected = new LocalDeblurRunOptions { Sharpening = new() { K = 0.02 } };
        CryoMap sharpened = LocalDeblurRun.Run(new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")), null, expected, cancellationToken: Stop).Map;
        MapComparison comparison = MapComparison.Compare(MrcReader.Open(Path.Combine(job, "sharpened.mrc")), sharpened, cancellationToken: Stop);
        Assert.InRange(comparison.RelativeRmsDifference, 0, 1e-6);
        FscResult fsc = FscTable.Read(Path.Combine(job, "postprocess.star"));
        Assert.Equal(["half2.mrc", "half1.mrc"], fsc.HalfMaps);
        Assert.Equal("External/job001/mask.mrc", fsc.Mask);
        Assert.Contains("data_guinier", await File.ReadAllTextAsync(Path.Combine(job, "postprocess.star"), Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PhantomFolder.InputRefused, "MapCountUnsupported", "--in_3dref", "truth.mrc")]
    [InlineData(PhantomFolder.InputRefused, "MapFileNotFound", "--in_3dref", "lone_half1.mrc")]
    [InlineData(PhantomFolder.InputRefused, "MapFileNotFound", "--in_3dref", "half1.mrc", "--in_mask", "none.mrc")]
    [InlineData(PhantomFolder.InsufficientMemory, "InsufficientMemory", "--in_3dref", "half1.mrc", "--memory-limit", "1KB")]
    [InlineData(PhantomFolder.Usage, "--in_parts", "--in_3dref", "half1.mrc", "--in_parts", "particles.star")]
    [InlineData(PhantomFolder.Usage, "--in_3dref")]
    public async Task WhatIsRefusedFails(int code, string message, params string[] arguments)
    {
        string job = Job("External/job002/");
        Assert.Contains(message, await folder.RequireAsync(code, ["relion", "--o", "External/job002/", .. arguments]), StringComparison.Ordinal);
        Assert.Equal([Failure], Markers(job));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData(null, 143)]
    public async Task AJobThatIsToldToEndIsAborted(string? signal, int expected)
    {
        Assert.SkipWhen(signal is not null && OperatingSystem.IsWindows(), "A process cannot send another one a signal on Windows.");
        string job = Job($"External/job{signal}/");
        var phantom = new HelixPhantom(new PhantomOptions { Size = 128 });
        MrcWriter.Write(phantom.DrawHalfMap(1), folder.Path("big_half1.mrc"), new MrcWriteOptions { Overwrite = true });
        MrcWriter.Write(phantom.DrawHalfMap(2), folder.Path("big_half2.mrc"), new MrcWriteOptions { Overwrite = true });
        (int code, _, string error) = await RunnerProcess.RunAsync(
            folder.Folder,
            ["relion", "--o", job, "--in_3dref", "big_half1.mrc"],
            ("Fourier shell correlation", process =>
            {
                if (signal is null)
                {
                    File.WriteAllBytes(Path.Combine(job, "RELION_JOB_ABORT_NOW"), []);
                }
                else
                {
                    using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                    kill.WaitForExit();
                }
            }
        ));

        Assert.True(code == expected, $"{code}: {error}");
        Assert.Equal([Aborted], Markers(job));
        Assert.False(File.Exists(Path.Combine(job, "RELION_JOB_ABORT_NOW")));
        Assert.False(File.Exists(Path.Combine(job, "sharpened.mrc")));
    }

    private static string[] Markers(string job) => [.. Directory.GetFiles(job, "RELION_JOB_*").Select(path => Path.GetFileName(path)!)];

    private string Job(string name)
    {
        string job = folder.Path(name);
        if (Directory.Exists(job))
        {
            Directory.Delete(job, recursive: true);
        }

        return Directory.CreateDirectory(job).FullName;
    }
}
