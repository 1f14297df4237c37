using System.Text.RegularExpressions;
using LocalDeblur.Maps;

namespace LocalDeblur.Jobs.Watching;

/// <summary>Which files of a folder are half maps of reconstructions that are done.</summary>
internal sealed partial class HalfMapPattern
{
    private readonly Regex? _own;
    private readonly string[] _words = [];

    /// <summary>Takes the names that programs use, or those of the user.</summary>
    /// <param name="pattern">Name of a file with * and ?, and in braces the two words that tell the halves apart; null for the names that programs use.</param>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    public HalfMapPattern(string? pattern)
    {
        if (pattern is null)
        {
            return;
        }

        Match parts = Braces().Match(pattern);
        _words = [parts.Groups["first"].Value, parts.Groups["second"].Value];
        if (!parts.Success || _words[0] == _words[1] || pattern.AsSpan().ContainsAny('/', '\\'))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                $"'{pattern}' does not say how half maps are named; expected the name of a file, in which * and ? may stand, "
                    + "with the two words in braces that tell the halves apart, such as '*_{odd,even}.mrc'.",
                pattern);
        }

        string words = $"(?<half>{Regex.Escape(_words[0])}|{Regex.Escape(_words[1])})";
        _own = new Regex(
            $"^{Expression(parts.Groups["before"].Value)}{words}{Expression(parts.Groups["after"].Value)}$",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>Whether a name is one of those.</summary>
    /// <param name="name">Name of a file, without its folder.</param>
    public bool IsHalf(ReadOnlySpan<char> name) => _own is null
        ? HalfMapName.IsHalf(name) && !Iteration().IsMatch(name) && MapFileName.IsMap(name.ToString())
        : _own.IsMatch(name) && MapFileName.IsMap(name.ToString());

    /// <summary>Where the name says which half it is.</summary>
    /// <param name="name">A name for which <see cref="IsHalf"/> is true.</param>
    public HalfMapWord Find(string name)
    {
        if (_own is null)
        {
            return HalfMapName.Find(name)!.Value;
        }

        Group word = _own.Match(name).Groups["half"];
        int number = word.Value == _words[0] ? 1 : 2;
        int start = word.Index > 0 && name[word.Index - 1] is '_' or '-' or ' ' or '.' ? word.Index - 1 : word.Index;
        return new HalfMapWord(number, word.Index, word.Length, _words[2 - number], start, word.Index + word.Length);
    }

    /// <summary>What a name has in common with those of the other iterations of one refinement, and the number of this one; null for a name without.</summary>
    /// <param name="name">Name of a file, without its folder.</param>
    public (string Series, int Number)? Series(string name) => _own is null && Refinement().Match(name) is { Success: true } match
        ? (match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
        : null;

    private static string Expression(string wildcards) => Regex.Escape(wildcards).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<before>[^{}]*)\{(?<first>[^{},*?]+),(?<second>[^{},*?]+)\}(?<after>[^{}]*)$")]
    private static partial Regex Braces();

    // RELION writes the half maps of every iteration, run_it012_half1_class001.mrc, and those of the end without its number.
    [GeneratedRegex(@"_it\d{3}_")]
    private static partial Regex Iteration();

    // cryoSPARC numbers the iterations up to the last: J12_004_volume_map_half_A.mrc.
    [GeneratedRegex(@"^(.*_)(\d{3})_volume_map_half_[AB]\.")]
    private static partial Regex Refinement();
}
