using System.Text.Json;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>
/// Finds the reference data: maps and figures made by other programs, kept beside the repository and not in it.
/// The environment variable LOCALDEBLUR_REFERENCE names their folder; else it is shared/reference beside the folder of the solution.
/// </summary>
internal static class ReferenceData
{
    private const string Variable = "LOCALDEBLUR_REFERENCE";

    /// <summary>Folder of the reference data; null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Full path of a file, or a skipped test where it is absent.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static string Require(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, Path.Combine(relative.Split('/')));
        if (path is null || !File.Exists(path))
        {
            Assert.Skip($"reference data not present: {relative}");
        }

        return path;
    }

    /// <summary>The content of a JSON file, or a skipped test where it is absent.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static JsonElement RequireJson(string relative)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Require(relative)));
        return document.RootElement.Clone();
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LocalDeblur.sln")))
            {
                string beside = Path.Combine(folder.FullName, "..", "shared", "reference");
                return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
            }
        }

        return null;
    }
}
