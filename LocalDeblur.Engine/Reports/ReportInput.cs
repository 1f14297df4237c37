namespace LocalDeblur.Reports;

/// <summary>A file that a report is about.</summary>
/// <param name="Role">What it is, for example "Half map 1".</param>
/// <param name="Key">The same, as jobs name it: halfMap1, halfMap2, map, mask, localResolution, sharpened or model.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">Full path; null for what was in memory alone.</param>
/// <param name="Sha256">SHA-256 of the file; null where there is none.</param>
/// <param name="Bytes">Length of the file; null where there is none.</param>
public sealed record ReportInput(string Role, string Key, string Name, string? Path, string? Sha256, long? Bytes);
