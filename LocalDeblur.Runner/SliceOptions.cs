using System.CommandLine;
using LocalDeblur.Plots;

namespace LocalDeblur.Runner;

/// <summary>What of a map is shown by slices: for the commands that draw them, in the terminal and as a file.</summary>
internal sealed class SliceOptions
{
    private readonly Option<MapView> _view = new("--view") { Description = "What of the maps is shown.", DefaultValueFactory = _ => MapView.Orthogonal };

    private readonly Option<int[]?> _position = new("--position")
    {
        Description = "Voxel through which the slices pass; the centre when left out.",
        Arity = new ArgumentArity(3, 3),
        AllowMultipleArgumentsPerToken = true,
        HelpName = "x y z",
    };

    private readonly Option<bool> _isResolution = new("--resolution-map") { Description = "The maps are of local resolution (Å)." };
    private readonly Option<double> _crop;

    /// <summary>Describes the options.</summary>
    /// <param name="crop">Share of each edge that is shown by default.</param>
    public SliceOptions(double crop) =>
        _crop = new Option<double>("--crop") { Description = "Share of each edge that is shown.", DefaultValueFactory = _ => crop, HelpName = "share" };

    /// <summary>What kind of picture.</summary>
    public Option<MapView> View => _view;

    /// <summary>All of them.</summary>
    public Option[] All => [_view, _position, _crop, _isResolution];

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command) => Array.ForEach(All, command.Add);

    /// <summary>What was given.</summary>
    /// <param name="parsed">The command line.</param>
    public MapSliceOptions Of(ParseResult parsed) => new()
    {
        View = parsed.GetValue(_view),
        Position = parsed.GetValue(_position) is [int x, int y, int z] ? (x, y, z) : null,
        Crop = parsed.GetValue(_crop),
        IsResolution = parsed.GetValue(_isResolution),
    };
}
