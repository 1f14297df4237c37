using System.Numerics;

namespace LocalDeblur.Phantom;

/// <summary>One atom of the phantom.</summary>
/// <param name="Position">Centre (Å), with voxel (0, 0, 0) at the origin.</param>
/// <param name="Weight">Integral of its density: the element's electron scattering amplitude at zero angle (Å).</param>
/// <param name="Resolution">Local resolution where it lies (Å).</param>
internal readonly record struct PhantomAtom(Vector3 Position, float Weight, float Resolution);
