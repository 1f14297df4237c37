namespace LocalDeblur.Maps.Mrc;

/// <summary>How a map is written.</summary>
public sealed record MrcWriteOptions
{
    /// <summary>Type of the voxels in the file: Float32, or Float16 for half the size and about three digits.</summary>
    public MrcMode Mode { get; init; } = MrcMode.Float32;

    /// <summary>Replaces an existing file and its history; otherwise they are refused.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Writes the history of the map beside it, as <c>name.history.json</c> beside <c>name.mrc</c> (<see cref="MapFileName.History"/>). Otherwise there is none: that of
    /// a map that is replaced goes with it.
    /// </summary>
    public bool WriteHistory { get; init; } = true;
}
