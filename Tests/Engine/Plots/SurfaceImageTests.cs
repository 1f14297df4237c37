using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Plots;
using Xunit;

namespace LocalDeblur.Tests.Engine.Plots;

/// <summary>Pictures of a map's surface, of balls whose outline is known.</summary>
public sealed class SurfaceImageTests : IDisposable
{
    private const int Size = 40;
    private const int White = 0xFFFFFF;

    // Centre and radius (voxels) of the ball, whose density falls by 1 a voxel and is 0 at its surface.
    private static readonly (double X, double Y, double Z, double Radius) Ball = (18, 21, 17, 9.5);

    private readonly MapFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ABallIsADiscThatFillsThePicture(bool isWide)
    {
        PngImage image = SurfaceImage.Render(Balls(Ball), new Contour(0, 0), new SurfaceImageOptions { Width = isWide ? 200 : 120, Height = 120 }, Stop);
        double middle = (image.Width - 1) / 2.0, up = (image.Height - 1) / 2.0;

        // The surface with its margin takes 92 % of the shorter edge; outlines are exact to the interpolation of a ball, and to a pixel.
        double radius = Enumerable.Range(0, image.Width).Count(column => Pixel(image, column, image.Height / 2) != White) / 2.0;
        Assert.InRange(radius, 40, 55);
        for (int row = 0; row < image.Height; row++)
        {
            for (int column = 0; column < image.Width; column++)
            {
                double distance = Math.Sqrt(((column - middle) * (column - middle)) + ((row - up) * (row - up)));
                if (Math.Abs(distance - radius) > 3)
                {
                    bool isOutside = Pixel(image, column, row) == White;
                    Assert.True(isOutside == distance > radius, $"column {column}, row {row}, {distance:0.0} pixels from the middle of a disc of {radius}");
                }
            }
        }
    }

    [Fact]
    public void LightComesFromTheUpperLeftAndWhatIsNearIsDarker()
    {
        // Far apart along z, so that the farther one is paler; seen from the far end of z.
        CryoMap map = Balls((12, 20, 8, 6), (28, 20, 31, 6));
        PngImage image = SurfaceImage.Render(map, new Contour(0, 0), new SurfaceImageOptions { Width = 200, Height = 200 }, Stop);
        int[] row = [.. Enumerable.Range(0, 200).Select(column => Pixel(image, column, 100))];
        int begin = Array.FindIndex(row, color => color != White), end = Array.FindLastIndex(row, color => color != White);
        int radius = (end - begin) * 6 / 28;

        int far = Grey(row[begin + radius]), near = Grey(row[end - radius]), lit = Grey(Pixel(image, end - radius - 10, 90)), dark = Grey(Pixel(image, end - radius + 10, 110));
        Assert.True(far > near + 20, $"{far} and {near}");
        Assert.True(lit > dark + 20, $"{lit} and {dark}");
    }

    [Theory]
    [InlineData(nameof(SurfaceView.XY), 0, 1)]
    [InlineData(nameof(SurfaceView.XZ), 0, 2)]
    [InlineData(nameof(SurfaceView.YZ), 1, 2)]
    public void TheFirstLetterRunsToTheRightAndTheSecondUpwards(string view, int right, int up)
    {
        // A small ball beside a large one, along each axis by another distance.
        double[] large = [18, 18, 18], small = [27, 31, 24];
        CryoMap map = Balls((large[0], large[1], large[2], 6), (small[0], small[1], small[2], 3));
        PngImage image = SurfaceImage.Render(map, new Contour(0, 0), new SurfaceImageOptions { Width = 160, Height = 160, View = Enum.Parse<SurfaceView>(view) }, Stop);
        (double X, double Y) sum = default;
        int count = 0;
        for (int row = 0; row < 160; row++)
        {
            for (int column = 0; column < 160; column++)
            {
                if (Pixel(image, column, row) != White)
                {
                    (sum, count) = ((sum.X + column - 79.5, sum.Y + 79.5 - row), count + 1);
                }
            }
        }

        // Most of what is seen is the large ball, at the lower left of the middle, in the direction away from the small one.
        (double x, double y) = (sum.X / count, sum.Y / count);
        Assert.True(x < -1 && y < -1, $"{x}, {y}");
        Assert.Equal(small[up] - large[up] > small[right] - large[right], y < x);
    }

    [Fact]
    public void SmallPartsAreLeftOutUnlessAskedFor()
    {
        CryoMap map = Balls((14, 14, 20, 8), (34, 34, 20, 1.2));
        Assert.Equal(White, Pixel(Draw(0.02), 190, 10));
        Assert.True(Corner(Draw(0.02)) < Corner(Draw(0)));

        PngImage Draw(double share) =>
            SurfaceImage.Render(map, new Contour(0, 0), new SurfaceImageOptions { Width = 200, Height = 200, DustShare = share }, Stop);

        // First row that is not white, counted from below: with the small part, the large one fills less.
        static int Corner(PngImage image) => Enumerable.Range(0, 200).First(row => Enumerable.Range(0, 100).Any(column => Pixel(image, column, row) != White));
    }

    [Fact]
    public void ColoursAreThoseOfTheResolutionsAtTheSurface()
    {
        CryoMap map = Balls(Ball), resolution = Map((x, _, _) => x < Ball.X - 4 ? 3 : x > Ball.X + 4 ? 6 : 0);
        PngImage image = SurfaceImage.Render(map, new Contour(0, 0), new SurfaceImageOptions { Width = 200, Height = 200, LocalResolution = resolution }, Stop);
        int left = Pixel(image, 45, 95), middle = Pixel(image, 100, 95), right = Pixel(image, 155, 95);

        // Violet, the grey of no value, yellow, whatever the light.
        Assert.True((left & 0xFF) > ((left >> 8) & 0xFF), $"{left:x6}");
        Assert.InRange((middle >> 16) - (middle & 0xFF), -3, 3);
        Assert.True(((right >> 8) & 0xFF) > 2 * (right & 0xFF), $"{right:x6}");

        // On a scale that another picture shares, the coarsest here is finer than all there.
        var shared = new SurfaceImageOptions { Width = 200, Height = 200, LocalResolution = resolution, Scale = (6, 12) };
        int other = Pixel(SurfaceImage.Render(map, new Contour(0, 0), shared, Stop), 155, 95);
        Assert.True((other & 0xFF) > ((other >> 8) & 0xFF), $"{other:x6}");

        // The scale below.
        Assert.Contains(Enumerable.Range(0, 200), column => Pixel(image, column, 192) != White);
        CryoMap none = Map((_, _, _) => 0);
        EngineException refusal = Assert.Throws<EngineException>(
            () => SurfaceImage.Render(map, new Contour(0, 0), new SurfaceImageOptions { LocalResolution = none }, Stop));
        Assert.Equal(EngineError.ResolutionRangeInvalid, refusal.Error);
    }

    [Fact]
    public void TheSameBytesForAnyNumberOfThreads()
    {
        CryoMap map = Balls(Ball, (30, 8, 30, 5));
        byte[][] files =
        [
            .. new[] { 1, 3 }.Select(threads =>
            {
                string path = _folder[$"{threads}.png"];
                var options = new SurfaceImageOptions { Width = 90, Height = 130, View = SurfaceView.YZ, Limits = new RunLimits { Threads = threads } };
                SurfaceImage.Write(map, new Contour(0, 0), path, overwrite: false, options, Stop);
                return File.ReadAllBytes(path);
            }),
        ];
        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void ASurfaceThatFillsTheBoxIsClosedAtItsEdge()
    {
        PngImage image = SurfaceImage.Render(Map((_, _, _) => 1), new Contour(0.5, 0), new SurfaceImageOptions { Width = 100, Height = 100 }, Stop);
        Assert.NotEqual(White, Pixel(image, 50, 50));
        Assert.Equal(White, Pixel(image, 1, 1));
    }

    [Fact]
    public void WhatCannotBeDrawnIsRefused()
    {
        CryoMap map = Balls(Ball);
        Assert.Equal(EngineError.MaskEmpty, Refusal(map, new Contour(1000, 0), "a.png", new()));
        Assert.Equal(EngineError.PlotFileNameUnsupported, Refusal(map, new Contour(0, 0), "a.svg", new()));
        Assert.Equal(EngineError.InsufficientMemory, Refusal(map, new Contour(0, 0), "a.png", new() { Limits = new RunLimits { Memory = 1000 } }));
        Assert.Equal(EngineError.MapNotFinite, Refusal(Map((x, y, z) => x + y + z == 0 ? float.NaN : 1), new Contour(0, 0), "a.png", new()));
        Assert.Empty(_folder.Names());

        EngineError Refusal(CryoMap drawn, Contour contour, string name, SurfaceImageOptions options) =>
            Assert.Throws<EngineException>(() => SurfaceImage.Write(drawn, contour, _folder[name], overwrite: false, options, Stop)).Error;
    }

    [Fact]
    public void ASurfaceEnclosesTheVolumeThatIsAskedFor()
    {
        CryoMap map = Map((x, y, z) => x + (Size * (y + (Size * z))));
        Contour contour = Contour.EnclosingVolume(map, 8 * 100, Stop);

        Assert.Equal(new Contour((Size * Size * Size) - 100, 100), contour);
        Assert.Equal(contour, Contour.At(map, contour.Level, Stop));
        Assert.Equal(99, Contour.At(map, contour.Level + 1, Stop).Voxels);
        foreach (double volume in (double[])[7, 8.0 * Size * Size * Size])
        {
            Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => Contour.EnclosingVolume(map, volume, Stop)).Error);
        }
    }

    [Fact]
    public void ASurfaceIsAboveTheBackgroundOfAMask()
    {
        // 1000 voxels above 0, and nothing else.
        CryoMap map = Map((x, y, z) => x < 10 && y < 10 && z < 10 ? 1 + x : 0);
        Assert.Equal(new Contour(1, 1000), Contour.Enclosing(map, 2000, Stop));
        Assert.Equal(10, Contour.Enclosing(map, 100, Stop).Level);
        Assert.Equal(5, Contour.Enclosing(Map((_, _, _) => 5), 100, Stop).Level);
    }

    [Fact]
    public void ASurfaceOfAMoleculeShowsNoNoise()
    {
        // A molecule of 1000 voxels from 10 down to 1, in noise of ±1 around 0: the voxels above 4 are those of the molecule alone.
        var random = new DeterministicRandom(seed: 3, stream: 0);
        CryoMap mask = Map((x, y, z) => x < 12 && y < 12 && z < 12 ? 1 : 0);
        CryoMap map = Map((x, y, z) => x < 10 && y < 10 && z < 10 ? 10 - x : x < 12 && y < 12 && z < 12 ? 0 : (float)random.NextNormal());
        Contour contour = Contour.OfMolecule(map, 2000, mask, Stop);

        Assert.InRange(contour.Level, 3.8, 4.2);
        Assert.Equal(contour, Contour.At(map, contour.Level, Stop));
        Assert.InRange(contour.Voxels, 600, 720);

        // Where the molecule is no stronger than that, or is all there is, it is shown as large as it is.
        CryoMap weak = Map((x, y, z) => x < 10 && y < 10 && z < 10 ? 2 : (float)random.NextNormal());
        Assert.Equal(Contour.Enclosing(weak, 1000, Stop), Contour.OfMolecule(weak, 1000, mask, Stop));
        Assert.Equal(Contour.Enclosing(map, 2000, Stop), Contour.OfMolecule(map, 2000, Map((_, _, _) => 1), Stop));
    }

    private static int Grey(int color) => (color >> 16) + ((color >> 8) & 0xFF) + (color & 0xFF);

    private static int Pixel(PngImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Row(y).Slice(3 * x, 3);
        return (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
    }

    private static CryoMap Balls(params (double X, double Y, double Z, double Radius)[] balls) => Map(
        (x, y, z) => (float)balls.Max(ball => ball.Radius - Math.Sqrt(Math.Pow(x - ball.X, 2) + Math.Pow(y - ball.Y, 2) + Math.Pow(z - ball.Z, 2))));

    private static CryoMap Map(Func<int, int, int, float> value)
    {
        var size = new GridSize(Size, Size, Size);
        float[] voxels = new float[size.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = value(i % Size, i / Size % Size, i / (Size * Size));
        }

        return new CryoMap(new MapGrid(size, 2), voxels, "m");
    }
}
