using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A folder with half maps, truth and mask of a phantom, and a model in the middle of its box, in which a command of the runner is tried.</summary>
public sealed class PhantomFolder : IDisposable
{
    public const int Success = 0;
    public const int Usage = 2;
    public const int InputRefused = 3;
    public const int InsufficientMemory = 4;

    private const int Size = 48;

    public PhantomFolder()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = Size });
        var writing = new MrcWriteOptions { WriteHistory = false };
        MrcWriter.Write(phantom.DrawHalfMap(1), Path("half1.mrc"), writing);
        MrcWriter.Write(phantom.DrawHalfMap(2), Path("half2.mrc"), writing);
        MrcWriter.Write(phantom.DrawTruth(), Path("truth.mrc"), writing);
        MrcWriter.Write(phantom.DrawMask(), Path("mask.mrc"), writing);
        double middle = Size / 2 * phantom.Grid.VoxelSize;
        AxisTriple place = phantom.Grid.Origin;
        File.WriteAllLines(Path("model.pdb"), Enumerable.Range(0, 5).Select(atom => string.Create(
            CultureInfo.InvariantCulture,
            $"ATOM  {atom + 1,5}  CA  ALA A{atom + 1,4}    "
                + $"{place.X + middle + (1.5 * atom),8:0.000}{place.Y + middle,8:0.000}{place.Z + middle,8:0.000}{1,6:0.00}{60,6:0.00}          {"C",2}")));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Folder { get; } = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public CryoMap Open(string name) => MrcReader.Open(Path(name));

    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunnerProcess.RunAsync(Folder, arguments);

    public async Task<string> RequireAsync(int expected, params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.True(code == expected, $"{code}: {output}{error}");
        return output + error;
    }

    /// <summary>The map that the command wrote is the engine's, voxel for voxel, at the place of the first half map.</summary>
    public void AssertEqual(CryoMap expected, string name)
    {
        CryoMap actual = Open(name);
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
        Assert.Equal(Open("half1.mrc").Grid, actual.Grid);
        Assert.True(File.Exists(Path(System.IO.Path.ChangeExtension(name, ".history.json"))));
    }
}
