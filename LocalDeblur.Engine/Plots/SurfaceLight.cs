using System.Numerics;

namespace LocalDeblur.Plots;

/// <summary>The colours of what the rays of a picture meet.</summary>
/// <param name="seen">What each ray meets, row after row.</param>
/// <param name="width">Rays of a row.</param>
/// <param name="height">Rows.</param>
/// <param name="scale">Colours of the local resolution; null for one colour.</param>
internal sealed class SurfaceLight(SurfacePoint[] seen, int width, int height, MapScale? scale)
{
    // A pale blue grey, on white.
    private const int Plain = 0xA4C0E4;

    // Shares of the light: from everywhere, from beside the viewer, from the upper left, and the gloss of the latter.
    private const float Ambient = 0.5f;
    private const float Head = 0.28f;
    private const float Key = 0.46f;
    private const float Gloss = 0.16f;

    // How much paler the farthest place is than the nearest.
    private const float Fog = 0.38f;

    // Places looked at for what rises around a place, their reach as a share of the picture, and how dark a pit may be.
    private const int Around = 32;
    private const float Reach = 0.055f;
    private const float Occlusion = 1.8f;

    private static readonly Vector3 Lamp = Vector3.Normalize(new Vector3(-0.5f, 0.7f, 0.6f));
    private readonly (int X, int Y)[] _around = Spiral(Math.Max(2, Reach * Math.Min(width, height)));
    private readonly (float Near, float Far) _depths = Depths(seen);

    /// <summary>The colour of a ray.</summary>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    /// <returns>Red, green, blue, 0 … 1.</returns>
    public Vector3 ColorAt(int x, int y)
    {
        SurfacePoint point = seen[(y * width) + x];
        if (!point.IsHit)
        {
            return Vector3.One;
        }

        int color = scale?.ColorOf(point.Resolution) ?? Plain;
        var own = new Vector3((color >> 16) & 0xFF, (color >> 8) & 0xFF, color & 0xFF);
        float lamp = Math.Max(0, Vector3.Dot(point.Normal, Lamp));
        float open = Openness(point, x, y);
        float light = (Ambient * open) + (((Head * Math.Max(0, point.Normal.Z)) + (Key * lamp)) * (0.5f + (0.5f * open)));
        float gloss = Gloss * MathF.Pow(Math.Max(0, Vector3.Dot(point.Normal, Vector3.Normalize(Lamp + Vector3.UnitZ))), 24) * open;
        Vector3 lit = (own / byte.MaxValue * light) + new Vector3(gloss);
        float depth = _depths.Far > _depths.Near ? (point.Depth - _depths.Near) / (_depths.Far - _depths.Near) : 0;
        return Vector3.Lerp(Vector3.Clamp(lit, Vector3.Zero, Vector3.One), Vector3.One, Fog * depth);
    }

    // Even over a disc, the same for every place.
    private static (int X, int Y)[] Spiral(float radius)
    {
        double turn = Math.PI * (3 - Math.Sqrt(5));
        return
        [
            .. from i in Enumerable.Range(0, Around)
               let distance = radius * Math.Sqrt((i + 0.5) / Around)
               select ((int)Math.Round(distance * Math.Cos(i * turn)), (int)Math.Round(distance * Math.Sin(i * turn))),
        ];
    }

    private static (float Near, float Far) Depths(SurfacePoint[] seen)
    {
        (float near, float far) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (SurfacePoint point in seen)
        {
            if (point.IsHit)
            {
                (near, far) = (Math.Min(near, point.Depth), Math.Max(far, point.Depth));
            }
        }

        return (near, far);
    }

    // 1 where nothing around rises above the place's tangent plane, less in a pit.
    private float Openness(in SurfacePoint point, int x, int y)
    {
        float radius = Reach * Math.Min(width, height), covered = 0;
        foreach ((int dx, int dy) in _around)
        {
            (int column, int row) = (x + dx, y + dy);
            if ((uint)column < (uint)width && (uint)row < (uint)height && seen[(row * width) + column] is { IsHit: true } other)
            {
                var there = new Vector3(dx, -dy, point.Depth - other.Depth);
                float distance = there.Length();
                float rise = distance > 0 ? (Vector3.Dot(there, point.Normal) / distance) - 0.08f : 0;
                covered += Math.Max(0, rise) / (1 + (distance * distance / (4 * radius * radius)));
            }
        }

        return Math.Clamp(1 - (Occlusion * covered / Around), 0, 1);
    }
}
