using System.Collections;
using System.Numerics.Tensors;

namespace LocalDeblur.Maps;

/// <summary>Masks that are waited with: a bit a voxel, unpacked for who reads them and not kept so.</summary>
internal static class PackedMask
{
    /// <summary>The mask with 1 from one half on and 0 below, whose voxels are in memory only while they are read.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="doubts">Told what the mask seems to be where it seems to be none; or null.</param>
    /// <exception cref="EngineException">MaskEmpty, MapNotFinite, or the file cannot be read.</exception>
    public static CryoMap Of(CryoMap mask, CancellationToken cancellationToken, List<string>? doubts = null)
    {
        var bits = new BitArray((int)mask.Size.VoxelCount);
        bool selectsAny = false;
        float[] values = mask.IsLoaded ? mask.Load(cancellationToken) : mask.CopyVoxels(cancellationToken);
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                mask.RequireFinite(cancellationToken);
            }

            bits[i] = MaskRule.Selects(values[i]);
            selectsAny |= bits[i];
        }

        doubts?.AddRange(MaskRule.Doubts(mask.Name, mask.Size, values, TensorPrimitives.Min(values), TensorPrimitives.Max(values)));

        // It still is the mask of that file to who reads the history.
        return selectsAny
            ? new CryoMap(mask.Grid, _ => Unpack(bits), mask.Name, mask.Path, mask.History, mask.Header)
            : throw MaskRule.Empty(mask);
    }

    private static float[] Unpack(BitArray bits)
    {
        float[] values = new float[bits.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = bits[i] ? 1 : 0;
        }

        return values;
    }
}
