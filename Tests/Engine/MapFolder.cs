namespace LocalDeblur.Tests.Engine;

/// <summary>A folder for the files of one test, gone with it.</summary>
internal sealed class MapFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("localdeblur-maps-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Save(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string[] Names() => [.. _folder.EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);
}
