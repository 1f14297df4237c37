using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-QScore: how well the atoms of a model are resolved in maps.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "QScore", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-QScore.md")]
[OutputType(typeof(QScoreResult))]
public sealed class MeasureQScoreCommand : LimitedScoreCommand
{
    /// <summary>Resolution of the maps (Å), for the expected score.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RowNumber]
    [ResolutionRange(0.5, 20.0)]
    public double? Resolution { get; set; }

    private protected override void Score(MapSource map, ModelSource model)
    {
        var options = new QScoreOptions { Resolution = Resolution, Limits = Limits };
        Score("Q-score", map, model, (atoms, density, progress, token) => QScore.Measure(atoms, density, options, progress, token), result => result.Warnings);
    }
}
