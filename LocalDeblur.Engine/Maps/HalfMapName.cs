using System.Text.RegularExpressions;

namespace LocalDeblur.Maps;

/// <summary>How programs name the two half maps of a reconstruction: by a word in the name of the file that tells one from the other.</summary>
/// <remarks>
/// RELION has <c>run_half1_class001_unfil.mrc</c>, cryoSPARC <c>J12_004_volume_map_half_A.mrc</c>, the EMDB <c>emd_1234_half_map_1.map.gz</c>. Where a name has several such
/// words the last one counts, as in RELION.
/// </remarks>
public static partial class HalfMapName
{
    /// <summary>The path of the other half map, beside the one given.</summary>
    /// <param name="path">Path or name of the file of a half map.</param>
    /// <returns>Null where the name is none of a half map.</returns>
    public static string? Other(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        return (Find(name) ?? Find(name, Part())) is { } half ? string.Concat(path.AsSpan(0, path.Length - name.Length), half.Other(name)) : null;
    }

    /// <summary>Whether a name is that of a half map.</summary>
    /// <param name="name">Name of a file, without its folder.</param>
    internal static bool IsHalf(ReadOnlySpan<char> name) => Word().IsMatch(name);

    /// <summary>Whether a name is that of one half map, rather than of what was made of both.</summary>
    /// <param name="name">Name of a map.</param>
    internal static bool IsLone(string name) => Word().Count(name) == 1;

    /// <summary>Where a name says which half it is; null where it does not.</summary>
    /// <param name="name">Name of a file, without its folder.</param>
    internal static HalfMapWord? Find(string name) => Find(name, Word());

    private static HalfMapWord? Find(string name, Regex words)
    {
        if (words.Matches(name).LastOrDefault() is not { } word)
        {
            return null;
        }

        int at = word.Index + word.Length - 1;
        (int number, string other) = name[at] switch
        {
            '1' => (1, "2"),
            '2' => (2, "1"),
            'a' => (1, "b"),
            'A' => (1, "B"),
            'b' => (2, "a"),
            _ => (2, "A"),
        };

        // What parts the word from the rest goes with it.
        int start = word.Index > 0 && name[word.Index - 1] is '_' or '-' or ' ' or '.' ? word.Index - 1 : word.Index;
        return new HalfMapWord(number, at, 1, other, start, word.Index + word.Length);
    }

    // A word of its own: half1, half_A, half_map_1, HalfMap2.
    [GeneratedRegex("(?<![a-z])half[-_ ]?(map)?[-_ ]?[12ab](?![a-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // Anywhere, as RELION takes it.
    [GeneratedRegex("half[12]")]
    private static partial Regex Part();
}

/// <summary>Where the name of a file says which half map it is.</summary>
/// <param name="Number">1 or 2.</param>
/// <param name="At">Where the letters stand that differ between the two names.</param>
/// <param name="Length">How many there are.</param>
/// <param name="OtherText">What stands there in the name of the other half.</param>
/// <param name="Start">Where the whole word begins that has no place in the name of the reconstruction.</param>
/// <param name="End">Behind its end.</param>
internal readonly record struct HalfMapWord(int Number, int At, int Length, string OtherText, int Start, int End)
{
    /// <summary>The name of the other half map.</summary>
    /// <param name="name">The name of this one.</param>
    public string Other(string name) => string.Concat(name.AsSpan(0, At), OtherText, name.AsSpan(At + Length));

    /// <summary>The name of the reconstruction.</summary>
    /// <param name="name">The name of this half.</param>
    public string Without(string name) => string.Concat(name.AsSpan(0, Start), name.AsSpan(End));
}
