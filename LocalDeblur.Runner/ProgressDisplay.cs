using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace LocalDeblur.Runner;

/// <summary>Shows progress on standard error: a bar on a terminal, a line per stage elsewhere, nothing when quiet.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work on another thread and shows how far it is.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="quiet">True to show nothing.</param>
    /// <param name="work">The work; reports its stages.</param>
    public static async Task<T> RunAsync<T>(bool quiet, Func<IProgress<StageProgress>?, T> work)
    {
        if (quiet)
        {
            return await Task.Run(() => work(null)).ConfigureAwait(false);
        }

        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
        {
            return await Task.Run(() => work(new LineProgress())).ConfigureAwait(false);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask("Starting", maxValue: 1);
                return await Task.Run(() => work(new BarProgress(task))).ConfigureAwait(false);
            })
            .ConfigureAwait(false);
    }

    private sealed class BarProgress(ProgressTask task) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
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
        private string _stage = "";

        public void Report(StageProgress value)
        {
            lock (_gate)
            {
                if (value.Stage == _stage)
                {
                    return;
                }

                _stage = value.Stage;
                double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{seconds,7:0.0} s] {value.Stage}"));
            }
        }
    }
}
