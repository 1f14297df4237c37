using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Import-CryoMap: map files to maps. The header is read at once, the voxels when something uses them.</summary>
[Cmdlet(VerbsData.Import, "CryoMap", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Import-CryoMap.md")]
[OutputType(typeof(CryoMap))]
public sealed class ImportCryoMapCommand : PathCommand
{
    private MrcReadOptions _options = new();

    /// <summary>Edge of a voxel (Å), in place of the header's.</summary>
    [Parameter]
    [Number]
    [ValidateRange(MapGrid.FinestVoxelSize, MapGrid.CoarsestVoxelSize)]
    public double? VoxelSize { get; set; }

    /// <summary>Place of voxel (0, 0, 0) in space (Å; x, y, z), in place of the header's.</summary>
    [Parameter]
    [AxisValues]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public double[]? Origin { get; set; }

    /// <summary>Finite value to put in place of NaN and infinite voxels.</summary>
    [Parameter]
    [Number]
    [ValidateRange(float.MinValue, float.MaxValue)]
    public float? NonFiniteValue { get; set; }

    /// <summary>Which volume of a stack of volumes, from 0.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0, int.MaxValue)]
    public int? Index { get; set; }

    /// <summary>Most bytes that the voxels of one map may take.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1L, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Collects what holds for every file.</summary>
    private protected override void Begin() => _options = new MrcReadOptions
    {
        VoxelSize = VoxelSize,
        Origin = Origin is { } place ? new AxisTriple(place[0], place[1], place[2]) : null,
        NonFiniteValue = NonFiniteValue,
        Index = Index,
        Limits = RunLimits.OfSession(threads: 0, MemoryLimit),
    };

    private protected override void ProcessFile(string file)
    {
        if (!TryRun($"Opening {System.IO.Path.GetFileName(file)}", file, (_, _) => MrcReader.Open(file, _options), out CryoMap? map))
        {
            return;
        }

        Tell(map);
        WriteObject(map, enumerateCollection: false);
    }
}
