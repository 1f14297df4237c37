using System.Management.Automation;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Get-LocalDeblurJob: what has come of jobs, wherever they run or ran.</summary>
[Cmdlet(VerbsCommon.Get, "LocalDeblurJob", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Get-LocalDeblurJob.md")]
[OutputType(typeof(JobStatus))]
public sealed class GetLocalDeblurJobCommand : PathCommand
{
    private readonly List<string> _files = [];

    /// <summary>Asks about all jobs when they have come.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count > 0)
        {
            WriteObject(RunOrThrow("Looking at the jobs", _files[0], (_, token) => new SlurmCluster().Status(_files, token)), enumerateCollection: true);
        }
    }

    private protected override void ProcessFile(string file) => _files.Add(file);
}
