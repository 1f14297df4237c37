using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>
/// Finds the reference data: maps and figures made by other programs. The synthetic sets are part of the repository, in Tests/Data/Reference; each file is looked for there first.
/// What is too large for it, or has a licence of its own, is kept elsewhere: in the folder that the environment variable LOCALDEBLUR_REFERENCE names,
/// or else in shared/reference beside the folder of the solution. A test whose data is at neither place is skipped, or fails where LOCALDEBLUR_REQUIRE_REFERENCE is 1.
/// </summary>
internal static class ReferenceData
{
    private const string FolderVariable = "LOCALDEBLUR_REFERENCE";
    private const string RequireVariable = "LOCALDEBLUR_REQUIRE_REFERENCE";

    private static readonly string[] SearchedFolders = [.. Folders()];

    /// <summary>Whether a test without its data fails, and is not skipped.</summary>
    public static bool IsRequired { get; } = Environment.GetEnvironmentVariable(RequireVariable) == "1";

    /// <summary>Full path of a file; null where it is at neither place.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static string? Find(string relative) =>
        SearchedFolders.Select(folder => Path.Combine(folder, Path.Combine(relative.Split('/')))).FirstOrDefault(File.Exists);

    /// <summary>Full path of a file; ends the test where it is at neither place.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static string Require(string relative)
    {
        string? path = Find(relative);
        if (path is null)
        {
            EndWithout(relative, IsRequired);
        }

        return path!;
    }

    /// <summary>A map; ends the test where it is at neither place.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static CryoMap OpenMap(string relative)
    {
        // To the last bit the mean of the half maps, so the repository does without it.
        if (relative == "orc80/full.mrc.gz" && Find(relative) is null)
        {
            return new Reconstruction(OpenMap("orc80/half1.mrc.gz"), OpenMap("orc80/half2.mrc.gz")).Mean();
        }

        return MrcReader.Open(Require(relative));
    }

    /// <summary>The content of a JSON file; ends the test where it is at neither place.</summary>
    /// <param name="relative">Path below the folder, with forward slashes.</param>
    public static JsonElement RequireJson(string relative)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Require(relative)));
        return document.RootElement.Clone();
    }

    /// <summary>Ends a test for want of its data, and says why the data is not in the repository.</summary>
    /// <param name="relative">The missing file.</param>
    /// <param name="isRequired">Whether the test fails, and is not skipped.</param>
    public static void EndWithout(string relative, bool isRequired)
    {
        string why = relative.Split('/')[0] switch
        {
            "real" => "measured maps and the models built in them have licences of their own",
            "emringer" => "EMRinger's own example has no licence to pass it on",
            _ => "the whole reference data is too large",
        };
        string reason = $"Needs the reference data '{relative}', which is not part of the repository ({why}). {FolderVariable} names a folder that has it.";
        if (isRequired)
        {
            Assert.Fail($"{reason} It is required, since {RequireVariable} is 1.");
        }

        Assert.Skip(reason);
    }

    private static IEnumerable<string> Folders()
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "LocalDeblur.sln")))
        {
            root = root.Parent;
        }

        if (root is not null)
        {
            yield return Path.Combine(root.FullName, "Tests", "Data", "Reference");
        }

        if (!string.IsNullOrEmpty(named))
        {
            yield return named;
        }
        else if (root is not null)
        {
            yield return Path.Combine(root.FullName, "..", "shared", "reference");
        }
    }
}
