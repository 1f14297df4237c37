using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>
/// A fixed set of voxels, kept as runs along x, and how values for it alone lie in memory: one after the other, in the
/// order of the volume. A mask is a small part of its box, so this saves both memory and time.
/// </summary>
internal sealed class VoxelSet
{
    private readonly GridSize _size;
    private readonly Run[] _runs;
    private readonly int[] _firstRun;

    private VoxelSet(GridSize size, List<Run> runs, int[] firstRun, int count)
    {
        _size = size;
        _runs = [.. runs];
        _firstRun = firstRun;
        Count = count;
    }

    /// <summary>Number of voxels.</summary>
    public int Count { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => ((long)_firstRun.Length * sizeof(int)) + (_runs.LongLength * 3 * sizeof(int));

    /// <summary>The voxels whose label lies in a range.</summary>
    /// <param name="labels">A label for each voxel of the volume.</param>
    /// <param name="size">Size of the volume.</param>
    /// <param name="smallest">Smallest label that belongs to the set.</param>
    /// <param name="largest">Largest label that belongs to the set.</param>
    public static VoxelSet Create(ReadOnlySpan<sbyte> labels, GridSize size, sbyte smallest, sbyte largest)
    {
        var runs = new List<Run>();
        int[] firstRun = new int[(size.Y * size.Z) + 1];
        int count = 0;
        for (int row = 0; row < firstRun.Length - 1; row++)
        {
            ReadOnlySpan<sbyte> line = labels.Slice(row * size.X, size.X);
            for (int x = 0; x < line.Length;)
            {
                int start = line[x..].IndexOfAnyInRange(smallest, largest);
                if (start < 0)
                {
                    break;
                }

                start += x;
                int length = line[start..].IndexOfAnyExceptInRange(smallest, largest);
                if (length < 0)
                {
                    length = line.Length - start;
                }

                runs.Add(new Run(start, length, count));
                count += length;
                x = start + length;
            }

            firstRun[row + 1] = runs.Count;
        }

        return new VoxelSet(size, runs, firstRun, count);
    }

    /// <summary>True when any of the rows has a voxel of the set.</summary>
    /// <param name="y0">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="z">Plane.</param>
    public bool Meets(int y0, int count, int z)
    {
        int row = (z * _size.Y) + y0;
        return _firstRun[row] < _firstRun[row + count];
    }

    /// <summary>Takes the set's values from a row of the volume.</summary>
    /// <param name="y">Row.</param>
    /// <param name="z">Plane.</param>
    /// <param name="row">The row.</param>
    /// <param name="values">Values of the whole set.</param>
    public void Gather(int y, int z, ReadOnlySpan<float> row, Span<float> values)
    {
        int index = (z * _size.Y) + y;
        for (int i = _firstRun[index]; i < _firstRun[index + 1]; i++)
        {
            Run run = _runs[i];
            row.Slice(run.X, run.Length).CopyTo(values[run.Offset..]);
        }
    }

    /// <summary>Puts the set's values into a volume; the rest of it is left alone.</summary>
    /// <param name="values">Values of the whole set.</param>
    /// <param name="volume">The volume.</param>
    public void Scatter<T>(ReadOnlySpan<T> values, Span<T> volume)
    {
        for (int row = 0; row < _firstRun.Length - 1; row++)
        {
            for (int i = _firstRun[row]; i < _firstRun[row + 1]; i++)
            {
                Run run = _runs[i];
                values.Slice(run.Offset, run.Length).CopyTo(volume[((row * _size.X) + run.X)..]);
            }
        }
    }

    private readonly record struct Run(int X, int Length, int Offset);

    /// <summary>Takes the rows of an inverse transform and keeps the values of one or two sets.</summary>
    /// <param name="first">A set.</param>
    /// <param name="firstValues">Receives its values.</param>
    /// <param name="second">Another set, or null.</param>
    /// <param name="secondValues">Receives its values; or null.</param>
    public readonly struct Sink(VoxelSet first, float[] firstValues, VoxelSet? second = null, float[]? secondValues = null) : IRowSink
    {
        /// <inheritdoc/>
        public bool Wants(int y0, int count, int z) => first.Meets(y0, count, z) || second?.Meets(y0, count, z) == true;

        /// <inheritdoc/>
        public void Accept(int y, int z, ReadOnlySpan<float> row)
        {
            first.Gather(y, z, row, firstValues);
            second?.Gather(y, z, row, secondValues);
        }
    }
}
