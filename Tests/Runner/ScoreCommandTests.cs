using System.Globalization;
using System.Text.RegularExpressions;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Numerics;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class ScoreCommandTests : IDisposable
{
    private const int Success = 0;
    private const int Usage = 2;
    private const int InputRefused = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ScoresAreThoseOfTheEngine()
    {
        (AtomicModel model, CryoMap map) = WriteInput();
        (int code, string output, string error) = await RunAsync("score", "--map", "map.mrc", "--model", "model.pdb", "--resolution", "3", "--quiet");

        Assert.True(code == Success, error);
        Assert.Equal(Text(EMRinger.Measure(model, map).Score), Figure(output, "EMRinger score"));
        Assert.Equal(Text(QScore.Measure(model, map).Mean), Figure(output, "Mean Q"));
        Assert.Equal(Text(QScore.ExpectedForProtein(3)), Figure(output, "Expected Q"));
        Assert.Equal(Text(MapModelFit.Measure(model, map, 3).CCMask), Figure(output, "CC mask"));
    }

    [Fact]
    public async Task WithoutAResolutionThereAreNoCorrelations()
    {
        WriteInput();
        (int code, string output, string error) = await RunAsync("score", "-m", "map.mrc", "--model", "model.pdb");

        Assert.True(code == Success, error);
        Assert.Contains("Mean Q", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CC mask", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AComparisonHasARowAMethodAndKeepsTheMaps()
    {
        WriteInput();
        (int code, string output, string error) = await RunAsync(
            "compare", "-m", "map.mrc", "--model", "model.pdb", "--resolution", "3", "--method", "Raw", "BFactor", "--output-directory", "kept", "--quiet");

        Assert.True(code == Success, error);
        Assert.Contains("Raw ", output, StringComparison.Ordinal);
        Assert.Contains("BFactor ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("LocScale", output, StringComparison.Ordinal);
        Assert.Equal(
            ["bfactor.history.json", "bfactor.mrc", "comparison.csv", "guinier.csv", "guinier.svg", "raw.history.json", "raw.mrc", "slices.png"],
            Directory.GetFiles(Path.Combine(_folder, "kept")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        (code, _, error) = await RunAsync("compare", "-m", "map.mrc", "--resolution", "3", "--method", "Raw", "--output-directory", "kept");
        Assert.Equal(InputRefused, code);
        Assert.Contains("MapFileExists", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralSetsAreMeansAndATruthIsAColumn()
    {
        (_, CryoMap map) = WriteInput();
        for (int half = 1; half <= 4; half++)
        {
            var random = new DeterministicRandom(half, 0);
            float[] voxels = [.. map.AsSpan().ToArray().Select(value => (float)(value + (0.3 * map.StandardDeviation * random.NextNormal())))];
            MrcWriter.Write(new CryoMap(map.Grid, voxels, "half"), Path.Combine(_folder, $"half{half}.mrc"), new MrcWriteOptions { WriteHistory = false });
        }

        string[] rest = ["--truth", "map.mrc", "--resolution", "3", "--method", "Raw", "AutoSharpen", "--quiet"];
        (int code, string output, string error) = await RunAsync(
            ["compare", "--half1", "half1.mrc", "half3.mrc", "--half2", "half2.mrc", "half4.mrc", "--output-directory", "draws", .. rest]);
        Assert.True(code == Success, error);
        Assert.Contains("in how many of them a method is better than the map as it is", output, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(output, @"AutoSharpen +2 +- +- +- +\S+ \S+ 0\.\d{4} \([012]/2\)"), output + error);
        Assert.True(File.Exists(Path.Combine(_folder, "draws", "draws.csv")));

        (code, output, error) = await RunAsync(["compare", "--half1", "half1.mrc", "--half2", "half2.mrc", .. rest]);
        Assert.True(code == Success, error);
        Assert.Contains("FSC truth", output, StringComparison.Ordinal);

        (code, _, error) = await RunAsync(["compare", "--half1", "half1.mrc", "half3.mrc", "--half2", "half2.mrc", .. rest]);
        Assert.Equal(2, code);
        Assert.Contains("--half1 has 2 files and --half2 1.", error, StringComparison.Ordinal);

        // Other commands take one reconstruction.
        (code, _, _) = await RunAsync("wiener", "--half1", "half1.mrc", "half3.mrc", "--half2", "half2.mrc", "half4.mrc", "-o", "out.mrc");
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task ACrossValidationHasARowAHalf()
    {
        (_, CryoMap map) = WriteInput();
        for (int half = 1; half <= 2; half++)
        {
            var random = new DeterministicRandom(half, 0);
            float[] voxels = [.. map.AsSpan().ToArray().Select(value => (float)(value + (0.3 * map.StandardDeviation * random.NextNormal())))];
            MrcWriter.Write(new CryoMap(map.Grid, voxels, "half"), Path.Combine(_folder, $"half{half}.mrc"), new MrcWriteOptions { WriteHistory = false });
        }

        string[] arguments = ["compare", "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "map.mrc", "--resolution", "3", "--method", "Raw", "--cross-validate"];
        (int code, string output, string error) = await RunAsync([.. arguments, "--model", "model.pdb", "--output-directory", "kept"]);
        Assert.True(code == Success, error);
        Assert.Contains("\n  half 1 ", output, StringComparison.Ordinal);
        Assert.Contains("\n  half 2 ", output, StringComparison.Ordinal);
        Assert.Contains("Correlation of the sharpened halves", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "kept", "crossvalidation.csv")));
        Assert.True(File.Exists(Path.Combine(_folder, "kept", "raw-half2.mrc")));

        (code, _, error) = await RunAsync(arguments);
        Assert.Equal(Usage, code);
        Assert.Contains("--cross-validate was given without --model", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("compare", "-m", "map.mrc", "--resolution", "3", "--model", "model.pdb", "--cross-validate");
        Assert.Equal(Usage, code);
        Assert.Contains("--half1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeComparedIsRefused()
    {
        WriteInput();
        (int code, _, string error) = await RunAsync("compare", "-m", "map.mrc");
        Assert.Equal(InputRefused, code);
        Assert.Contains("ParameterOutOfRange", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("score", "-m", "map.mrc", "--model", "none.pdb");
        Assert.Equal(InputRefused, code);
        Assert.Contains("ModelFileNotFound", error, StringComparison.Ordinal);

        (code, _, _) = await RunAsync("compare", "--half1", "map.mrc");
        Assert.Equal(Usage, code);
    }

    private static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Figure(string output, string name) =>
        output.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunnerProcess.RunAsync(_folder, arguments);

    // Leucines side by side, and their density.
    private (AtomicModel Model, CryoMap Map) WriteInput()
    {
        (string Name, double X, double Y, double Z)[] leucine =
        [
            ("N", 0, 0, 0), ("CA", 1.458, 0, 0), ("C", 2.009, 1.42, 0), ("O", 1.251, 2.39, 0), ("CB", 1.988, -0.773, -1.199),
            ("CG", 1.677, -2.271, -1.222), ("CD1", 2.153, -2.893, -2.524), ("CD2", 0.179, -2.502, -1.345),
        ];
        int serial = 0;
        string path = Path.Combine(_folder, "model.pdb");
        File.WriteAllLines(path, Enumerable.Range(0, 8).SelectMany(i => leucine.Select(atom => string.Create(
            CultureInfo.InvariantCulture,
            $"ATOM  {++serial,5}  {atom.Name,-3} LEU A{i + 1,4}    "
                + $"{8 + (8 * (i & 1)) + atom.X,8:0.000}{8 + (4 * (i & 2)) + atom.Y,8:0.000}{8 + (2 * (i & 4)) + atom.Z,8:0.000}  1.00 40.00           {atom.Name[0]}"))));
        AtomicModel model = ModelReader.Open(path);
        CryoMap map = ModelDensity.DrawReference(model, new MapGrid(new GridSize(32, 32, 32), 1));
        MrcWriter.Write(map, Path.Combine(_folder, "map.mrc"), new MrcWriteOptions { WriteHistory = false });
        return (model, MrcReader.Open(Path.Combine(_folder, "map.mrc")));
    }
}
