using System.Management.Automation;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-FscPlot: curves of Fourier shell correlation as a picture and a table.</summary>
[Cmdlet(VerbsData.Export, "FscPlot", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-FscPlot.md")]
[OutputType(typeof(FscResult))]
public sealed class ExportFscPlotCommand : PlotExportCommand
{
    /// <summary>Curves, as Measure-FourierShellCorrelation returns them, or what has them as its Fsc.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Fsc")]
    [ValidateNotNull]
    public FscResult InputObject { get; set; } = null!;

    /// <summary>Writes the plot.</summary>
    protected override void ProcessRecord() =>
        Export(
            InputObject,
            FscPlot.Create(InputObject, Title ?? $"Fourier shell correlation: {InputObject}"),
            writer => FscTable.Write(InputObject, writer));
}
