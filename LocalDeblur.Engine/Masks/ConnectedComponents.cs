using LocalDeblur.Maps;

namespace LocalDeblur.Masks;

/// <summary>The connected parts of a set of voxels: two voxels are neighbours when they share a face (6-neighbourhood). The box does not repeat.</summary>
/// <remarks>Runs along x are joined across rows and planes by union and find, so that memory goes with the outline and not with the volume.</remarks>
internal sealed class ConnectedComponents
{
    private readonly GridSize _size;
    private readonly List<(int Start, int End)> _runs = [];
    private readonly int[] _rowStart;
    private readonly List<int> _parent = [];

    /// <summary>Finds the parts.</summary>
    /// <param name="inside">The set.</param>
    /// <param name="size">Size of the box.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public ConnectedComponents(ReadOnlySpan<bool> inside, GridSize size, CancellationToken cancellationToken)
    {
        _size = size;
        _rowStart = new int[(size.Y * size.Z) + 1];
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                int row = y + (z * size.Y);
                AddRuns(inside.Slice((int)size.Offset(0, y, z), size.X));
                _rowStart[row + 1] = _runs.Count;
                if (y > 0)
                {
                    Join(row, row - 1);
                }

                if (z > 0)
                {
                    Join(row, row - size.Y);
                }
            }
        }

        var sizes = new SortedDictionary<int, long>();
        for (int run = 0; run < _runs.Count; run++)
        {
            int root = Root(run);
            sizes[root] = sizes.GetValueOrDefault(root) + _runs[run].End - _runs[run].Start;
        }

        Sizes = sizes;
    }

    /// <summary>Voxels of each part, by its number.</summary>
    public IReadOnlyDictionary<int, long> Sizes { get; }

    /// <summary>Number of the part with the most voxels, of equals the one that begins first; null where there is none.</summary>
    public int? Largest => Sizes.Count == 0 ? null : Sizes.MaxBy(part => part.Value).Key;

    /// <summary>Takes the parts that are not wanted out of the set.</summary>
    /// <param name="inside">The set that was searched.</param>
    /// <param name="wanted">Says of a part's number whether it stays.</param>
    public void Keep(Span<bool> inside, Func<int, bool> wanted)
    {
        for (int row = 0; row + 1 < _rowStart.Length; row++)
        {
            Span<bool> voxels = inside.Slice(row * _size.X, _size.X);
            for (int run = _rowStart[row]; run < _rowStart[row + 1]; run++)
            {
                if (!wanted(Root(run)))
                {
                    voxels[_runs[run].Start.._runs[run].End].Clear();
                }
            }
        }
    }

    private void AddRuns(ReadOnlySpan<bool> row)
    {
        int x = 0;
        while (x < row.Length)
        {
            int start = row[x..].IndexOf(true);
            if (start < 0)
            {
                return;
            }

            start += x;
            int length = row[start..].IndexOf(false);
            x = length < 0 ? row.Length : start + length;
            _parent.Add(_runs.Count);
            _runs.Add((start, x));
        }
    }

    // Unites the runs of two neighbouring rows that overlap.
    private void Join(int row, int other)
    {
        int b = _rowStart[other];
        for (int a = _rowStart[row]; a < _rowStart[row + 1]; a++)
        {
            while (b < _rowStart[other + 1] && _runs[b].End <= _runs[a].Start)
            {
                b++;
            }

            for (int c = b; c < _rowStart[other + 1] && _runs[c].Start < _runs[a].End; c++)
            {
                Unite(a, c);
            }
        }
    }

    private void Unite(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        _parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    private int Root(int run)
    {
        while (_parent[run] != run)
        {
            _parent[run] = _parent[_parent[run]];
            run = _parent[run];
        }

        return run;
    }
}
