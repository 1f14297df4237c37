using System.Management.Automation;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.PowerShell;

/// <summary>
/// What -Fsc accepts: curves of Fourier shell correlation, the path of their table, or a file object. Only remembers it; the cmdlet opens the file.
/// </summary>
public sealed class FscInput
{
    /// <summary>Remembers curves.</summary>
    /// <param name="curves">Curves in memory.</param>
    public FscInput(FscResult curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        Curves = curves;
    }

    /// <summary>Remembers the path of a table. Wildcards are not expanded.</summary>
    /// <param name="path">A PowerShell path; a relative one follows the current location.</param>
    public FscInput(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>Remembers a file.</summary>
    /// <param name="file">A file object, as Get-ChildItem returns it.</param>
    public FscInput(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Path = file.FullName;
    }

    /// <summary>Remembers a resolved path.</summary>
    /// <param name="path">A path object, as Resolve-Path returns it.</param>
    public FscInput(PathInfo path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path.Path;
    }

    /// <summary>The curves in memory; null where a path was given.</summary>
    public FscResult? Curves { get; }

    /// <summary>The path as given; null where curves were given.</summary>
    public string? Path { get; }

    /// <summary>The resolution or the path.</summary>
    public override string ToString() => Curves?.ToString() ?? Path!;
}
