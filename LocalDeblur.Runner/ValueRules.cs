using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LocalDeblur.Runner;

/// <summary>What counts as a number, a choice or a path on the command line. A comma is no decimal point: taken for one between thousands, it would make 45 Å of 4,5.</summary>
internal static class ValueRules
{
    /// <summary>How an option's help names its value where that is the path of a file.</summary>
    public const string File = "file";

    /// <summary>The same of several files.</summary>
    public const string Files = "files";

    /// <summary>The same of a folder.</summary>
    public const string Folder = "folder";

    /// <summary>Makes anything else a usage error, in every argument and option of a command and of the commands below it.</summary>
    /// <param name="command">The command.</param>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            AddTo(option);
        }

        // What takes any number of files would take a misspelt option for one.
        foreach (Argument argument in command.Arguments)
        {
            argument.Validators.Add(result => RefuseOptions(result, result.Tokens));
        }

        foreach (Command below in command.Subcommands)
        {
            AddTo(below);
        }
    }

    /// <summary>Makes anything but some words a usage error that names them.</summary>
    /// <param name="option">The option.</param>
    /// <param name="choices">The words, in capitals or not.</param>
    public static void AllowOnly(Option option, IReadOnlyList<string> choices) =>
        Require(option, text => choices.Contains(text, StringComparer.OrdinalIgnoreCase), string.Join(", ", choices));

    private static void AddTo(Option option)
    {
        Type type = option.ValueType.GetElementType() ?? Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (type.IsEnum)
        {
            AllowOnly(option, Enum.GetNames(type));
        }
        else if (type == typeof(int))
        {
            Require(option, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "a whole number");
        }
        else if (type == typeof(string))
        {
            Require(option, text => text.Length > 0, "something that is not empty");
            bool isFile = option.HelpName is File or Files;
            if (isFile && option.Arity.MaximumNumberOfValues > 1)
            {
                option.Validators.Add(result => RefuseOptions(result, result.Tokens));
            }

            Require(option, text => !isFile || !Directory.Exists(text), "a file, and this is a folder");
            Require(option, text => option.HelpName != Folder || !System.IO.File.Exists(text), "a folder, and this is a file");
        }
        else if (type == typeof(double) || type == typeof(float))
        {
            Require(option, text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "a number, decimals after a point");
        }
    }

    private static void RefuseOptions(SymbolResult result, IEnumerable<Token> tokens)
    {
        foreach (Token token in tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"{token.Value} is no option of this command. A file of that name is ./{token.Value}.");
        }
    }

    private static void Require(Option option, Predicate<string> isValid, string expected) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => !isValid(token.Value)))
        {
            result.AddError($"{option.Name} is '{token.Value}'; expected {expected}.");
        }
    });
}
