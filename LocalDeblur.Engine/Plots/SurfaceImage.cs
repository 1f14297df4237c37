using System.Numerics;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Masks;

namespace LocalDeblur.Plots;

/// <summary>A picture of a map's surface, shaded by light and depth: what a molecule looks like.</summary>
/// <remarks>
/// Parallel rays meet the surface of the map's trilinear interpolation (<see cref="SurfaceRays"/>), four for each pixel. Their light is that of a lamp beside the viewer
/// and one at the upper left, less where the surface around rises above a place (ambient occlusion in screen space; Mittring, <i>SIGGRAPH courses</i> 2007), and paler with
/// distance. The molecule fills the picture. The same bits for any number of threads.
/// </remarks>
internal static class SurfaceImage
{
    // Rays along each edge of a pixel.
    private const int Samples = 2;

    // Share of the shorter edge that the molecule takes.
    private const double Fill = 0.92;

    // Share of the resolutions within the surface beyond either end of the colours.
    private const double BeyondScale = 0.05;
    private const double LeastScale = 0.01;

    /// <summary>Draws the picture and writes it, whole or not at all.</summary>
    /// <param name="map">The map: cubic voxels, finite.</param>
    /// <param name="contour">Its surface.</param>
    /// <param name="path">Picture to write, .png; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists, MapFileInaccessible, and as <see cref="Render"/>.</exception>
    public static void Write(
        CryoMap map, Contour contour, string path, bool overwrite, SurfaceImageOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!MapSlices.IsPicture(path))
        {
            throw MapSlices.NameUnsupported(path);
        }

        ResultFile.RequireWritable(path, overwrite);
        PngImage image = Render(map, contour, options, cancellationToken);
        ResultFile.Write(path, overwrite, image.Write);
    }

    /// <summary>Draws the picture.</summary>
    /// <param name="map">The map: cubic voxels, finite.</param>
    /// <param name="contour">Its surface.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <exception cref="EngineException">VoxelSizeMissing and its like, MapNotFinite; MapSizeMismatch and its like for a local resolution on another grid;
    /// ResolutionRangeInvalid for one without values in the surface; MaskEmpty where no voxel reaches the surface; InsufficientMemory.</exception>
    public static PngImage Render(CryoMap map, Contour contour, SurfaceImageOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SurfaceImageOptions();
        Check(map, contour, options, cancellationToken);
        MapScale? scale = ScaleOf(map, contour, options, cancellationToken);
        int strip = scale is null ? 0 : MapSliceLabels.StripHeight(options.Width);
        int width = options.Width * Samples, height = (options.Height - strip) * Samples;
        var rays = new SurfaceRays(SurfaceVoxels.Of(map, contour, options, cancellationToken), (float)contour.Level, options);
        var seen = new SurfacePoint[width * height];
        options.Limits.ForEach(
            height, row => rays.Trace(seen.AsSpan(row * width, width), row, width, height, Fill, cancellationToken), cancellationToken);
        var light = new SurfaceLight(seen, width, height, scale);
        var image = new PngImage(options.Width, options.Height, 3);
        options.Limits.ForEach(options.Height - strip, row => Paint(image.Row(row), row, light), cancellationToken);
        if (scale is not null)
        {
            for (int row = options.Height - strip; row < options.Height; row++)
            {
                image.Row(row).Fill(byte.MaxValue);
            }

            int margin = strip / 4;
            new MapSliceLabels(image).DrawStrip(string.Empty, scale, margin, options.Height - strip, options.Width - (2 * margin));
        }

        return image;
    }

    private static void Paint(Span<byte> pixels, int row, SurfaceLight light)
    {
        for (int column = 0; column * 3 < pixels.Length; column++)
        {
            Vector3 sum = Vector3.Zero;
            for (int sample = 0; sample < Samples * Samples; sample++)
            {
                sum += light.ColorAt((Samples * column) + (sample % Samples), (Samples * row) + (sample / Samples));
            }

            sum *= byte.MaxValue / (float)(Samples * Samples);
            for (int channel = 0; channel < 3; channel++)
            {
                pixels[(3 * column) + channel] = (byte)Math.Clamp(MathF.Round(sum[channel]), 0, byte.MaxValue);
            }
        }
    }

    private static MapScale? ScaleOf(CryoMap map, Contour contour, SurfaceImageOptions options, CancellationToken cancellationToken)
    {
        if (options.LocalResolution is not { } resolution)
        {
            return null;
        }

        if (options.Scale is { } scale)
        {
            return new MapScale(scale.Finest, Math.Max(scale.Coarsest, scale.Finest + LeastScale), options.Palette, IsResolution: true);
        }

        double[] ends = SurfaceResolutions.Quantiles(map, resolution, contour.Level, [BeyondScale, 1 - BeyondScale], cancellationToken);
        return new MapScale(ends[0], Math.Max(ends[1], ends[0] + LeastScale), options.Palette, IsResolution: true);
    }

    private static void Check(CryoMap map, Contour contour, SurfaceImageOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(options.Width, options.Height), SurfaceImageOptions.SmallestEdge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(options.Width, options.Height), SurfaceImageOptions.LargestEdge);
        map.Grid.RequireCubicVoxels(map.Name);
        if (options.LocalResolution is { } resolution)
        {
            resolution.Grid.RequireSameAs(resolution.Name, map.Grid, map.Name);
        }

        options.Limits.Require(
            SurfaceVoxels.Bytes(map.Size) + (SurfacePoint.Bytes * Samples * Samples * (long)options.Width * options.Height),
            Say($"A picture of the surface of '{map.Name}' ({map.Size} voxels)"),
            map.Name);
        map.RequireNumbers(cancellationToken);
        if (!(map.Maximum >= contour.Level))
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"No voxel of '{map.Name}' reaches the surface at {contour.Level:G5}; the largest value is {map.Maximum:G5}. Give a lower level."),
                map.Name);
        }
    }
}
