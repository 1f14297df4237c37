using System.Globalization;

namespace LocalDeblur.Plots;

/// <summary>What is written on a picture of slices: captions, scales, places, and bars of a length in Å.</summary>
internal sealed class MapSliceLabels
{
    private const int Ink = 0x141414;
    private const int White = 0xFFFFFF;

    // Size of text as a share of the picture's width, and the least that is readable (pixels).
    private const double TextShare = 0.0185;
    private const double SmallestText = 11;

    // How dark the ground of text on a slice is, so that it can be read on any density.
    private const double Shade = 0.6;

    // Longest bar as a share of a slice's width.
    private const double LongestBar = 0.35;

    private readonly PngCanvas _canvas;
    private readonly double _size;
    private readonly double _margin;
    private (int Left, int Top, int Width, int Height) _slice;

    /// <summary>Labels for a picture.</summary>
    /// <param name="image">The picture.</param>
    public MapSliceLabels(PngImage image)
    {
        _canvas = new PngCanvas(image, 1);
        _size = SizeOf(image.Width);
        _margin = Math.Round(0.4 * _size);
    }

    /// <summary>Height of the strip above a row of slices.</summary>
    /// <param name="width">Width of the picture.</param>
    public static int StripHeight(int width) => (int)Math.Ceiling(1.6 * SizeOf(width));

    /// <summary>Draws what stands above a row: its caption, and a scale of its colours with the values at the ends.</summary>
    /// <param name="caption">The caption; shortened where it would run into the scale.</param>
    /// <param name="scale">How values became colours. One of resolutions is longer, and has its unit.</param>
    /// <param name="left">Left edge of the strip.</param>
    /// <param name="top">Upper edge.</param>
    /// <param name="width">Its width.</param>
    public void DrawStrip(string caption, MapScale scale, int left, int top, int width)
    {
        var style = new PlotTextStyle(PlotAnchor.End, Ink, _size);
        double line = Math.Round(top + (1.15 * _size)), height = Math.Round(0.6 * _size), length = Math.Round((scale.IsResolution ? 10 : 4) * _size);
        string unit = scale.IsResolution ? " Å" : string.Empty, low = Number(scale.Black) + unit, high = Number(scale.White) + unit;
        _canvas.Text(left + width, line, high, style);
        double begin = Math.Floor(left + width - StrokeFont.Measure(high, _size) - _margin - length);
        for (int step = 0; step < (int)length; step++)
        {
            _canvas.Rectangle(begin + step, line - height, 1, height, MapColors.At(scale.Palette, step / (length - 1)), null);
        }

        _canvas.Rectangle(begin - 0.5, line - height - 0.5, length + 1, height + 1, null, Ink);
        _canvas.Text(begin - _margin, line, low, style);
        double room = begin - (3 * _margin) - StrokeFont.Measure(low, _size) - left;
        _canvas.Text(left, line, StrokeFont.Fit(caption, room, _size, bold: true), new PlotTextStyle(PlotAnchor.Start, Ink, _size, Bold: true));
    }

    /// <summary>Begins the labels of one slice, which do not leave it.</summary>
    /// <param name="left">Left edge of the slice.</param>
    /// <param name="top">Upper edge.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public void BeginSlice(int left, int top, int width, int height)
    {
        _slice = (left, top, width, height);
        _canvas.BeginClip(left, top, width, height);
    }

    /// <summary>Draws which slice it is, in its upper left corner.</summary>
    /// <param name="text">For example "XY  z = 64".</param>
    public void DrawPlace(string text)
    {
        _canvas.Rectangle(_slice.Left, _slice.Top, (2 * _margin) + StrokeFont.Measure(text, _size), Math.Ceiling(1.5 * _size), 0, null, Shade);
        _canvas.Text(_slice.Left + _margin, _slice.Top + (1.1 * _size), text, new PlotTextStyle(PlotAnchor.Start, White, _size));
    }

    /// <summary>Draws a bar of 1, 2 or 5 times a power of ten Å in the lower left corner, its length above it; none where the scale is not known.</summary>
    /// <param name="scale">Pixels for each Å; not a positive number where the map does not say how large its voxels are.</param>
    public void DrawBar(double scale)
    {
        if (!(scale > 0) || !double.IsFinite(scale))
        {
            return;
        }

        double longest = LongestBar * _slice.Width / scale;
        double power = Math.Pow(10, Math.Floor(Math.Log10(longest)));
        double length = power * (longest / power) switch { >= 5 => 5, >= 2 => 2, _ => 1 };
        string text = string.Create(CultureInfo.InvariantCulture, $"{length:0.###} Å");
        double thickness = Math.Max(2, Math.Round(0.2 * _size)), height = Math.Ceiling(1.3 * _size) + thickness + _margin;
        double bottom = _slice.Top + _slice.Height, left = _slice.Left + _margin, upper = bottom - _margin - thickness;
        _canvas.Rectangle(_slice.Left, bottom - height, (2 * _margin) + Math.Max(length * scale, StrokeFont.Measure(text, _size)), height, 0, null, Shade);
        _canvas.Rectangle(left, upper, length * scale, thickness, White, null);
        _canvas.Text(left, upper - (0.3 * _size), text, new PlotTextStyle(PlotAnchor.Start, White, _size));
    }

    /// <summary>Ends what <see cref="BeginSlice"/> began.</summary>
    public void EndSlice() => _canvas.EndClip();

    private static double SizeOf(int width) => Math.Max(SmallestText, TextShare * width);

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture).Replace('-', '−');
}
