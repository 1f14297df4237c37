using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Validation;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-MapModelFit: how maps agree with the density of a model.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MapModelFit", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-MapModelFit.md")]
[OutputType(typeof(MapModelFitResult))]
public sealed class MeasureMapModelFitCommand : ModelScoreCommand
{
    /// <summary>Resolution of the maps (Å), to which the model's density is computed.</summary>
    [Parameter(Mandatory = true)]
    [ValidateRange(0.1, 1000.0)]
    public double Resolution { get; set; }

    /// <summary>Distance (Å) from an atom of a residue within which voxels count for it; automatic where it is not given.</summary>
    [Parameter]
    [ValidateRange(0.5, 10.0)]
    public double? ResidueRadius { get; set; }

    /// <summary>Threads to use; 0 for one a processor.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Most memory that a run may hold at once (bytes).</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    private protected override void Score(MapSource map, ModelSource model)
    {
        var options = new MapModelFitOptions { ResidueRadius = ResidueRadius, Limits = new RunLimits { Threads = Threads, Memory = MemoryLimit } };
        Score("Fit", map, model, (atoms, density, progress, token) => MapModelFit.Measure(atoms, density, Resolution, options, progress, token), result => result.Warnings);
    }
}
