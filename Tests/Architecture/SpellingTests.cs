using System.Text.RegularExpressions;
using Xunit;

namespace LocalDeblur.Tests.Architecture;

/// <summary>Holds that the engine speaks of no front end: what a refusal advises it says with <see cref="EngineParameter"/>, and each front end adds its spelling.</summary>
public sealed partial class SpellingTests
{
    private static readonly string Manifest = File.ReadAllText(Path.Combine(Repository.Root, "LocalDeblur.psd1"));

    private static readonly string[] Cmdlets = [.. Regex.Matches(Manifest, @"'([A-Z]\w+-[A-Z]\w+)'").Select(name => name.Groups[1].Value)];

    [Fact]
    public void NoTextOfTheEngineNamesAnOptionOrACmdlet()
    {
        Assert.Contains("Import-CryoMap", Cmdlets);
        Assert.Empty(
            from source in Sources()
            from Match text in Literal().Matches(source.Text)
            where Option().IsMatch(text.Value) || Cmdlets.Any(name => text.Value.Contains(name, StringComparison.OrdinalIgnoreCase))
            select $"{source.File}: {text.Value}");
    }

    [Theory]
    [InlineData("\"Give -Mask.\"", true)]
    [InlineData("$\"Give {name} (--low-pass).\"", true)]
    [InlineData("\"Choose one with -Index 0.\"", true)]
    [InlineData("\"an off-Nyquist value of −30, or 1e-12 to -5\"", false)]
    [InlineData("\"give a low-pass filter\"", false)]
    public void OptionsAreSeen(string literal, bool expected) => Assert.Equal(expected, Option().IsMatch(Literal().Match(literal).Value));

    [Fact]
    public void TheEngineAdvisesEveryParameter()
    {
        string all = string.Concat(Sources().Where(source => source.File != "EngineParameter.cs").Select(source => source.Text));
        Assert.DoesNotContain(Enum.GetNames<EngineParameter>(), name => !Regex.IsMatch(all, $@"EngineParameter\.{name}\b"));
    }

    // A string of one line, or the text between two line ends of a raw one; what stands in braces goes with it.
    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();

    // As a user would type it: at a word's beginning one hyphen and a capital, or two and a small letter.
    [GeneratedRegex(@"(?<![\w-])(-[A-Z][A-Za-z]+|--[a-z])")]
    private static partial Regex Option();

    // A script is made of options: those of sbatch, and of the command that runs a job on a node.
    private static readonly string Script = Path.Combine("Jobs", "Slurm", "SlurmScript.cs");

    private static IEnumerable<(string File, string Text)> Sources() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "LocalDeblur.Engine"), "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Path.Combine(Repository.Root, "LocalDeblur.Engine"), file)
        where !name.StartsWith("obj", StringComparison.Ordinal) && !name.StartsWith("bin", StringComparison.Ordinal) && name != Script
        select (name, string.Join('\n', File.ReadAllLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))));
}
