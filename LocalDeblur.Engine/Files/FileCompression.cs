namespace LocalDeblur.Files;

/// <summary>How a map file is compressed as a whole. Recognised by its first bytes, not by its name.</summary>
public enum FileCompression
{
    /// <summary>Not compressed.</summary>
    None,
    /// <summary>gzip (RFC 1952).</summary>
    Gzip,
    /// <summary>bzip2.</summary>
    Bzip2,
}
