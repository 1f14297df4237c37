using System.Management.Automation;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Test-CryoMap: every departure of a map file from its format.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CryoMap", DefaultParameterSetName = PathSet)]
[OutputType(typeof(MrcReport), typeof(bool))]
public sealed class TestCryoMapCommand : PathCommand
{
    /// <summary>Returns only whether the file can be used.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

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
