using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalDeblur.Jobs.Slurm;

/// <summary>Fills in a site's own script: <c>{{ name }}</c>, <c>{{ (name*number)|int }}</c> and <c>XXXnameXXX</c>.</summary>
internal static partial class SlurmTemplate
{
    private static readonly string[] Commands = ["run_cmd", "command"];

    /// <summary>Whether a script says itself where its output goes.</summary>
    /// <param name="template">The script.</param>
    public static bool HasOwnOutput(string template) => !Names(template).Any(name => name is "outfile" or "job_log_path_abs");

    /// <summary>Fills it in.</summary>
    /// <param name="template">The script.</param>
    /// <param name="values">Values by name; null for one that was not given.</param>
    /// <param name="options">Options of sbatch that the script gets behind its own.</param>
    /// <exception cref="EngineException">TemplateInvalid.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string?> values, IReadOnlyList<string> options)
    {
        string text = template.ReplaceLineEndings("\n");
        if (text.Contains("{%", StringComparison.Ordinal))
        {
            throw Invalid("has statements ({% … %}), and only placeholders can be filled in. Take the lines that they would leave");
        }

        if (!Names(text).Any(Commands.Contains))
        {
            throw Invalid("has no place for the command; expected {{ run_cmd }} or XXXcommandXXX");
        }

        // One pass, so that nothing of a value is taken for a placeholder.
        return Insert(Placeholder().Replace(text, place => Value(place, values)), options);
    }

    private static IEnumerable<string> Names(string text) =>
        from Match place in Placeholder().Matches(text)
        let inner = place.Groups["relion"].Success ? place.Groups["relion"] : Expression().Match(place.Groups["jinja"].Value).Groups["name"]
        select inner.Value;

    private static string Value(Match place, IReadOnlyDictionary<string, string?> values)
    {
        if (place.Groups["relion"].Success)
        {
            return Find(place.Groups["relion"].Value, place.Value, values);
        }

        Match expression = Expression().Match(place.Groups["jinja"].Value);
        if (!expression.Success)
        {
            throw Invalid($"has '{place.Value}'; expected a name, or a name times a number as in {{{{ (ram_gb*1000)|int }}}}");
        }

        string value = Find(expression.Groups["name"].Value, place.Value, values);
        if (!expression.Groups["factor"].Success)
        {
            return value;
        }

        double factor = double.Parse(expression.Groups["factor"].Value, CultureInfo.InvariantCulture);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? Say($"{(expression.Groups["sign"].Value == "*" ? number * factor : number / factor):0}")
            : throw Invalid($"has '{place.Value}', and {expression.Groups["name"].Value} is '{value}', which is no number");
    }

    private static string Find(string name, string place, IReadOnlyDictionary<string, string?> values) =>
        !values.TryGetValue(name, out string? value) ? throw Invalid($"has '{place}', which is not known; known are {string.Join(", ", values.Keys)}", name)
            : value ?? throw Invalid($"has '{place}', and no value was given for it", name);

    // Behind its own options, which end at the first line that is neither empty nor a comment: what stands later holds.
    private static string Insert(string script, IReadOnlyList<string> options)
    {
        List<string> lines = [.. script.Split('\n')];
        int head = lines.FindIndex(line => line.TrimStart() is not ("" or ['#', ..]));
        int last = lines.FindLastIndex(Math.Max(0, (head < 0 ? lines.Count : head) - 1), line => line.StartsWith("#SBATCH", StringComparison.Ordinal));
        int at = last >= 0 ? last + 1 : lines[0].StartsWith("#!", StringComparison.Ordinal) ? 1 : 0;
        lines.InsertRange(at, options.Select(option => $"#SBATCH {option}"));
        return string.Join('\n', lines);
    }

    private static EngineException Invalid(string problem, string? name = null) =>
        new(EngineError.TemplateInvalid, $"The script of the site {problem}.")
        {
            Advice = name is null ? [] : [new("give a value", EngineParameter.TemplateValue), new("change the script")],
        };

    [GeneratedRegex(@"\{\{\s*(?<jinja>.*?)\s*\}\}|XXX(?<relion>\w+?)XXX")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\(?\s*(?<name>[A-Za-z_]\w*)\s*(?:(?<sign>[*/])\s*(?<factor>\d+(?:\.\d+)?)\s*)?\)?\s*(?:\|\s*int\s*)?$")]
    private static partial Regex Expression();
}
