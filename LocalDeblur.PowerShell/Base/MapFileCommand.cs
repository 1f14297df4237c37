using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet about map files. It takes a map in memory too, and is then about the file that the map comes from.</summary>
public abstract class MapFileCommand : PathCommand
{
    /// <summary>Name of the parameter set with -Map.</summary>
    protected const string MapSet = "Map";

    /// <summary>A map in memory.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Alias("InputObject")]
    public CryoMap? Map { get; set; }

    /// <summary>Handles each file of the call, or the file of the map.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == MapSet)
        {
            ProcessMap(Map!);
        }
        else
        {
            base.ProcessRecord();
        }
    }

    /// <summary>Handles the file of one map.</summary>
    /// <param name="map">The map, which may have been computed and have none.</param>
    private protected abstract void ProcessMap(CryoMap map);
}
