using System.CommandLine;
using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Runner;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>Command lines that cannot be meant, and what the exit code says.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EmptyValuesAndFoldersInPlaceOfFilesAreUsageErrorsOfEveryCommand()
    {
        string folder = Path.GetDirectoryName(_folder["x"])!;
        var checkedOptions = 0;
        foreach (Command command in RunnerCommand.Create().Subcommands)
        {
            foreach (Option option in command.Options.Where(option => (option.ValueType.GetElementType() ?? option.ValueType) == typeof(string)))
            {
                checkedOptions++;
                Assert.Contains(Errors(option, ""), error => IsOf(option, error, "not empty"));
                if (option.HelpName is "file" or "files")
                {
                    Assert.Contains(Errors(option, folder), error => IsOf(option, error, "a folder"));
                }
            }
        }

        Assert.InRange(checkedOptions, 40, 1000);
        static bool IsOf(Option option, string error, string says) => error.StartsWith(option.Name, StringComparison.Ordinal) && error.Contains(says, StringComparison.Ordinal);

        // By itself: what a command says of its options together hides what each would say.
        static string[] Errors(Option option, string value) => [.. new RootCommand { option }.Parse([option.Name, value]).Errors.Select(error => error.Message)];
    }

    [Fact]
    public async Task WhoeverAsksForHelpInAnyWayGetsIt()
    {
        (int alone, string all, _) = await RunAsync();
        (int asked, string again, _) = await RunAsync("help");
        (int one, string fsc, _) = await RunAsync("help", "fsc");
        (int option, string same, _) = await RunAsync("fsc", "--help");

        Assert.Equal((2, 0, 0, 0), (alone, asked, one, option));
        Assert.Contains("autosharpen", all, StringComparison.Ordinal);
        Assert.Equal(all, again);
        Assert.Contains("--half1", fsc, StringComparison.Ordinal);
        Assert.Equal(fsc, same);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    public async Task AFolderInPlaceOfItsJobsIsCalledOne(string command)
    {
        Directory.CreateDirectory(_folder["night"]);

        (_, string output, string error) = await RunAsync(command, "night");

        Assert.Contains("is a folder; expected the file of a job (.json). Give the files in it, such as night/*.json.", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatBeginsWithAtIsAFileAndAFarOriginIsRefused()
    {
        _folder.Save("@map.mrc", new MrcFile { Size = [16, 16, 16] }.Build());

        (int code, _, string error) = await RunAsync("bfactor", "--map", "@map.mrc", "--b-factor", "-10", "-o", "out.mrc", "--origin", "1e300", "0", "0", "-q");

        Assert.Equal(3, code);
        Assert.StartsWith("ParameterOutOfRange:", error, StringComparison.Ordinal);
        Assert.Contains("--origin", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesAndContentsCommandNoTerminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        const string Name = "a\u001b[2J.mrc";
        _folder.Save(Name, new MrcFile { Size = [16, 16, 16], Value = (x, y, z) => (x * 7 + y * 5 + z * 3) % 11 }.Build());
        _folder.Save("mtf", [0x1b, 0x5b, 0x32, 0x4a]);

        (int code, string output, string error) = await RunAsync("bfactor", "--map", Name, "--b-factor", "-10", "-o", "b\u001b[2J.mrc");
        (_, _, string refused) = await RunAsync("bfactor", "--map", Name, "--b-factor", "-10", "-o", "c.mrc", "--mtf", "mtf");
        (_, _, string usage) = await RunAsync("bfactor", "--\u001b[2J");

        Assert.Equal(0, code);
        Assert.Contains("Wrote", output, StringComparison.Ordinal);
        Assert.All([output, error, refused, usage], text => Assert.DoesNotContain('\u001b', text));
        Assert.Contains("\\u001b[2J", output, StringComparison.Ordinal);
    }

    // What was asked for and cannot be told is an error; what goes to standard error is told elsewhere too, and the work goes on.
    [Theory]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc >&-", 2, "standard output cannot be written to")]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc 2>&-", 0, "")]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc 2>/dev/full", 0, "")]
    [InlineData("bfactor --map nothing.mrc --b-factor -10 -f -o out.mrc 2>/dev/full", 3, "")]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc --log-path - 2>/dev/full", 3, "")]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc --log-path /dev/full", 3, "'/dev/full' cannot be written")]
    [InlineData("bfactor --map map.mrc --b-factor -10 -f -o out.mrc --log-path map.mrc", 3, "is no log")]
    [InlineData("bogus 2>/dev/full", 2, "")]
    [InlineData("--help >/dev/full", 2, "standard output cannot be written to")]
    [InlineData("bfactor --help >&-", 2, "standard output cannot be written to")]
    public async Task OutputsThatTakeNothingAreNoFaultOfTheProgram(string line, int code, string says)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only a shell of POSIX closes them, and only Linux has a device that is full.");
        byte[] map = new MrcFile { Size = [16, 16, 16], Value = (x, y, z) => (x * 7 + y * 5 + z * 3) % 11 }.Build();
        _folder.Save("map.mrc", map);

        (int ended, string error) = await ShellAsync(line);

        Assert.Equal(code, ended);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of the program", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);
        Assert.Equal(map, await File.ReadAllBytesAsync(_folder["map.mrc"], TestContext.Current.CancellationToken));
    }

    // The runtime itself needs larger files where memory is not both written and executed.
    [Fact]
    public async Task AFileBeyondTheLimitOfTheShellIsRefusedAndLeavesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The shells of other systems count in other units.");
        _folder.Save("map.mrc", new MrcFile { Size = [32, 32, 32], Value = (x, y, z) => (x * 7 + y * 5 + z * 3) % 11 }.Build());

        (int code, string error) = await ShellAsync("bfactor --map map.mrc --b-factor -10 -o large.mrc -q", "ulimit -f 64; export DOTNET_EnableWriteXorExecute=0;");

        Assert.Equal(3, code);
        Assert.Contains("large.mrc' cannot be written", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetDirectoryName(_folder["x"])!), file => !file.EndsWith("map.mrc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ComparisonThatFailsSaysSo()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        MrcWriter.Write(phantom.DrawHalfMap(1), _folder["map.mrc"], new MrcWriteOptions { WriteHistory = false });
        MrcWriter.Write(
            new CryoMap(phantom.DrawHalfMap(1).Grid, new float[48 * 48 * 48], "zero"), _folder["zero.mrc"], new MrcWriteOptions { WriteHistory = false });

        (int named, _, _) = await RunAsync("compare", "--map", "map.mrc", "-r", "zero.mrc", "--resolution", "6", "--method", "LocalDeblur", "Raw", "-q");
        (int done, _, _) = await RunAsync("compare", "--map", "map.mrc", "--resolution", "6", "--method", "Raw", "-q");

        Assert.Equal((3, 0), (named, done));
    }

    [Fact]
    public async Task ModelWithoutSideChainsIsScoredByWhatItHas()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        MrcWriter.Write(phantom.DrawTruth(), _folder["map.mrc"], new MrcWriteOptions { WriteHistory = false });
        IEnumerable<string> atoms = Enumerable.Range(0, 12).Select(i => ModelFile.Atom(i % 2 == 0 ? " CA " : " CB ", number: $"{(i / 2) + 1,4}", x: 20 + i)
            .Replace("   2.000  -3.500", "  20.000  20.000", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(_folder["polyala.pdb"], atoms, TestContext.Current.CancellationToken);

        (int code, string output, string error) = await RunAsync("score", "--map", "map.mrc", "--model", "polyala.pdb", "--resolution", "4", "-q");

        Assert.Equal(0, code);
        Assert.Contains("Mean Q", output, StringComparison.Ordinal);
        Assert.DoesNotContain("EMRinger score", output, StringComparison.Ordinal);
        Assert.Contains("Warning:", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunnerProcess.RunAsync(Path.GetDirectoryName(_folder["x"])!, arguments);

    private async Task<(int Code, string Error)> ShellAsync(string line, string before = "")
    {
        var start = new ProcessStartInfo("sh") { WorkingDirectory = Path.GetDirectoryName(_folder["x"]), RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{before} exec dotnet '{Path.Combine(AppContext.BaseDirectory, "localdeblur.dll")}' {line}");
        using Process process = ListeningChild.Start(start);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
