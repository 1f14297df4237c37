namespace LocalDeblur.Plots;

/// <summary>From where a surface is looked at. The first letter runs to the right and the second upwards, as for slices.</summary>
internal enum SurfaceView
{
    /// <summary>From the far end of z.</summary>
    XY,

    /// <summary>From the near end of y.</summary>
    XZ,

    /// <summary>From the far end of x.</summary>
    YZ,
}
