using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>
/// A map that another program made, for ours to be compared with. Where the whole map is at hand, every voxel is compared.
/// Of the largest maps the repository has every third voxel along each axis, in a set's folder "thinned"; then those are.
/// </summary>
internal sealed class ReferenceMap
{
    private const int Step = 3;

    private readonly CryoMap _map;
    private readonly bool _isThinned;

    private ReferenceMap(CryoMap map, bool isThinned)
    {
        _map = map;
        _isThinned = isThinned;
    }

    /// <summary>The whole map or the thinned one; ends the test where neither is at hand, or where data is required and the whole map is not.</summary>
    /// <param name="set">Folder of the set.</param>
    /// <param name="name">Name of the map, without extension.</param>
    public static ReferenceMap Require(string set, string name)
    {
        string? thinned = ReferenceData.Find($"{set}/thinned/{name}.mrc.gz");
        if (thinned is not null && ReferenceData.Find($"{set}/{name}.mrc.gz") is null && !ReferenceData.IsRequired)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{set}/{name}: every third voxel along each axis is compared.");
            return new ReferenceMap(MrcReader.Open(thinned), true);
        }

        CryoMap whole = ReferenceData.OpenMap($"{set}/{name}.mrc.gz");
        if (thinned is not null)
        {
            MapComparison same = MapComparison.Compare(Thin(whole), MrcReader.Open(thinned));
            Assert.True(same.MaximumDifference == 0, $"{thinned} is not every third voxel of the whole map.");
        }

        return new ReferenceMap(whole, false);
    }

    /// <summary>Compares a result of ours with the voxels that are at hand.</summary>
    /// <param name="ours">A map on the grid of the whole one.</param>
    public MapComparison Compare(CryoMap ours) => MapComparison.Compare(_isThinned ? Thin(ours) : ours, _map);

    /// <summary>Every third voxel along each axis, the first one included.</summary>
    private static CryoMap Thin(CryoMap map)
    {
        GridSize size = map.Size;
        var thinned = new GridSize((size.X + Step - 1) / Step, (size.Y + Step - 1) / Step, (size.Z + Step - 1) / Step);
        ReadOnlySpan<float> voxels = map.AsSpan();
        float[] kept = new float[thinned.VoxelCount];
        int next = 0;
        for (int z = 0; z < size.Z; z += Step)
        {
            for (int y = 0; y < size.Y; y += Step)
            {
                for (int x = 0; x < size.X; x += Step)
                {
                    kept[next++] = voxels[(int)size.Offset(x, y, z)];
                }
            }
        }

        return new CryoMap(new MapGrid(thinned, Step * map.VoxelSize, map.Origin), kept, map.Name);
    }
}
