using FsCheck;
using FsCheck.Fluent;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using Xunit;

namespace LocalDeblur.Tests.Engine.Masks;

public sealed class MaskTests
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void DistancesEqualTheSearchOfAllVoxels()
    {
        Gen<(GridSize Size, int Seed, double Share)> boxes =
            from x in Gen.Choose(1, 9)
            from y in Gen.Choose(1, 8)
            from z in Gen.Choose(1, 7)
            from seed in Gen.Choose(0, int.MaxValue)
            from share in Gen.Elements(0.01, 0.05, 0.3, 0.9)
            select (new GridSize(x, y, z), seed, share);
        Prop.ForAll(boxes.ToArbitrary(), box =>
        {
            bool[] inside = RandomSet(box.Size, box.Seed, box.Share);
            inside[box.Seed % inside.Length] = true;
            return DistanceTransform.Squared(inside, box.Size, new RunLimits { Threads = 1 }, CancellationToken.None).SequenceEqual(Search(inside, box.Size));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void PartsEqualThoseOfAFloodFill()
    {
        Gen<(GridSize Size, int Seed, double Share)> boxes =
            from x in Gen.Choose(1, 9)
            from y in Gen.Choose(1, 8)
            from z in Gen.Choose(1, 7)
            from seed in Gen.Choose(0, int.MaxValue)
            from share in Gen.Elements(0.1, 0.3, 0.5, 0.7)
            select (new GridSize(x, y, z), seed, share);
        Prop.ForAll(boxes.ToArbitrary(), box =>
        {
            bool[] inside = RandomSet(box.Size, box.Seed, box.Share);
            List<bool[]> flooded = Flood(inside, box.Size);
            var parts = new ConnectedComponents(inside, box.Size, CancellationToken.None);
            bool sizesAgree = parts.Sizes.Values.Order().SequenceEqual(flooded.Select(part => part.LongCount(voxel => voxel)).Order());
            bool[] largest = (bool[])inside.Clone();
            parts.Keep(largest, part => part == parts.Largest);
            return sizesAgree && (flooded.Count == 0 || flooded.Any(part => part.SequenceEqual(largest)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void MaskFallsFromOneToZeroAsStated()
    {
        float[] voxels = new float[41 * 9 * 9];
        var grid = new MapGrid(new GridSize(41, 9, 9), 1);
        voxels[grid.Size.Offset(20, 4, 4)] = 5;

        CryoMap mask = MaskBuilder.Run(new CryoMap(grid, voxels, "point"), new MaskOptions { Threshold = 1, ExtendVoxels = 3, SoftEdgeVoxels = 4 }, cancellationToken: _stop).Map;

        for (int x = 20; x < 41; x++)
        {
            double beyond = x - 23;
            double expected = beyond <= 0 ? 1 : beyond >= 4 ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * beyond / 4));
            Assert.Equal(expected, mask.GetVoxel(x, 4, 4), 1e-7);
            Assert.Equal(mask.GetVoxel(x, 4, 4), mask.GetVoxel(40 - x, 4, 4));
        }

        HistoryEntry step = mask.History[^1];
        Assert.Equal(MaskBuilder.StepName, step.Step);
        Assert.Equal(1.0, step.Figures["Threshold"]);
        Assert.Equal(1L, step.Figures["ThresholdVoxels"]);
        Assert.NotEmpty(step.Warnings);
    }

    [Fact]
    public void OnlyTheLargestPartIsKeptUnlessASizeIsGiven()
    {
        var grid = new MapGrid(new GridSize(20, 10, 10), 2);
        float[] voxels = new float[2000];
        voxels[grid.Size.Offset(2, 2, 2)] = 1;
        voxels[grid.Size.Offset(3, 2, 2)] = 1;
        voxels[grid.Size.Offset(4, 3, 2)] = 1; // touches by an edge alone
        voxels[grid.Size.Offset(15, 5, 5)] = 1;
        var map = new CryoMap(grid, voxels, "parts");
        var options = new MaskOptions { Threshold = 0.5, ExtendVoxels = 0, SoftEdgeVoxels = 0 };

        HistoryEntry largest = MaskBuilder.Run(map, options, cancellationToken: _stop).Map.History[^1];
        HistoryEntry all = MaskBuilder.Run(map, options with { MinimumComponentVoxels = 1 }, cancellationToken: _stop).Map.History[^1];

        Assert.Equal(3, largest.Figures["Components"]);
        Assert.Equal(2L, largest.Figures["InsideVoxels"]);
        Assert.Equal(16.0, largest.Figures["Volume"]);
        Assert.Equal(4L, all.Figures["InsideVoxels"]);
        Assert.Equal(3, all.Figures["KeptComponents"]);
    }

    [Fact]
    public void AutomaticMaskOfAPhantomCoversItForAnyNumberOfThreads()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 64, NoiseFraction = 0.3 });
        CryoMap half1 = phantom.DrawHalfMap(1, null, _stop);
        CryoMap half2 = phantom.DrawHalfMap(2, null, _stop);
        var options = new MaskOptions { ExtendVoxels = 0, SoftEdgeVoxels = 0, Limits = new() { Threads = 1 } };

        CryoMap mask = MaskBuilder.Run(new Reconstruction(half1, half2), options, cancellationToken: _stop).Map;
        CryoMap other = MaskBuilder.Run(new Reconstruction(half1, half2), options with { Limits = new() { Threads = 3 } }, cancellationToken: _stop).Map;

        Assert.True(mask.AsSpan(_stop).SequenceEqual(other.AsSpan(_stop)));
        Assert.Empty(mask.History[^1].Warnings);

        // The true mask is 5 Å about every atom; blurred density is wider where the local resolution is 3 Å and narrower where it is 8 Å.
        Assert.InRange(Dice(mask.AsSpan(_stop), phantom.DrawMask(_stop).AsSpan(_stop)), 0.75, 1);
    }

    [Fact]
    public void WhatCannotBeMaskedIsRefused()
    {
        var grid = new MapGrid(new GridSize(16, 16, 16), 1);
        var flat = new CryoMap(grid, new float[4096], "flat");

        Assert.Equal(EngineError.MapWithoutSignal, Assert.Throws<EngineException>(() => MaskBuilder.Run(flat)).Error);
        CryoMap point = new(grid, [1, .. new float[4095]], "point");
        Assert.Equal(EngineError.MaskEmpty, Assert.Throws<EngineException>(() => MaskBuilder.Run(point, new MaskOptions { Threshold = 2 })).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => MaskBuilder.Run(flat, new MaskOptions { SoftEdgeVoxels = -1 })).Error);
        Assert.Equal(EngineError.InsufficientMemory, Assert.Throws<EngineException>(() => MaskBuilder.Run(flat, new MaskOptions { Limits = new() { Memory = 1000 } })).Error);
        Assert.Throws<OperationCanceledException>(() => MaskBuilder.Run(flat, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static double Dice(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int both = 0;
        int sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            both += a[i] > 0.5f && b[i] > 0.5f ? 2 : 0;
            sum += (a[i] > 0.5f ? 1 : 0) + (b[i] > 0.5f ? 1 : 0);
        }

        return (double)both / sum;
    }

    private static bool[] RandomSet(GridSize size, int seed, double share)
    {
        var random = new DeterministicRandom(seed, 0);
        bool[] inside = new bool[size.VoxelCount];
        for (int i = 0; i < inside.Length; i++)
        {
            inside[i] = random.NextUniform() < share;
        }

        return inside;
    }

    private static int[] Search(bool[] inside, GridSize size)
    {
        int[] squares = new int[inside.Length];
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = Enumerable.Range(0, inside.Length).Where(j => inside[j]).Min(j =>
            {
                (int x, int y, int z) = Place(i, size);
                (int u, int v, int w) = Place(j, size);
                return ((x - u) * (x - u)) + ((y - v) * (y - v)) + ((z - w) * (z - w));
            });
        }

        return squares;
    }

    private static (int X, int Y, int Z) Place(int i, GridSize size) => (i % size.X, i / size.X % size.Y, i / size.X / size.Y);

    private static List<bool[]> Flood(bool[] inside, GridSize size)
    {
        var parts = new List<bool[]>();
        bool[] seen = new bool[inside.Length];
        for (int i = 0; i < inside.Length; i++)
        {
            if (!inside[i] || seen[i])
            {
                continue;
            }

            bool[] part = new bool[inside.Length];
            var queue = new Queue<int>([i]);
            seen[i] = true;
            while (queue.TryDequeue(out int j))
            {
                part[j] = true;
                (int x, int y, int z) = Place(j, size);
                foreach ((int u, int v, int w) in ((int, int, int)[])[(x - 1, y, z), (x + 1, y, z), (x, y - 1, z), (x, y + 1, z), (x, y, z - 1), (x, y, z + 1)])
                {
                    bool isIn = u >= 0 && u < size.X && v >= 0 && v < size.Y && w >= 0 && w < size.Z;
                    if (isIn && inside[size.Offset(u, v, w)] && !seen[size.Offset(u, v, w)])
                    {
                        seen[size.Offset(u, v, w)] = true;
                        queue.Enqueue((int)size.Offset(u, v, w));
                    }
                }
            }

            parts.Add(part);
        }

        return parts;
    }
}
