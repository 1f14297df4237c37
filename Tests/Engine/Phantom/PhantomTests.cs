using System.Numerics;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using Xunit;

namespace LocalDeblur.Tests.Engine.Phantom;

public sealed class PhantomTests
{
    private static readonly PhantomOptions Small = new() { Size = 48, Limits = new() { Threads = 2 } };

    // What is bonded in each kind of residue, beside the backbone.
    private static readonly Dictionary<string, string> SideChainBonds = new()
    {
        ["ALA"] = "CA-CB",
        ["SER"] = "CA-CB CB-OG",
        ["LEU"] = "CA-CB CB-CG CG-CD1 CG-CD2",
        ["VAL"] = "CA-CB CB-CG1 CB-CG2",
        ["GLU"] = "CA-CB CB-CG CG-CD CD-OE1 CD-OE2",
        ["LYS"] = "CA-CB CB-CG CG-CD CD-CE CE-NZ",
        ["PHE"] = "CA-CB CB-CG CG-CD1 CG-CD2 CD1-CE1 CD2-CE2 CE1-CZ CE2-CZ",
    };

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void EveryMapIsTheSameForAnyNumberOfThreads(int threads)
    {
        var two = new HelixPhantom(Small);
        var other = new HelixPhantom(Small with { Limits = new() { Threads = threads } });
        Assert.Equal(two.DrawTruth(null, _stop).AsSpan(_stop), other.DrawTruth(null, _stop).AsSpan(_stop));
        Assert.Equal(two.DrawHalfMap(1, null, _stop).AsSpan(_stop), other.DrawHalfMap(1, null, _stop).AsSpan(_stop));
        Assert.Equal(two.DrawHalfMap(2, null, _stop).AsSpan(_stop), other.DrawHalfMap(2, null, _stop).AsSpan(_stop));
        Assert.Equal(two.DrawLocalResolution(_stop).AsSpan(_stop), other.DrawLocalResolution(_stop).AsSpan(_stop));
        Assert.Equal(two.DrawMask(_stop).AsSpan(_stop), other.DrawMask(_stop).AsSpan(_stop));
    }

    [Fact]
    public void AnotherSeedIsAnotherMoleculeAndAnotherNoise()
    {
        var one = new HelixPhantom(Small);
        var two = new HelixPhantom(Small with { Seed = 2 });
        Assert.NotEqual(one.Atoms[0], two.Atoms[0]);
        Assert.NotEqual(one.DrawHalfMap(1, null, _stop).GetVoxel(0, 0, 0), two.DrawHalfMap(1, null, _stop).GetVoxel(0, 0, 0));
    }

    [Fact]
    public void TheSequenceIsTheOnePublished()
    {
        // xoshiro256** (reference C code) after SplitMix64 seeding; computed independently with Python integers.
        var random = new DeterministicRandom(1, 0);
        Assert.Equal([0x4e3e2028af2e0e3aUL, 0x61364dd7aeeaa743UL, 0x7ca8c921c9d130f4UL], [random.NextBits(), random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void BlurKeepsTheMass()
    {
        var phantom = new HelixPhantom(Small);
        double atoms = phantom.Atoms.Sum(atom => (double)atom.Weight);
        double volume = Math.Pow(Small.VoxelSize, 3);
        double truth = phantom.DrawTruth(null, _stop).Mean * phantom.Grid.Size.VoxelCount * volume;
        double signal = phantom.DrawSignal(null, _stop).Mean * phantom.Grid.Size.VoxelCount * volume;

        // Float32 voxels; no Gaussian is cut by the box.
        Assert.Equal(atoms, truth, atoms * 1e-5);
        Assert.Equal(atoms, signal, atoms * 1e-5);
    }

    [Fact]
    public void AnAtomsTransformFallsToOneOverEAtItsResolution()
    {
        // Variance of the truth's atoms from the second moment of an isolated one would need one atom; the sum over all is the variance of positions
        // plus that of the Gaussian, so the difference of two resolutions is free of the positions.
        CryoMap fine = new HelixPhantom(Small with { FinestResolution = 3 }).DrawTruth(null, _stop);
        CryoMap coarse = new HelixPhantom(Small with { FinestResolution = 5 }).DrawTruth(null, _stop);
        double Sigma2(double resolution) => resolution * resolution / (2 * Math.PI * Math.PI);
        double expected = Sigma2(5) - Sigma2(3);

        // The tables end at 4.5 σ, which takes 4e-4 of the variance.
        Assert.Equal(expected, VarianceX(coarse) - VarianceX(fine), 1e-3 * expected);
        Assert.Equal(Math.Exp(-1), Math.Exp(-2 * Math.PI * Math.PI * Sigma2(5) / 25), 1e-12);
    }

    [Fact]
    public void BondsHaveTheirLength()
    {
        var atoms = new List<PlacedAtom>();
        HelixBuilder.Add(new Vector3(1, 2, 3), Vector3.Normalize(new Vector3(1, -2, 0.5f)), 30, new DeterministicRandom(3, 0), helix: 0, atoms);

        // Every atom is bonded to at least one other, at 1.2 to 1.55 Å, and none is nearer than a double bond.
        foreach ((Vector3 position, _, _) in atoms)
        {
            float nearest = atoms.Where(other => other.Position != position).Min(other => Vector3.Distance(position, other.Position));
            Assert.InRange(nearest, 1.15f, 1.55f);
        }
    }

    [Fact]
    public void HelicesAreRightHandedAndRiseOneAndAHalfAngstroms()
    {
        var atoms = new List<PlacedAtom>();
        HelixBuilder.Add(Vector3.Zero, Vector3.UnitZ, 1, new DeterministicRandom(5, 0), helix: 0, atoms);
        Vector3 n = atoms[0].Position;
        Vector3 ca = atoms[1].Position;
        Vector3 c = atoms[2].Position;
        Vector3 cb = atoms[4].Position;

        // From N to C the chain turns counter-clockwise while it rises; an L residue has N, C, CB clockwise about CA seen from its hydrogen, so the product is positive.
        Assert.True((ca.X * c.Y) - (ca.Y * c.X) > 0);
        Assert.True(c.Z > ca.Z);
        Assert.True(Vector3.Dot(Vector3.Cross(n - ca, c - ca), cb - ca) > 0);
        Assert.Equal(1.458f, Vector3.Distance(n, ca), 0.005f);
        Assert.Equal(1.525f, Vector3.Distance(ca, c), 0.005f);
        Assert.Equal(1.530f, Vector3.Distance(ca, cb), 0.005f);
        Assert.Equal(1.231f, Vector3.Distance(c, atoms[3].Position), 0.005f);
    }

    [Fact]
    public void AtomsOfTheModelHaveTheNamesOfTheirPlaces()
    {
        var phantom = new HelixPhantom(Small with { Size = 64 });
        AtomicModel model = phantom.BuildModel();
        Assert.Equal(SideChainBonds.Keys.Order(StringComparer.Ordinal), model.Residues.Select(residue => residue.Name).Distinct().Order(StringComparer.Ordinal));
        foreach (ModelChain chain in model.Chains)
        {
            ModelAtom? before = null;
            foreach (ModelResidue residue in chain.Residues)
            {
                Dictionary<string, ModelAtom> atoms = residue.Atoms.ToDictionary(atom => atom.Name);
                string[] bonds = ["N-CA", "CA-C", "C-O", .. SideChainBonds[residue.Name].Split(' ')];
                Assert.Equal(bonds.SelectMany(bond => bond.Split('-')).Distinct().Order(StringComparer.Ordinal), atoms.Keys.Order(StringComparer.Ordinal));
                Assert.All(bonds, bond => Assert.InRange(Distance(atoms[bond.Split('-')[0]], atoms[bond.Split('-')[1]]), 1.2, 1.56));
                if (before is not null)
                {
                    Assert.InRange(Distance(before, atoms["N"]), 1.30, 1.36);
                }

                before = atoms["C"];
            }
        }
    }

    [Fact]
    public void AtomsOfTheModelAreThoseOfThePhantom()
    {
        var phantom = new HelixPhantom();
        AtomicModel model = phantom.BuildModel();
        Assert.Equal(phantom.Atoms.Select(atom => atom.Position), model.Atoms.Select(atom => new Vector3((float)atom.X, (float)atom.Y, (float)atom.Z)));
        Assert.Equal(phantom.Atoms.Select(atom => atom.Weight), model.Atoms.Select(atom => atom.Element switch { "C" => 2.509f, "N" => 2.214f, "O" => 1.983f, _ => 0 }));
        Assert.All(model.Atoms, atom => Assert.Equal(36, atom.BFactor, 1e-12));
        Assert.Equal(Enumerable.Range(1, model.Atoms.Count), model.Atoms.Select(atom => atom.Serial));

        // Letters go on after Z, and no chain holds two helices: residues count from 1 without a gap.
        Assert.Equal(["A", "B"], model.Chains.Take(2).Select(chain => chain.Id));
        Assert.Equal(["Z", "AA", "AB"], model.Chains.Skip(25).Take(3).Select(chain => chain.Id));
        Assert.All(model.Chains, chain => Assert.Equal(Enumerable.Range(1, chain.Residues.Count), chain.Residues.Select(residue => residue.Number)));
    }

    [Fact]
    public void DrawnPhantomHasTheMapsOfItsParts()
    {
        var phantom = new HelixPhantom(Small);
        CryoPhantom drawn = CryoPhantom.Draw(Small, cancellationToken: _stop);
        Assert.Equal(phantom.DrawTruth(null, _stop).AsSpan(_stop), drawn.Truth.AsSpan(_stop));
        Assert.Equal(phantom.DrawHalfMap(1, null, _stop).AsSpan(_stop), drawn.HalfMap1.AsSpan(_stop));
        Assert.Equal(phantom.DrawHalfMap(2, null, _stop).AsSpan(_stop), drawn.HalfMap2.AsSpan(_stop));
        Assert.Equal(phantom.DrawMask(_stop).AsSpan(_stop), drawn.Mask.AsSpan(_stop));
        Assert.Equal(phantom.DrawLocalResolution(_stop).AsSpan(_stop), drawn.LocalResolution.AsSpan(_stop));
        Assert.Equal(phantom.Atoms.Count, drawn.AtomCount);
        Assert.Equal(drawn.AtomCount, drawn.Model.Atoms.Count);
    }

    [Fact]
    public void LocalResolutionSpansItsRangeInsideTheMaskAndIsZeroOutside()
    {
        var phantom = new HelixPhantom(Small with { Size = 96 });
        ReadOnlySpan<float> resolution = phantom.DrawLocalResolution(_stop).AsSpan(_stop);
        ReadOnlySpan<float> mask = phantom.DrawMask(_stop).AsSpan(_stop);
        float finest = float.MaxValue;
        float coarsest = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            Assert.Equal(mask[i] > 0, resolution[i] > 0);
            if (mask[i] > 0)
            {
                finest = Math.Min(finest, resolution[i]);
                coarsest = Math.Max(coarsest, resolution[i]);
            }
        }

        Assert.Equal(3, finest, 0.01f);
        Assert.Equal(8, coarsest, 0.05f);
    }

    [Fact]
    public void NoiseOfTheHalvesIsIndependentAndAsStrongAsAsked()
    {
        var phantom = new HelixPhantom(Small with { NoiseFraction = 0.2 });
        ReadOnlySpan<float> signal = phantom.DrawSignal(null, _stop).AsSpan(_stop);
        ReadOnlySpan<float> mask = phantom.DrawMask(_stop).AsSpan(_stop);
        float[] one = phantom.DrawHalfMap(1, null, _stop).AsSpan(_stop).ToArray();
        float[] two = phantom.DrawHalfMap(2, null, _stop).AsSpan(_stop).ToArray();
        var inside = new List<float>();
        double cross = 0;
        double first = 0;
        double second = 0;
        double mean = 0;
        for (int i = 0; i < one.Length; i++)
        {
            double a = one[i] - signal[i];
            double b = two[i] - signal[i];
            cross += a * b;
            first += a * a;
            second += b * b;
            mean += 0.25 * (a + b) * (a + b);
            if (mask[i] > 0)
            {
                inside.Add(signal[i]);
            }
        }

        double average = inside.Average(value => (double)value);
        double deviation = Math.Sqrt(inside.Average(value => (value - average) * (value - average)));

        // 110 592 voxels, correlated with their neighbours: a correlation of 0 scatters by about 0.006, a deviation by 0.5 %.
        Assert.Equal(0, cross / Math.Sqrt(first * second), 0.02);
        Assert.Equal(0.2, Math.Sqrt(mean / one.Length) / deviation, 0.2 * 0.02);
    }

    [Fact]
    public void WithoutNoiseTheHalvesAreTheSignal()
    {
        var phantom = new HelixPhantom(Small with { NoiseFraction = 0 });
        Assert.Equal(phantom.DrawSignal(null, _stop).AsSpan(_stop), phantom.DrawHalfMap(1, null, _stop).AsSpan(_stop));
    }

    [Fact]
    public void DrawingStopsWhenAsked()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new HelixPhantom(Small).DrawTruth(null, source.Token));
    }

    [Theory]
    [InlineData(16, 1.06, 3, 8, EngineParameter.Size)]
    [InlineData(64, 1.06, 2, 8, EngineParameter.FinestResolution)]
    [InlineData(64, 1.06, 5, 4, EngineParameter.CoarsestResolution)]
    [InlineData(64, 0.1, 3, 8, EngineParameter.PhantomVoxelSize)]
    [InlineData(32, 0.5, 3, 8, EngineParameter.Size)]
    public void OptionsOutOfRangeAreRefusedByName(int size, double voxelSize, double finest, double coarsest, EngineParameter parameter)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => new HelixPhantom(new PhantomOptions
        {
            Size = size,
            VoxelSize = voxelSize,
            FinestResolution = finest,
            CoarsestResolution = coarsest,
        }));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Equal(parameter, refusal.Advice[0].Parameter);
    }

    private static double Distance(ModelAtom one, ModelAtom other) =>
        Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2) + Math.Pow(one.Z - other.Z, 2));

    private double VarianceX(CryoMap map)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(_stop);
        double sum = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            double x = i % map.Size.X * map.VoxelSize;
            sum += voxels[i];
            first += x * voxels[i];
            second += x * x * voxels[i];
        }

        return (second / sum) - (first / sum * (first / sum));
    }
}
