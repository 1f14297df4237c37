using System.CommandLine;
using System.Text.RegularExpressions;
using LocalDeblur.Runner;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>What the pages say to type is understood: every command line of a code block as it stands, and every option that is named within a sentence.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly RootCommand Root = RunnerCommand.Create();

    public static TheoryData<string> Pages =>
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(page => Path.GetRelativePath(Repository.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void WhatAPageSaysToTypeIsUnderstood(string page)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, page));
        string[] wrong =
        [
            .. from line in lines
               let command = InABlock().Match(line)
               where command.Success
               from error in Root.Parse(Words(command.Groups["line"].Value)).Errors
               select $"{line.Trim()}: {error.Message}",
            .. from line in lines
               from code in InASentence().Matches(line)
               from word in Words(code.Groups["line"].Value)
               where word.StartsWith('-') && !Options(code.Groups["line"].Value).Contains(word.Split('=')[0])
               select $"{code.Value}: there is no {word}",
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void CommandsAreFoundOnThePages()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "facility.md"));
        Assert.True(page.Split('\n').Count(line => InABlock().IsMatch(line)) > 10);
        Assert.True(InASentence().Count(page) > 3);
        Assert.Equal(["submit", "night/*.json", "--name", "the night"], Words("submit night/*.json --name \"the night\" >> submit.log 2>&1   # each evening"));
    }

    // Without a comment, and what the shell does with the output.
    private static string[] Words(string line) => [.. from word in Word().Matches(BehindTheCommand().Replace(line, string.Empty)) select word.Value.Trim('\'', '"')];

    // Those of the command; where the code names none, as `--mask`, those of every command.
    private static HashSet<string> Options(string line)
    {
        Command[] named = [.. Root.Subcommands.Where(command => command.Name == line.Split(' ')[0])];
        IEnumerable<Option> options = (named.Length > 0 ? named : [.. Root.Subcommands]).SelectMany(command => command.Options).Concat(Root.Options);
        return [.. options.SelectMany(option => option.Aliases.Append(option.Name))];
    }

    [GeneratedRegex(@"^(?: {4}|ExecStart=)(?:.*\s|\S*/)?(?:localdeblur|LocalDeblur\.Runner --) (?<line>(?![A-Z]).+)$|^ {4}(?<line>xmipp_.+)$")]
    private static partial Regex InABlock();

    [GeneratedRegex("`(?:localdeblur (?<line>[a-z][^`]*)|(?<line>--?[a-z][^`]*))`")]
    private static partial Regex InASentence();

    [GeneratedRegex(@"\s+(#|\||>|>>) ?.*$")]
    private static partial Regex BehindTheCommand();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
