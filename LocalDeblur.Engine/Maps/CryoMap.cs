using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>
/// A density map (or a mask, or a local-resolution map): voxels, the grid they lie on, and what has been done to them.
/// Immutable to its users. A map that comes from a file reads its voxels when they are first asked for.
/// </summary>
/// <remarks>Voxels are float32, x fastest: voxel (x, y, z) is number x + X·(y + Y·z). Safe to share between threads.</remarks>
[SuppressMessage("Naming", "CA1724", Justification = "The product's own word for its central object.")]
public sealed class CryoMap
{
    private readonly Lock _gate = new();
    private readonly Func<CancellationToken, float[]>? _read;
    private float[]? _voxels;
    private VolumeStatistics? _statistics;

    /// <summary>Wraps voxels that are in memory.</summary>
    /// <param name="grid">The grid they lie on.</param>
    /// <param name="voxels">Values, x fastest; as many as the grid has. The map takes them over: do not write to them afterwards.</param>
    /// <param name="name">Name for messages and tables.</param>
    /// <param name="history">What has been done so far, or null.</param>
    /// <param name="header">The header of the file the map descends from, whose labels and extended header an export keeps; or null.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the grid.</exception>
    public CryoMap(MapGrid grid, float[] voxels, string name, IEnumerable<HistoryEntry>? history = null, MrcHeader? header = null)
        : this(grid, name, history, header)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.LongLength != grid.Size.VoxelCount)
        {
            throw new ArgumentException($"{voxels.LongLength} values for a grid of {grid.Size} voxels.", nameof(voxels));
        }

        _voxels = voxels;
    }

    /// <summary>Describes voxels that are still in a file, or packed.</summary>
    /// <param name="grid">The grid they lie on.</param>
    /// <param name="read">Reads them; called once, and again only if it failed.</param>
    /// <param name="name">Name for messages and tables.</param>
    /// <param name="path">Full path of the file; null for none.</param>
    /// <param name="history">What has been done so far.</param>
    /// <param name="header">Header of the file; null for none.</param>
    internal CryoMap(MapGrid grid, Func<CancellationToken, float[]> read, string name, string? path, IEnumerable<HistoryEntry> history, MrcHeader? header)
        : this(grid, name, history, header)
    {
        _read = read;
        Path = path;
    }

    private CryoMap(MapGrid grid, string name, IEnumerable<HistoryEntry>? history, MrcHeader? header)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Grid = grid;
        Name = PlainText.Of(name);
        Header = header;
        History = new ReadOnlyCollection<HistoryEntry>([.. history ?? []]);
    }

    /// <summary>Name for messages and tables: the file name for an imported map.</summary>
    public string Name { get; }

    /// <summary>Full path of the file the map was imported from; null for a map that was computed.</summary>
    public string? Path { get; private init; }

    /// <summary>Size, voxel size and place in space.</summary>
    public MapGrid Grid { get; }

    /// <summary>Voxels along x, y, z.</summary>
    public GridSize Size => Grid.Size;

    /// <summary>Edge of a voxel (Å); NaN where the voxels are not cubes (then see Grid.Spacing).</summary>
    public double VoxelSize => Grid.VoxelSize;

    /// <summary>Place of voxel (0, 0, 0) in space (Å).</summary>
    public AxisTriple Origin => Grid.Origin;

    /// <summary>Header of the file the map descends from; null where there is none. Its statistics are the file's own words.</summary>
    public MrcHeader? Header { get; }

    /// <summary>What has been done to the map, oldest first.</summary>
    public ReadOnlyCollection<HistoryEntry> History { get; }

    /// <summary>True when the voxels are in memory.</summary>
    public bool IsLoaded => Volatile.Read(ref _voxels) is not null;

    /// <summary>Smallest value, computed from the voxels. NaN when any voxel is not finite.</summary>
    public double Minimum => Statistics.Minimum;

    /// <summary>Largest value, computed from the voxels. NaN when any voxel is not finite.</summary>
    public double Maximum => Statistics.Maximum;

    /// <summary>Mean, computed from the voxels in double precision.</summary>
    public double Mean => Statistics.Mean;

    /// <summary>Root mean square deviation from the mean, computed from the voxels in double precision.</summary>
    public double StandardDeviation => Statistics.StandardDeviation;

    private VolumeStatistics Statistics
    {
        get
        {
            float[] voxels = Load();
            lock (_gate)
            {
                return _statistics ??= VolumeStatistics.Measure(voxels);
            }
        }
    }

    /// <summary>The voxels, x fastest. Reads the file where that has not happened yet.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">The file cannot be read any more, is truncated, or changed since its header was read.</exception>
    public ReadOnlySpan<float> AsSpan(CancellationToken cancellationToken = default) => Load(cancellationToken);

    /// <summary>Value of one voxel.</summary>
    /// <param name="x">0 … Size.X−1.</param>
    /// <param name="y">0 … Size.Y−1.</param>
    /// <param name="z">0 … Size.Z−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The voxel is outside the box.</exception>
    public float GetVoxel(int x, int y, int z)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Size.X, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Size.Y, nameof(y));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)z, (uint)Size.Z, nameof(z));
        return Load()[Size.Offset(x, y, z)];
    }

    /// <summary>
    /// Refuses a map with NaN or infinite voxels, or with grey values that leave float32 no room for sums and squares: above 1e28, or varying by less than 1e-28.
    /// </summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite, with their number, or for values too large; MapWithoutSignal for values too small.</exception>
    public void RequireFinite(CancellationToken cancellationToken = default)
    {
        RequireNumbers(cancellationToken);
        GreyValues.RequireInReach(this);
    }

    /// <summary>Refuses a map with NaN or infinite voxels, for what writes, compares or shows a map and computes nothing that large or small values could not bear.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite, with their number.</exception>
    internal void RequireNumbers(CancellationToken cancellationToken)
    {
        Load(cancellationToken);
        if (Statistics.NonFinite > 0)
        {
            throw NotFinite(Statistics.NonFinite);
        }
    }

    /// <summary>A copy of the voxels, which are not kept where they were not read before; refused as by <see cref="RequireFinite"/>.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite, with their number.</exception>
    internal float[] CopyFiniteVoxels(CancellationToken cancellationToken)
    {
        float[] voxels = CopyVoxels(cancellationToken);
        int odd = voxels.Count(voxel => !float.IsFinite(voxel));
        return odd == 0 ? voxels : throw NotFinite(odd);
    }

    /// <summary>A map on the same grid, with the same file header, that descends from this one by one step.</summary>
    /// <param name="voxels">The new values; the new map takes them over.</param>
    /// <param name="step">What was done.</param>
    public CryoMap Derive(float[] voxels, HistoryEntry step) => new(Grid, voxels, Name, [.. History, step], Header);

    /// <summary>The same map with another history.</summary>
    /// <param name="history">What has been done, oldest first.</param>
    internal CryoMap WithHistory(IEnumerable<HistoryEntry> history) => new(Grid, Load(), Name, history, Header);

    /// <summary>The same map with other voxels, which stands for this one in what a run says and writes.</summary>
    /// <param name="voxels">The new values; the new map takes them over.</param>
    internal CryoMap WithVoxels(float[] voxels) => new(Grid, Name, History, Header) { _voxels = voxels, Path = Path };

    /// <summary>For example <c>emd_3186.map (100 × 100 × 100)</c>.</summary>
    public override string ToString() => $"{Name} ({Size})";

    /// <summary>
    /// The voxels in an array that the caller may write to. A map that has not read its file yet reads it for the caller
    /// alone and keeps nothing, so that a map used once is in memory once.
    /// </summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal float[] CopyVoxels(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _voxels) is { } voxels ? (float[])voxels.Clone() : _read!(cancellationToken);

    /// <summary>
    /// The array behind the voxels, to keep and to write to; the map has none afterwards. For whoever made the map and shows it to nobody: a copy would be one more
    /// volume in memory.
    /// </summary>
    internal float[] TakeVoxels()
    {
        float[] voxels = Load();
        _voxels = null;
        return voxels;
    }

    /// <summary>The array behind the voxels, for the engine's own kernels. Never written to.</summary>
    internal float[] Load(CancellationToken cancellationToken = default)
    {
        float[]? voxels = Volatile.Read(ref _voxels);
        if (voxels is not null)
        {
            return voxels;
        }

        lock (_gate)
        {
            return _voxels ??= _read!(cancellationToken);
        }
    }

    private EngineException NotFinite(long count) => new(
        EngineError.MapNotFinite, $"'{Name}' has {count} of {Size.VoxelCount} voxels that are NaN or infinite; expected numbers.", Name)
    {
        Advice = [new("repair the map"), new("replace these voxels by a number when the map is read", EngineParameter.NonFiniteValue)],
    };
}
