using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Truth;

/// <summary>How near maps are to the truth in a part of the molecule.</summary>
/// <param name="Finest">Local resolution from here (Å), included; 0 for the whole mask.</param>
/// <param name="Coarsest">Local resolution to here (Å), not included; infinite for the whole mask.</param>
/// <param name="VoxelCount">Voxels in the part.</param>
/// <param name="Correlations">Pearson correlation of each map with the truth, −1 … 1; NaN for a part without contrast.</param>
/// <param name="ProfileDistances">Distance of the part's amplitude profile from the truth's (<see cref="GuinierProfile.ShapeDistance"/>), of each map; 0 is none.
/// For a part by local resolution, voxels count by a raised cosine that is 1 in its middle and 0 from 1 Å beyond.</param>
internal sealed record TruthZone(double Finest, double Coarsest, long VoxelCount, IReadOnlyList<double> Correlations, IReadOnlyList<double> ProfileDistances);
