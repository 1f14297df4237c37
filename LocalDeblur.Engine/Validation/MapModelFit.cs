using LocalDeblur.Density;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Models;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Validation;

/// <summary>How a map agrees with a model: correlations in real space, and Fourier shell correlation.</summary>
/// <remarks>
/// <para>The density of the model is that of <see cref="ModelDensity"/> with all detail beyond the resolution cut off. Correlations are Pearson's. The model takes up
/// what lies within the van der Waals radius plus 1.1 Å of an atom, but for what lies within 0.9 Å of the rest. For density and mask the box repeats, as in cctbx. The
/// correlations are those of its five_cc to 1e-5 (1e-4 over the highest voxels) with the structure factors summed directly. The program itself ends an atom where
/// its density falls to 1/1000 of the atoms' mean peak, which costs its model 0.6 to 2 % of the low frequencies and moves the correlations by up to 0.002, or 0.003
/// for B factors of 0.</para>
/// <para>Atoms of occupancy 0 do not count. Hydrogens count where the model has them. The scale of the map, and a constant added to it, do not matter, but a map that
/// was cut out of a larger one counts with the zeros around it in CC_box, and in CC_peaks where they are among its highest voxels.</para>
/// <para>Sources: Afonine et al., <i>Acta Cryst.</i> D74 (2018) 814–840 (CC_mask, CC_box, CC_volume, CC_peaks); Murshudov, <i>Methods Enzymol.</i>
/// 579 (2016) 277–305 (FSC average).</para>
/// </remarks>
public static class MapModelFit
{
    private const string Stage = "Map and model";

    /// <summary>Compares a map with a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="resolution">Resolution of the map (Å), at least two voxels.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The correlations, the same for any number of threads.</returns>
    /// <exception cref="EngineException">
    /// ModelOutsideMap, ModelEmpty (no occupied atom), ModelElementUnknown, MapWithoutSignal, MapNotFinite, MapSizeUnsupported, ParameterOutOfRange, InsufficientMemory,
    /// or a grid without cubic voxels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static MapModelFitResult Measure(
        AtomicModel model,
        CryoMap map,
        double resolution,
        MapModelFitOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new MapModelFitOptions();
        options.Validate();
        map.Grid.RequireCubicVoxels(map.Name);
        if (map.Size.Longest < 4)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, Say($"'{map.Name}' has {map.Size} voxels; a comparison with a model needs an edge of at least 4."), map.Name);
        }

        RequireMemory(map, options);
        map.RequireFinite(cancellationToken);
        if (map.Minimum == map.Maximum)
        {
            throw new EngineException(EngineError.MapWithoutSignal, Say($"Every voxel of '{map.Name}' is {map.Minimum}; expected a map with contrast."), map.Name);
        }

        CryoMap density = Density(resolution, 0);
        ModelAtom[] atoms = [.. model.Atoms.Where(atom => atom.Occupancy != 0)];
        progress?.Report(new StageProgress(Stage, 0.35));
        bool[] mask = ModelMask.Create(atoms, map.Grid, cancellationToken);
        Correlations correlations = Correlate(map.Load(cancellationToken), density.Load(cancellationToken), mask, cancellationToken);
        progress?.Report(new StageProgress(Stage, 0.45));
        MapModelResidue[] residues = Residues(model, map, density, options.ResidueRadius ?? ResidueRadius(resolution), options.Limits, cancellationToken);
        IReadOnlyList<string> warnings = density.History[^1].Warnings;

        // The curve goes on to Nyquist, so that it shows where it ends.
        double nyquist = 2 * map.VoxelSize;
        CryoMap fine = resolution <= nyquist * (1 + MapGrid.VoxelSizeTolerance) ? density : Density(nyquist, 0.5);
        progress?.Report(new StageProgress(Stage, 0.85));
        FscResult curves = Shells(map, fine, mask, resolution, options.Limits, cancellationToken);
        progress?.Report(new StageProgress(Stage, 1));
        return new MapModelFitResult
        {
            Map = MapLabel.Of(map),
            Model = model.Name,
            Resolution = resolution,
            CCMask = correlations.Mask.Correlation,
            CCBox = correlations.Box.Correlation,
            CCVolume = correlations.Volume.Correlation,
            CCPeaks = correlations.Peaks.Correlation,
            MaskVoxels = correlations.Mask.Count,
            Fsc = curves,
            FscAverage = Average(curves, FscCurveKind.Unmasked, resolution),
            FscAverageMasked = Average(curves, FscCurveKind.Masked, resolution),
            Residues = residues,
            Warnings = warnings,
        };

        CryoMap Density(double finest, double from) => ModelDensity.Calculate(
            model,
            map.Grid,
            new ModelDensityOptions { Resolution = finest, Periodic = true, Limits = options.Limits },
            ScaledProgress.Part(progress, from, 0.35),
            cancellationToken);
    }

    /// <summary>How far from an atom voxels belong to its residue, where nothing else is asked for.</summary>
    /// <param name="resolution">Resolution (Å).</param>
    private static double ResidueRadius(double resolution) => resolution switch
    {
        < 2 => 1.5,
        < 4 => 2,
        _ => 2.5,
    };

    private static Correlations Correlate(float[] map, float[] density, bool[] mask, CancellationToken cancellationToken)
    {
        int count = mask.Count(inside => inside);
        float peak = LeastOfHighest(map, count);
        cancellationToken.ThrowIfCancellationRequested();
        float dense = LeastOfHighest(density, count);
        cancellationToken.ThrowIfCancellationRequested();
        var sums = new Correlations();
        for (int i = 0; i < map.Length; i++)
        {
            float a = map[i];
            float b = density[i];
            sums.Box.Add(a, b);
            if (mask[i])
            {
                sums.Mask.Add(a, b);
            }

            if (b >= dense)
            {
                sums.Volume.Add(a, b);
            }

            if (b >= dense || a >= peak)
            {
                sums.Peaks.Add(a, b);
            }
        }

        return sums;
    }

    // Values equal to the last of them belong to the highest too, such as the zeros around a map that was cut out.
    private static float LeastOfHighest(float[] values, int count) => OrderStatistic.Select(values, values.Length - count);

    private static MapModelResidue[] Residues(AtomicModel model, CryoMap map, CryoMap density, double radius, RunLimits limits, CancellationToken cancellationToken)
    {
        ModelResidue[] residues = [.. model.Residues];
        var found = new MapModelResidue[residues.Length];
        float[] a = map.Load(cancellationToken);
        float[] b = density.Load(cancellationToken);
        using var pool = new WorkerPool(limits.AllowedThreads);
        pool.Run(residues.Length, index => found[index] = Measure(residues[index]), cancellationToken);
        return found;

        MapModelResidue Measure(ModelResidue residue)
        {
            var voxels = new SortedSet<long>();
            foreach (ModelAtom atom in residue.Atoms.Where(atom => !atom.IsHydrogen && atom.Occupancy != 0))
            {
                Collect(atom, map.Grid, radius, voxels);
            }

            var sums = new PearsonSums();
            foreach (long voxel in voxels)
            {
                sums.Add(a[voxel], b[voxel]);
            }

            return new MapModelResidue(residue.Chain, residue.Number, residue.InsertionCode, residue.Name, sums.Count < 2 ? double.NaN : sums.Correlation, voxels.Count);
        }
    }

    private static void Collect(ModelAtom atom, MapGrid grid, double radius, SortedSet<long> voxels)
    {
        GridSize size = grid.Size;
        AxisTriple spacing = grid.Spacing;
        double x = (atom.X - grid.Origin.X) / spacing.X;
        double y = (atom.Y - grid.Origin.Y) / spacing.Y;
        double z = (atom.Z - grid.Origin.Z) / spacing.Z;
        (int firstZ, int lastZ) = Range(z, radius / spacing.Z, size.Z);
        (int firstY, int lastY) = Range(y, radius / spacing.Y, size.Y);
        for (int iz = firstZ; iz <= lastZ; iz++)
        {
            double dz = (iz - z) * spacing.Z;
            for (int iy = firstY; iy <= lastY; iy++)
            {
                double dy = (iy - y) * spacing.Y;
                double room = (radius * radius) - (dy * dy) - (dz * dz);
                if (room < 0)
                {
                    continue;
                }

                (int firstX, int lastX) = Range(x, Math.Sqrt(room) / spacing.X, size.X);
                for (int ix = firstX; ix <= lastX; ix++)
                {
                    voxels.Add(size.Offset(ix, iy, iz));
                }
            }
        }
    }

    private static (int First, int Last) Range(double place, double reach, int length) =>
        ((int)Math.Clamp(Math.Ceiling(place - reach), 0, length), (int)Math.Clamp(Math.Floor(place + reach), -1, length - 1));

    private static FscResult Shells(CryoMap map, CryoMap density, bool[] mask, double resolution, RunLimits limits, CancellationToken cancellationToken)
    {
        GridSize size = map.Size;
        ReadOnlyMemory<float> measured = map.Load(cancellationToken);
        ReadOnlyMemory<float> computed = density.Load(cancellationToken);
        var shells = new RadialShells(size, map.VoxelSize, limits: limits);
        using var transform = new RealFft3D(size, limits);
        using Spectrum a = transform.AllocateSpectrum();
        using Spectrum b = transform.AllocateSpectrum();
        transform.Forward(measured, a, cancellationToken);
        transform.Forward(computed, b, cancellationToken);
        var unmasked = ShellCorrelation.Measure(a, b, shells, limits, cancellationToken).Values;
        ReadOnlyMemory<float> soft = ModelMask.Soften(mask, size, resolution / map.VoxelSize, limits, cancellationToken);
        float background = Background.Measure(map, soft.Span, hasFloor: false, cancellationToken);
        transform.Forward(new MaskedRows(measured, soft, size, background), a, cancellationToken);
        transform.Forward(new MaskedRows(computed, soft, size), b, cancellationToken);
        var masked = ShellCorrelation.Measure(a, b, shells, limits, cancellationToken).Values;
        return new FscResult(
            from i in Enumerable.Range(0, shells.Count)
            select new FscShell(i, shells.Resolution(i), shells.Frequency(i), shells.CoefficientCount(i), unmasked[i], masked[i]));
    }

    private static double Average(FscResult curves, FscCurveKind curve, double resolution)
    {
        double sum = 0;
        double count = 0;
        foreach (FscShell shell in curves.Shells.Skip(1))
        {
            if (shell.Resolution >= resolution && !double.IsNaN(shell[curve]))
            {
                sum += shell.Count * shell[curve];
                count += shell.Count;
            }
        }

        return sum / count;
    }

    // The map, two densities, the mask with its distances and soft edge, and two transforms.
    private static void RequireMemory(CryoMap map, MapModelFitOptions options)
    {
        long needed = (5 * sizeof(float) * map.Size.VoxelCount) + (2 * map.Size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(map.Size));
        options.Limits.Require(needed, Say($"The comparison of '{map.Name}' ({map.Size} voxels) with a model"), map.Name);
    }

    private sealed class Correlations
    {
        public PearsonSums Box;
        public PearsonSums Mask;
        public PearsonSums Volume;
        public PearsonSums Peaks;
    }
}
