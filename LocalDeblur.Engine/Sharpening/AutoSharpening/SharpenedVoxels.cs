namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>A map that was weighted, and what was measured on it.</summary>
/// <param name="Voxels">The voxels, mean 0 and standard deviation 1.</param>
/// <param name="BIso">B factor (Å²).</param>
/// <param name="Kurtosis">Kurtosis.</param>
internal readonly record struct SharpenedVoxels(float[] Voxels, double BIso, double Kurtosis);
