using System.ComponentModel;
using System.Diagnostics;

namespace LocalDeblur.Jobs.Slurm;

/// <summary>The commands by which Slurm is spoken to. Tests put recorded answers here.</summary>
internal interface ISlurmCommands
{
    /// <summary>Runs one to its end.</summary>
    /// <param name="program">Name of the command: sbatch, squeue, scontrol, sacct or scancel.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>What it answered; <see cref="SlurmAnswer.None"/> where it did not within half a minute, or is not there.</returns>
    SlurmAnswer Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>What a command answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, or why it did not run.</param>
internal sealed record SlurmAnswer(int ExitCode, string Output, string Error)
{
    private const int NotRun = -1;

    /// <summary>Whether it did what it was asked.</summary>
    public bool IsGood => ExitCode == 0;

    /// <summary>Whether the command is on this machine at all.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>Its error in one line, for a sentence.</summary>
    public string Complaint =>
        Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last.TrimEnd('.') : Say($"exit code {ExitCode}");

    /// <summary>No answer.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isMissing">Whether the command is not there.</param>
    public static SlurmAnswer None(string reason, bool isMissing = false) => new(NotRun, string.Empty, reason) { IsMissing = isMissing };
}

/// <summary>The commands of the machine. What users set to change their output or defaults does not reach them.</summary>
internal sealed class SlurmCommands : ISlurmCommands
{
    // A controller that is down lets its clients wait for some ten seconds; what takes longer does not come.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Defaults = ["SBATCH_", "SQUEUE_", "SACCT_", "SCONTROL_", "SCANCEL_", "SLURM_TIME_FORMAT"];

    /// <inheritdoc/>
    public SlurmAnswer Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => Defaults.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return Await(process, program, cancellationToken);
        }
        catch (Win32Exception)
        {
            return SlurmAnswer.None($"there is no {program} on this machine", isMissing: true);
        }
    }

    private static SlurmAnswer Await(Process process, string program, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(ending.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(ending.Token);
            Task.WhenAll(output, error, process.WaitForExitAsync(ending.Token)).GetAwaiter().GetResult();
            return new SlurmAnswer(process.ExitCode, output.Result, error.Result);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return SlurmAnswer.None(Say($"{program} did not answer within {Patience.TotalSeconds} s"));
        }
    }
}
