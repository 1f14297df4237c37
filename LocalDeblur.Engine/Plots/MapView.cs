namespace LocalDeblur.Plots;

/// <summary>What a picture shows of a map.</summary>
public enum MapView
{
    /// <summary>Three slices at right angles through one voxel.</summary>
    Orthogonal,

    /// <summary>The mean along each axis.</summary>
    Projection,

    /// <summary>Slices across z, at equal distances, the lowest first.</summary>
    Montage,
}
