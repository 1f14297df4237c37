using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-CryoMap: maps to MRC files.</summary>
[Cmdlet(VerbsData.Export, "CryoMap", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-CryoMap.md")]
[OutputType(typeof(CryoMap))]
public sealed class ExportCryoMapCommand : ExportCommand
{
    private readonly HashSet<string> _taken = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    private string _target = string.Empty;
    private bool _isFolder;

    /// <summary>Maps to write.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>How a voxel is stored.</summary>
    [Parameter]
    public ExportMode Mode { get; set; } = ExportMode.Float32;

    /// <summary>Leaves out the JSON file with the map's history.</summary>
    [Parameter]
    public SwitchParameter NoHistory { get; set; }

    /// <summary>Finds out where the maps go.</summary>
    private protected override void Begin()
    {
        if (!TryResolveTarget(out string? target, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        _target = target;
        _isFolder = Directory.Exists(target) || GivenPath[^1] is '/' or '\\';
    }

    /// <summary>Writes each map.</summary>
    protected override void ProcessRecord()
    {
        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source))
            {
                Export(source);
            }
        }
    }

    private void Export(MapSource source)
    {
        string file = _isFolder ? System.IO.Path.Combine(_target, MapFileName.Of(System.IO.Path.GetFileName(source.Name))) : _target;
        string history = MapFileName.History(file);
        if (_taken.Contains(file) || (!NoHistory && _taken.Contains(history)))
        {
            WriteError(ErrorRecords.TargetRepeated(source.Name, file));
            return;
        }

        if (!MayReplace && File.Exists(file))
        {
            WriteError(ErrorRecords.TargetExists(file, NoClobber));
            return;
        }

        _taken.Add(file);
        _taken.Add(history);
        if (!ShouldProcess(file, $"Export map '{source.Name}'"))
        {
            return;
        }

        var options = new MrcWriteOptions
        {
            Mode = (MrcMode)Mode,
            Overwrite = MayReplace,
            WriteHistory = !NoHistory,
        };
        bool isWritten = TryRun(
            $"Writing {System.IO.Path.GetFileName(file)}", source, (opened, progress, token) => Write(opened, file, options, progress, token),
            out CryoMap? map, target: file);
        if (!isWritten)
        {
            return;
        }

        Note($"{source.Name}: written to '{file}'.", "File");
        if (PassThru)
        {
            WriteObject(map, enumerateCollection: false);
        }
    }

    private CryoMap Write(CryoMap map, string file, MrcWriteOptions options, IProgress<StageProgress> progress, CancellationToken token)
    {
        if (_isFolder)
        {
            Directory.CreateDirectory(_target);
        }

        MrcWriter.Write(map, file, options, progress, token);
        return map;
    }
}
