using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Get-CryoMapHeader: the header of a map file, or of the file that a map in memory descends from.</summary>
[Cmdlet(VerbsCommon.Get, "CryoMapHeader", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Get-CryoMapHeader.md")]
[OutputType(typeof(MrcHeader))]
public sealed class GetCryoMapHeaderCommand : MapFileCommand
{
    private protected override void ProcessMap(CryoMap map)
    {
        if (map.Header is { } header)
        {
            Write(header, map.Path ?? map.Name);
        }
        else
        {
            WriteError(ErrorRecords.MapWithoutHeader(map.Name));
        }
    }

    private protected override void ProcessFile(string file)
    {
        if (TryRun($"Reading the header of {System.IO.Path.GetFileName(file)}", file, (_, _) => MrcReader.ReadHeader(file), out MrcHeader? header))
        {
            Write(header, file);
        }
    }

    /// <summary>A header does not know its file; among several the user needs to.</summary>
    private void Write(MrcHeader header, string path)
    {
        var item = new PSObject(header);
        item.Properties.Add(new PSNoteProperty("Path", path));
        WriteObject(item, enumerateCollection: false);
    }
}
