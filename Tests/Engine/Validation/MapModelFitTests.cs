using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Models;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Engine.Validation;

public sealed class MapModelFitTests
{
    private const double Finest = 3;
    private static readonly MapGrid Box = new(new GridSize(32, 36, 30), 1, new AxisTriple(-40, 7.5, 100));
    private static readonly AtomicModel Model = new("model", Molecule());

    [Fact]
    public void DensityOfTheModelItselfCorrelatesWithOne()
    {
        MapModelFitResult result = Measure(Model, Density(Model, Finest), Finest);

        // The same density, twice from the same atoms.
        Assert.Equal(1, result.CCMask, 1e-6);
        Assert.Equal(1, result.CCBox, 1e-6);
        Assert.Equal(1, result.CCVolume, 1e-6);
        Assert.Equal(1, result.CCPeaks, 1e-6);
        Assert.All(result.Residues, residue => Assert.Equal(1, residue.CC, 1e-6));

        // The map ends within the last shell, whose other half is nothing against the model.
        Assert.InRange(result.FscAverage, 0.9, 1);
        Assert.Equal(Finest, result.Resolution);
    }

    [Fact]
    public void CurveReachesNyquistForTheFullDensityAndEndsWhereALowPassDid()
    {
        MapModelFitResult full = Measure(Model, Density(Model, 2), Finest);
        MapModelFitResult cut = Measure(Model, Density(Model, 4), Finest);

        Assert.True(full.Fsc.For(FscCurveKind.Unmasked)!.ReachesNyquist);
        Assert.Equal(1, full.FscAverageMasked, 1e-4);

        // Between the last shell with power and the first without.
        Assert.InRange(cut.Fsc.For(FscCurveKind.Unmasked)!.Resolution, 3.6, 4.1);
        Assert.InRange(cut.Fsc.For(FscCurveKind.Unmasked)!.Resolution05, 3.6, 4.1);
        Assert.True(cut.FscResolution <= cut.FscResolution05);
    }

    [Fact]
    public void ScaleOffsetAndSignOfTheMapActAsOnAnyCorrelation()
    {
        CryoMap map = Noisy(Density(Model, Finest));
        MapModelFitResult plain = Measure(Model, map, Finest);
        MapModelFitResult scaled = Measure(Model, Changed(map, value => (3 * value) + 2), Finest);
        MapModelFitResult negative = Measure(Model, Changed(map, value => -value), Finest);

        // Rounding of voxels to float.
        Assert.Equal(plain.CCMask, scaled.CCMask, 1e-5);
        Assert.Equal(plain.CCPeaks, scaled.CCPeaks, 1e-5);
        Assert.Equal(plain.CCVolume, scaled.CCVolume, 1e-5);
        Assert.Equal(-plain.CCBox, negative.CCBox, 1e-5);
        Assert.Equal(-plain.CCVolume, negative.CCVolume, 1e-5);
    }

    [Fact]
    public void CorrelationsAreThoseOfTheirVoxels()
    {
        CryoMap map = Noisy(Density(Model, Finest));
        CryoMap density = Density(Model, Finest);
        MapModelFitResult result = Measure(Model, map, Finest);
        bool[] mask = ModelMask.Create([.. Model.Atoms], Box, CancellationToken.None);
        int count = mask.Count(inside => inside);
        float[] a = map.AsSpan().ToArray();
        float[] b = density.AsSpan().ToArray();
        float leastA = a.OrderDescending().ElementAt(count - 1);
        float leastB = b.OrderDescending().ElementAt(count - 1);

        Assert.Equal(count, result.MaskVoxels);
        Assert.Equal(Pearson(a, b, i => mask[i]), result.CCMask, 1e-6);
        Assert.Equal(Pearson(a, b, _ => true), result.CCBox, 1e-6);
        Assert.Equal(Pearson(a, b, i => b[i] >= leastB), result.CCVolume, 1e-6);
        Assert.Equal(Pearson(a, b, i => a[i] >= leastA || b[i] >= leastB), result.CCPeaks, 1e-6);
    }

    [Theory]
    [InlineData(6, 1.775)]
    [InlineData(8, 1.45)]
    [InlineData(16, 1.80)]
    [InlineData(1, 1.20)]
    [InlineData(103, 1.58)]
    public void MaskOfOneAtomIsASphereWithoutARimInABoxThatRepeats(int atomicNumber, double radius)
    {
        // At 0.5 Å the rim of 0.9 Å is there to be taken off; the atom sits on the corner of the box.
        var grid = new MapGrid(new GridSize(16, 18, 20), 0.5, new AxisTriple(4, 5, 6));
        bool[] mask = ModelMask.Create([Atom("X", atomicNumber, new AxisTriple(4.1, 5, 6))], grid, CancellationToken.None);

        bool Near(int x, int y, int z)
        {
            double dx = Math.Min(Math.Abs((x * 0.5) - 0.1), Math.Abs(8 - (x * 0.5) + 0.1));
            double dy = Math.Min(y, 18 - y) * 0.5;
            double dz = Math.Min(z, 20 - z) * 0.5;
            return (dx * dx) + (dy * dy) + (dz * dz) <= Math.Pow(radius + 1.1, 2);
        }

        for (int z = 0; z < 20; z++)
        {
            for (int y = 0; y < 18; y++)
            {
                for (int x = 0; x < 16; x++)
                {
                    bool expected = true;
                    for (int k = 0; k < 27; k++)
                    {
                        // Of the grid points within 0.9 Å: the neighbours along one and two axes, and three (0.866 Å).
                        expected &= Near((x + (k % 3) + 15) % 16, (y + (k / 3 % 3) + 17) % 18, (z + (k / 9) + 19) % 20);
                    }

                    Assert.Equal(expected, mask[grid.Size.Offset(x, y, z)]);
                }
            }
        }
    }

    [Fact]
    public void ResiduesTellWhereTheModelIsWrong()
    {
        CryoMap map = Density(Model, Finest);
        AtomicModel moved = new("moved", Model.Atoms.Select(atom => atom.ResidueNumber == 3 ? atom with { X = atom.X - 10 } : atom));

        MapModelFitResult result = Measure(moved, map, Finest);

        Assert.Equal([1, 2, 3, 4], result.Residues.Select(residue => residue.Number));
        Assert.Equal(3, result.Residues.MinBy(residue => residue.CC)!.Number);
        Assert.InRange(result.Residues[2].CC, -1, 0.6);
        Assert.InRange(result.Residues[0].CC, 0.9, 1);
        Assert.InRange(result.CCMask, 0.1, 0.95);
    }

    [Fact]
    public void AtomsOfNoOccupancyDoNotCountAndAtomsBeyondTheBoxAreSaidSo()
    {
        CryoMap map = Density(Model, Finest);
        ModelAtom absent = Atom("C", 6, new AxisTriple(-20, 20, 110)) with { Occupancy = 0, ResidueNumber = 9 };
        ModelAtom outside = Atom("C", 6, new AxisTriple(1000, 20, 110)) with { ResidueNumber = 10 };
        MapModelFitResult with = Measure(new AtomicModel("model", [.. Model.Atoms, absent]), map, Finest);

        Assert.Equal(Measure(Model, map, Finest).CCMask, with.CCMask);
        Assert.Equal(double.NaN, with.Residues[^1].CC);
        Assert.Equal(0, with.Residues[^1].VoxelCount);
        Assert.NotEmpty(Measure(new AtomicModel("model", [.. Model.Atoms, outside]), map, Finest).Warnings);
    }

    [Fact]
    public void ResultDoesNotDependOnThreads()
    {
        CryoMap map = Noisy(Density(Model, Finest));
        MapModelFitResult one = MapModelFit.Measure(Model, map, Finest, new MapModelFitOptions { Limits = new() { Threads = 1 } });
        MapModelFitResult three = MapModelFit.Measure(Model, map, Finest, new MapModelFitOptions { Limits = new() { Threads = 3 } });

        Assert.Equal((one.CCMask, one.CCBox, one.CCVolume, one.CCPeaks), (three.CCMask, three.CCBox, three.CCVolume, three.CCPeaks));
        Assert.Equal(one.Residues, three.Residues);
        Assert.Equal(one.Fsc.Shells, three.Fsc.Shells);
    }

    [Fact]
    public void WhatCannotBeComparedIsRefused()
    {
        CryoMap map = Density(Model, Finest);

        Assert.Equal(EngineError.ModelOutsideMap, Refusal(new AtomicModel("far", [Atom("C", 6, new AxisTriple(500, 0, 0))]), map));
        Assert.Equal(EngineError.ModelEmpty, Refusal(new AtomicModel("absent", Model.Atoms.Select(atom => atom with { Occupancy = 0 })), map));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(Model, Changed(map, _ => 1)));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(Model, map, resolution: 1.5));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(Model, map, resolution: double.NaN));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(Model, map, new MapModelFitOptions { ResidueRadius = 0 }));
        Assert.Equal(EngineError.InsufficientMemory, Refusal(Model, map, new MapModelFitOptions { Limits = new() { Memory = 1000 } }));
    }

    private static EngineError Refusal(AtomicModel model, CryoMap map, MapModelFitOptions? options = null, double resolution = Finest) =>
        Assert.Throws<EngineException>(() => MapModelFit.Measure(model, map, resolution, options)).Error;

    private static MapModelFitResult Measure(AtomicModel model, CryoMap map, double resolution) =>
        MapModelFit.Measure(model, map, resolution, cancellationToken: TestContext.Current.CancellationToken);

    private static CryoMap Density(AtomicModel model, double resolution) =>
        ModelDensity.Calculate(model, Box, new ModelDensityOptions { Resolution = resolution, Periodic = true });

    private static CryoMap Noisy(CryoMap map)
    {
        var random = new Random(3);
        return Changed(map, value => value + (float)(0.1 * (random.NextDouble() - 0.5)));
    }

    private static CryoMap Changed(CryoMap map, Func<float, float> change) => new(map.Grid, [.. map.AsSpan().ToArray().Select(change)], "map");

    private static double Pearson(float[] a, float[] b, Func<int, bool> counts)
    {
        int[] at = [.. Enumerable.Range(0, a.Length).Where(counts)];
        double meanA = at.Average(i => (double)a[i]);
        double meanB = at.Average(i => (double)b[i]);
        return at.Sum(i => (a[i] - meanA) * (b[i] - meanB)) / Math.Sqrt(at.Sum(i => Math.Pow(a[i] - meanA, 2)) * at.Sum(i => Math.Pow(b[i] - meanB, 2)));
    }

    // Four residues of five atoms along a helix.
    private static IEnumerable<ModelAtom> Molecule() =>
        from i in Enumerable.Range(0, 20)
        let angle = i * 1.1
        let element = (i % 5) switch { 0 => 7, 3 => 8, _ => 6 }
        select Atom("CNO"[(element - 6)..(element - 5)], element, new AxisTriple(-24 + (4 * Math.Cos(angle)), 25 + (4 * Math.Sin(angle)), 108 + (0.7 * i))) with
        {
            Name = $"X{i % 5}",
            ResidueNumber = 1 + (i / 5),
            BFactor = 30,
        };

    private static ModelAtom Atom(string element, int atomicNumber, AxisTriple place) =>
        new() { Name = element, Element = element, AtomicNumber = atomicNumber, ResidueName = "ALA", Chain = "A", X = place.X, Y = place.Y, Z = place.Z };
}
