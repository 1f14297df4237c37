using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Jobs;

/// <summary>Where the results of a job go.</summary>
public sealed record JobOutputs
{
    /// <summary>Folder of all results, relative to the job's file; made where it does not exist. The names of results are relative to it.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Type of the voxels in the maps: Float32, or Float16 for half the size and about three digits.</summary>
    public MrcMode Mode { get; init; } = MrcMode.Float32;
}
