using System.Management.Automation;
using LocalDeblur.Models;

namespace LocalDeblur.PowerShell;

/// <summary>
/// What -Model accepts: an AtomicModel, a path, or a file object. Only remembers it; the cmdlet opens the file, so that errors, progress and Ctrl+C are the cmdlet's.
/// </summary>
public sealed class ModelInput
{
    /// <summary>Remembers a model.</summary>
    /// <param name="model">A model in memory.</param>
    public ModelInput(AtomicModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>Remembers the path of a PDB or mmCIF file. Wildcards are not expanded.</summary>
    /// <param name="path">A PowerShell path; a relative one follows the current location.</param>
    public ModelInput(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>Remembers a file.</summary>
    /// <param name="file">A file object, as Get-ChildItem returns it.</param>
    public ModelInput(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Path = file.FullName;
    }

    /// <summary>Remembers a resolved path.</summary>
    /// <param name="path">A path object, as Resolve-Path returns it.</param>
    public ModelInput(PathInfo path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path.Path;
    }

    /// <summary>The model in memory; null where a path was given.</summary>
    public AtomicModel? Model { get; }

    /// <summary>The path as given; null where a model was given.</summary>
    public string? Path { get; }

    /// <summary>Whether another names the same.</summary>
    /// <param name="other">What another parameter, or the same one of another row, was given.</param>
    internal bool IsSameAs(ModelInput other) => ReferenceEquals(Model, other.Model) && Path == other.Path;

    /// <summary>The model's name or the path.</summary>
    public override string ToString() => Model?.Name ?? Path!;
}
