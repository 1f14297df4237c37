namespace LocalDeblur.Validation;

/// <summary>Correlation with the truth in a part of the molecule.</summary>
/// <param name="Finest">Local resolution from here (Å), included; 0 for the whole mask.</param>
/// <param name="Coarsest">Local resolution to here (Å), not included; infinite for the whole mask.</param>
/// <param name="VoxelCount">Voxels in the part.</param>
/// <param name="Before">Pearson correlation of the map before, −1 … 1; NaN for a part without contrast.</param>
/// <param name="After">Pearson correlation of the map after.</param>
public sealed record TruthZone(double Finest, double Coarsest, long VoxelCount, double Before, double After);
