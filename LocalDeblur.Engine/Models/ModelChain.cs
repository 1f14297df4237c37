using System.Collections.ObjectModel;

namespace LocalDeblur.Models;

/// <summary>One chain: everything in the model under one chain id, polymer, ligands and solvent, in the order of the file.</summary>
public sealed class ModelChain
{
    /// <summary>Groups residues.</summary>
    /// <param name="id">Chain id.</param>
    /// <param name="residues">At least one.</param>
    internal ModelChain(string id, IList<ModelResidue> residues)
    {
        Id = id;
        Residues = new ReadOnlyCollection<ModelResidue>(residues);
    }

    /// <summary>Chain id; empty where the file names none.</summary>
    public string Id { get; }

    /// <summary>Its residues.</summary>
    public ReadOnlyCollection<ModelResidue> Residues { get; }

    /// <summary>For example <c>chain A (310 residues)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"chain {Id} ({Residues.Count} residues)");
}
