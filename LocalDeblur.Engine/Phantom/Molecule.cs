using System.Numerics;
using LocalDeblur.Numerics;

namespace LocalDeblur.Phantom;

/// <summary>
/// The phantom's molecule: layers of α-helices packed as in a globular helical protein, cut to an ellipsoid, and the local resolution at each place of it.
/// </summary>
/// <remarks>
/// Helices of a layer are parallel and 10 Å apart, layers are 9.5 Å apart and turned by 50° each. With 7.8 atoms a residue this is
/// the density of protein (0.055 atoms per Å³, 1.35 g/cm³). The whole is then turned against the grid, so that no helix lies along an axis.
/// </remarks>
internal sealed class Molecule
{
    // Semi-axes of the ellipsoid as shares of the box edge; the molecule fills about 8 % of the box.
    private static readonly Vector3 Shape = new(0.34f, 0.25f, 0.22f);

    // What side chains reach beyond the axis of their helix (Å).
    private const float SideChainReach = 5;
    private const double HelixSpacing = 10;
    private const double LayerSpacing = 9.5;
    private const double LayerTurn = 50;
    private const int ShortestHelix = 5;
    private const int LongestHelix = 26;

    // Axis left free between two helices in line (Å), where a chain would turn back.
    private const double LoopGap = 5;

    // The core, the place of finest resolution, on the long axis; shares of the semi-axis.
    private const float CorePlace = -0.4f;

    // Around the core the resolution is constant to this distance, in units of the ellipsoid.
    private const float CoreExtent = 0.3f;

    private readonly Vector3 _semiAxes;
    private readonly Vector3 _centre;
    private readonly Quaternion _orientation;
    private readonly Quaternion _toBody;
    private readonly double _finest;
    private readonly double _coarsest;

    /// <summary>Builds the molecule in the middle of the box.</summary>
    /// <param name="options">Checked options.</param>
    public Molecule(PhantomOptions options)
    {
        double edge = options.Size * options.VoxelSize;
        _semiAxes = Shape * (float)edge;
        _centre = new Vector3((float)(options.Size / 2 * options.VoxelSize));
        _orientation = Quaternion.CreateFromYawPitchRoll(0.35f, 0.22f, 0.5f);
        _toBody = Quaternion.Conjugate(_orientation);
        _finest = options.FinestResolution;
        _coarsest = options.CoarsestResolution;
        (Atoms, Sites) = Build(new DeterministicRandom(options.Seed, stream: 0));
        if (Atoms.Length == 0)
        {
            throw new EngineException(EngineError.ParameterOutOfRange, Say($"A box of {edge:0.#} Å has no room for a helix; expected at least 40 Å."))
            {
                Advice = [new("give the phantom more voxels", EngineParameter.Size), new("give it larger voxels", EngineParameter.PhantomVoxelSize)],
            };
        }
    }

    /// <summary>The atoms.</summary>
    public PhantomAtom[] Atoms { get; }

    /// <summary>What each of them is in its residue and helix.</summary>
    public AtomSite[] Sites { get; }

    /// <summary>
    /// Local resolution at a place (Å): the finest in the core, from there to the far end of the long axis rising along a smooth step
    /// 3t² − 2t³ of the distance t in units of the ellipsoid, so that equal resolution lies on ellipsoids about the core.
    /// </summary>
    /// <param name="position">Any place (Å).</param>
    public double ResolutionAt(Vector3 position)
    {
        Vector3 body = Vector3.Transform(position - _centre, _toBody) / _semiAxes;
        body.X -= CorePlace;
        double t = Math.Clamp((body.Length() - CoreExtent) / (1 - CorePlace - CoreExtent), 0, 1);
        return _finest + ((_coarsest - _finest) * t * t * (3 - (2 * t)));
    }

    private (PhantomAtom[] Atoms, AtomSite[] Sites) Build(DeterministicRandom random)
    {
        var placed = new List<PlacedAtom>();
        int helices = 0;
        Vector3 axes = Vector3.Max(_semiAxes - new Vector3(SideChainReach), Vector3.Zero);
        int outermost = (int)(axes.Z / LayerSpacing);
        for (int layer = -outermost; layer <= outermost; layer++)
        {
            // Cross-section of the ellipsoid at the height of the layer.
            double height = layer * LayerSpacing;
            double shrink = Math.Sqrt(Math.Max(0, 1 - (height * height / ((double)axes.Z * axes.Z))));
            AddLayer(axes.X * shrink, axes.Y * shrink, height, random, ref helices, placed);
        }

        var atoms = new PhantomAtom[placed.Count];
        var sites = new AtomSite[placed.Count];
        for (int i = 0; i < atoms.Length; i++)
        {
            Vector3 position = _centre + Vector3.Transform(placed[i].Position, _orientation);
            atoms[i] = new PhantomAtom(position, placed[i].Weight, (float)ResolutionAt(position));
            sites[i] = placed[i].Site;
        }

        return (atoms, sites);
    }

    private static void AddLayer(double a, double b, double height, DeterministicRandom random, ref int helices, List<PlacedAtom> placed)
    {
        double angle = (20 + (LayerTurn * height / LayerSpacing)) * Math.PI / 180;
        (double sine, double cosine) = Math.SinCos(angle);

        // A line of this direction at a distance h from the centre meets the ellipse only for |h| below this.
        double width = Math.Sqrt((a * a * sine * sine) + (b * b * cosine * cosine));
        double shift = random.NextUniform(0, HelixSpacing);
        for (double h = shift - (Math.Ceiling(width / HelixSpacing) * HelixSpacing); h < width; h += HelixSpacing)
        {
            if (h <= -width)
            {
                continue;
            }

            // The point w along the line is (w·cos − h·sin, w·sin + h·cos); on the ellipse quadratic·w² + 2·linear·w + constant = 0.
            double quadratic = (cosine * cosine / (a * a)) + (sine * sine / (b * b));
            double linear = h * sine * cosine * ((1 / (b * b)) - (1 / (a * a)));
            double constant = (h * h * ((sine * sine / (a * a)) + (cosine * cosine / (b * b)))) - 1;
            double root = Math.Sqrt(Math.Max(0, (linear * linear) - (quadratic * constant)));
            double from = (-linear - root) / quadratic;
            double to = (-linear + root) / quadratic;
            bool reversed = false;
            while (to - from >= (ShortestHelix - 1) * HelixBuilder.Rise)
            {
                int residues = Math.Min(1 + (int)((to - from) / HelixBuilder.Rise), ShortestHelix + (int)random.NextUniform(7, LongestHelix - ShortestHelix));
                double length = (residues - 1) * HelixBuilder.Rise;
                double begin = reversed ? from + length : from;
                var start = new Vector3((float)((begin * cosine) - (h * sine)), (float)((begin * sine) + (h * cosine)), (float)height);
                var direction = new Vector3((float)cosine, (float)sine, 0);
                HelixBuilder.Add(start, reversed ? -direction : direction, residues, random, helices++, placed);
                from += length + LoopGap;
                reversed = !reversed;
            }
        }
    }
}
