using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Bands;

/// <summary>Four samples at a time, kept in single precision, worked on in double.</summary>
internal static class SampleLanes
{
    /// <summary>Samples that are worked on together.</summary>
    public const int Count = 4;

    /// <summary>Length of a row of samples whose last four are whole.</summary>
    /// <param name="grid">The samples.</param>
    public static int Padded(SampleGrid grid) => checked((int)(grid.Size.VoxelCount + Count - 1) / Count * Count);

    /// <summary>Four samples of a row.</summary>
    /// <param name="row">One value a sample.</param>
    /// <param name="first">Number of the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(float[] row, int first)
    {
        Vector128<float> four = Vector128.Create(row.AsSpan(first, Count));
        return Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));
    }

    /// <summary>Writes four samples to a row.</summary>
    /// <param name="values">The samples.</param>
    /// <param name="row">One value a sample.</param>
    /// <param name="first">Number of the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> values, float[] row, int first) =>
        Vector128.Narrow(values.GetLower(), values.GetUpper()).CopyTo(row.AsSpan(first, Count));
}
