using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that checks map files against the rules of their format.</summary>
public abstract class MapCheckCommand : MapFileCommand
{
    private protected sealed override void ProcessMap(CryoMap map)
    {
        if (map.Path is { } file)
        {
            ProcessFile(file);
        }
        else
        {
            WriteError(ErrorRecords.MapWithoutHeader(map.Name));
        }
    }

    private protected sealed override void ProcessFile(string file)
    {
        if (TryRun($"Checking {System.IO.Path.GetFileName(file)}", file, (_, token) => MrcRules.Check(file, token), out MrcReport? report))
        {
            Write(report);
        }
    }

    /// <summary>Writes what the cmdlet answers.</summary>
    /// <param name="report">What the check of one file found.</param>
    private protected abstract void Write(MrcReport report);
}
