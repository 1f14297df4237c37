namespace LocalDeblur.Files;

/// <summary>Opens tables.</summary>
internal static class TextFile
{
    /// <summary>Opens a file of text.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="EngineException">MapFileNotFound or MapFileInaccessible.</exception>
    public static StreamReader Open(string path)
    {
        try
        {
            return File.OpenText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EngineException(EngineError.MapFileNotFound, $"There is no file '{path}'. Check the name and the current location.", path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{path}' cannot be read: {exception.Message}", path, exception);
        }
    }
}
