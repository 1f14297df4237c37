using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Plots;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Engine.Validation;

public sealed class EMRingerTests
{
    private static readonly MapGrid Box = new(new GridSize(80, 72, 64), 0.25, new AxisTriple(-10, 3, 100));
    private static readonly AxisTriple Place = new(0, 12, 108);

    [Theory]
    [InlineData(60, 300)]
    [InlineData(180, 62)]
    [InlineData(300, 181)]
    [InlineData(125, 125)]
    public void PeakIsWhereTheDensityIsAndReportedFiveDegreesBelow(int angle, double modelled)
    {
        EMRingerResult result = Measure([Residue(1, modelled, Place)], Peak(Atom(Place, angle)), allowNoScore: angle == 125);
        EMRingerResidue residue = Assert.Single(result.Residues);

        Assert.Equal(modelled, residue.Chi1, 1e-9);

        // Interpolation between voxels may move the peak by one step.
        Assert.InRange(residue.SampledPeakAngle, angle - 5, angle + 5);
        Assert.Equal(residue.SampledPeakAngle - 5, residue.PeakAngle);
        Assert.Equal(residue.PeakDensity, residue.Densities.Max(), 1e-6);
        Assert.Equal(residue.Densities[residue.PeakIndex], residue.PeakDensity, 1e-6);
        Assert.Equal(72, residue.Densities.Count);
        Assert.Equal(residue.Densities.Average(), residue.MeanDensity, 1e-6);
    }

    [Fact]
    public void BinsOfRotamersFollowTheReportedAngle()
    {
        // The published program's own example: of 105 peaks 70 are rotameric.
        (int Index, int Count)[] peaks = [(0, 5), (6, 50), (19, 25), (30, 10), (43, 5), (54, 10)];
        int rotameric = peaks.Where(peak => EMRinger.IsRotameric(peak.Index)).Sum(peak => peak.Count);
        EMRingerThreshold threshold = EMRinger.Threshold(0.5, 105, rotameric, 105);

        Assert.Equal(2.0 / 3, threshold.RotamerRatio, 1e-12);
        Assert.Equal(2.570679, threshold.ZScore, 1e-6);
        Assert.Equal([6, 17, 30, 41, 54, 65], new[] { 5, 6, 17, 18, 29, 30, 41, 42, 53, 54, 65, 66 }.Where(EMRinger.IsRotameric));
    }

    [Fact]
    public void OneRotamericPeakHasTheScoreOfTheFormula()
    {
        EMRingerResult result = Measure([Residue(1, 60, Place)], Peak(Atom(Place, 60)));

        double z = (1 - (39.0 / 72)) / Math.Sqrt(39.0 / 72 * 33 / 72);
        Assert.Equal(z, result.ZScore, 1e-12);
        Assert.Equal(10 * z, result.Score, 1e-12);
        Assert.Equal(1, result.RotamerRatio);
        Assert.Equal(result.Thresholds[0].Density, result.Threshold);
        Assert.Equal(result.Residues[0].MeanDensity, result.Threshold, 1e-12);
        Assert.Equal(20, result.Thresholds.Count);
    }

    [Fact]
    public void BranchedResiduesAreScannedAndNotScored()
    {
        ModelAtom[] valine = [.. Residue(2, 60, Place).Select(atom => atom with { ResidueName = "VAL", Name = atom.Name == "CG" ? "CG1" : atom.Name })];

        EMRingerResult result = Measure([Residue(1, 60, Place), valine], Peak(Atom(Place, 60)));

        Assert.Equal(2, result.Residues.Count);
        Assert.False(result.Residues[1].IsScored);
        Assert.Equal(1, result.ScoredResidues);
        Assert.Single(result.Windows);
    }

    [Fact]
    public void ResidueAtTheEdgeOrWithoutItsAtomsIsLeftOut()
    {
        ModelAtom[] atEdge = Residue(2, 60, new AxisTriple(-9.5, 12, 108));
        ModelAtom[] incomplete = [.. Residue(3, 60, Place).Where(atom => atom.Name != "CG")];

        EMRingerResult result = Measure([Residue(1, 60, Place), atEdge, incomplete], Peak(Atom(Place, 60)));

        Assert.Equal(1, Assert.Single(result.Residues).Number);
        Assert.Equal(2, result.Warnings.Count);
    }

    [Fact]
    public void FirstConformationCounts()
    {
        ModelAtom[] first = [.. Residue(1, 60, Place).Select(atom => atom.Name == "CG" ? atom with { AlternateLocation = "A", Occupancy = 0.2 } : atom)];
        ModelAtom second = Residue(1, 180, Place)[3] with { AlternateLocation = "B", Occupancy = 0.8 };

        EMRingerResult result = Measure([[.. first, second]], Peak(Atom(Place, 60)));

        Assert.Equal(60, Assert.Single(result.Residues).Chi1, 1e-9);
    }

    [Fact]
    public void WindowsCountNeighboursByNumberWithinTheirChain()
    {
        EMRingerResidue Peak(string chain, int number, int index, double density, bool isScored = true) =>
            new(chain, number, "", "LEU", isScored, 0, index, 0, []) { PeakDensity = density };

        var result = new EMRingerResult(
            [Peak("A", 9, 6, 2), Peak("A", 3, 17, 2), Peak("B", 4, 6, 1), Peak("A", 5, 18, 2), Peak("A", 6, 6, 2, isScored: false)],
            [EMRinger.Threshold(1, 3, 2, 4)],
            windowReach: 4);

        Assert.Equal(
            [("A", 3, 2, 2, 1), ("A", 5, 3, 3, 2), ("A", 9, 2, 2, 1), ("B", 4, 1, 0, 0)],
            result.Windows.Select(window => (window.Chain, window.Number, window.Count, window.AboveThreshold, window.Rotameric)));
        Assert.Equal(1, result.Windows[0].AboveShare);
        Assert.Equal(0.5, result.Windows[0].RotamerRatio);
        Assert.Equal(double.NaN, result.Windows[3].RotamerRatio);
        Assert.DoesNotContain(result.Windows, window => window.IsSuspect);
        Assert.True((result.Windows[0] with { Rotameric = 0 }).IsSuspect);
    }

    [Fact]
    public void PlotsShowTheThresholdsAndTheWindows()
    {
        EMRingerResult result = Measure([Residue(1, 60, Place)], Peak(Atom(Place, 60)));

        LinePlot score = EMRingerPlots.Score(result, "score");
        Assert.Equal(result.Thresholds.Select(threshold => threshold.Score), score.Series[0].Y);
        Assert.Contains(score.ReferenceLines, line => line.Upright && line.Value == result.Threshold);
        Assert.Equal(result.Thresholds.Select(threshold => threshold.RotamerRatio), EMRingerPlots.RotamerRatio(result, "ratio").Series[0].Y);
        Assert.Equal([1.0], EMRingerPlots.Rolling(result, "A", "rolling").Series[0].X);
        Assert.Throws<ArgumentException>(() => EMRingerPlots.Rolling(result, "Z", "rolling"));
        foreach (LinePlot plot in new[] { score, EMRingerPlots.RotamerRatio(result, "ratio"), EMRingerPlots.Rolling(result, "A", "rolling") })
        {
            using var picture = new StringWriter();
            SvgPlot.Write(plot, picture);
            Assert.NotEmpty(picture.ToString());
        }
    }

    [Fact]
    public void WhatCannotBeScoredIsRefused()
    {
        CryoMap map = Peak(Atom(Place, 60));

        Assert.Equal(EngineError.ModelOutsideMap, Refusal(Residue(1, 60, new AxisTriple(500, 12, 108)), map));
        Assert.Equal(EngineError.ModelOutsideMap, Refusal(Residue(1, 60, new AxisTriple(-9.5, 12, 108)), map));
        Assert.Equal(EngineError.ModelEmpty, Refusal([.. Residue(1, 60, Place).Where(atom => atom.Name != "CB")], map));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(Residue(1, 60, Place), Peak(Atom(Place, 120))));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(Residue(1, 60, Place), map, new EMRingerOptions { WindowReach = -1 }));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => EMRinger.Measure(new AtomicModel("model", Residue(1, 60, Place)), map, cancellationToken: cancelled.Token));
    }

    private static EngineError Refusal(ModelAtom[] atoms, CryoMap map, EMRingerOptions? options = null) =>
        Assert.Throws<EngineException>(() => EMRinger.Measure(new AtomicModel("model", atoms), map, options)).Error;

    private static EMRingerResult Measure(ModelAtom[][] residues, CryoMap map, bool allowNoScore = false)
    {
        // A residue with a peak between rotamers has no score by itself; one at a rotamer, far away, gives it one.
        ModelAtom[] helper = allowNoScore ? [.. Residue(900, 60, Place).Select(atom => atom with { Y = atom.Y + 5 })] : [];
        EMRingerResult result = EMRinger.Measure(
            new AtomicModel("model", [.. residues.SelectMany(residue => residue), .. helper]),
            allowNoScore ? Sum(map, Peak(Atom(Place with { Y = Place.Y + 5 }, 60))) : map,
            cancellationToken: TestContext.Current.CancellationToken);
        return allowNoScore ? new EMRingerResult([result.Residues[0]], [.. result.Thresholds], 10) : result;
    }

    private static CryoMap Sum(CryoMap a, CryoMap b) => new(a.Grid, [.. a.AsSpan().ToArray().Zip(b.AsSpan().ToArray(), (x, y) => x + y)], "sum");

    // CA at a place, CB above it along z, N beside it; χ1 is the angle of CG about z, counted from N as the field counts it.
    private static ModelAtom[] Residue(int number, double chi1, AxisTriple place)
    {
        ModelAtom Make(string name, string element, int atomicNumber, AxisTriple at) =>
            new() { Name = name, Element = element, AtomicNumber = atomicNumber, ResidueName = "LEU", Chain = "A", ResidueNumber = number, X = at.X, Y = at.Y, Z = at.Z };
        return
        [
            Make("N", "N", 7, place with { X = place.X + 1.4, Z = place.Z - 0.5 }),
            Make("CA", "C", 6, place),
            Make("CB", "C", 6, place with { Z = place.Z + 1.5 }),
            Make("CG", "C", 6, Atom(place, chi1)),
        ];
    }

    // Looking from CA to CB, up along z, a positive angle turns clockwise, which is from x to y.
    private static AxisTriple Atom(AxisTriple place, double chi1) =>
        new(place.X + (1.4 * Math.Cos(chi1 * Math.PI / 180)), place.Y + (1.4 * Math.Sin(chi1 * Math.PI / 180)), place.Z + 2);

    private static CryoMap Peak(params AxisTriple[] places)
    {
        float[] voxels = new float[Box.Size.VoxelCount];
        for (int z = 0; z < Box.Size.Z; z++)
        {
            for (int y = 0; y < Box.Size.Y; y++)
            {
                for (int x = 0; x < Box.Size.X; x++)
                {
                    foreach (AxisTriple place in places)
                    {
                        double dx = Box.Origin.X + (x * Box.VoxelSize) - place.X;
                        double dy = Box.Origin.Y + (y * Box.VoxelSize) - place.Y;
                        double dz = Box.Origin.Z + (z * Box.VoxelSize) - place.Z;
                        voxels[Box.Size.Offset(x, y, z)] += (float)Math.Exp(-((dx * dx) + (dy * dy) + (dz * dz)));
                    }
                }
            }
        }

        return new CryoMap(Box, voxels, "peak");
    }
}
