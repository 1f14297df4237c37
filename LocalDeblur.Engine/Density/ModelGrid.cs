using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Density;

/// <summary>Makes a grid for a model that has no map.</summary>
public static class ModelGrid
{
    private const int LongestEdge = 100_000;

    /// <summary>The smallest grid of even edges, quick to transform, that holds a model with a margin.</summary>
    /// <param name="model">The model.</param>
    /// <param name="voxelSize">Edge of a voxel (Å), 0.01 … 100.</param>
    /// <param name="margin">Least distance from an atom to the box's edge (Å), 0 … 1000.</param>
    /// <returns>The grid: edges even, with no prime factor above 5; voxel (0, 0, 0) at a multiple of the voxel size; the model in the middle.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange, or MapSizeUnsupported where the grid has too many voxels.</exception>
    public static MapGrid Around(AtomicModel model, double voxelSize, double margin = 10)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (voxelSize is not (>= 0.01 and <= 100))
        {
            throw EngineException.OutOfRange(EngineParameter.ModelVoxelSize, Say($"The voxel size is {voxelSize} Å; expected 0.01 to 100 Å."));
        }

        if (margin is not (>= 0 and <= 1000))
        {
            throw EngineException.OutOfRange(EngineParameter.Margin, Say($"The margin around the model is {margin} Å; expected 0 to 1000 Å."));
        }

        (int sizeX, int firstX) = Axis(model, model.Minimum.X, model.Maximum.X, voxelSize, margin);
        (int sizeY, int firstY) = Axis(model, model.Minimum.Y, model.Maximum.Y, voxelSize, margin);
        (int sizeZ, int firstZ) = Axis(model, model.Minimum.Z, model.Maximum.Z, voxelSize, margin);
        var size = new GridSize(sizeX, sizeY, sizeZ);
        return size.VoxelCount <= Array.MaxLength
            ? new MapGrid(size, voxelSize, new AxisTriple(firstX * voxelSize, firstY * voxelSize, firstZ * voxelSize))
            : throw TooLarge(model, voxelSize);
    }

    private static (int Size, int First) Axis(AtomicModel model, double low, double high, double voxelSize, double margin)
    {
        double first = Math.Floor((low - margin) / voxelSize);
        double last = Math.Ceiling((high + margin) / voxelSize);
        if (!(last - first < LongestEdge) || !(Math.Abs(first) < int.MaxValue / 2))
        {
            throw TooLarge(model, voxelSize);
        }

        int least = (int)(last - first) + 1;
        int size = QuickSize(least);
        return (size, (int)first - ((size - least) / 2));
    }

    private static int QuickSize(int least)
    {
        int size = least + (least % 2);
        while (!IsQuick(size))
        {
            size += 2;
        }

        return size;
    }

    private static bool IsQuick(int size)
    {
        foreach (int factor in (ReadOnlySpan<int>)[2, 3, 5])
        {
            while (size % factor == 0)
            {
                size /= factor;
            }
        }

        return size == 1;
    }

    private static EngineException TooLarge(AtomicModel model, double voxelSize) => new(
        EngineError.MapSizeUnsupported,
        Say($"A grid with voxels of {voxelSize} Å around '{model.Name}', which extends from ({model.Minimum}) to ({model.Maximum}) Å, has too many voxels."),
        model.Path ?? model.Name)
    {
        Advice = [new("use larger voxels", EngineParameter.ModelVoxelSize), new("check the model for stray atoms")],
    };
}
