using LocalDeblur.Models;
using LocalDeblur.Models.Reading;

namespace LocalDeblur.PowerShell;

/// <summary>A model that a cmdlet is about to use: in memory, or a file whose path is resolved and that the worker reads.</summary>
internal sealed class ModelSource
{
    private readonly string? _path;
    private AtomicModel? _model;

    /// <summary>What a parameter was given.</summary>
    /// <param name="input">The model in memory, or a file.</param>
    /// <param name="path">The full path of the file; null for a model in memory.</param>
    public ModelSource(ModelInput input, string? path = null)
    {
        Input = input;
        _path = path;
        _model = input.Model;
        IsTold = _model is not null;
    }

    /// <summary>What the parameter was given.</summary>
    public ModelInput Input { get; }

    /// <summary>Name for progress and messages.</summary>
    public string Name => _path is null ? _model!.Name : Path.GetFileName(_path);

    /// <summary>What an error record points at.</summary>
    public string Target => _path ?? _model!.Path ?? _model.Name;

    /// <summary>Whether the user has been told what the reader decided and warns of: by the cmdlet that returned the model, or by this one.</summary>
    public bool IsTold { get; set; }

    /// <summary>What the user has been told.</summary>
    public IEnumerable<string> Told => IsTold && _model is not null ? _model.Decisions.Concat(_model.Warnings) : [];

    /// <summary>The model; a file is read once.</summary>
    public AtomicModel Open(CancellationToken cancellationToken) => _model ??= ModelReader.Open(_path!, cancellationToken: cancellationToken);
}
