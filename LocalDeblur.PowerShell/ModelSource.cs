using LocalDeblur.Models;
using LocalDeblur.Models.Reading;

namespace LocalDeblur.PowerShell;

/// <summary>A model that a cmdlet is about to use: in memory, or a file whose path is resolved and that the worker reads.</summary>
internal sealed class ModelSource
{
    private readonly string? _path;
    private readonly AtomicModel? _given;
    private AtomicModel? _read;

    /// <summary>A model in memory.</summary>
    public ModelSource(AtomicModel model) => _given = model;

    /// <summary>A file.</summary>
    public ModelSource(string path) => _path = path;

    /// <summary>Name for progress and messages.</summary>
    public string Name => _path is null ? _given!.Name : Path.GetFileName(_path);

    /// <summary>What an error record points at.</summary>
    public string Target => _path ?? _given!.Path ?? _given.Name;

    /// <summary>What the cmdlet that returned the model has told already.</summary>
    public IEnumerable<string> Told => _given is null ? [] : _given.Decisions.Concat(_given.Warnings);

    /// <summary>The model; a file is read once.</summary>
    public AtomicModel Open(CancellationToken cancellationToken) => _given ?? (_read ??= ModelReader.Open(_path!, cancellationToken: cancellationToken));
}
