namespace LocalDeblur.Archives;

/// <summary>Where the files of entries are. Each list is in the order in which servers are asked.</summary>
/// <param name="given">Servers of the user's own; none for the public ones.</param>
internal sealed class EmdbServers(IReadOnlyList<Uri> given)
{
    private static readonly Uri[] Mirrors =
    [
        new("https://ftp.ebi.ac.uk/pub/databases/emdb/structures"), new("https://files.wwpdb.org/pub/emdb/structures"), new("https://ftp.pdbj.org/pub/emdb/structures"),
    ];

    private static readonly Uri Interface = new("https://www.ebi.ac.uk/emdb/api/entry");

    private static readonly Uri Models = new("https://www.ebi.ac.uk/pdbe/entry-files/download");

    /// <summary>Addresses of an entry's header.</summary>
    /// <param name="id">The entry, for example EMD-5778.</param>
    public Uri[] Header(string id)
    {
        Uri[] files = Files(id, "header", id.ToLowerInvariant() + ".xml");
        return given.Count > 0 ? files : [Below(Interface, id), .. files];
    }

    /// <summary>Addresses of a file of an entry.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="folder">Folder of the entry.</param>
    /// <param name="name">Name of the file.</param>
    public Uri[] Files(string id, string folder, string name) => [.. (given.Count > 0 ? given : Mirrors).Select(server => Below(server, $"{id}/{folder}/{name}"))];

    /// <summary>Addresses of an atomic model.</summary>
    /// <param name="name">Name of its file.</param>
    public Uri[] Model(string name) => given.Count > 0 ? [.. given.Select(server => Below(server, $"models/{name}"))] : [Below(Models, name)];

    private static Uri Below(Uri folder, string path) => new($"{folder.AbsoluteUri.TrimEnd('/')}/{path}");
}
