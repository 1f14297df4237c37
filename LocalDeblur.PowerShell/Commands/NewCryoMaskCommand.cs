using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>New-CryoMask: a mask of the molecule, from a map or from two half maps.</summary>
[Cmdlet(VerbsCommon.New, "CryoMask", HelpUri = HelpPages.Folder + "New-CryoMask.md")]
[OutputType(typeof(CryoMap))]
public sealed class NewCryoMaskCommand : HalfMapCommand
{
    private static readonly MaskOptions Defaults = new();

    /// <summary>Density from which on a voxel is inside; automatic where it is not given.</summary>
    [Parameter]
    [Number]
    [ValidateRange(-1e30, 1e30)]
    public double? Threshold { get; set; }

    /// <summary>Resolution (Å) of the low-pass before the threshold; 0 for none.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.0, 1000.0)]
    public double? LowPassResolution { get; set; }

    /// <summary>Keeps every connected part of at least so many voxels; without it, the largest alone.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1L, long.MaxValue)]
    public long? MinimumComponentVoxels { get; set; }

    /// <summary>The mask is 1 up to this distance (voxels) from what the threshold selects.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.0, 1000.0)]
    public double ExtendVoxels { get; set; } = Defaults.ExtendVoxels;

    /// <summary>Width (voxels) of the soft edge beyond; 0 for a binary mask.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.0, 1000.0)]
    public double SoftEdgeVoxels { get; set; } = Defaults.SoftEdgeVoxels;

    /// <inheritdoc/>
    private protected override bool TakesTogether => false;

    private protected override void Process(MapPair maps)
    {
        var options = new MaskOptions
        {
            Threshold = Threshold,
            LowPassResolution = LowPassResolution,
            MinimumComponentVoxels = MinimumComponentVoxels,
            ExtendVoxels = ExtendVoxels,
            SoftEdgeVoxels = SoftEdgeVoxels,
            Limits = Limits,
        };
        bool isMade = TryRun(
            $"Making the mask of {maps.Name}",
            maps,
            (input, progress, token) => MaskBuilder.Run(input, options, progress, token).Map,
            out CryoMap? mask);
        if (isMade)
        {
            Tell(mask!);
            WriteObject(mask, enumerateCollection: false);
        }
    }
}
