using System.Management.Automation;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Test-CryoMap: whether map files keep every rule that has to hold, so that they can be used.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CryoMap", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Test-CryoMap.md")]
[OutputType(typeof(bool))]
public sealed class TestCryoMapCommand : MapCheckCommand
{
    private protected override void Write(MrcReport report) => WriteObject(report.IsValid);
}
