using System.Management.Automation;
using LocalDeblur.Phantom;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>New-CryoPhantom: a reconstruction whose truth is known, to try things on.</summary>
[Cmdlet(VerbsCommon.New, "CryoPhantom", HelpUri = HelpPages.Folder + "New-CryoPhantom.md")]
[OutputType(typeof(CryoPhantom))]
public sealed class NewCryoPhantomCommand : LimitedCommand
{
    private static readonly PhantomOptions Defaults = new();

    /// <summary>Voxels along each edge of the cubic box.</summary>
    [Parameter(Position = 0)]
    [Number]
    [ValidateRange(32, 1024)]
    public int Size { get; set; } = Defaults.Size;

    /// <summary>Edge of a voxel (Å).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.2, 5.0)]
    public double VoxelSize { get; set; } = Defaults.VoxelSize;

    /// <summary>Local resolution in the core (Å), at least two voxels; that of the truth everywhere.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.4, 30.0)]
    public double FinestResolution { get; set; } = Defaults.FinestResolution;

    /// <summary>Local resolution at the far end (Å), coarser than the finest.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.4, 30.0)]
    public double CoarsestResolution { get; set; } = Defaults.CoarsestResolution;

    /// <summary>Noise in the mean of the half maps, as a share of the signal inside the mask (standard deviations).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.0, 10.0)]
    public double NoiseFraction { get; set; } = Defaults.NoiseFraction;

    /// <summary>Seed of everything random.</summary>
    [Parameter]
    [Number]
    public int Seed { get; set; } = Defaults.Seed;

    /// <summary>Draws the phantom.</summary>
    protected override void ProcessRecord()
    {
        var options = new PhantomOptions
        {
            Size = Size,
            VoxelSize = VoxelSize,
            FinestResolution = FinestResolution,
            CoarsestResolution = CoarsestResolution,
            NoiseFraction = NoiseFraction,
            Seed = Seed,
            Limits = Limits,
        };
        if (TryRun("Drawing the phantom", "phantom", (progress, token) => CryoPhantom.Draw(options, progress, token), out CryoPhantom? phantom))
        {
            WriteVerbose($"The molecule has {phantom.AtomCount} atoms.");
            WriteObject(phantom);
        }
    }
}
