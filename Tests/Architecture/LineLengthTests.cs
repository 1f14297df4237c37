using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace LocalDeblur.Tests.Architecture;

/// <summary>Holds the limit on lines that .editorconfig states, which no formatter does.</summary>
public sealed partial class LineLengthTests
{
    [Fact]
    public void NoLineOfCodeIsLongerThanTheLimit()
    {
        int limit = int.Parse(Limit().Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"))).Groups[1].Value, CultureInfo.InvariantCulture);

        string[] longer =
        [
            .. from file in Sources()
               from line in File.ReadLines(file).Index()
               where line.Item.Length > limit
               select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1} has {line.Item.Length} columns; expected at most {limit}",
        ];

        Assert.True(longer.Length == 0, string.Join('\n', longer));
    }

    [GeneratedRegex(@"\[\*\.\{cs,ps1\}\]\s+max_line_length = (\d+)")]
    private static partial Regex Limit();

    // Folders of code by name: beside them lie those of builds and, on some machines, of whole other checkouts.
    private static IEnumerable<string> Sources() =>
        from folder in (string[])["LocalDeblur.Engine", "LocalDeblur.Loader", "LocalDeblur.PowerShell", "LocalDeblur.Runner", "Tests", "benchmarks", "build", "docs", "fuzz"]
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".ps1"
        where !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        select file;
}
