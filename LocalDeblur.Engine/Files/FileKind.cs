namespace LocalDeblur.Files;

/// <summary>What a file is expected to hold: how messages name it, and the errors of a file that cannot be read.</summary>
/// <param name="Name">In a sentence: "map".</param>
/// <param name="NotFound">There is no such file.</param>
/// <param name="Inaccessible">The file, or the disk under it, cannot be read.</param>
/// <param name="Pattern">What several such files are given as.</param>
internal sealed record FileKind(string Name, EngineError NotFound, EngineError Inaccessible, EngineParameter Pattern)
{
    /// <summary>A density map.</summary>
    public static FileKind Map { get; } = new("map", EngineError.MapFileNotFound, EngineError.MapFileInaccessible, EngineParameter.MapPath);

    /// <summary>An atomic model.</summary>
    public static FileKind Model { get; } = new("model", EngineError.ModelFileNotFound, EngineError.ModelFileInaccessible, EngineParameter.ModelPath);
}
