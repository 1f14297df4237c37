using System.Management.Automation;
using LocalDeblur.Plots;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that writes a plot as a picture, with its numbers beside it.</summary>
public abstract class PlotExportCommand : ExportCommand
{
    private bool _isWritten;

    /// <summary>Title above the plot.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Writes one plot and its table.</summary>
    /// <param name="input">What is plotted, for -PassThru: an object, or a list of them.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="table">Writes the numbers; null for those of the plot.</param>
    private protected void Export(object input, LinePlot plot, Action<TextWriter>? table = null)
    {
        if (!TryResolveTarget(out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!PlotFile.IsPicture(file))
        {
            ThrowTerminatingError(ErrorRecords.From(PlotFile.NameUnsupported(file), file));
        }

        if (_isWritten)
        {
            WriteError(ErrorRecords.PlotTargetRepeated(file));
            return;
        }

        if (!MayReplace && ((string[])[file, PlotFile.Table(file)]).FirstOrDefault(File.Exists) is { } existing)
        {
            WriteError(ErrorRecords.TargetExists(existing, NoClobber));
            return;
        }

        _isWritten = true;
        if (!ShouldProcess(file, $"Export plot '{plot.Title}' and its table"))
        {
            return;
        }

        bool isDone = TryRun(
            $"Writing {System.IO.Path.GetFileName(file)}",
            file,
            (IProgress<StageProgress> _, CancellationToken _) =>
            {
                PlotFile.Write(plot, file, MayReplace, table);
                return true;
            },
            out bool _);
        if (!isDone)
        {
            return;
        }

        Note($"{plot.Title}: written to '{file}', its numbers to '{PlotFile.Table(file)}'.", "File");
        if (PassThru)
        {
            WriteObject(input, enumerateCollection: true);
        }
    }
}
