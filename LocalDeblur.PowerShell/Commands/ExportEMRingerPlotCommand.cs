using System.Management.Automation;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-EMRingerPlot: a curve of an EMRinger score as a picture and a table.</summary>
[Cmdlet(VerbsData.Export, "EMRingerPlot", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-EMRingerPlot.md")]
[OutputType(typeof(EMRingerResult))]
public sealed class ExportEMRingerPlotCommand : PlotExportCommand
{
    /// <summary>A score, as Measure-EMRinger returns it.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    public EMRingerResult InputObject { get; set; } = null!;

    /// <summary>What is drawn.</summary>
    [Parameter]
    public EMRingerCurve Curve { get; set; } = EMRingerCurve.Score;

    /// <summary>Chain of a rolling window; the first where it is not given.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? Chain { get; set; }

    /// <summary>Checks what belongs together.</summary>
    private protected override void Begin()
    {
        if (Chain is not null && Curve != EMRingerCurve.Rolling)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(Chain), "belongs to -Curve Rolling", $"-Curve {Curve}"));
        }
    }

    /// <summary>Writes the plot.</summary>
    protected override void ProcessRecord()
    {
        string title = Title ?? $"{InputObject.Map}: {InputObject}";
        if (Curve != EMRingerCurve.Rolling)
        {
            Export(InputObject, Curve == EMRingerCurve.Score ? EMRingerPlots.Score(InputObject, title) : EMRingerPlots.RotamerRatio(InputObject, title));
            return;
        }

        string? chain = InputObject.Windows.Select(window => window.Chain).FirstOrDefault(id => Chain is null || id == Chain);
        if (chain is null)
        {
            WriteError(ErrorRecords.ChainNotFound(Chain, InputObject.Model));
            return;
        }

        Export(InputObject, EMRingerPlots.Rolling(InputObject, chain, Title ?? (chain.Length == 0 ? title : $"{title}, chain {chain}")));
    }
}
