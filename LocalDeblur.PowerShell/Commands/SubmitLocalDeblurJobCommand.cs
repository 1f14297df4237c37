using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Submit-LocalDeblurJob: hands jobs to a Slurm cluster, as the tasks of an array.</summary>
[Cmdlet(VerbsLifecycle.Submit, "LocalDeblurJob", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, HelpUri = HelpPages.Folder + "Submit-LocalDeblurJob.md")]
[OutputType(typeof(SlurmArray))]
public sealed class SubmitLocalDeblurJobCommand : PathCommand
{
    private readonly List<string> _files = [];

    /// <summary>Name in the queue, and of the files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = new SubmitOptions().Name;

    /// <summary>Most jobs at once; as many as the cluster lets where it is not given.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    [Number]
    public int? ThrottleLimit { get; set; }

    /// <summary>Threads of each job that states none; 0 for 4.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    [Number]
    public int Threads { get; set; }

    /// <summary>Memory of each job (bytes); the jobs' own estimate where it is not given.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    [Number]
    public long? MemoryLimit { get; set; }

    /// <summary>Time of each job, rounded up to minutes.</summary>
    [Parameter]
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>Partition; the cluster's default where it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>Account that pays; the user's default where it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>Further options of sbatch, such as --qos=night.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] SbatchOption { get; set; } = [];

    /// <summary>Program that runs a job on a node, and what stands before its own arguments.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] Program { get; set; } = [.. new SubmitOptions().Program];

    /// <summary>Folder for script, list and output of the jobs; 'slurm' beside the first job where it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ScriptDirectory { get; set; }

    /// <summary>A site's own script, with placeholders.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Template { get; set; }

    /// <summary>Values of further placeholders of it.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary TemplateValue { get; set; } = new Hashtable();

    /// <summary>Submits the jobs when all have come.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count == 0)
        {
            return;
        }

        var options = new SubmitOptions
        {
            Name = Name,
            Folder = ResolveOrThrow(ScriptDirectory),
            ThrottleLimit = ThrottleLimit,
            Threads = Threads > 0 ? Threads : null,
            Memory = MemoryLimit,
            TimeLimit = TimeLimit,
            Partition = Partition,
            Account = Account,
            ExtraOptions = SbatchOption,
            Program = Program,
            TemplatePath = ResolveOrThrow(Template),
            TemplateValues = TemplateValue.Cast<DictionaryEntry>().ToDictionary(entry => Words(entry.Key), entry => Words(entry.Value)),
        };
        var cluster = new SlurmCluster();
        SubmissionPlan plan = RunOrThrow("Planning the submission", _files[0], (_, token) => cluster.Plan(_files, options, token));
        Tell(Name, plan.Decisions, []);
        foreach (JobSummary job in plan.Refused)
        {
            WriteError(ErrorRecords.From(job, MyInvocation.MyCommand));
        }

        SlurmArray[] arrays = [.. plan.Arrays.Where(IsWanted)];
        if (arrays.Length > 0)
        {
            WriteObject(RunOrThrow("Submitting", _files[0], (_, token) => cluster.Submit(plan with { Arrays = arrays }, token)), enumerateCollection: true);
        }
    }

    private protected override void ProcessFile(string file) => _files.Add(file);

    private bool IsWanted(SlurmArray array)
    {
        string what = $"Submit {array.Jobs.Count.ToString(CultureInfo.InvariantCulture)} jobs by the script '{array.ScriptPath}'";
        return ShouldProcess($"{what}:\n{array.Script}", $"{what}?", MyInvocation.MyCommand.Name);
    }

    private static string Words(object? value) => LanguagePrimitives.ConvertTo<string>(value);
}
