namespace LocalDeblur.Archives;

/// <summary>An entry of the EMDB whose files have been fetched. Paths are full.</summary>
/// <param name="Id">Accession code, for example EMD-5778.</param>
public sealed record EmdbEntry(string Id)
{
    /// <summary>Title; empty where there is none.</summary>
    public required string Title { get; init; }

    /// <summary>Stated resolution (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>Voxel size of the primary map (Å).</summary>
    public double? VoxelSize { get; init; }

    /// <summary>Recommended contour level of the primary map.</summary>
    public double? ContourLevel { get; init; }

    /// <summary>The primary map, which authors often deposit sharpened.</summary>
    public required string PrimaryMap { get; init; }

    /// <summary>The first half map.</summary>
    public string? HalfMap1 { get; init; }

    /// <summary>The second half map.</summary>
    public string? HalfMap2 { get; init; }

    /// <summary>The first mask.</summary>
    public string? Mask { get; init; }

    /// <summary>The first atomic model.</summary>
    public string? Model { get; init; }

    /// <summary>Every file that was fetched, or was there and whole.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What was asked for and is not in the entry, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>For example <c>EMD-5778: Structure of TRPV1 ion channel</c>.</summary>
    public override string ToString() => $"{Id}: {Title}";
}
