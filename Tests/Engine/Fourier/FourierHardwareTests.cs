using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace LocalDeblur.Tests.Engine.Fourier;

/// <summary>The transform on lesser processors, imitated in child processes from which instructions are withheld.</summary>
public sealed class FourierHardwareTests
{
    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableAVX")]
    [InlineData("EnableHWIntrinsic")]
    public async Task TransformIsRightWithoutSomeInstructions(string setting)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "LocalDeblur.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        Assert.SkipUnless(File.Exists(program), "The tests were not started from a program of their own.");
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { "-class", typeof(FourierTests).FullName!, "-noLogo", "-noColor", "-parallel", "none" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_" + setting] = "0";
        // shared/Microsoft.NETCore.App/version lies three levels below the root.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }
}
