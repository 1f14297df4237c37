using LocalDeblur.Jobs;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;

namespace LocalDeblur.Tests.Engine.Jobs;

/// <summary>A folder with two half maps, a mask and jobs on them.</summary>
internal sealed class JobFolder : IDisposable
{
    private static readonly MrcWriteOptions Writing = new() { WriteHistory = false };

    public JobFolder(int size = 32)
    {
        Path = Directory.CreateTempSubdirectory("localdeblur-jobs-").FullName;
        var phantom = new HelixPhantom(new PhantomOptions { Size = size });
        MrcWriter.Write(phantom.DrawHalfMap(1), File("half1.mrc"), Writing);
        MrcWriter.Write(phantom.DrawHalfMap(2), File("half2.mrc"), Writing);
        MrcWriter.Write(phantom.DrawMask(), File("molecule.mrc"), Writing);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public CryoMap Open(string name) => MrcReader.Open(File(name));

    public JobFile Write(string name, string stages = "", string inputs = "", string rest = "")
    {
        System.IO.File.WriteAllText(File(name + ".json"), $$"""
            {
              "schema": "localdeblur.job/1",
              "inputs": { "halfMap1": { "path": "half1.mrc" }, "halfMap2": { "path": "half2.mrc" }{{inputs}} },
              "stages": [{{stages}}],
              "outputs": { "folder": "{{name}}" }{{rest}}
            }
            """);
        return JobFile.Open(File(name + ".json"));
    }

    /// <summary>What a job made, by name: the bytes of maps, tables and pictures. Histories have times in them.</summary>
    public Dictionary<string, byte[]> Results(string folder) =>
        Directory.GetFiles(File(folder)).Where(file => !file.EndsWith(".history.json", StringComparison.Ordinal))
            .ToDictionary(file => System.IO.Path.GetFileName(file), System.IO.File.ReadAllBytes);

    /// <summary>Hidden files and temporary ones, here and in the folders of results.</summary>
    public IEnumerable<string> Leftovers() =>
        Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file)[0] == '.' || file.EndsWith(".tmp", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
