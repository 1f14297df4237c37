using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;
using LocalDeblur.Terminals;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Show-CryoMap: maps and curves in the terminal itself, for machines without a viewer.</summary>
[Cmdlet(VerbsCommon.Show, "CryoMap", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Show-CryoMap.md")]
[OutputType(typeof(void))]
public sealed class ShowCryoMapCommand : MapCommand
{
    private const string MapSet = "Map";
    private const string FscSet = "Fsc";
    private const string ProfileSet = "Profile";
    private readonly List<MapSource> _sources = [];
    private readonly List<GuinierProfile> _profiles = [];

    /// <summary>Maps of one size.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Curves of Fourier shell correlation.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FscSet)]
    [ValidateNotNull]
    public FscInput Fsc { get; set; } = null!;

    /// <summary>Guinier profiles.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public GuinierProfile[] Guinier { get; set; } = [];

    /// <summary>What of the maps is shown.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public MapView View { get; set; }

    /// <summary>Voxel through which the slices pass.</summary>
    [Parameter(ParameterSetName = MapSet)]
    [AxisValues]
    [ValidateRange(0, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? Position { get; set; }

    /// <summary>Share of each edge that is shown.</summary>
    [Parameter(ParameterSetName = MapSet)]
    [ValidateRange(0.05, 1.0)]
    [Number]
    public double Crop { get; set; } = 1;

    /// <summary>Takes the values for resolutions.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public SwitchParameter LocalResolution { get; set; }

    /// <summary>How pictures are shown; found out where it is not given.</summary>
    [Parameter]
    public TerminalStyle? Style { get; set; }

    /// <summary>Remembers what is shown.</summary>
    protected override void ProcessRecord()
    {
        _profiles.AddRange(Guinier);
        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source))
            {
                _sources.Add(source);
            }
        }
    }

    /// <summary>Draws it.</summary>
    protected override void EndProcessing()
    {
        // Another host than the console's own has a window of its own.
        TerminalScreen? screen = Host.Name == "ConsoleHost" ? TerminalProbe.Find(Style, Console.Out) : null;
        if (screen is null)
        {
            Note("Nothing is drawn, since the output is no terminal.");
            return;
        }

        string? picture = ParameterSetName switch
        {
            FscSet => Plot(Fsc.Curves ?? ReadOrThrow(Fsc.Path!, FscTable.Read)),
            ProfileSet => TerminalPicture.Plot(GuinierPlot.Create([.. _profiles.Where(one => !one.IsModel)], "Guinier plot", _profiles.Find(one => one.IsModel)), screen),
            _ => Slices(screen),
        };
        if (picture is not null)
        {
            Host.UI.Write(picture);
        }

        string Plot(FscResult curves) => TerminalPicture.Plot(FscPlot.Create(curves, $"Fourier shell correlation: {curves}"), screen);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _sources.Clear();
        _profiles.Clear();
        base.Dispose(disposing);
    }

    private string? Slices(TerminalScreen screen)
    {
        if (_sources.Count == 0)
        {
            return null;
        }

        var options = new MapSliceOptions { View = View, Position = Position is [int x, int y, int z] ? (x, y, z) : null, Crop = Crop, IsResolution = LocalResolution };
        bool isDone = TryRun(
            "Drawing",
            _sources[0].Target,
            (_, token) => TerminalPicture.Slices([.. _sources.Select(source => new MapSliceRow(source.Name, source.Open()))], options, screen, token),
            out string? picture);
        _sources.ForEach(source => source.TellWarnings(this));
        return isDone ? picture : null;
    }
}
