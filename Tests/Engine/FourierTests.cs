using LocalDeblur.Fourier;
using Xunit;
using static LocalDeblur.Tests.Engine.FourierReference;

namespace LocalDeblur.Tests.Engine;

public sealed class FourierTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 2, 1, 1 }, { 1, 2, 1 }, { 1, 1, 2 }, { 3, 1, 1 }, { 1, 7, 33 }, { 2, 3, 5 }, { 5, 3, 2 }, { 4, 4, 4 }, { 7, 8, 9 },
        { 8, 8, 8 }, { 9, 17, 3 }, { 10, 6, 15 }, { 11, 13, 17 }, { 12, 16, 20 }, { 13, 1, 64 }, { 14, 33, 2 }, { 15, 15, 15 }, { 16, 16, 16 },
        { 16, 5, 4 }, { 17, 31, 6 }, { 18, 40, 10 }, { 19, 2, 128 }, { 24, 24, 24 }, { 25, 21, 49 }, { 31, 15, 14 }, { 32, 48, 64 }, { 33, 18, 22 },
        { 61, 3, 26 }, { 67, 2, 3 }, { 3, 67, 4 }, { 2, 5, 67 }, { 127, 3, 2 }, { 131, 17, 5 }, { 5, 131, 2 }, { 251, 2, 2 }, { 262, 4, 3 }, { 3, 2, 251 },
        { 1, 262, 1 }, { 64, 1, 1 }, { 1, 1, 256 }, { 512, 1, 2 }, { 96, 20, 7 }, { 100, 34, 1 }, { 343, 2, 1 }, { 169, 2, 11 }, { 122, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAgreesWithTheSumInDoublePrecision(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size, nx + 1000 * ny + 7 * nz);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        plan.Forward(volume, spectrum, TestContext.Current.CancellationToken);
        Assert.InRange(Error(spectrum, Forward(volume, size)), 0, Tolerance(size));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardThenInverseReturnsInput(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        var back = new float[volume.Length];
        plan.Forward(volume, spectrum, TestContext.Current.CancellationToken);
        plan.Inverse(spectrum, back, TestContext.Current.CancellationToken);
        Assert.InRange(Error(back, i => volume[i]), 0, 2 * Tolerance(size));
    }

    private static double Tolerance(GridSize size) =>
        RadixPlan.Covers(size.X) && RadixPlan.Covers(size.Y) && RadixPlan.Covers(size.Z) ? SmoothTolerance : PrimeTolerance;
}
