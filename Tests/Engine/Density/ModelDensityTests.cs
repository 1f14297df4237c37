using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using Xunit;

namespace LocalDeblur.Tests.Engine.Density;

public sealed class ModelDensityTests
{
    private static readonly MapGrid Box = new(new GridSize(40, 36, 44), 1.0, new AxisTriple(-20, 5, 100));
    private static readonly AxisTriple Middle = new(0.3, 22.6, 121.9);

    [Theory]
    [InlineData("C", 6, 40, 1)]
    [InlineData("Rb", 37, 60, 0.25)]
    [InlineData("H", 1, 30, 1)]
    public void IntegralIsTheForwardScatteringTimesOccupancy(string element, int number, double bFactor, double occupancy)
    {
        CryoMap map = Calculate(new ModelDensityOptions(), Atom(Middle, bFactor, element, number, occupancy));

        // A Gaussian of B 30 Å², sampled every Å, sums to its integral within exp(−2π²σ²) = 4e-4 of its weight an axis; the sharpest terms are lighter.
        double expected = occupancy * ScatteringFactors.Of(number).Forward;
        Assert.InRange(Sum(map) / expected, 1 - 2e-3, 1 + 2e-3);
    }

    [Fact]
    public void EveryVoxelHasTheValueOfTheFormula()
    {
        ModelAtom atom = Atom(Middle, 35, "O", 8, 0.7);
        CryoMap map = Calculate(new ModelDensityOptions { Accuracy = 1e-9 }, atom);

        ScatteringFactors factors = ScatteringFactors.Of(8);
        foreach ((int x, int y, int z) in new[] { (20, 18, 22), (21, 17, 20), (24, 18, 22), (15, 15, 25), (20, 18, 30) })
        {
            double dx = Box.Origin.X + x - Middle.X;
            double dy = Box.Origin.Y + y - Middle.Y;
            double dz = Box.Origin.Z + z - Middle.Z;
            double expected = 0;
            for (int i = 0; i < ScatteringFactors.Terms; i++)
            {
                double width = factors.B[i] + 35;
                expected += 0.7 * factors.A[i] * Math.Pow(4 * Math.PI / width, 1.5) * Math.Exp(-4 * Math.PI * Math.PI * ((dx * dx) + (dy * dy) + (dz * dz)) / width);
            }

            // Products of float exponentials; what is left out beyond the reach is absolute.
            Assert.Equal(expected, map.GetVoxel(x, y, z), (1e-5 * expected) + 1e-8);
        }
    }

    [Fact]
    public void CoefficientsAtAResolutionAreThoseOfTheContinuousDensity()
    {
        // B = 0 is far too sharp for voxels of 1 Å; band-limited at 3 Å it is a sum of f(q)·cos over the coefficients within.
        var grid = new MapGrid(new GridSize(24, 24, 24), 1.0);
        var place = new AxisTriple(12.37, 11.8, 12.05);
        CryoMap map = ModelDensity.Calculate(
            new AtomicModel("one", [Atom(place, 0, "C", 6, 1)]), grid, new ModelDensityOptions { Resolution = 3, Periodic = true },
            cancellationToken: TestContext.Current.CancellationToken);

        ScatteringFactors factors = ScatteringFactors.Of(6);
        foreach ((int x, int y, int z) in new[] { (12, 12, 12), (13, 11, 12), (10, 12, 14), (3, 4, 5) })
        {
            double expected = 0;
            for (int kz = -8; kz <= 8; kz++)
            {
                for (int ky = -8; ky <= 8; ky++)
                {
                    for (int kx = -8; kx <= 8; kx++)
                    {
                        double square = ((kx * kx) + (ky * ky) + (kz * kz)) / (24.0 * 24.0);
                        if (square <= 1 / 9.0 + 1e-12)
                        {
                            double phase = 2 * Math.PI * ((kx * (x - place.X)) + (ky * (y - place.Y)) + (kz * (z - place.Z))) / 24;
                            expected += factors.At(Math.Sqrt(square)) * Math.Cos(phase) / (24.0 * 24 * 24);
                        }
                    }
                }
            }

            // The peak is about 0.1; the sampling leaves 1e-4 of a coefficient.
            Assert.Equal(expected, map.GetVoxel(x, y, z), 5e-5);
        }
    }

    [Fact]
    public void ResultDoesNotDependOnThreads()
    {
        ModelAtom[] atoms = Scatter(400);

        CryoMap one = Calculate(new ModelDensityOptions { Limits = new() { Threads = 1 }, Periodic = true }, atoms);
        CryoMap five = Calculate(new ModelDensityOptions { Limits = new() { Threads = 5 }, Periodic = true }, atoms);

        Assert.True(one.AsSpan(TestContext.Current.CancellationToken).SequenceEqual(five.AsSpan(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void PeriodicBoxLosesNothing()
    {
        ModelAtom corner = Atom(new AxisTriple(-20.2, 5.1, 99.9), 40, "C", 6, 1);
        ModelAtom beyond = corner with { X = corner.X + 120 };

        CryoMap open = Calculate(new ModelDensityOptions(), corner);
        CryoMap periodic = Calculate(new ModelDensityOptions { Periodic = true }, corner);
        CryoMap wrapped = Calculate(new ModelDensityOptions { Periodic = true }, Atom(Middle, 40, "C", 6, 0.001), beyond);

        // An eighth of the density, and more for the voxels on the box's faces, which count whole.
        Assert.InRange(Sum(open) / ScatteringFactors.Of(6).Forward, 0.125, 0.5);
        Assert.Equal(ScatteringFactors.Of(6).Forward, Sum(periodic), 2e-3);
        Assert.Equal(1.001 * ScatteringFactors.Of(6).Forward, Sum(wrapped), 2e-3);
        Assert.True(periodic.GetVoxel(39, 35, 43) > 0.01);
        Assert.Equal(0, open.GetVoxel(39, 35, 43));
    }

    [Fact]
    public void BlurAddsToTheBFactors()
    {
        CryoMap blurred = Calculate(new ModelDensityOptions { Blur = 25 }, Atom(Middle, 40, "N", 7, 1));
        CryoMap given = Calculate(new ModelDensityOptions { BFactor = 65 }, Atom(Middle, 400, "N", 7, 1));

        Assert.True(blurred.AsSpan(TestContext.Current.CancellationToken).SequenceEqual(given.AsSpan(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void SmallBoxAndWideAtomsAreDrawn()
    {
        var grid = new MapGrid(new GridSize(5, 3, 2), 1.5);
        CryoMap map = ModelDensity.Calculate(
            new AtomicModel("wide", [Atom(new AxisTriple(3, 1.5, 0), 200, "C", 6, 1)]), grid, new ModelDensityOptions { Periodic = true },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(ScatteringFactors.Of(6).Forward, 1.5 * 1.5 * 1.5 * Sum(map), 1e-3);
    }

    [Fact]
    public void WhatTheUserShouldKnowIsSaid()
    {
        CryoMap map = Calculate(
            new ModelDensityOptions(), Atom(Middle, 40, "C", 6, 1), Atom(new AxisTriple(500, 500, 500), 40, "C", 6, 1), Atom(Middle, 2, "C", 6, 1),
            Atom(Middle, 2, "C", 6, 0));

        HistoryEntry step = map.History[^1];
        Assert.Equal((3, 2), ((int)step.Figures["Atoms"]!, (int)step.Figures["AtomsInside"]!));
        Assert.Contains(step.Warnings, warning => warning.StartsWith("1 of 3 atoms lie outside", StringComparison.Ordinal));
        Assert.Contains(step.Warnings, warning => warning.StartsWith("1 of 3 atoms have B factors below", StringComparison.Ordinal));
        Assert.Equal(Box, map.Grid);
    }

    [Fact]
    public void WhatCannotBeDoneIsRefused()
    {
        ModelAtom atom = Atom(Middle, 40, "C", 6, 1);

        Assert.Equal(EngineError.ModelOutsideMap, Refusal(new ModelDensityOptions(), atom with { X = 400 }));
        Assert.Equal(EngineError.ModelEmpty, Refusal(new ModelDensityOptions(), atom with { Occupancy = 0 }));
        Assert.Equal(EngineError.ModelElementUnknown, Refusal(new ModelDensityOptions(), atom with { AtomicNumber = 100, Element = "Fm" }));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions { Blur = -50 }, atom));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions { BFactor = -1 }, atom));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions(), atom with { BFactor = 1e9 }));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions { Resolution = 1.9 }, atom));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions { Resolution = double.NaN }, atom));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new ModelDensityOptions { Accuracy = 0 }, atom));
        Assert.Equal(EngineError.InsufficientMemory, Refusal(new ModelDensityOptions { Limits = new() { Memory = 1000 } }, atom));
    }

    [Fact]
    public void ProgressRisesAndCancellationStops()
    {
        var told = new Recorder();
        var model = new AtomicModel("many", Scatter(50));
        ModelDensity.Calculate(model, Box, new ModelDensityOptions { Resolution = 3 }, told, TestContext.Current.CancellationToken);

        Assert.NotEmpty(told.Fractions);
        Assert.Equal(told.Fractions.Order(), told.Fractions);
        Assert.ThrowsAny<OperationCanceledException>(() => ModelDensity.Calculate(model, Box, cancellationToken: new CancellationToken(true)));
    }

    [Theory]
    [InlineData(1.0, 10)]
    [InlineData(0.83, 3)]
    [InlineData(2.5, 0)]
    public void GridAroundAModelHoldsItWithItsMargin(double voxelSize, double margin)
    {
        var model = new AtomicModel("many", Scatter(50));

        MapGrid grid = ModelGrid.Around(model, voxelSize, margin);
        margin -= 1e-9;

        Assert.Equal(voxelSize, grid.VoxelSize);
        Assert.True(model.Minimum.X - grid.Origin.X >= margin && model.Minimum.Y - grid.Origin.Y >= margin && model.Minimum.Z - grid.Origin.Z >= margin);
        Assert.True(grid.Origin.X + ((grid.Size.X - 1) * voxelSize) - model.Maximum.X >= margin);
        Assert.True(grid.Origin.Y + ((grid.Size.Y - 1) * voxelSize) - model.Maximum.Y >= margin);
        Assert.True(grid.Origin.Z + ((grid.Size.Z - 1) * voxelSize) - model.Maximum.Z >= margin);
        Assert.Equal(0, (grid.Size.X | grid.Size.Y | grid.Size.Z) & 1);
        Assert.Equal(0, Math.IEEERemainder(grid.Origin.X, voxelSize), 1e-9);
    }

    [Fact]
    public void GridTooLargeIsRefused()
    {
        var model = new AtomicModel("stray", [Atom(Middle, 20, "C", 6, 1), Atom(new AxisTriple(1e7, 1e7, 1e7), 20, "C", 6, 1)]);

        Assert.Equal(EngineError.MapSizeUnsupported, Assert.Throws<EngineException>(() => ModelGrid.Around(model, 1)).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => ModelGrid.Around(model, 0)).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => ModelGrid.Around(model, 1, double.NaN)).Error);
    }

    private static ModelAtom Atom(AxisTriple place, double bFactor, string element, int number, double occupancy) => new()
    {
        Name = element,
        Element = element,
        AtomicNumber = number,
        X = place.X,
        Y = place.Y,
        Z = place.Z,
        BFactor = bFactor,
        Occupancy = occupancy,
    };

    private static ModelAtom[] Scatter(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => Atom(
            new AxisTriple(-20 + (40 * random.NextDouble()), 5 + (36 * random.NextDouble()), 100 + (44 * random.NextDouble())), 20 + (80 * random.NextDouble()), "C", 6, 1))];
    }

    private static CryoMap Calculate(ModelDensityOptions options, params ModelAtom[] atoms) =>
        ModelDensity.Calculate(new AtomicModel("test", atoms), Box, options, cancellationToken: TestContext.Current.CancellationToken);

    private static EngineError Refusal(ModelDensityOptions options, ModelAtom atom) => Assert.Throws<EngineException>(() => Calculate(options, atom)).Error;

    private static double Sum(CryoMap map) => map.Mean * map.Size.VoxelCount;

    private sealed class Recorder : IProgress<StageProgress>
    {
        public List<double> Fractions { get; } = [];

        public void Report(StageProgress value) => Fractions.Add(value.Fraction);
    }
}
