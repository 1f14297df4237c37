using System.CommandLine;
using System.Text.RegularExpressions;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Runner;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>What the runner advises when input is refused can be typed: the options are those of the very command.</summary>
public sealed partial class AdviceTests : IDisposable
{
    private const int InputRefused = 3;
    private const int InsufficientMemory = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public AdviceTests()
    {
        var grid = new MapGrid(new GridSize(32, 32, 32), 1.5);
        float[] noise = [.. Noise(grid.Size.VoxelCount)];
        Write("map.mrc", new CryoMap(grid, noise, "map.mrc"));
        Write("wider.mrc", new CryoMap(grid.WithVoxelSize(2), [.. noise.Select(_ => 6f)], "wider.mrc"));
        Write("aside.mrc", new CryoMap(new MapGrid(grid.Size, 1.5, new AxisTriple(30, 0, 0)), [.. noise.Select(_ => 6f)], "aside.mrc"));
        Write("flat.mrc", new CryoMap(grid, [.. noise.Select((_, i) => i == 0 ? 0f : 1f)], "flat.mrc"));
        File.WriteAllBytes(Path.Combine(_folder, "stack.mrc"), new MrcFile { Size = [4, 4, 8], Sampling = [4, 4, 4] }.With(88, 401).Build());
        File.WriteAllLines(Path.Combine(_folder, "model.pdb"), Enumerable.Range(0, 5).Select(atom => FormattableString.Invariant(
            $"ATOM  {atom + 1,5}  CA  ALA A{atom + 1,4}    {20 + (1.5 * atom),8:0.000}{20,8:0.000}{20,8:0.000}{1,6:0.00}{60,6:0.00}          {"C",2}")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The command line; the error id; every option that is advised.
    [Theory]
    [InlineData("sharpen -m map.mrc -r wider.mrc -o out.mrc", "VoxelSizeMismatch", "--voxel-size --mask-voxel-size --local-resolution-voxel-size")]
    [InlineData("bfactor -m map.mrc --mask wider.mrc --apply-mask --resolution 4 -o out.mrc", "VoxelSizeMismatch", "--voxel-size --mask-voxel-size")]
    [InlineData("sharpen -m map.mrc -r aside.mrc -o out.mrc", "MapOriginMismatch", "--origin --mask-origin --local-resolution-origin")]
    [InlineData("sharpen -m map.mrc -r map.mrc -o map.mrc", "MapFileExists", "--force")]
    [InlineData("guinier -m map.mrc -o map.mrc", "PlotFileNameUnsupported", "")]
    [InlineData("sharpen -m stack.mrc -o out.mrc", "MapStackUnsupported", "")]
    [InlineData("sharpen -m none*.mrc -o out.mrc", "MapFileNotFound", "")]
    [InlineData("sharpen -m map.mrc -r flat.mrc --step-size -1 -o out.mrc", "ParameterOutOfRange", "--step-size")]
    [InlineData("sharpen -m map.mrc -r flat.mrc --coarsest-resolution 1 -o out.mrc", "ResolutionRangeInvalid", "--coarsest-resolution")]
    [InlineData("bfactor -m map.mrc --fit-range 5 4.9 -o out.mrc", "FitRangeEmpty", "--fit-range --b-factor")]
    [InlineData("guinier -m map.mrc --fit-range 5 4.9 -o out.svg", "FitRangeEmpty", "--fit-range")]
    [InlineData("bfactor -m map.mrc --low-pass 1 -o out.mrc", "ParameterOutOfRange", "--low-pass")]
    [InlineData("bfactor -m map.mrc --voxel-size 1 --b-factor -1000 -o out.mrc", "ParameterOutOfRange", "--b-factor --low-pass")]
    [InlineData("compare -m map.mrc", "ParameterOutOfRange", "--resolution --half1 --half2")]
    [InlineData("compare -m map.mrc --resolution 4 --method LocScale", "ParameterOutOfRange", "--model --method")]
    [InlineData("resolution -m map.mrc --noise-from Halves -o out.mrc", "ParameterOutOfRange", "--half1 --half2 --noise-from")]
    [InlineData("resolution --half1 map.mrc --half2 map.mrc --method LocalFsc --sampling-distance 1 -o out.mrc", "ParameterOutOfRange", "--sampling-distance")]
    [InlineData("resolution -m flat.mrc -o out.mrc", "MapWithoutSignal", "--mask")]
    [InlineData("autosharpen -m map.mrc --resolution 1 -o out.mrc", "ParameterOutOfRange", "--resolution")]
    [InlineData("autosharpen -m map.mrc --resolution 4 --box-origin 0 0 0 --box-size 40 40 40 -o out.mrc", "ParameterOutOfRange", "--box-origin --box-size")]
    [InlineData("autosharpen -m aside.mrc --model model.pdb --resolution 4 -o out.mrc", "ModelOutsideMap", "--origin")]
    [InlineData("locscale -m map.mrc --reference map.mrc --window-voxels 3 -o out.mrc", "ParameterOutOfRange", "--window-voxels")]
    [InlineData("locscale -m map.mrc --model model.pdb --blur -70 -o out.mrc", "ParameterOutOfRange", "--blur")]
    [InlineData("score -m stack.mrc --model model.pdb", "MapStackUnsupported", "")]
    [InlineData("score -m aside.mrc --model model.pdb --resolution 4", "ModelOutsideMap", "--origin")]
    [InlineData("score -m map.mrc --model model.pdb --threads -1", "ParameterOutOfRange", "--threads")]
    [InlineData("bfactor -m map.mrc --resolution 4 --memory-limit 1KB -o out.mrc", "InsufficientMemory", "--memory-limit")]
    [InlineData("demo --size 8", "ParameterOutOfRange", "--size")]
    public async Task OnlyOptionsOfTheCommandAreAdvised(string line, string id, string options)
    {
        string[] arguments = line.Split(' ');
        (int code, string output, string error) = await RunnerProcess.RunAsync(_folder, [.. arguments, .. arguments[0] == "score" ? [] : (string[])["--quiet"]]);

        Assert.True(code == (id == nameof(EngineError.InsufficientMemory) ? InsufficientMemory : InputRefused), $"{code}: {output}{error}");
        Assert.Contains($"{id}: ", error, StringComparison.Ordinal);
        string[] advised = [.. Option().Matches(error).Select(match => match.Value)];
        Assert.Equal(options.Split(' ', StringSplitOptions.RemoveEmptyEntries), advised);
        Command command = RunnerCommand.Create().Subcommands.Single(known => known.Name == arguments[0]);
        Assert.All(advised, name => Assert.Contains(name, command.Options.Select(option => option.Name)));
        Assert.DoesNotMatch(@"(?<![\w-])-[A-Z]", error);
    }

    // As a user types it; a hyphen within a word is none.
    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*")]
    private static partial Regex Option();

    private static IEnumerable<float> Noise(long count)
    {
        var random = new Numerics.DeterministicRandom(7, 0);
        for (long i = 0; i < count; i++)
        {
            yield return (float)random.NextNormal();
        }
    }

    private void Write(string name, CryoMap map) => MrcWriter.Write(map, Path.Combine(_folder, name), new MrcWriteOptions { WriteHistory = false });
}
