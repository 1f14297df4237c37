using System.Collections.ObjectModel;

namespace LocalDeblur.Models;

/// <summary>Sorts atoms to the sites of a chain: a site is one place in the sequence, with the residue, or the alternative residues, that are there.</summary>
internal sealed class ResidueSites
{
    private readonly Dictionary<(string Chain, int Number, string InsertionCode), int> _latest = [];
    private readonly HashSet<(int Site, string Residue, string Atom, string Alternate)> _taken = [];

    /// <summary>Number of sites so far.</summary>
    public int Count { get; private set; }

    /// <summary>Number of the site that an atom belongs to. To be called once for each atom, in the order of the file.</summary>
    /// <param name="atom">The atom.</param>
    /// <remarks>
    /// Atoms of one residue need not follow each other. Where the site has the same atom in the same conformation already,
    /// another residue goes by the same number, and a new site begins.
    /// </remarks>
    public int Assign(ModelAtom atom)
    {
        (string, int, string) key = (atom.Chain, atom.ResidueNumber, atom.InsertionCode);
        if (!_latest.TryGetValue(key, out int site) || !Take(site, atom))
        {
            site = Count++;
            _latest[key] = site;
            Take(site, atom);
        }

        return site;
    }

    /// <summary>Groups atoms into residues and chains, both in the order in which they appear first.</summary>
    /// <param name="atoms">The atoms.</param>
    public static ReadOnlyCollection<ModelChain> Group(IEnumerable<ModelAtom> atoms)
    {
        var sites = new ResidueSites();
        var residues = new OrderedDictionary<(int Site, string Name), List<ModelAtom>>();
        foreach (ModelAtom atom in atoms)
        {
            (int, string) key = (sites.Assign(atom), atom.ResidueName);
            if (!residues.TryGetValue(key, out List<ModelAtom>? members))
            {
                residues.Add(key, members = []);
            }

            members.Add(atom);
        }

        var chains = new OrderedDictionary<string, List<ModelResidue>>(StringComparer.Ordinal);
        foreach (List<ModelAtom> members in residues.Values)
        {
            string id = members[0].Chain;
            if (!chains.TryGetValue(id, out List<ModelResidue>? list))
            {
                chains.Add(id, list = []);
            }

            list.Add(new ModelResidue(members.ToArray()));
        }

        return new ReadOnlyCollection<ModelChain>([.. chains.Select(chain => new ModelChain(chain.Key, chain.Value.ToArray()))]);
    }

    private bool Take(int site, ModelAtom atom) => _taken.Add((site, atom.ResidueName, atom.Name, atom.AlternateLocation));
}
