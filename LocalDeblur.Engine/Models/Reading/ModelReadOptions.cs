namespace LocalDeblur.Models.Reading;

/// <summary>How a model file is read.</summary>
public sealed record ModelReadOptions
{
    /// <summary>Which alternate conformations are kept. By default one for each residue.</summary>
    public AlternateConformations Alternates { get; init; }

    /// <summary>True to leave hydrogen and deuterium out. By default they are kept, as the file has them.</summary>
    public bool DropHydrogens { get; init; }
}

/// <summary>Which alternate conformations of a model are kept.</summary>
public enum AlternateConformations
{
    /// <summary>
    /// For each residue the conformation of the highest mean occupancy, the first in the file on ties; atoms that only another
    /// conformation of the same residue has are kept, so that every atom is there once.
    /// </summary>
    HighestOccupancy,

    /// <summary>All of them.</summary>
    All,
}
