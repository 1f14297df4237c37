using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>What MonoRes found.</summary>
/// <param name="LocalResolution">Local resolution (Å) of the voxels of the refined mask, 0 elsewhere; on the grid of the input.</param>
/// <param name="Filled">
/// The same inside, and outside a smooth continuation towards the median, for colouring surfaces (the published program's
/// "Chimera" map); null unless asked for.
/// </param>
/// <param name="RefinedMask">1 where there is a resolution, 0 elsewhere; null unless asked for.</param>
public sealed record MonoResResult(CryoMap LocalResolution, CryoMap? Filled, CryoMap? RefinedMask);
