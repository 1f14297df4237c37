using System.Numerics;

namespace LocalDeblur.Plots;

/// <summary>What one ray meets.</summary>
/// <param name="Depth">Distance from the viewer's end of the box, in pixels; +∞ where nothing is met.</param>
/// <param name="Normal">Direction out of the molecule, of length 1: to the right, upwards, towards the viewer.</param>
/// <param name="Resolution">Local resolution there (Å); 0 for none.</param>
internal readonly record struct SurfacePoint(float Depth, Vector3 Normal, float Resolution)
{
    /// <summary>Room that one takes (bytes).</summary>
    public const long Bytes = 5 * sizeof(float);

    /// <summary>A ray that meets nothing.</summary>
    public static SurfacePoint None { get; } = new(float.PositiveInfinity, Vector3.Zero, 0);

    /// <summary>Whether the ray meets the surface.</summary>
    public bool IsHit => float.IsFinite(Depth);
}
