using System.Management.Automation;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Get-CryoMapReport: every deviation of a map file from its format.</summary>
[Cmdlet(VerbsCommon.Get, "CryoMapReport", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Get-CryoMapReport.md")]
[OutputType(typeof(MrcReport))]
public sealed class GetCryoMapReportCommand : MapCheckCommand
{
    private protected override void Write(MrcReport report) => WriteObject(report, enumerateCollection: false);
}
