namespace LocalDeblur.Resolution;

/// <summary>The range of a local resolution: finest, median and coarsest value (Å), NaN where there is none, and how many voxels have one.</summary>
internal readonly record struct LocalResolutionRange(double Finest, double Median, double Coarsest, long Count)
{
    /// <summary>Looks at the values above 0.</summary>
    /// <param name="voxels">Å; 0 where there is none.</param>
    public static LocalResolutionRange Of(float[] voxels)
    {
        float[] values = Array.FindAll(voxels, value => value > 0);
        Array.Sort(values);
        return values.Length == 0 ? new(double.NaN, double.NaN, double.NaN, 0) : new(values[0], values[values.Length / 2], values[^1], values.LongLength);
    }
}
