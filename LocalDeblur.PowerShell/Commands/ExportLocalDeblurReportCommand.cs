using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Reports;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-LocalDeblurReport: one page on what was made of a reconstruction, and whether to believe it.</summary>
[Cmdlet(VerbsData.Export, "LocalDeblurReport", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-LocalDeblurReport.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportLocalDeblurReportCommand : LimitedExportCommand
{
    private readonly List<MapSource> _maps = [];
    private bool _isRefused;

    /// <summary>The sharpened map; or two maps that are the half maps.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>First half map of the reconstruction.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? HalfMap1 { get; set; }

    /// <summary>Second half map.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? HalfMap2 { get; set; }

    /// <summary>Where the molecule is.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Local resolution (Å).</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? LocalResolution { get; set; }

    /// <summary>Atomic model.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>The method that sharpens the half maps.</summary>
    [Parameter]
    [SharpeningMethodNames]
    [ArgumentCompleter(typeof(Completion.SharpeningMethodCompleter))]
    public string? Method { get; set; }

    /// <summary>Resolution of the reconstruction (Å).</summary>
    [Parameter]
    [RowNumber]
    [ResolutionRange(0.1, 100.0)]
    public double? Resolution { get; set; }

    /// <summary>Title of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Checks what belongs together.</summary>
    private protected override void Begin()
    {
        if ((HalfMap1 is null) != (HalfMap2 is null))
        {
            (string given, string needed) = HalfMap1 is null ? (nameof(HalfMap2), nameof(HalfMap1)) : (nameof(HalfMap1), nameof(HalfMap2));
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(given, needed, "a half map alone says nothing of the noise"));
        }
    }

    /// <summary>Remembers the maps.</summary>
    protected override void ProcessRecord()
    {
        foreach (MapInput input in Map)
        {
            bool isFound = TryResolve(input, out MapSource? source);
            _isRefused |= !isFound;
            if (isFound)
            {
                _maps.Add(source!);
            }
        }
    }

    /// <summary>Writes the page.</summary>
    protected override void EndProcessing()
    {
        if (_isRefused)
        {
            return;
        }

        if (!TryResolveTarget(out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!SharpeningReport.IsPage(file))
        {
            ThrowTerminatingError(ErrorRecords.From(SharpeningReport.NameUnsupported(file), file));
        }

        if (!MayReplace && File.Exists(file))
        {
            WriteError(ErrorRecords.TargetExists(file, NoClobber));
            return;
        }

        RequireMaps();
        MapSource?[] halves = HalfMap1 is null ? [] : [OpenGiven(HalfMap1), OpenGiven(HalfMap2)];
        MapSource? mask = OpenGiven(Mask), local = OpenGiven(LocalResolution);
        ModelSource? model = OpenGiven(Model);
        string name = string.Join(" and ", (_maps.Count > 0 ? _maps : halves.OfType<MapSource>()).Select(map => map.Name));
        if (!ShouldProcess(file, $"Export report on {name}"))
        {
            return;
        }

        if (model is not null)
        {
            TellModel(model);
        }

        bool isDone = TryRun(
            $"Report on {name}",
            file,
            (progress, token) =>
            {
                (Reconstruction input, CryoMap? sharpened) = Open(halves);
                var options = new SharpeningReportOptions
                {
                    Method = Method is null ? null : SharpeningMethods.Named(Method),
                    Sharpened = sharpened,
                    LocalResolution = local?.Open(),
                    Model = model?.Open(token),
                    Resolution = Resolution,
                    Title = Title,
                    Limits = Limits,
                };
                return ReportFile.Write(input, mask?.Open(), options, file, MayReplace, progress, token);
            },
            out SharpeningReport? report);
        _maps.ForEach(map => map.TellWarnings(this));
        mask?.TellWarnings(this);
        local?.TellWarnings(this);
        if (!isDone)
        {
            return;
        }

        Tell(name, report!.Decisions, report.Warnings.Select(warning => warning.ToString()));
        Note($"{name}: report written to '{file}'.", "File");
        if (PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _maps.Clear();
        base.Dispose(disposing);
    }

    private void RequireMaps()
    {
        const string Expected =
            "A report is on the half maps of one reconstruction (-HalfMap1 and -HalfMap2), on a sharpened map and these, or on the result of a sharpening cmdlet.";
        if (_maps.Count == 0 && HalfMap1 is null)
        {
            ThrowTerminatingError(ErrorRecords.MapCountUnsupported($"No map was given. {Expected}", nameof(Map)));
        }

        if (_maps.Count > (HalfMap1 is null ? 2 : 1))
        {
            string beside = HalfMap1 is null ? string.Empty : " beside the half maps";
            ThrowTerminatingError(ErrorRecords.MapCountUnsupported($"{_maps.Count} maps were given{beside}. {Expected}", nameof(Map)));
        }
    }

    // The reconstruction, and the map that was sharpened already.
    private (Reconstruction Input, CryoMap? Sharpened) Open(MapSource?[] halves)
    {
        CryoMap[] maps = [.. _maps.Select(map => map.Open())];
        if (halves is [{ } first, { } second])
        {
            return (new Reconstruction(first.Open(), second.Open()), maps.FirstOrDefault());
        }

        if (maps is [var one, var other])
        {
            return (new Reconstruction(one, other), null);
        }

        return !ReportOrigin.IsMade(maps[0]) ? (new Reconstruction(maps[0]), null)
            : ReportOrigin.Find(maps[0]) is { } input ? (input, maps[0])
            : throw new EngineException(
                EngineError.MapFileNotFound,
                $"'{maps[0].Name}' was made from maps whose files its history does not name, or that are gone; a report compares it with these.",
                maps[0].Name)
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps)],
            };
    }
}
