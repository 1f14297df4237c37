using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-EMRinger: how often density peaks where the side chains of a model may be.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "EMRinger", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-EMRinger.md")]
[OutputType(typeof(EMRingerResult))]
public sealed class MeasureEMRingerCommand : ModelScoreCommand
{
    /// <summary>Residues on either side of a rolling window's centre.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0, 1000)]
    public int WindowReach { get; set; } = new EMRingerOptions().WindowReach;

    private protected override void Score(MapSource map, ModelSource model)
    {
        var options = new EMRingerOptions { WindowReach = WindowReach };
        Score("EMRinger score", map, model, (atoms, density, progress, token) => EMRinger.Measure(atoms, density, options, progress, token), result => result.Warnings);
    }
}
