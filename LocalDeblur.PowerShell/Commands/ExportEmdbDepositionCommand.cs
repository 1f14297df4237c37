using System.Management.Automation;
using LocalDeblur.Archives;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-EmdbDeposition: the files of a deposition in the EMDB, in one folder.</summary>
[Cmdlet(VerbsData.Export, "EmdbDeposition", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-EmdbDeposition.md")]
[OutputType(typeof(DirectoryInfo))]
public sealed class ExportEmdbDepositionCommand : LimitedExportCommand
{
    private MapSource[] _halves = [];
    private MapSource? _mask;
    private FscResult? _curves;

    /// <summary>The primary map, usually a sharpened one.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput Map { get; set; } = null!;

    /// <summary>File of the first half map, as it left the reconstruction.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap1 { get; set; } = null!;

    /// <summary>File of the second half map.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap2 { get; set; } = null!;

    /// <summary>Mask in which the correlation was measured.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Curves that were measured before.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.FscTableCompleter))]
    public FscInput? Fsc { get; set; }

    /// <summary>Recommended contour level.</summary>
    [Parameter]
    [Number]
    public double? Level { get; set; }

    /// <summary>Volume within the surface (Å³).</summary>
    [Parameter]
    [ValidateRange(1e-3, 1e12)]
    [Number]
    public double? EnclosedVolume { get; set; }

    /// <summary>Takes half maps that a check refuses.</summary>
    [Parameter]
    public SwitchParameter AcceptHalfMaps { get; set; }

    /// <summary>Opens what was given beside the map.</summary>
    private protected override void Begin()
    {
        if (Level is not null && EnclosedVolume is not null)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(EnclosedVolume), "decides the level", "-Level"));
        }

        _halves = [OpenOrThrow(HalfMap1), OpenOrThrow(HalfMap2)];
        _mask = OpenGiven(Mask);
        _curves = Fsc is null ? null : Fsc.Curves ?? ReadOrThrow(Fsc.Path!, FscTable.Read);
    }

    /// <summary>Writes the folder.</summary>
    protected override void ProcessRecord()
    {
        if (!TryResolveTarget(out string? folder, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!TryResolve(Map, out MapSource? map) || !ShouldProcess(folder, $"Put together a deposition of '{map.Name}'"))
        {
            return;
        }

        var options = new EmdbDepositionOptions
        {
            Fsc = _curves,
            Level = Level,
            EnclosedVolume = EnclosedVolume,
            AcceptHalfMaps = AcceptHalfMaps,
            Overwrite = MayReplace,
            Limits = Limits,
        };
        bool isDone = TryRun(
            $"Putting together {System.IO.Path.GetFileName(folder)}",
            map,
            (primary, progress, token) => EmdbDeposition.Write(
                primary, new Reconstruction(_halves[0].Open(), _halves[1].Open()), folder, options with { Mask = _mask?.Open() }, progress, token),
            out EmdbDepositionResult? made,
            folder);
        Array.ForEach([.. _halves, .. _mask is null ? (ReadOnlySpan<MapSource>)[] : [_mask]], source => source.TellWarnings(this));
        if (!isDone)
        {
            return;
        }

        Tell(map.Name, made!.Decisions, made.Warnings);
        Note($"{map.Name}: a deposition with {string.Join(", ", made.Files)} was written to '{folder}'.", "File");
        if (PassThru)
        {
            WriteObject(new DirectoryInfo(made.Folder));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _halves = [];
        _mask = null;
        base.Dispose(disposing);
    }
}
