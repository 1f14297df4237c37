using System.Text.RegularExpressions;
using Xunit;

namespace LocalDeblur.Tests.Architecture;

/// <summary>Holds that threads and memory are asked of <see cref="RunLimits"/> alone, so that no part of a run takes more than it was given.</summary>
public sealed partial class LimitTests
{
    [Theory]
    [InlineData("RunLimits.cs", @"\bParallel\.|\bParallelOptions\b|\.AsParallel\(|\bTask\.(Run|Factory)\b|\bThreadPool\b")]
    [InlineData("WorkerPool.cs", @"\bnew Thread\(")]
    [InlineData("ProcessLimits.cs", @"\bProcessorCount\b|\bGetGCMemoryInfo\b|\bGetEnvironmentVariable\b")]
    public void OneFileAloneMay(string file, string use)
    {
        string[] files = [.. FloorTests.Sources().Where(source => Regex.IsMatch(Code(source.Text), use)).Select(source => Path.GetFileName(source.File))];
        Assert.Equal([file], files);
    }

    private static string Code(string text) => Comment().Replace(text, string.Empty);

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
