using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Archives;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Save-EmdbEntry: fetches the files of an entry of the EMDB.</summary>
[Cmdlet(VerbsData.Save, "EmdbEntry", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpPages.Folder + "Save-EmdbEntry.md")]
[OutputType(typeof(EmdbEntry))]
public sealed class SaveEmdbEntryCommand : MapCommand
{
    private string _folder = string.Empty;

    /// <summary>Accession codes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] Id { get; set; } = [];

    /// <summary>Folder for the files.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Fetches the half maps too.</summary>
    [Parameter]
    public SwitchParameter HalfMaps { get; set; }

    /// <summary>Fetches the masks too.</summary>
    [Parameter]
    public SwitchParameter Mask { get; set; }

    /// <summary>Fetches the atomic models too.</summary>
    [Parameter]
    public SwitchParameter Model { get; set; }

    /// <summary>Servers to ask instead of the public ones.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public Uri[] Server { get; set; } = [];

    /// <summary>Replaces files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>File that gets a line of JSON for everything that happens; - for standard error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <inheritdoc/>
    private protected override string? LogTarget => LogPath;

    /// <summary>Finds the folder.</summary>
    private protected override void Begin()
    {
        if (!TryResolveLiteral(Destination, out string? folder, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        _folder = folder!;
    }

    /// <summary>Fetches each entry.</summary>
    protected override void ProcessRecord()
    {
        var options = new EmdbFetchOptions { HalfMaps = HalfMaps, Mask = Mask, Model = Model, Servers = Server, Overwrite = Force };
        foreach (string id in Id)
        {
            if (!ShouldProcess(_folder, $"Fetch '{id}' from the EMDB")
                || !TryRun($"Fetching {id}", id, (progress, token) => EmdbArchive.Save(id, _folder, options, progress, token), out EmdbEntry? entry))
            {
                continue;
            }

            Tell(entry.Id, [], entry.Warnings);
            foreach (string file in entry.Files)
            {
                Note($"{entry.Id}: '{file}' is the archive's file.", "File");
            }

            WriteObject(entry);
        }
    }
}
