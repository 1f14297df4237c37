using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Engine.Validation;

public sealed class QScoreTests
{
    private static readonly AxisTriple Middle = new(12.1, 29.8, -8.3);

    // Finer than usual, so that trilinear interpolation hardly bends a Gaussian of 0.6 Å.
    private static readonly MapGrid Fine = new(new GridSize(40, 40, 40), 0.2, new AxisTriple(8, 26, -12));

    [Fact]
    public void AtomThatLooksLikeTheReferenceScoresOne()
    {
        QScoreResult result = Measure(Model(Carbon(Middle)), Gaussian(Fine, 1, 0, Middle));

        // What interpolation rounds off.
        Assert.InRange(result.Mean, 0.999, 1);
        Assert.Equal(1, result.ScoredAtoms);
    }

    [Theory]
    [InlineData(1000, 5)]
    [InlineData(1e-3, -7)]
    public void ScaleAndOffsetOfTheMapDoNotMatter(double scale, double offset)
    {
        AtomicModel model = Model(Carbon(Middle), Carbon(Shifted(Middle, 1.5)));
        CryoMap plain = Gaussian(Fine, 1, 0, Middle);

        // Voxels are floats: an offset of 7000 times the signal leaves four digits of it.
        Assert.Equal(Measure(model, plain).Mean, Measure(model, Gaussian(Fine, scale, offset, Middle)).Mean, 1e-3);
    }

    [Fact]
    public void NegativeOfTheMapHasTheNegativeScore()
    {
        AtomicModel model = Model(Carbon(Shifted(Middle, 0.4)));

        Assert.Equal(-Measure(model, Gaussian(Fine, 1, 0, Middle)).Mean, Measure(model, Gaussian(Fine, -1, 0, Middle)).Mean, 1e-9);
    }

    [Fact]
    public void ScoreDropsAsTheAtomLeavesThePeak()
    {
        CryoMap map = Gaussian(Fine, 1, 0, Middle);
        double[] scores = [.. new[] { 0, 0.25, 0.5, 1, 1.5 }.Select(shift => Measure(Model(Carbon(Shifted(Middle, shift))), map).Mean)];

        Assert.Equal(scores.OrderDescending(), scores);
        Assert.InRange(scores[^1], -1, 0.1);
    }

    [Fact]
    public void NeighbourTakesThePointsThatAreNearerToIt()
    {
        // Two peaks: with both atoms known each is alone in its half of space; with one the other peak spoils the score.
        AxisTriple other = Shifted(Middle, 1.5);
        CryoMap map = Gaussian(Fine, 1, 0, Middle, other);

        double alone = Measure(Model(Carbon(Middle)), map).Mean;
        double together = Measure(Model(Carbon(Middle), Carbon(other)), map).Atoms[0].Q;

        Assert.InRange(together, 0.98, 1);
        Assert.InRange(alone, -1, 0.95);
    }

    [Fact]
    public void HydrogensNeitherScoreNorTakePoints()
    {
        CryoMap map = Gaussian(Fine, 1, 0, Middle);
        AtomicModel with = Model(Carbon(Middle), Carbon(Shifted(Middle, 1)) with { Element = "H", AtomicNumber = 1, Name = "H" });

        QScoreResult result = Measure(with, map);

        Assert.Equal(Measure(Model(Carbon(Middle)), map).Mean, result.Mean);
        Assert.Single(result.Atoms);
    }

    [Fact]
    public void MeansAreThoseOfAtomsResiduesAndChains()
    {
        ModelAtom[] atoms =
        [
            Carbon(Middle) with { ResidueNumber = 1, Chain = "A", Name = "CA" },
            Carbon(Shifted(Middle, 0.8)) with { ResidueNumber = 1, Chain = "A", Name = "CB" },
            Carbon(Shifted(Middle, 1.6)) with { ResidueNumber = 2, Chain = "A" },
            Carbon(Shifted(Middle, -1.2)) with { ResidueNumber = 1, Chain = "B" },
        ];
        QScoreResult result = Measure(Model(atoms), Gaussian(Fine, 1, 0, Middle));
        double[] q = [.. result.Atoms.Select(atom => atom.Q)];

        Assert.Equal(q.Average(), result.Mean, 1e-12);
        Assert.Equal((q.Order().ElementAt(1) + q.Order().ElementAt(2)) / 2, result.Median, 1e-12);
        Assert.Equal([(q[0] + q[1]) / 2, q[2], q[3]], result.Residues.Select(residue => residue.Q));
        Assert.Equal([2, 1, 1], result.Residues.Select(residue => residue.AtomCount));
        Assert.Equal(["A", "B"], result.Chains.Select(chain => chain.Id));
        Assert.Equal((q[0] + q[1] + q[2]) / 3, result.Chains[0].Q, 1e-12);
        Assert.Equal(2, result.Chains[0].ResidueCount);
    }

    [Fact]
    public void ExpectedScoreIsOfProteinAndNucleicAcidByTheirAtoms()
    {
        ModelAtom nitrogen = Carbon(Middle) with { Name = "N", Element = "N", AtomicNumber = 7, ResidueName = "GLY" };
        ModelAtom alpha = Carbon(Shifted(Middle, 1.4)) with { Name = "CA", ResidueName = "GLY" };
        ModelAtom sugar = Carbon(Shifted(Middle, -1.4)) with { Name = "C1'", ResidueName = "A", ResidueNumber = 2 };
        ModelAtom water = Carbon(Shifted(Middle, -2)) with { Name = "O", Element = "O", AtomicNumber = 8, ResidueName = "HOH", ResidueNumber = 3 };
        CryoMap map = Gaussian(Fine, 1, 0, Middle);
        var at3 = new QScoreOptions { Resolution = 3 };

        Assert.Equal(1.1192 - (0.1775 * 3), QScore.Measure(Model(nitrogen, alpha), map, at3).Expected!.Value, 1e-12);
        Assert.Equal(
            ((2 * QScore.ExpectedForProtein(3)) + QScore.ExpectedForNucleicAcid(3)) / 3,
            QScore.Measure(Model(nitrogen, alpha, sugar, water), map, at3).Expected!.Value,
            1e-12);
        Assert.Null(QScore.Measure(Model(water), map, at3).Expected);
        Assert.Null(Measure(Model(nitrogen, alpha), map).Expected);
    }

    [Fact]
    public void AtomBeyondTheBoxHasNoScoreAndIsLeftOut()
    {
        QScoreResult result = Measure(Model(Carbon(Middle), Carbon(new AxisTriple(1e6, 0, 0))), Gaussian(Fine, 1, 0, Middle));

        Assert.Equal(double.NaN, result.Atoms[1].Q);
        Assert.Equal(1, result.ScoredAtoms);
        Assert.Equal(result.Atoms[0].Q, result.Mean);
        Assert.Equal(2, result.Warnings.Count);
    }

    [Fact]
    public void ResultDoesNotDependOnThreads()
    {
        var random = new Random(7);
        AtomicModel model = Model(
            [.. Enumerable.Range(0, 500).Select(
                i => Carbon(new AxisTriple(8 + (8 * random.NextDouble()), 26 + (8 * random.NextDouble()), -12 + (8 * random.NextDouble()))) with { ResidueNumber = i })]);
        CryoMap map = Gaussian(Fine, 1, 0, Middle, Shifted(Middle, 2));

        Assert.Equal(
            QScore.Measure(model, map, new QScoreOptions { Limits = new() { Threads = 1 } }).Atoms.Select(atom => atom.Q),
            QScore.Measure(model, map, new QScoreOptions { Limits = new() { Threads = 3 } }).Atoms.Select(atom => atom.Q));
    }

    [Fact]
    public void WhatCannotBeScoredIsRefused()
    {
        CryoMap map = Gaussian(Fine, 1, 0, Middle);
        AtomicModel model = Model(Carbon(Middle));

        Assert.Equal(EngineError.ModelOutsideMap, Refusal(Model(Carbon(new AxisTriple(0, 0, 0))), map));
        Assert.Equal(EngineError.ModelEmpty, Refusal(Model(Carbon(Middle) with { AtomicNumber = 1, Element = "H" }), map));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(model, new CryoMap(Fine, new float[Fine.Size.VoxelCount], "flat")));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(model, map, new QScoreOptions { Resolution = 0 }));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => QScore.Measure(model, map, cancellationToken: cancelled.Token));
    }

    private static EngineError Refusal(AtomicModel model, CryoMap map, QScoreOptions? options = null) =>
        Assert.Throws<EngineException>(() => QScore.Measure(model, map, options)).Error;

    private static QScoreResult Measure(AtomicModel model, CryoMap map) => QScore.Measure(model, map, cancellationToken: TestContext.Current.CancellationToken);

    private static AtomicModel Model(params ModelAtom[] atoms) => new("model", atoms);

    private static ModelAtom Carbon(AxisTriple place) => new() { Name = "CA", Element = "C", AtomicNumber = 6, ResidueName = "ALA", X = place.X, Y = place.Y, Z = place.Z };

    private static AxisTriple Shifted(AxisTriple place, double shift) => place with { X = place.X + shift };

    private static CryoMap Gaussian(MapGrid grid, double scale, double offset, params AxisTriple[] places)
    {
        float[] voxels = new float[grid.Size.VoxelCount];
        for (int z = 0; z < grid.Size.Z; z++)
        {
            for (int y = 0; y < grid.Size.Y; y++)
            {
                for (int x = 0; x < grid.Size.X; x++)
                {
                    double sum = 0;
                    foreach (AxisTriple place in places)
                    {
                        double dx = grid.Origin.X + (x * grid.VoxelSize) - place.X;
                        double dy = grid.Origin.Y + (y * grid.VoxelSize) - place.Y;
                        double dz = grid.Origin.Z + (z * grid.VoxelSize) - place.Z;
                        sum += Math.Exp(-((dx * dx) + (dy * dy) + (dz * dz)) / (2 * QScore.ReferenceWidth * QScore.ReferenceWidth));
                    }

                    voxels[grid.Size.Offset(x, y, z)] = (float)((scale * sum) + offset);
                }
            }
        }

        return new CryoMap(grid, voxels, "gaussian");
    }
}
