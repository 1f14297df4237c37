using System.Text.Json;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Validation;
using LocalDeblur.Workflows.Methods;
using LocalDeblur.Workflows.Truth;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Every method of the comparison on half maps of simulated particles, against the figures that were measured beside them.</summary>
public sealed class SharpeningMethodParityTests
{
    private const double Tolerance = 5e-4;

    // Shell 28 of a box of 90 Å, where the half maps' correlation passes 0.143; AutoSharpen was told the shell before.
    private const double Limit = 90.0 / 28;
    private const double AutoSharpenResolution = 90.0 / 27;

    private static readonly (string Method, string Expected)[] Methods =
    [
        ("Raw", "raw"), ("AutoSharpen", "as"), ("LocalDeblur", "ldpub"), ("LocalDeblur3", "ld3"), ("Wiener", "gw"), ("LocalWiener", "opt"), ("BFactor", "bf"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// The mask of the shells is made of the mean particle, which is not among the data: it is drawn from the model, with B factors along z where those blur it, with a
    /// domain's occupancy where that is what is low; a hinge's conformers have the sharp density's outline.
    /// </summary>
    [Fact]
    public void ReconstructionsHaveTheirScores()
    {
        List<string> wrong = [];
        foreach ((string set, Func<ModelAtom, double, ModelAtom> mean) in new (string, Func<ModelAtom, double, ModelAtom>)[]
        {
            ("ferr-lin", (atom, along) => atom with { BFactor = 40 + (160 * along) }),
            ("ferr-het", (atom, _) => atom with { BFactor = 40 }),
            ("ferr-occ", (atom, along) => atom with { BFactor = 40, Occupancy = along > 0.6 ? 0.4 : 1 }),
        })
        {
            string folder = $"reconstruction/{set}";
            JsonElement scores = ReferenceData.RequireJson($"{folder}/expected.json").GetProperty("scores");
            var halves = new Reconstruction(ReferenceData.OpenMap($"{folder}/half1.mrc.gz"), ReferenceData.OpenMap($"{folder}/half2.mrc.gz"));
            CryoMap mask = ReferenceData.OpenMap($"{folder}/mask.mrc.gz");
            CryoMap sharp = ReferenceData.OpenMap($"{folder}/sharp.mrc.gz");
            AtomicModel model = ModelReader.Open(ReferenceData.Require($"{folder}/model.pdb"), cancellationToken: Cancel);
            double low = model.Atoms.Min(atom => atom.Z);
            double high = model.Atoms.Max(atom => atom.Z);
            var particle = new AtomicModel("mean", model.Atoms.Select(atom => mean(atom, (atom.Z - low) / (high - low))));
            CryoMap outline = ModelDensity.DrawReference(particle, sharp.Grid, null, null, Cancel);
            using var truth = new TruthScore(sharp, Limit, outline, new RunLimits(), Cancel);
            CryoMap raw = halves.Mean(Cancel);
            CryoMap soft = Soft(mask);
            foreach ((string name, string expected) in Methods)
            {
                var job = new SharpeningJob { Input = halves, Start = raw, Mask = name == "BFactor" ? soft : mask, Resolution = AutoSharpenResolution };
                CryoMap map = SharpeningMethods.Named(name).Run(job, null, Cancel);
                Check($"{set} {name} Q", QScore.Measure(model, map, null, null, Cancel).Mean, scores.GetProperty(expected).GetProperty("Q").GetDouble());
                Check($"{set} {name} FSC", truth.Measure(map, Cancel).ShellCorrelation, scores.GetProperty(expected).GetProperty("FSCm").GetDouble());
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Check(string what, double found, double expected)
        {
            if (!(Math.Abs(found - expected) <= Tolerance))
            {
                wrong.Add(FormattableString.Invariant($"{what}: {found:0.00000}, expected {expected:0.00000}, off by {found - expected:0.00000}"));
            }
        }
    }

    [Fact]
    public void SyntheticHalfMapsHaveTheirScores()
    {
        foreach (string set in (string[])["orc80n6", "orc80"])
        {
            var halves = new Reconstruction(ReferenceData.OpenMap($"{set}/half1.mrc.gz"), ReferenceData.OpenMap($"{set}/half2.mrc.gz"));
            AtomicModel model = ModelReader.Open(ReferenceData.Require($"{set}/model.pdb"), cancellationToken: Cancel);
            JsonElement maps = ReferenceData.RequireJson($"local-wiener/{set}/values.json").GetProperty("maps");
            var job = new SharpeningJob { Input = halves, Start = halves.Mean(Cancel), Mask = ReferenceData.OpenMap($"{set}/maskbin.mrc.gz"), Resolution = 4 };
            CryoMap map = SharpeningMethods.Named("LocalWiener").Run(job, null, Cancel);
            Assert.Equal(maps.GetProperty("restored").GetProperty("q").GetDouble(), QScore.Measure(model, map, null, null, Cancel).Mean, Tolerance);
        }
    }

    // 1 to 2 voxels from the mask, 0 from 8 on.
    private static CryoMap Soft(CryoMap mask)
    {
        int[] squares = DistanceTransform.Squared(Array.ConvertAll(mask.Load(Cancel), value => value >= 0.5f), mask.Size, new RunLimits(), Cancel);
        return mask.Derive(Array.ConvertAll(squares, square => (float)LocalDeblur.Numerics.RaisedCosine.Fall(Math.Sqrt(square) - 2, 6)), new HistoryEntry { Step = "Soft" });
    }
}
