namespace LocalDeblur.Archives;

/// <summary>A folder with the files of a deposition.</summary>
/// <param name="Folder">Full path.</param>
public sealed record EmdbDepositionResult(string Folder)
{
    /// <summary>Names of the files in it.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Edge of a voxel (Å), of every map in it.</summary>
    public required double VoxelSize { get; init; }

    /// <summary>Recommended contour level of the primary map.</summary>
    public required double ContourLevel { get; init; }

    /// <summary>Resolution (Å) of the half maps at 0.143; null where they have none in common.</summary>
    public double? Resolution { get; init; }

    /// <summary>What was decided, one sentence each.</summary>
    public required IReadOnlyList<string> Decisions { get; init; }

    /// <summary>What the user should know, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
