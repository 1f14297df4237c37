using System.Text.RegularExpressions;
using Xunit;

namespace LocalDeblur.Tests.Architecture;

/// <summary>Holds the order of the engine's rooms, which docs/architecture.md explains: a room uses those before it in the list, and none after it.</summary>
public sealed partial class FloorTests
{
    // From the ground up. The engine's root folder has what every room may use: errors, progress, the program's name.
    private static readonly string[] Rooms =
    [
        "", "Numerics", "Files", "Maps", "Models", "Fourier", "Density", "Masks", "Shells", "Bands", "Resolution", "Filters", "Phantom", "Sharpening", "Validation", "Plots",
        "Workflows", "Reports", "Jobs", "Archives",
    ];

    private static readonly string Engine = Path.Combine(Repository.Root, "LocalDeblur.Engine");

    [Fact]
    public void EveryRoomHasItsPlace() =>
        Assert.Equal(Rooms.Order(StringComparer.Ordinal), Sources().Select(source => source.Room).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void NamespacesEqualFolders() => Assert.Empty(
        from source in Sources()
        let folder = source.Folder.Length == 0 ? "LocalDeblur" : $"LocalDeblur.{source.Folder.Replace(Path.DirectorySeparatorChar, '.')}"
        where !source.Text.Contains($"\nnamespace {folder};\n", StringComparison.Ordinal) && !source.Text.StartsWith($"namespace {folder};\n", StringComparison.Ordinal)
        select $"{source.File} is not in the namespace {folder}");

    [Fact]
    public void NoRoomUsesOneAboveIt() => Assert.Empty(
        from source in Sources()
        from Match name in EngineNamespace().Matches(source.Text)
        let used = name.Groups[1].Value
        where Array.IndexOf(Rooms, used) > Array.IndexOf(Rooms, source.Room)
        select $"{source.File} (in {source.Room}) uses {used}, which stands above it");

    [Fact]
    public void NoFrontEndIsUsedByTheEngine() =>
        Assert.DoesNotContain(
            Sources(),
            source => source.Text.Contains("System.Management.Automation", StringComparison.Ordinal) || source.Text.Contains("Console.", StringComparison.Ordinal));

    [Fact]
    public void OneRoomAloneSpeaksToTheNetwork() =>
        Assert.Equal(["Archives"], Sources().Where(source => source.Text.Contains("System.Net", StringComparison.Ordinal)).Select(source => source.Room).Distinct());

    // In a using directive or a qualified name: what stands after "LocalDeblur.".
    [GeneratedRegex(@"\bLocalDeblur\.([A-Z]\w*)")]
    private static partial Regex EngineNamespace();

    internal static IEnumerable<(string File, string Folder, string Room, string Text)> Sources() =>
        from file in Directory.EnumerateFiles(Engine, "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Engine, file)
        where !name.StartsWith("obj", StringComparison.Ordinal) && !name.StartsWith("bin", StringComparison.Ordinal)
        let folder = Path.GetDirectoryName(name)!
        select (name, folder, folder.Split(Path.DirectorySeparatorChar)[0], File.ReadAllText(file).ReplaceLineEndings("\n"));
}
