using System.Management.Automation;

namespace LocalDeblur.PowerShell;

/// <summary>Says what the last step of a map decided and warns of what the user should know.</summary>
internal static class HistoryReport
{
    /// <summary>Decisions go to the verbose stream, warnings to the warning stream, each with the map's name.</summary>
    public static void Write(Cmdlet command, CryoMap map)
    {
        if (map.History.Count == 0)
        {
            return;
        }

        HistoryEntry last = map.History[^1];
        foreach (string decision in last.Decisions)
        {
            command.WriteVerbose($"{map.Name}: {decision}");
        }

        foreach (string warning in last.Warnings)
        {
            command.WriteWarning($"{map.Name}: {warning}");
        }
    }
}
