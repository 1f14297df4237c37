using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell;

/// <summary>Says what the steps of a map decided and warns of what the user should know.</summary>
internal static class HistoryReport
{
    /// <summary>Decisions go to the verbose stream, warnings to the warning stream, each with the map's name.</summary>
    /// <param name="command">The cmdlet to tell through.</param>
    /// <param name="map">The map.</param>
    /// <param name="since">Steps that it had before; null to tell of the last alone.</param>
    /// <param name="told">What has been said already, and is not said again; or null.</param>
    public static void Write(Cmdlet command, CryoMap map, int? since = null, IEnumerable<string>? told = null)
    {
        var said = new HashSet<string>(told ?? []);
        foreach (HistoryEntry step in map.History.Skip(since ?? map.History.Count - 1))
        {
            foreach (string decision in step.Decisions.Where(decision => !said.Contains(decision)))
            {
                command.WriteVerbose($"{map.Name}: {decision}");
            }

            foreach (string warning in step.Warnings.Where(warning => !said.Contains(warning)))
            {
                command.WriteWarning($"{map.Name}: {warning}");
            }
        }
    }
}
