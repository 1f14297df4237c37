using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-MapSlice: slices or projections of maps as one picture.</summary>
[Cmdlet(VerbsData.Export, "MapSlice", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-MapSlice.md")]
[OutputType(typeof(CryoMap))]
public sealed class ExportMapSliceCommand : ExportCommand
{
    private static readonly MapSliceOptions Defaults = new();
    private readonly List<MapSource> _sources = [];
    private bool _isRefused;

    /// <summary>Maps of one size, each a row of the picture.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>What is shown.</summary>
    [Parameter]
    public MapView View { get; set; }

    /// <summary>Voxel through which the slices pass.</summary>
    [Parameter]
    [AxisValues]
    [ValidateRange(0, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? Position { get; set; }

    /// <summary>Slices of a montage.</summary>
    [Parameter]
    [ValidateRange(MapSliceOptions.SmallestCount, MapSliceOptions.LargestCount)]
    [Number]
    public int Count { get; set; } = Defaults.Count;

    /// <summary>Colours of the scale.</summary>
    [Parameter]
    public MapPalette? Palette { get; set; }

    /// <summary>Takes the values for resolutions.</summary>
    [Parameter]
    public SwitchParameter LocalResolution { get; set; }

    /// <summary>Value at the dark end of the scale.</summary>
    [Parameter]
    [Number]
    public double? Minimum { get; set; }

    /// <summary>Value at the bright end of the scale.</summary>
    [Parameter]
    [Number]
    public double? Maximum { get; set; }

    /// <summary>Share of each edge that is shown.</summary>
    [Parameter]
    [ValidateRange(0.05, 1.0)]
    [Number]
    public double Crop { get; set; } = Defaults.Crop;

    /// <summary>Smallest width of the picture (pixels).</summary>
    [Parameter]
    [ValidateRange(200, 8000)]
    [Number]
    public int Width { get; set; } = Defaults.MinimumWidth;

    /// <summary>Checks what belongs together.</summary>
    private protected override void Begin()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Count)) && View != MapView.Montage)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(Count), "is the number of slices of a montage", $"-View {View}"));
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
                _sources.Add(source!);
            }
        }
    }

    /// <summary>Writes the picture.</summary>
    protected override void EndProcessing()
    {
        if (_isRefused || _sources.Count == 0)
        {
            return;
        }

        if (!TryResolveTarget(out string? file, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
            return;
        }

        if (!MapSlices.IsPicture(file))
        {
            ThrowTerminatingError(ErrorRecords.From(MapSlices.NameUnsupported(file), file));
        }

        if (!MayReplace && File.Exists(file))
        {
            WriteError(ErrorRecords.TargetExists(file, NoClobber));
            return;
        }

        if (!ShouldProcess(file, $"Export picture of {string.Join(", ", _sources.Select(source => source.Name))}"))
        {
            return;
        }

        var options = new MapSliceOptions
        {
            View = View,
            Position = Position is [int x, int y, int z] ? (x, y, z) : null,
            Count = Count,
            Palette = Palette,
            IsResolution = LocalResolution,
            Crop = Crop,
            MinimumWidth = Width,
        };
        bool isDone = TryRun(
            $"Drawing {System.IO.Path.GetFileName(file)}",
            file,
            (_, token) =>
            {
                MapSlices.Write([.. _sources.Select(source => new MapSliceRow(source.Name, source.Open(), Minimum, Maximum))], file, MayReplace, options, token);
                return true;
            },
            out bool _);
        _sources.ForEach(source => source.TellWarnings(this));
        if (!isDone)
        {
            return;
        }

        Note($"Picture of {string.Join(", ", _sources.Select(source => source.Name))}: written to '{file}'.", "File");
        if (PassThru)
        {
            WriteObject(_sources.Select(source => source.Open()), enumerateCollection: true);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _sources.Clear();
        base.Dispose(disposing);
    }
}
