namespace LocalDeblur.Archives;

/// <summary>What of an entry of the EMDB is fetched beside its primary map, and from where.</summary>
public sealed record EmdbFetchOptions
{
    /// <summary>Whether the two half maps are fetched.</summary>
    public bool HalfMaps { get; init; }

    /// <summary>Whether the masks are fetched.</summary>
    public bool Mask { get; init; }

    /// <summary>Whether the atomic models that the entry names are fetched, as mmCIF.</summary>
    public bool Model { get; init; }

    /// <summary>
    /// Servers that are asked instead of the public ones, each tried when the one before does not have a file: http or https addresses of a folder in which EMD-1234
    /// has the folders header, map, other and masks, as in "structures" of the EMDB, and the folder models has 1abc_updated.cif. None: EBI, wwPDB and PDBj.
    /// </summary>
    public IReadOnlyList<Uri> Servers { get; init; } = [];

    /// <summary>Whether files that exist are replaced. Otherwise those that are whole are kept.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How long is waited for what.</summary>
    internal DownloadTimes Times { get; init; } = new();
}
