using System.Globalization;
using System.Text.RegularExpressions;
using LocalDeblur.Tests.Fuzz;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A limit that is too small is told with one figure, and that figure is enough.</summary>
public sealed partial class MemoryLimitTests(OddInputs inputs) : IClassFixture<OddInputs>
{
    // The others have no such option.
    public static TheoryData<string> Commands => [.. OddInputs.Commands.Keys.Where(command => command.Split(' ')[0] is not ("show" or "xmipp"))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task TheFigureOfARefusalIsEnough(string command)
    {
        string folder = inputs.NewFolder();
        string[] arguments = OddInputs.Commands[command](inputs.SoundInput, folder);

        (int refused, string text) = await RunAsync([.. arguments, "--memory-limit", "1MB"]);

        Assert.True(refused == 4, $"{refused}: {text}");
        Assert.Empty(Directory.GetFiles(folder, "*.mrc"));
        string figure = Figure().Match(text).Groups[1].Value.Replace(",", string.Empty, StringComparison.Ordinal);
        Assert.InRange(long.Parse(figure, CultureInfo.InvariantCulture), RunLimits.ProgramBytes, 1L << 30);
        (int done, string rest) = await RunAsync([.. arguments, "--memory-limit", figure]);
        Assert.True(done == 0, $"{figure} bytes are not enough, {done}: {rest}");
    }

    private static Task<(int ExitCode, string Text)> RunAsync(string[] arguments) =>
        RunnerInProcess.RunAsync([.. arguments, "--threads", "1"], TestContext.Current.CancellationToken);

    [GeneratedRegex("takes ([0-9,]+) bytes and 1,048,576 may be used")]
    private static partial Regex Figure();
}
