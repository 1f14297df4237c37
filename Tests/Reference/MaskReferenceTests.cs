using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Automatic masks against what is known of the molecule, and the edge against the reference's own mask.</summary>
public sealed class MaskReferenceTests
{
    private static readonly MaskOptions Outline = new() { ExtendVoxels = 0, SoftEdgeVoxels = 0 };

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("orc80n6", "full", "maskbin", 0.92)]
    [InlineData("orc80", "full", "maskbin", 0.80)]
    [InlineData("lobes64", "map", "mask", 0.85)]
    public void AutomaticMaskOfOneMapOverlapsTheKnownMask(string set, string map, string mask, double least) =>
        RequireOverlap($"{set}, one map", MaskBuilder.Run(Open($"{set}/{map}.mrc.gz"), Outline, cancellationToken: _stop).Map, Open($"{set}/{mask}.mrc.gz"), least);

    [Theory]
    [InlineData("orc80n6", "maskbin", 0.92)]
    [InlineData("orc80", "maskbin", 0.80)]
    [InlineData("lobes64", "mask", 0.85)]
    public void AutomaticMaskOfTwoHalfMapsOverlapsTheKnownMask(string set, string mask, double least) =>
        RequireOverlap(
            $"{set}, half maps",
            MaskBuilder.Run(new Reconstruction(Open($"{set}/half1.mrc.gz"), Open($"{set}/half2.mrc.gz")), Outline, cancellationToken: _stop).Map,
            Open($"{set}/{mask}.mrc.gz"), least);

    [Fact]
    public void AutomaticMaskOfAnUnmaskedDepositedMapOverlapsTheModel()
    {
        CryoMap map = Open("real/emd_3186.map.gz");
        CryoMap envelope = Envelope(map, ReferenceData.Require("real/5fj6.pdb"), 5);

        RequireOverlap("emd_3186, model within 5 Å", MaskBuilder.Run(map, Outline, cancellationToken: _stop).Map, envelope, 0.78);
    }

    // The reference's mask: 1 up to 2 voxels from maskbin, then a raised cosine to 0 at 8 voxels; SciPy's distance transform, float32 file.
    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void EdgeEqualsTheReferenceMask(string set)
    {
        var options = new MaskOptions { Threshold = 0.5, ExtendVoxels = 2, SoftEdgeVoxels = 6, MinimumComponentVoxels = 1 };

        CryoMap mask = MaskBuilder.Run(Open($"{set}/maskbin.mrc.gz"), options, cancellationToken: _stop).Map;

        MapComparison comparison = MapComparison.Compare(mask, Open($"{set}/mask.mrc.gz"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set}: largest difference {comparison.MaximumDifference:E2}"));
        Assert.InRange(comparison.MaximumDifference, 0, 1e-6);
    }

    private static CryoMap Open(string path) => ReferenceData.OpenMap(path);

    private static void RequireOverlap(string what, CryoMap mask, CryoMap known, double least)
    {
        ReadOnlySpan<float> a = mask.AsSpan();
        ReadOnlySpan<float> b = known.AsSpan();
        long both = 0;
        long inA = 0;
        long inB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            inA += a[i] > 0.5f ? 1 : 0;
            inB += b[i] > 0.5f ? 1 : 0;
            both += a[i] > 0.5f && b[i] > 0.5f ? 1 : 0;
        }

        double dice = 2.0 * both / (inA + inB);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: Dice {dice:0.0000}, {inA} voxels against {inB}"));
        foreach (string decision in mask.History[^1].Decisions)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("  " + decision);
        }

        Assert.InRange(dice, least, 1);
    }

    // Voxels within a distance of any atom of a PDB file.
    private static CryoMap Envelope(CryoMap map, string pdb, double radius)
    {
        float[] voxels = new float[map.Size.VoxelCount];
        double reach = radius / map.VoxelSize;
        foreach (string line in File.ReadLines(pdb).Where(line => line.StartsWith("ATOM  ", StringComparison.Ordinal) || line.StartsWith("HETATM", StringComparison.Ordinal)))
        {
            double x = (double.Parse(line.AsSpan(30, 8), CultureInfo.InvariantCulture) - map.Origin.X) / map.VoxelSize;
            double y = (double.Parse(line.AsSpan(38, 8), CultureInfo.InvariantCulture) - map.Origin.Y) / map.VoxelSize;
            double z = (double.Parse(line.AsSpan(46, 8), CultureInfo.InvariantCulture) - map.Origin.Z) / map.VoxelSize;
            for (int k = Math.Max(0, (int)(z - reach)); k <= Math.Min(map.Size.Z - 1, z + reach); k++)
            {
                for (int j = Math.Max(0, (int)(y - reach)); j <= Math.Min(map.Size.Y - 1, y + reach); j++)
                {
                    for (int i = Math.Max(0, (int)(x - reach)); i <= Math.Min(map.Size.X - 1, x + reach); i++)
                    {
                        if (((i - x) * (i - x)) + ((j - y) * (j - y)) + ((k - z) * (k - z)) <= reach * reach)
                        {
                            voxels[map.Size.Offset(i, j, k)] = 1;
                        }
                    }
                }
            }
        }

        return new CryoMap(map.Grid, voxels, "envelope");
    }
}
