using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Test-CryoMap: every departure of a map file from its format.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CryoMap", DefaultParameterSetName = PathSet)]
[OutputType(typeof(MrcReport), typeof(bool))]
public sealed class TestCryoMapCommand : PathCommand
{
    private const string MapSet = "Map";

    /// <summary>A map in memory, whose file is checked.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    public CryoMap? Map { get; set; }

    /// <summary>Returns only whether the file can be used.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Checks each file, or the file of each map.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != MapSet)
        {
            base.ProcessRecord();
        }
        else if (Map!.Path is { } file)
        {
            ProcessFile(file);
        }
        else
        {
            WriteError(ErrorRecords.MapWithoutHeader(Map.Name));
        }
    }

    private protected override void ProcessFile(string file)
    {
        if (!TryRun($"Checking {System.IO.Path.GetFileName(file)}", file, (_, token) => MrcRules.Check(file, token), out MrcReport? report))
        {
            return;
        }

        if (Quiet)
        {
            WriteObject(report.IsValid);
        }
        else
        {
            WriteObject(report, enumerateCollection: false);
        }
    }
}
