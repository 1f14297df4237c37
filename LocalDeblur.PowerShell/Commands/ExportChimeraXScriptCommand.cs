using System.Management.Automation;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-ChimeraXScript: a script that shows a map coloured by its local resolution in ChimeraX.</summary>
[Cmdlet(VerbsData.Export, "ChimeraXScript", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-ChimeraXScript.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportChimeraXScriptCommand : ExportCommand
{
    /// <summary>File of the map whose surface is drawn.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput Map { get; set; } = null!;

    /// <summary>File of its local resolution, the filled one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? LocalResolution { get; set; }

    /// <summary>File of the map before sharpening.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? RawMap { get; set; }

    /// <summary>Density of the surface.</summary>
    [Parameter]
    [Number]
    public double? Level { get; set; }

    /// <summary>Volume within the surface (Å³).</summary>
    [Parameter]
    [ValidateRange(1e-3, 1e12)]
    [Number]
    public double? EnclosedVolume { get; set; }

    /// <summary>Writes the script.</summary>
    protected override void ProcessRecord()
    {
        if (Level is not null && EnclosedVolume is not null)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(EnclosedVolume), "decides the level", "-Level"));
        }

        if (!TryResolveTarget(out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!ChimeraXScript.IsScript(file))
        {
            ThrowTerminatingError(ErrorRecords.From(ChimeraXScript.NameUnsupported(file), file));
        }

        if (!MayReplace && File.Exists(file))
        {
            WriteError(ErrorRecords.TargetExists(file, NoClobber));
            return;
        }

        MapSource map = OpenOrThrow(Map);
        MapSource? resolution = OpenGiven(LocalResolution), raw = OpenGiven(RawMap);
        if (!ShouldProcess(file, $"Export ChimeraX script for '{map.Name}'"))
        {
            return;
        }

        bool isDone = TryRun(
            $"Writing {System.IO.Path.GetFileName(file)}",
            file,
            (progress, token) =>
            {
                var scene = new ChimeraXScene(map.Open()) { LocalResolution = resolution?.Open(), RawMap = raw?.Open(), Level = Level, EnclosedVolume = EnclosedVolume };
                return ChimeraXScript.Write(scene, file, MayReplace, progress, token);
            },
            out double level);
        if (!isDone)
        {
            return;
        }

        Note(FormattableString.Invariant($"{map.Name}: a script for ChimeraX with a surface at {level:G6} was written to '{file}'."), "File");
        if (PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }
}
