namespace LocalDeblur.Models.Reading;

/// <summary>Format of a model file.</summary>
internal enum ModelFormat
{
    /// <summary>Protein Data Bank format, version 3, with hybrid-36 numbers.</summary>
    Pdb,

    /// <summary>Macromolecular Crystallographic Information File (PDBx/mmCIF).</summary>
    Mmcif,
}
