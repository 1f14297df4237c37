namespace LocalDeblur.Models;

/// <summary>Chooses one of the alternate conformations of each residue.</summary>
internal static class AlternateLocations
{
    /// <summary>
    /// Keeps each atom once. In a residue the conformation of the highest mean occupancy comes first (on ties the first in the file); an atom that
    /// it lacks comes from the next. Where the conformations are different residues, only the residue of the first is kept.
    /// </summary>
    /// <param name="atoms">All atoms, in the order of the file.</param>
    /// <returns>Those kept, in the same order.</returns>
    public static List<ModelAtom> Resolve(IReadOnlyList<ModelAtom> atoms)
    {
        var sites = new ResidueSites();
        int[] siteOf = new int[atoms.Count];
        var alternates = new Dictionary<int, List<int>>();
        for (int i = 0; i < atoms.Count; i++)
        {
            siteOf[i] = sites.Assign(atoms[i]);
            if (atoms[i].AlternateLocation.Length > 0)
            {
                alternates.TryAdd(siteOf[i], []);
            }
        }

        for (int i = 0; i < atoms.Count; i++)
        {
            if (alternates.TryGetValue(siteOf[i], out List<int>? members))
            {
                members.Add(i);
            }
        }

        bool[] dropped = new bool[atoms.Count];
        foreach (List<int> members in alternates.Values)
        {
            ResolveSite(atoms, members, dropped);
        }

        return [.. atoms.Where((_, index) => !dropped[index])];
    }

    private static void ResolveSite(IReadOnlyList<ModelAtom> atoms, List<int> members, bool[] dropped)
    {
        // A stable sort: the first in the file wins a tie.
        Dictionary<string, int> ranks = members
            .Where(index => atoms[index].AlternateLocation.Length > 0)
            .GroupBy(index => atoms[index].AlternateLocation, StringComparer.Ordinal)
            .OrderByDescending(conformation => conformation.Average(index => atoms[index].Occupancy))
            .Select((conformation, rank) => (conformation.Key, rank))
            .ToDictionary(StringComparer.Ordinal);
        string residue = atoms[members.First(index => ranks.TryGetValue(atoms[index].AlternateLocation, out int rank) && rank == 0)].ResidueName;
        var best = new Dictionary<(string Residue, string Atom), int>();
        foreach (int index in members)
        {
            ModelAtom atom = atoms[index];
            if (atom.AlternateLocation.Length > 0 && atom.ResidueName != residue)
            {
                dropped[index] = true;
                continue;
            }

            (string, string) key = (atom.ResidueName, atom.Name);
            if (!best.TryGetValue(key, out int rival))
            {
                best.Add(key, index);
            }
            else if (IsBetter(atom, atoms[rival], ranks))
            {
                dropped[rival] = true;
                best[key] = index;
            }
            else
            {
                dropped[index] = true;
            }
        }
    }

    // Between two labels the conformation's rank decides; against an atom without label, which belongs to none, its own occupancy.
    private static bool IsBetter(ModelAtom atom, ModelAtom rival, Dictionary<string, int> ranks) =>
        atom.AlternateLocation.Length > 0 && rival.AlternateLocation.Length > 0
            ? ranks[atom.AlternateLocation] < ranks[rival.AlternateLocation]
            : atom.Occupancy > rival.Occupancy;
}
