using System.Globalization;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Which axis of space runs along the columns, rows and sections of a file: MAPC, MAPR, MAPS, with 1 = x, 2 = y, 3 = z.</summary>
/// <param name="Column">Axis of the columns, the fastest in the file.</param>
/// <param name="Row">Axis of the rows.</param>
/// <param name="Section">Axis of the sections, the slowest in the file.</param>
public readonly record struct MrcAxisOrder(int Column, int Row, int Section)
{
    /// <summary>Columns along x, rows along y, sections along z: the order of the voxels in memory and of every file that is written.</summary>
    public static MrcAxisOrder Standard { get; } = new(1, 2, 3);

    /// <summary>True for the six orders in which 1, 2 and 3 occur once each.</summary>
    public bool IsValid => Column is >= 1 and <= 3 && Row is >= 1 and <= 3 && Section is >= 1 and <= 3
        && Column != Row && Column != Section && Row != Section;

    /// <summary>Brings three numbers from the order of the file (columns, rows, sections) to x, y, z. The order must be valid.</summary>
    /// <param name="column">Number of the columns.</param>
    /// <param name="row">Number of the rows.</param>
    /// <param name="section">Number of the sections.</param>
    public (int X, int Y, int Z) ToSpace(int column, int row, int section)
    {
        Span<int> space = stackalloc int[3];
        space[Column - 1] = column;
        space[Row - 1] = row;
        space[Section - 1] = section;
        return (space[0], space[1], space[2]);
    }

    /// <summary>For example <c>3, 1, 2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Column}, {Row}, {Section}");
}
