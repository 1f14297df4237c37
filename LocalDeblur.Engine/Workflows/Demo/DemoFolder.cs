using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Workflows.Demo;

/// <summary>The folder that a demo fills; every file in it appears whole.</summary>
internal sealed class DemoFolder
{
    private readonly string _path;
    private readonly CancellationToken _cancellationToken;
    private readonly List<string> _files = [];

    /// <summary>Makes the folder.</summary>
    /// <param name="path">Where.</param>
    /// <param name="cancellationToken">Stops the writing of maps.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public DemoFolder(string path, CancellationToken cancellationToken)
    {
        _path = Path.GetFullPath(path);
        _cancellationToken = cancellationToken;
        try
        {
            Directory.CreateDirectory(_path);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(_path, exception);
        }
    }

    /// <summary>What has been written, full paths.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Writes a map with its history and hands it on.</summary>
    /// <param name="name">File name.</param>
    /// <param name="map">The map.</param>
    public CryoMap Write(string name, CryoMap map)
    {
        string path = Path.Combine(_path, name);
        MrcWriter.Write(map, path, new MrcWriteOptions { Overwrite = true }, cancellationToken: _cancellationToken);
        _files.Add(path);
        return map;
    }

    /// <summary>Writes a text.</summary>
    /// <param name="name">File name.</param>
    /// <param name="write">Writes it.</param>
    public void WriteText(string name, Action<TextWriter> write)
    {
        string path = Path.Combine(_path, name);
        ResultFile.WriteText(path, overwrite: true, write);
        _files.Add(path);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="name">File name.</param>
    /// <param name="write">Writes its content.</param>
    public void WriteFile(string name, Action<Stream> write)
    {
        string path = Path.Combine(_path, name);
        ResultFile.Write(path, overwrite: true, write);
        _files.Add(path);
    }
}
