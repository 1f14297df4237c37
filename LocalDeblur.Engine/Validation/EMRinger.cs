using System.Collections.Frozen;
using System.Collections.ObjectModel;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Validation;

/// <summary>EMRinger: does the density around side chains peak where the geometry of side chains says that it should?</summary>
/// <remarks>
/// <para>The γ atom of each residue is turned about the CA–CB bond to χ1 = 5°, 10°, …, 360° and the density is taken there, interpolated between eight voxels.
/// The highest of the 72 is the residue's peak. At each of 20 densities t = m + k·(M − m)/20, with m the mean and M the maximum of all scored densities,
/// the residues with a peak above t are counted (N), and those whose peak is rotameric (R). By chance 39/72 would be, so
/// Z = (R − N·39/72)/√(N·39/72·33/72); the score is 10·Z/√L, with the highest Z and L the number of scored residues.</para>
/// <para>As in the published program: a peak found at χ1 = 5·(i+1)° is reported, and sorted into rotamers, as 5·i°. Where one of the 72 points has less
/// than eight voxels around it, or an atom is missing, the residue has no χ1. Of alternate conformations the first counts; a model that was read with the
/// most occupied one (the default) has no other. Thresholds end where no rotameric peak is left. Hydrogens, occupancies, B factors and the modelled χ1 itself play
/// no part. Other than in the published program, the map's place in space is that of its header.</para>
/// <para>Source: Barad et al., <i>Nat. Methods</i> 12 (2015) 943–946; conventions of the EMRinger in cctbx 2022.9.</para>
/// </remarks>
public static class EMRinger
{
    /// <summary>Step of the scan (°).</summary>
    public const int Step = 5;

    private const int PointCount = 360 / Step;
    private const int ThresholdCount = 20;

    // Indices of a sixth of the circle, and where the first begins. Every other one is rotameric.
    private const int BinLength = 12;
    private const int FirstBin = 6;

    private const double Chance = 39.0 / 72;

    // The fourth atom of χ1, and whether the residue counts in the score.
    private static readonly FrozenDictionary<string, (string Gamma, bool IsScored)> SideChains = new Dictionary<string, (string, bool)>(StringComparer.Ordinal)
    {
        ["ARG"] = ("CG", true),
        ["ASN"] = ("CG", true),
        ["ASP"] = ("CG", true),
        ["CYS"] = ("SG", true),
        ["GLN"] = ("CG", true),
        ["GLU"] = ("CG", true),
        ["HIS"] = ("CG", true),
        ["ILE"] = ("CG1", false),
        ["LEU"] = ("CG", true),
        ["LYS"] = ("CG", true),
        ["MET"] = ("CG", true),
        ["MSE"] = ("CG", false),
        ["PHE"] = ("CG", true),
        ["PRO"] = ("CG", false),
        ["SER"] = ("OG", true),
        ["THR"] = ("OG1", false),
        ["TRP"] = ("CG", true),
        ["TYR"] = ("CG", true),
        ["VAL"] = ("CG1", false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Scores a model in a map.</summary>
    /// <param name="model">The model.</param>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="options">Parameters; null for the published ones.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The score and what it comes from.</returns>
    /// <exception cref="EngineException">
    /// ModelOutsideMap; ModelEmpty (no residue with the atoms of χ1 that could be scored); MapWithoutSignal (no peak above the mean is rotameric, so that there is
    /// no score); MapNotFinite, ParameterOutOfRange, or a grid without cubic voxels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static EMRingerResult Measure(
        AtomicModel model,
        CryoMap map,
        EMRingerOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new EMRingerOptions();
        options.Validate();
        map.Grid.RequireCubicVoxels(map.Name);
        map.RequireFinite(cancellationToken);
        ModelDensity.RequireInside(model, model.Atoms, map.Grid);

        var sampler = new MapSampler(map, cancellationToken);
        var residues = new List<EMRingerResidue>();
        int incomplete = 0;
        int atEdge = 0;
        ModelResidue[] candidates = [.. model.Residues.Where(residue => SideChains.ContainsKey(residue.Name))];
        for (int i = 0; i < candidates.Length; i++)
        {
            if (i % 256 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new StageProgress("EMRinger", (double)i / candidates.Length));
            }

            if (SideChain(candidates[i]) is not { } atoms)
            {
                incomplete++;
            }
            else if (Scan(candidates[i], atoms, sampler) is { } scanned)
            {
                residues.Add(scanned);
            }
            else
            {
                atEdge++;
            }
        }

        if (!residues.Exists(residue => residue.IsScored))
        {
            throw atEdge > 0
                ? new EngineException(
                    EngineError.ModelOutsideMap,
                    Say($"No side chain of '{model.Name}' that counts in an EMRinger score lies wholly in the box of '{map.Name}': {atEdge} reach its edge. ")
                        + "Fit the model into the map, or use a larger box.",
                    model.Path ?? model.Name)
                : new EngineException(
                    EngineError.ModelEmpty,
                    Say($"'{model.Name}' has no residue that counts in an EMRinger score; ")
                        + Say($"expected amino acids with N, CA, CB and a γ atom. {incomplete} amino acids lack one of them."),
                    model.Path ?? model.Name);
        }

        EMRingerThreshold[] thresholds = [.. Thresholds([.. residues.Where(residue => residue.IsScored)])];
        if (thresholds.Length == 0)
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                Say($"No side chain of '{model.Name}' has a rotameric peak in '{map.Name}' above the mean density around them, so that there is no EMRinger score. ")
                    + "Check that the model is fitted into this map, and the map's sign.",
                map.Name);
        }

        progress?.Report(new StageProgress("EMRinger", 1));
        var warnings = new List<string>();
        if (incomplete > 0)
        {
            warnings.Add(Say($"{incomplete} of {candidates.Length} residues with χ1 lack one of its atoms and are left out."));
        }

        if (atEdge > 0)
        {
            warnings.Add(Say($"{atEdge} of {candidates.Length} residues with χ1 reach the edge of the box and are left out."));
        }

        return new EMRingerResult([.. residues], thresholds, options.WindowReach) { Map = MapLabel.Of(map), Model = model.Name, Warnings = warnings };
    }

    /// <summary>Whether a peak is rotameric.</summary>
    /// <param name="peakIndex">Its number in the scan, 0 … 71.</param>
    internal static bool IsRotameric(int peakIndex) => (peakIndex + PointCount - FirstBin) % PointCount / BinLength % 2 == 0;

    /// <summary>Counts peaks above one density.</summary>
    /// <param name="density">The density.</param>
    /// <param name="count">Residues whose peak is above.</param>
    /// <param name="rotameric">Those with a rotameric peak.</param>
    /// <param name="scored">All scored residues.</param>
    internal static EMRingerThreshold Threshold(double density, int count, int rotameric, int scored)
    {
        double z = (rotameric - (Chance * count)) / Math.Sqrt(Chance * (1 - Chance) * count);
        return new EMRingerThreshold(density, count, rotameric, z, 10 * z / Math.Sqrt(scored));
    }

    private static IEnumerable<EMRingerThreshold> Thresholds(EMRingerResidue[] scored)
    {
        double mean = scored.Average(residue => residue.MeanDensity);
        double highest = scored.Max(residue => residue.PeakDensity);
        for (int k = 0; k < ThresholdCount; k++)
        {
            double density = mean + (k * (highest - mean) / ThresholdCount);
            EMRingerResidue[] above = [.. scored.Where(residue => residue.PeakDensity > density)];
            int rotameric = above.Count(residue => residue.IsRotameric);
            if (rotameric == 0)
            {
                yield break;
            }

            yield return Threshold(density, above.Length, rotameric, scored.Length);
        }
    }

    private static (ModelAtom N, ModelAtom CA, ModelAtom CB, ModelAtom Gamma)? SideChain(ModelResidue residue)
    {
        string first = residue.Atoms.Select(atom => atom.AlternateLocation).FirstOrDefault(label => label.Length > 0, "");
        return Find("N") is { } n && Find("CA") is { } ca && Find("CB") is { } cb && Find(SideChains[residue.Name].Gamma) is { } gamma ? (n, ca, cb, gamma) : null;

        ModelAtom? Find(string name) => residue.Atoms.FirstOrDefault(atom => atom.Name == name && (atom.AlternateLocation.Length == 0 || atom.AlternateLocation == first));
    }

    private static EMRingerResidue? Scan(ModelResidue residue, (ModelAtom N, ModelAtom CA, ModelAtom CB, ModelAtom Gamma) atoms, MapSampler map)
    {
        AxisTriple axis = Unit(Subtract(atoms.CB.Position, atoms.CA.Position));
        AxisTriple gamma = Subtract(atoms.Gamma.Position, atoms.CB.Position);
        AxisTriple side = Cross(axis, gamma);
        double along = Dot(axis, gamma);
        double chi1 = Dihedral(Subtract(atoms.CA.Position, atoms.N.Position), axis, gamma);

        float[] densities = new float[PointCount];
        double sum = 0;
        double highest = double.NegativeInfinity;
        int peak = 0;
        for (int i = 0; i < PointCount; i++)
        {
            // Rodrigues' rotation about the axis, by what is missing to the angle.
            double turn = ((Step * (i + 1)) - chi1) * Math.PI / 180;
            double cos = Math.Cos(turn);
            double sin = Math.Sin(turn);
            double rest = along * (1 - cos);
            if (!map.TrySample(
                atoms.CB.X + (gamma.X * cos) + (side.X * sin) + (axis.X * rest),
                atoms.CB.Y + (gamma.Y * cos) + (side.Y * sin) + (axis.Y * rest),
                atoms.CB.Z + (gamma.Z * cos) + (side.Z * sin) + (axis.Z * rest),
                out double density))
            {
                return null;
            }

            densities[i] = (float)density;
            sum += density;
            if (density > highest)
            {
                highest = density;
                peak = i;
            }
        }

        return new EMRingerResidue(
            residue.Chain, residue.Number, residue.InsertionCode, residue.Name, SideChains[residue.Name].IsScored, chi1, peak, sum / PointCount,
            new ReadOnlyCollection<float>(densities))
        {
            PeakDensity = highest,
        };
    }

    // 0 … 360°, of three bonds; the middle one has length 1.
    private static double Dihedral(AxisTriple first, AxisTriple middle, AxisTriple last)
    {
        AxisTriple before = Cross(first, middle);
        AxisTriple after = Cross(middle, last);
        double angle = Math.Atan2(Dot(Cross(before, after), middle), Dot(before, after)) * 180 / Math.PI;
        return angle < 0 ? angle + 360 : angle;
    }

    private static AxisTriple Subtract(AxisTriple a, AxisTriple b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    private static double Dot(AxisTriple a, AxisTriple b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    private static AxisTriple Cross(AxisTriple a, AxisTriple b) => new((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));

    private static AxisTriple Unit(AxisTriple a)
    {
        double length = Math.Sqrt(Dot(a, a));
        return new AxisTriple(a.X / length, a.Y / length, a.Z / length);
    }
}
