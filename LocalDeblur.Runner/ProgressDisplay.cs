using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace LocalDeblur.Runner;

/// <summary>Shows progress on standard error: a bar on a terminal, one line a stage elsewhere, nothing when quiet.</summary>
/// <remarks>Other programs make an event of each line: one for every step would bury what matters.</remarks>
internal static class ProgressDisplay
{
    /// <summary>Runs work on another thread and shows how far it is.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="quiet">True to show nothing.</param>
    /// <param name="work">The work; reports its stages.</param>
    /// <param name="isLogged">Whether the work writes the log of the process itself.</param>
    public static async Task<T> RunAsync<T>(bool quiet, Func<IProgress<StageProgress>?, T> work, bool isLogged = false)
    {
        RunnerLog? log = isLogged ? null : RunnerLog.Current;
        if (quiet || RunnerLog.Current is { IsStandardError: true })
        {
            return await Task.Run(() => work(Watched(null))).ConfigureAwait(false);
        }

        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
        {
            return await Task.Run(() => work(Watched(new LineProgress()))).ConfigureAwait(false);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(PlainWriter.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask("Starting", maxValue: 1);
                return await Task.Run(() => work(Watched(new BarProgress(task)))).ConfigureAwait(false);
            })
            .ConfigureAwait(false);

        IProgress<StageProgress>? Watched(IProgress<StageProgress>? progress) => log?.Log.Watch(progress, log.Command) ?? progress;
    }

    private sealed class BarProgress(ProgressTask task) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            task.Description = Markup.Escape(PlainText.Of(value.Stage));
            task.IsIndeterminate = double.IsNaN(value.Fraction);
            if (!double.IsNaN(value.Fraction))
            {
                task.Value = value.Fraction;
            }
        }
    }

    private sealed class LineProgress : IProgress<StageProgress>
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly Lock _gate = new();
        private readonly HashSet<string> _told = new(StringComparer.Ordinal);

        public void Report(StageProgress value)
        {
            lock (_gate)
            {
                if (!_told.Add(value.Step))
                {
                    return;
                }

                double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{seconds,7:0.0} s] {value.Step}"));
            }
        }
    }
}
