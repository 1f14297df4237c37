using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class ValueRulesTests
{
    private const int Usage = 2;

    // Read as thousands, a decimal comma would make 45 Å of 4,5 and 106 Å of 1,06, without a word.
    [Theory]
    [InlineData("--resolution", "4,5")]
    [InlineData("--resolution", "fine")]
    [InlineData("--voxel-size", "1,06")]
    [InlineData("--origin", "1", "2", "3,5")]
    [InlineData("--non-finite-value", "0,5")]
    [InlineData("--threads", "two")]
    public async Task WhatIsNoNumberIsAUsageError(string option, params string[] values)
    {
        (int code, string output, string error) = await RunAsync(["compare", "-m", "map.mrc", option, .. values]);

        Assert.Equal(Usage, code);
        Assert.Empty(output);
        Assert.Contains($"{option} is '{values[^1]}'; expected a", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sharpest")]
    [InlineData("1")]
    public async Task WhatIsNoChoiceIsAUsageErrorThatNamesTheChoices(string method)
    {
        (int code, _, string error) = await RunAsync(["compare", "-m", "map.mrc", "--resolution", "4", "--method", method]);

        Assert.Equal(Usage, code);
        Assert.Contains($"--method is '{method}'; expected {string.Join(", ", SharpeningMethods.Names)}.", error, StringComparison.Ordinal);
    }

    // What takes any number of files would take the misspelt option for one of them.
    [Theory]
    [InlineData("slices", "a.mrc", "--threads", "2", "-o", "a.png")]
    [InlineData("show", "a.mrc", "--threads")]
    [InlineData("guinier", "--map", "a.mrc", "--thraeds", "2", "-o", "a.svg")]
    [InlineData("run", "job.json", "--resumed")]
    public async Task WhatIsNoOptionIsAUsageErrorWhereFilesAreTaken(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);

        Assert.Equal(Usage, code);
        Assert.Empty(output);
        Assert.Contains(" is no option of this command.", error, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments) => RunnerProcess.RunAsync(Path.GetTempPath(), arguments);
}
