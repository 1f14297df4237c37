using System.Collections;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Start-LocalDeblurJob: runs jobs from their files, several at once where they fit into memory.</summary>
[Cmdlet(VerbsLifecycle.Start, "LocalDeblurJob", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Start-LocalDeblurJob.md")]
[OutputType(typeof(JobSummary), typeof(Job))]
public sealed class StartLocalDeblurJobCommand : PathCommand
{
    // In the thread of the job there is a session of its own, which knows no module yet.
    private const string InThread = """
        param($module, $paths, $parameters)
        Start-ThreadJob -Name LocalDeblur -ArgumentList $module, $paths, $parameters -ScriptBlock {
            param($module, $paths, $parameters)
            Import-Module $module
            Start-LocalDeblurJob -LiteralPath $paths @parameters
        }
        """;

    private readonly List<string> _files = [];

    /// <summary>Goes on behind the stages that are done.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Replaces results that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Most jobs at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    [Number]
    public int ThrottleLimit { get; set; } = 1;

    /// <summary>Threads of all jobs together; 0 for as many as the process may use.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    [Number]
    public int Threads { get; set; }

    /// <summary>Most memory that all jobs together may hold at once (bytes).</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    [Number]
    public long? MemoryLimit { get; set; }

    /// <summary>Table (.csv) of what came of the jobs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryPath { get; set; }

    /// <summary>File that gets a line of JSON for everything that happens; - for standard error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Runs the jobs in a thread of their own, and returns at once.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Runs the jobs when all have come.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count == 0)
        {
            return;
        }

        if (AsJob)
        {
            Hashtable parameters = new(MyInvocation.BoundParameters);
            foreach (string own in (string[])[nameof(Path), nameof(LiteralPath), nameof(AsJob)])
            {
                parameters.Remove(own);
            }

            WriteObject(InvokeCommand.InvokeScript(InThread, MyInvocation.MyCommand.Module.Path, _files.ToArray(), parameters), enumerateCollection: true);
            return;
        }

        string? summary = null;
        if (SummaryPath is not null && !TryResolveLiteral(SummaryPath, out summary, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        var options = new JobBatchOptions
        {
            Run = new JobRunOptions { Resume = Resume, Overwrite = Force, Limits = RunLimits.OfSession(Threads, MemoryLimit), Log = Log },
            ThrottleLimit = ThrottleLimit,
            SummaryPath = summary,
        };
        string activity = _files.Count == 1 ? $"Job {System.IO.Path.GetFileNameWithoutExtension(_files[0])}" : $"{_files.Count} jobs";
        IReadOnlyList<JobSummary> done = RunOrThrow(activity, _files[0], (progress, token) => JobBatch.Run(_files, options, progress, token), isLogged: true);
        foreach (JobSummary job in done)
        {
            Tell(job.Job, [], job.Warnings);
            if (job.ErrorId is not null)
            {
                WriteError(ErrorRecords.From(job, MyInvocation.MyCommand));
            }

            WriteObject(job);
        }
    }

    private protected override string? LogTarget => AsJob ? null : LogPath;

    private protected override void ProcessFile(string file) => _files.Add(file);
}
