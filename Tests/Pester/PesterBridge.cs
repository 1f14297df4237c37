using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Xunit;

namespace LocalDeblur.Tests.Pester;

/// <summary>Runs the Pester tests in PowerShell, and passes when all of them do.</summary>
public sealed class PesterSuite
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task EveryPesterTestPasses()
    {
        string root = FindRoot();
        string result = Path.Combine(root, "Tests", "TestResults", "pester.json");
        Directory.CreateDirectory(Path.GetDirectoryName(result)!);
        File.Delete(result);

        using Process process = PowerShellHost.Start(
            Path.Combine(root, "Tests", "Pester", "Run.ps1"), "-Result", result, "-Module", StagedModule(root), "-Pester", PowerShellHost.Pester);
        (int exitCode, string output) = await FinishAsync(process, Limit, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(File.Exists(result), $"Run.ps1 ended with exit code {exitCode} and wrote no result:\n{output}");

        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken));
        JsonElement counts = document.RootElement;
        string[] failures = [.. counts.GetProperty("Failures").EnumerateArray().Select(failure => failure.GetString()!)];
        Assert.True(counts.GetProperty("Total").GetInt32() > 0, $"Pester found no test:\n{output}");
        Assert.True(
            counts.GetProperty("Failed").GetInt32() == 0,
            $"{counts.GetProperty("Failed").GetInt32()} Pester tests failed:\n{string.Join('\n', failures)}");
    }

    /// <summary>The folder that the build of this assembly staged, which depends on its configuration.</summary>
    /// <param name="root">The root of the repository.</param>
    internal static string StagedModule(string root)
    {
        string configuration = typeof(PesterSuite).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string output = Path.Combine(root, "output", configuration == "Release" ? string.Empty : configuration);
        return Path.Combine(output, "LocalDeblur", ProgramName.Version);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LocalDeblur.psd1")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds LocalDeblur.psd1.");
    }

    /// <summary>Waits for a PowerShell and returns what it told, of both streams.</summary>
    /// <param name="process">The process.</param>
    /// <param name="longest">It is ended after this, and the test fails.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<(int ExitCode, string Output)> FinishAsync(Process process, TimeSpan longest, CancellationToken cancellationToken)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Pester did not end within {longest.TotalMinutes} minutes:\n{await output}{await error}");
        }

        return (process.ExitCode, await output + await error);
    }
}
