using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>Files that are wrong in one to a few places are read or refused in words, and never worse.</summary>
/// <remarks>
/// LOCALDEBLUR_FUZZ=1000000 draws as many headers and a twentieth as many files of each other kind; LOCALDEBLUR_FUZZ_SEED begins elsewhere. Case i of a kind is drawn
/// with the seed plus i, so that one case can be had again: LOCALDEBLUR_FUZZ=1 and LOCALDEBLUR_FUZZ_SEED as the failure says.
/// </remarks>
public sealed class FuzzTests : IDisposable
{
    private static readonly int? LongRun = int.TryParse(Environment.GetEnvironmentVariable("LOCALDEBLUR_FUZZ"), CultureInfo.InvariantCulture, out int count) ? count : null;

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("LOCALDEBLUR_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 1;

    // In memory where there is such a folder: a thousand small files take a disk that others use seconds.
    private readonly DirectoryInfo _folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/localdeblur-fuzz-{Guid.NewGuid():N}")
        : Directory.CreateTempSubdirectory("localdeblur-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void WhatIsFuzzedIsReadAsItIs() => Assert.All(FuzzSamples.Sound, sample =>
    {
        string path = Path.Combine(_folder.FullName, "sound");
        File.WriteAllBytes(path, sample.Bytes);
        FuzzTarget.All[sample.Target](path);
    });

    // 20,000 files in all. What opens files of bzip2 allocates megabytes for each.
    [Theory]
    [InlineData("header", 9500)]
    [InlineData("map", 1500)]
    [InlineData("map.gz", 500)]
    [InlineData("map.bz2", 100)]
    [InlineData("pdb", 2000)]
    [InlineData("cif", 2000)]
    [InlineData("pdb.gz", 400)]
    [InlineData("fsc.csv", 1000)]
    [InlineData("fsc.star", 1000)]
    [InlineData("fsc.xml", 500)]
    [InlineData("mtf", 500)]
    [InlineData("job", 1000)]
    public void WhatIsWrongInAFewPlacesIsReadOrRefusedInWords(string kind, int count)
    {
        Func<Random, byte[]> draw = FuzzSamples.All[kind].Draw;
        count = kind == "header" ? LongRun ?? count : LongRun is { } many ? Math.Max(1, many / (kind == "map.bz2" ? 200 : 20)) : count;
        int read = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked(Seed + i);
            try
            {
                read += FuzzTarget.Reads(kind, draw(new Random(seed)), _folder.FullName) ? 1 : 0;
            }
            catch (InvalidOperationException fault)
            {
                throw new InvalidOperationException($"Seed {seed}: {fault.Message}", fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {count} files from seed {Seed}, {read} read and the others refused, {clock.Elapsed.TotalSeconds:0.0} s.");
        Assert.InRange(read, count > 50 ? 1 : 0, count);
    }

    // fuzz/run.sh found these: together they take every way through the readers that it knows, refusals too.
    [Fact]
    public void WhatCoverageGuidedFuzzingFoundIsReadOrRefusedInWords()
    {
        string[] kinds = Directory.GetDirectories(Path.Combine(Repository.Root, "Tests", "Fuzz", "Corpus"));
        foreach (string file in kinds.SelectMany(Directory.GetFiles))
        {
            string kind = Path.GetFileName(Path.GetDirectoryName(file))!;
            Exception? fault = Record.Exception(() => FuzzTarget.Reads(kind, FuzzTarget.FileOf(kind, File.ReadAllBytes(file)), _folder.FullName));
            Assert.True(fault is null, $"{kind}/{Path.GetFileName(file)}: {fault?.Message}");
        }

        Assert.Equal(FuzzSamples.All.Keys.Except(["pdb.gz"]).Order(StringComparer.Ordinal), kinds.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
