using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-MapModelFit: how maps agree with the density of a model.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MapModelFit", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-MapModelFit.md")]
[OutputType(typeof(MapModelFitResult))]
public sealed class MeasureMapModelFitCommand : LimitedScoreCommand
{
    /// <summary>Resolution of the maps (Å), to which the model's density is computed.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [RowNumber]
    [ResolutionRange(0.1, 1000.0)]
    public double Resolution { get; set; }

    /// <summary>Distance (Å) from an atom of a residue within which voxels count for it; automatic where it is not given.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.5, 10.0)]
    public double? ResidueRadius { get; set; }

    private protected override void Score(MapSource map, ModelSource model)
    {
        var options = new MapModelFitOptions { ResidueRadius = ResidueRadius, Limits = Limits };
        Score("Fit", map, model, (atoms, density, progress, token) => MapModelFit.Measure(atoms, density, Resolution, options, progress, token), result => result.Warnings);
    }
}
