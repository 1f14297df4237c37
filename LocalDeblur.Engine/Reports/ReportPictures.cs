using System.Globalization;
using System.Text;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Plots;

namespace LocalDeblur.Reports;

/// <summary>The pictures of a report: those that stand for both viewers on paper, without a script and without WebGL, and those that the viewers do not show.</summary>
internal sealed class ReportPictures(SharpeningReport report, CancellationToken cancellationToken)
{
    private const int Width = 560;
    private const int SurfaceEdge = 400;

    /// <summary>The density at which the map before encloses as much as the sharpened one does at its contour.</summary>
    public double LevelBefore { get; } = Contour.Enclosing(report.Before, report.Contour.Voxels, cancellationToken).Level;

    /// <summary>Slices through the middle of the molecule, with the mask's outline.</summary>
    public Html Slices()
    {
        PngImage image = MapSlices.Render(Rows(), Options() with { Outline = report.Mask }, cancellationToken);
        Html picture = Markup.Picture(
            image, "Central slices of the map before and after sharpening, with the outline of the mask", "Slices through the middle of the mask, with its outline.");
        return Html.Of($"<h3>Slices</h3>\n{picture}");
    }

    /// <summary>The surface of both maps.</summary>
    public Html Surface()
    {
        string colors = report.Spread is null ? string.Empty : ", coloured by local resolution (Å)";
        Html before = Surface(report.Before, LevelBefore, "Surface of the map before sharpening", "Before");
        Html after = Surface(report.Sharpened, report.Contour.Level, "Surface of the sharpened map", "After");
        return Html.Of($"<h3>Surface</h3>\n<p>Both surfaces enclose {report.EnclosedKiloDaltons:#,0} kDa{colors}.</p>\n<div class=\"pair\">{before}{after}</div>");
    }

    /// <summary>What the viewers do not show: the slices of the largest variance, projections, and the local resolution in slices.</summary>
    public Html More()
    {
        PngImage varied = MapSlices.Render(Rows(), Options(MostVaried()) with { Outline = report.Mask }, cancellationToken);
        PngImage projections = MapSlices.Render(Rows(), Options() with { View = MapView.Projection }, cancellationToken);
        Html local = report is { LocalResolution: { } resolution, Spread: { } spread }
            ? Markup.Picture(
                MapSlices.Render(
                    [new("Local resolution", resolution, spread.Finest, Math.Max(spread.Coarsest, spread.Finest + 0.01))],
                    Options() with { IsResolution = true },
                    cancellationToken),
                "Slices of the local resolution",
                "Local resolution in the slices through the middle of the mask. Grey: none.")
            : Html.Empty;
        return Html.Of(
            $"""
            <details class="pictures" open><summary>More pictures</summary>
            {Markup.Picture(varied, "Slices of the largest variance before and after", "The slices across each axis in which the densities vary most.")}
            {Markup.Picture(projections, "Projections along each axis before and after", "The mean along each axis.")}
            {local}
            </details>
            """);
    }

    /// <summary>The colours of the local resolution with their values; nothing where there is none.</summary>
    public Html ResolutionKey()
    {
        if (report.Spread is null)
        {
            return Html.Empty;
        }

        const int Steps = 48;
        var bars = new StringBuilder();
        for (int i = 0; i < Steps; i++)
        {
            int color = MapColors.At(MapPalette.Viridis, i / (Steps - 1.0));
            bars.Append(CultureInfo.InvariantCulture, $"<rect x=\"{i * 5}\" y=\"0\" width=\"5.5\" height=\"14\" fill=\"#{color:x6}\"/>");
        }

        (double finest, double coarsest) = (report.Volume.FinestResolution, report.Volume.CoarsestResolution);
        return Html.Of(
            $"""
            <svg viewBox="0 0 300 36" role="img" aria-label="Colours of the local resolution, from {finest:0.00} Å to {coarsest:0.00} Å">
            <g>{new Html(bars.ToString())}</g>
            <g font-size="12" fill="currentColor"><text x="0" y="31">{finest:0.00} Å</text><text x="240" y="31" text-anchor="end">{coarsest:0.00} Å</text></g>
            </svg>
            """);
    }

    private MapSliceRow[] Rows() => [new("Before", report.Before), new("After", report.Sharpened)];

    // All that the viewers show, through its middle or another voxel.
    private MapSliceOptions Options((int X, int Y, int Z)? position = null)
    {
        ReportVolume volume = report.Volume;
        GridSize size = report.Before.Size;
        (int x, int y, int z) = position ?? (volume.First.X + (volume.Crop.X / 2), volume.First.Y + (volume.Crop.Y / 2), volume.First.Z + (volume.Crop.Z / 2));
        double[] shares = [Share(x, volume.First.X, volume.Crop.X, size.X), Share(y, volume.First.Y, volume.Crop.Y, size.Y), Share(z, volume.First.Z, volume.Crop.Z, size.Z)];
        return new MapSliceOptions { Position = (x, y, z), Crop = Math.Clamp(shares.Max(), 0.05, 1), MinimumWidth = Width };

        static double Share(int at, int first, int count, int voxels) => 2.0 * Math.Max(at - first, first + count - at) / voxels;
    }

    private Html Surface(CryoMap map, double level, string name, string caption)
    {
        var options = new SurfaceImageOptions
        {
            Width = SurfaceEdge,
            Height = SurfaceEdge,
            LocalResolution = report.Spread is null ? null : report.LocalResolution,
            Scale = (report.Volume.FinestResolution, report.Volume.CoarsestResolution),
            Limits = report.Limits,
        };
        PngImage image = SurfaceImage.Render(map, new Contour(level, report.Contour.Voxels), options, cancellationToken);
        return Markup.Picture(image, name, Say($"{caption}, at {(level - map.Mean) / map.StandardDeviation:0.0} σ."));
    }

    // The slice across each axis whose densities in the sharpened map vary most: where there is most to see.
    private (int X, int Y, int Z) MostVaried()
    {
        GridSize size = report.Sharpened.Size;
        ReadOnlySpan<float> voxels = report.Sharpened.AsSpan(cancellationToken);
        double mean = report.Sharpened.Mean;
        double[] alongX = new double[size.X], alongY = new double[size.Y], alongZ = new double[size.Z];
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<float> row = voxels.Slice((int)size.Offset(0, y, z), size.X);
                for (int x = 0; x < row.Length; x++)
                {
                    double square = (row[x] - mean) * (row[x] - mean);
                    alongX[x] += square;
                    alongY[y] += square;
                    alongZ[z] += square;
                }
            }
        }

        return (Largest(alongX), Largest(alongY), Largest(alongZ));

        static int Largest(double[] sums) => Array.IndexOf(sums, sums.Max());
    }
}
