using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-QScore: how well the atoms of a model are resolved in maps.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "QScore", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-QScore.md")]
[OutputType(typeof(QScoreResult))]
public sealed class MeasureQScoreCommand : ModelScoreCommand
{
    /// <summary>Resolution of the maps (Å), for the expected score.</summary>
    [Parameter]
    [ValidateRange(0.5, 20.0)]
    public double? Resolution { get; set; }

    /// <summary>Threads to use; 0 for one a processor.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Threads { get; set; }

    private protected override void Score(MapSource map, ModelSource model)
    {
        var options = new QScoreOptions { Resolution = Resolution, Limits = new RunLimits { Threads = Threads } };
        Score("Q-score", map, model, (atoms, density, progress, token) => QScore.Measure(atoms, density, options, progress, token), result => result.Warnings);
    }
}
