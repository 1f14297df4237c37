using System.Collections.ObjectModel;
using System.Globalization;

namespace LocalDeblur.Maps.Mrc;

/// <summary>What the check of a map file found.</summary>
public sealed record MrcReport
{
    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True where no finding is an error: the file can be worked with.</summary>
    public bool IsValid => Findings.All(finding => finding.Severity != MrcSeverity.Error);

    /// <summary>Every deviation, by rule; empty for a file without any.</summary>
    public required ReadOnlyCollection<MrcFinding> Findings { get; init; }

    /// <summary>The header; null where the file has none that can be read.</summary>
    public MrcHeader? Header { get; init; }

    /// <summary>For example <c>a.mrc: valid, 2 findings</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{System.IO.Path.GetFileName(Path)}: {(IsValid ? "valid" : "not valid")}, {Findings.Count} {(Findings.Count == 1 ? "finding" : "findings")}");
}
