using System.CommandLine;
using LocalDeblur.Jobs;

namespace LocalDeblur.Runner;

/// <summary>The jobs that a command works on: named one by one, or by a list.</summary>
internal sealed class JobFiles
{
    private readonly Argument<string[]> _jobs = new("jobs") { Description = "Files of jobs (.json).", Arity = ArgumentArity.ZeroOrMore, HelpName = "job.json" };
    private readonly Option<string?> _list = MapOptions.File("--list", "File with the path of a job on each line, relative to the list; instead of naming them.");

    /// <summary>The list.</summary>
    public Option List => _list;

    /// <summary>Adds them to a command, which then takes either jobs or a list.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_jobs);
        command.Add(_list);
        command.Validators.Add(result =>
        {
            bool named = result.GetResult(_jobs) is { Tokens.Count: > 0 };
            if (named == MapOptions.IsGiven(result, _list))
            {
                result.AddError(named ? "Jobs and --list were both given. Give one of them." : "No job was given. Give the file of a job, or --list.");
            }
        });
    }

    /// <summary>The paths that were given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="EngineException">The list cannot be read.</exception>
    public IReadOnlyList<string> Paths(ParseResult parsed) => parsed.GetValue(_list) is { } list ? JobBatch.ReadList(list) : parsed.GetValue(_jobs) ?? [];
}
