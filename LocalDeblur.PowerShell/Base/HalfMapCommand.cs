using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that takes maps, or the two half maps of one reconstruction.</summary>
public abstract class HalfMapCommand : ReconstructionCommand
{
    /// <summary>First half map of a reconstruction.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap1 { get; set; } = null!;

    /// <summary>Second half map of the same reconstruction.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap2 { get; set; } = null!;

    private protected sealed override IReadOnlyList<MapInput> FirstHalves => [HalfMap1];

    private protected sealed override IReadOnlyList<MapInput> SecondHalves => [HalfMap2];
}
