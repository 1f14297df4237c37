using System.Runtime.InteropServices;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Validation;

/// <summary>Finds the atoms near an atom, by sorting all into cubes of space. Safe to share between threads.</summary>
internal sealed class AtomNeighbours
{
    private readonly Dictionary<(long X, long Y, long Z), List<int>> _cubes = [];
    private readonly IReadOnlyList<ModelAtom> _atoms;
    private readonly double _reach;

    /// <summary>Sorts the atoms.</summary>
    /// <param name="atoms">All of them.</param>
    /// <param name="reach">How far to look (Å).</param>
    public AtomNeighbours(IReadOnlyList<ModelAtom> atoms, double reach)
    {
        _atoms = atoms;
        _reach = reach;
        for (int i = 0; i < atoms.Count; i++)
        {
            ref List<int>? members = ref CollectionsMarshal.GetValueRefOrAddDefault(_cubes, Cube(atoms[i]), out _);
            (members ??= []).Add(i);
        }
    }

    /// <summary>Collects the other atoms within reach of one, nearest first.</summary>
    /// <param name="index">Number of the atom.</param>
    /// <param name="found">Emptied, then filled with the way from the atom to each (Å) and its square.</param>
    public void Collect(int index, List<(AxisTriple Way, double Square)> found)
    {
        found.Clear();
        ModelAtom centre = _atoms[index];
        (long x, long y, long z) = Cube(centre);
        for (long iz = z - 1; iz <= z + 1; iz++)
        {
            for (long iy = y - 1; iy <= y + 1; iy++)
            {
                for (long ix = x - 1; ix <= x + 1; ix++)
                {
                    if (_cubes.TryGetValue((ix, iy, iz), out List<int>? members))
                    {
                        Add(members, index, centre, found);
                    }
                }
            }
        }

        found.Sort(static (a, b) => a.Square.CompareTo(b.Square));
    }

    private void Add(List<int> members, int index, ModelAtom centre, List<(AxisTriple Way, double Square)> found)
    {
        foreach (int member in members)
        {
            ModelAtom other = _atoms[member];
            var way = new AxisTriple(other.X - centre.X, other.Y - centre.Y, other.Z - centre.Z);
            double square = (way.X * way.X) + (way.Y * way.Y) + (way.Z * way.Z);
            if (member != index && square < _reach * _reach)
            {
                found.Add((way, square));
            }
        }
    }

    private (long X, long Y, long Z) Cube(ModelAtom atom) =>
        ((long)Math.Floor(atom.X / _reach), (long)Math.Floor(atom.Y / _reach), (long)Math.Floor(atom.Z / _reach));
}
