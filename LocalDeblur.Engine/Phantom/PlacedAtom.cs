using System.Numerics;

namespace LocalDeblur.Phantom;

/// <summary>One atom of a helix, as it was placed.</summary>
/// <param name="Position">Centre (Å).</param>
/// <param name="Weight">Integral of its density (Å).</param>
/// <param name="Site">What it is in its molecule.</param>
internal readonly record struct PlacedAtom(Vector3 Position, float Weight, AtomSite Site);

/// <summary>What an atom is in its molecule, in few bytes: a large phantom has millions. <see cref="HelixBuilder"/> has its names.</summary>
/// <param name="Helix">Number of its helix, from 0.</param>
/// <param name="Residue">Number of its residue in the helix, from 0.</param>
/// <param name="Kind">Kind of the residue.</param>
/// <param name="Atom">Number in the residue, from 0.</param>
internal readonly record struct AtomSite(int Helix, short Residue, byte Kind, byte Atom);
