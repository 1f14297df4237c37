using System.Management.Automation;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Import-AtomicModel: PDB and mmCIF files to models.</summary>
[Cmdlet(VerbsData.Import, "AtomicModel", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Import-AtomicModel.md")]
[OutputType(typeof(AtomicModel))]
public sealed class ImportAtomicModelCommand : PathCommand
{
    /// <summary>Which alternate conformations are kept.</summary>
    [Parameter]
    public AlternateConformations Alternates { get; set; }

    /// <summary>Leaves hydrogen and deuterium out.</summary>
    [Parameter]
    public SwitchParameter DropHydrogens { get; set; }

    private protected override EngineError NotFound => EngineError.ModelFileNotFound;

    private protected override void ProcessFile(string file)
    {
        var options = new ModelReadOptions { Alternates = Alternates, DropHydrogens = DropHydrogens };
        if (!TryRun($"Reading {System.IO.Path.GetFileName(file)}", file, (_, token) => ModelReader.Open(file, options, token), out AtomicModel? model))
        {
            return;
        }

        Tell(model.Name, model.Decisions, model.Warnings);
        WriteObject(model, enumerateCollection: false);
    }
}
