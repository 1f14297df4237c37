namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>Spread of a map where its local resolution says there is no molecule, and where it says there is.</summary>
internal static class OutsideNoise
{
    /// <summary>Sample variance (n − 1) of the voxels outside (resolution 0) or inside; 0 where there are fewer than two.</summary>
    /// <param name="voxels">The map.</param>
    /// <param name="resolution">Its local resolution, 0 outside.</param>
    /// <param name="outside">True for the voxels outside, false for those inside.</param>
    public static double Variance(ReadOnlySpan<float> voxels, ReadOnlySpan<float> resolution, bool outside)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (resolution[i] == 0 == outside)
            {
                sum += voxels[i];
                count++;
            }
        }

        if (count < 2)
        {
            return 0;
        }

        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (resolution[i] == 0 == outside)
            {
                double deviation = voxels[i] - mean;
                squares += deviation * deviation;
            }
        }

        return squares / (count - 1);
    }
}
