using System.Numerics.Tensors;
using LocalDeblur.Density;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The weight that gives a map the amplitudes of a model's atoms at rest (B = 0), measured where the model is.</summary>
internal static class ModelWeight
{
    /// <summary>Bytes that the measurement takes beside the maps.</summary>
    /// <param name="size">Size of the box.</param>
    public static long RequiredBytes(GridSize size) =>
        (((3 * sizeof(float)) + sizeof(bool)) * size.VoxelCount) + (4 * RealFft3D.SpectrumBytes(size)) + OctantFilter.BytesFor(size);

    /// <summary>Measures maps against a model.</summary>
    /// <param name="map">The map that is to be weighted.</param>
    /// <param name="input">Where it comes from. The correlation of half maps says how far it can be trusted; without them, its correlation with the model does.</param>
    /// <param name="model">The model, of the atoms that count: all in the box.</param>
    /// <param name="box">The part of the map that counts.</param>
    /// <param name="options">Resolution, and parameters.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>Null where a shell has no power.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange where there are too few coefficients in the box.</exception>
    public static ShellWeight? Measure(CryoMap map, Reconstruction input, AtomicModel model, VoxelBox box, AutoSharpenOptions options, CancellationToken cancellationToken)
    {
        MapGrid grid = box.On(map.Grid);

        // What the voxels cannot hold, the model cannot be drawn with.
        double finest = Math.Max(1 / SharpeningFilter.Cutoff(options.Resolution), 2 * grid.VoxelSize);
        var frequencies = new FrequencyGrid(grid.Size, grid.VoxelSize);
        using var transform = new RealFft3D(grid.Size, options.Limits);
        using Spectrum target = transform.AllocateSpectrum();
        using Spectrum whole = transform.AllocateSpectrum();
        float[] part = new float[grid.Size.VoxelCount];
        if (ModelSurroundings.Mask(model.Atoms, grid, options.Resolution, transform, target, cancellationToken) is not { } mask || !Transform(map, whole))
        {
            return null;
        }

        // What reaches beyond the box comes back on the other side: cut off there, it would be streaks of high frequencies that outweigh the atoms' own.
        var drawing = new ModelDensityOptions { BFactor = 0, Resolution = finest, Periodic = true, Limits = options.Limits };
        transform.Forward(ModelDensity.Calculate(model, grid, drawing, null, cancellationToken).Load(cancellationToken), target, cancellationToken);
        if (!input.HasHalves)
        {
            return ShellWeight.FromModel(whole, target, frequencies, 1 / finest, options, cancellationToken);
        }

        using Spectrum first = transform.AllocateSpectrum();
        using Spectrum second = transform.AllocateSpectrum();
        return Transform(input.Half1, first) && Transform(input.Half2, second)
            ? ShellWeight.FromHalfMaps(whole, first, second, target, frequencies, 1 / finest, options, cancellationToken)
            : null;

        // In the mask, without anisotropy.
        bool Transform(CryoMap of, Spectrum to)
        {
            box.Cut(of.AsSpan(cancellationToken), of.Size, part);
            if (!part.AsSpan().ContainsAnyExcept(0f))
            {
                return false;
            }

            TensorPrimitives.Multiply(part, mask, part);
            transform.Forward(part, to, cancellationToken);
            WilsonFit fit = WilsonFit.Measure(to, frequencies, options.Resolution, null, options.Limits, cancellationToken) ?? throw AutoSharpen.TooSmall(of, options, box);
            fit.RemoveAnisotropy(to, frequencies, SharpeningFilter.Cutoff(options.Resolution), options.Limits, cancellationToken);
            return true;
        }
    }
}
