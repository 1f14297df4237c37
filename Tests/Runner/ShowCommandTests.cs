using System.Diagnostics;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class ShowCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task NothingIsDrawnWhereOutputIsNoTerminal()
    {
        (int code, string output, string error) = await folder.RunAsync("show", "half1.mrc", "--style", "Blocks");

        Assert.Equal(PhantomFolder.Success, code);
        Assert.Empty(output);
        Assert.Contains("no terminal", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--crop", "half1.mrc", "--guinier", "--crop", "0.5")]
    [InlineData(PhantomFolder.Usage, "--style", "half1.mrc", "--style", "Oil")]
    public async Task WhatContradictsItselfIsRefused(int code, string message, params string[] arguments) =>
        Assert.Contains(message, await folder.RequireAsync(code, ["show", .. arguments]), StringComparison.Ordinal);

    [Theory]
    [InlineData("xterm", "C.UTF-8", "▀", true)]
    [InlineData("dumb", "C.UTF-8", "XY  z = 24", false)]
    [InlineData("xterm", "C", "XY  z = 24", false)]
    public async Task ATerminalGetsWhatItCanShow(string terminal, string locale, string expected, bool hasColors)
    {
        // script (util-linux) lends the process a terminal, which does not answer questions.
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "There is no program that lends a terminal.");
        string program = Path.Combine(AppContext.BaseDirectory, "localdeblur.dll");
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"stty cols 90 rows 30; dotnet '{program}' show half1.mrc", "/dev/null"])
        {
            WorkingDirectory = folder.Folder,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        start.Environment["TERM"] = terminal;
        start.Environment["LC_ALL"] = locale;
        start.Environment["COLORTERM"] = "truecolor";
        start.Environment.Remove("NO_COLOR");
        using Process process = Process.Start(start)!;
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, text);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(hasColors, text.Contains("\e[38;2;", StringComparison.Ordinal));
    }
}
