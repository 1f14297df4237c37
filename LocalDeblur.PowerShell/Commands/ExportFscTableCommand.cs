using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-FscTable: curves of Fourier shell correlation as a table, RELION's postprocess.star or the EMDB's XML.</summary>
[Cmdlet(VerbsData.Export, "FscTable", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-FscTable.md")]
[OutputType(typeof(FscResult))]
public sealed class ExportFscTableCommand : ExportCommand
{
    private bool _isWritten;

    /// <summary>Curves, as Measure-FourierShellCorrelation returns them, or what has them as its Fsc.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Fsc")]
    [ValidateNotNull]
    public FscResult InputObject { get; set; } = null!;

    /// <summary>Guinier profiles for a .star file, as Invoke-BFactorSharpening -All returns them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public GuinierTable? Guinier { get; set; }

    /// <summary>Writes the table.</summary>
    protected override void ProcessRecord()
    {
        if (!TryResolveTarget(out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!FscTable.IsTable(file))
        {
            ThrowTerminatingError(ErrorRecords.From(FscTable.NameUnsupported(file), file));
        }

        if (_isWritten)
        {
            WriteError(ErrorRecords.PlotTargetRepeated(file));
            return;
        }

        if (!MayReplace && File.Exists(file))
        {
            WriteError(ErrorRecords.TargetExists(file, NoClobber));
            return;
        }

        _isWritten = true;
        if (!ShouldProcess(file, $"Export Fourier shell correlation ({InputObject})"))
        {
            return;
        }

        string project = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        bool isDone = TryRun(
            $"Writing {System.IO.Path.GetFileName(file)}",
            file,
            (_, _) =>
            {
                FscTable.Write(InputObject, file, MayReplace, Guinier, project);
                return true;
            },
            out bool _);
        if (!isDone)
        {
            return;
        }

        Note($"Fourier shell correlation ({InputObject}): written to '{file}'.", "File");
        if (PassThru)
        {
            WriteObject(InputObject, enumerateCollection: false);
        }
    }
}
