using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Validation;

/// <summary>How much of a model lies within a map's surface: the share of its atoms at whose places the density is at least that of the surface.</summary>
/// <remarks>Source: the validation reports of the wwPDB (Lagerstedt et al., <i>J. Struct. Biol.</i> 184 (2013) 173), without hydrogens. The density is trilinear.</remarks>
internal static class AtomInclusion
{
    /// <summary>The share of the atoms inside, 0 … 1; an atom outside the box is outside. NaN for a model without other atoms than hydrogens.</summary>
    /// <param name="model">The model.</param>
    /// <param name="map">The map.</param>
    /// <param name="level">Density of the surface.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static double Share(AtomicModel model, CryoMap map, double level, CancellationToken cancellationToken = default)
    {
        var sampler = new MapSampler(map, cancellationToken);
        int inside = 0, all = 0;
        foreach (ModelAtom atom in model.HeavyAtoms)
        {
            all++;
            inside += sampler.TrySample(atom.X, atom.Y, atom.Z, out double density) && density >= level ? 1 : 0;
        }

        return all == 0 ? double.NaN : (double)inside / all;
    }
}
