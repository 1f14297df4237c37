using System.Collections.ObjectModel;
using LocalDeblur.Files;

namespace LocalDeblur.Maps.Mrc;

/// <summary>
/// Header of an MRC2014/CCP4 map as stored in its file, in host byte order. Counts and start indices are in the order of the
/// file (columns, rows, sections); sampling, cell and origin are in x, y, z, as the format has them.
/// </summary>
/// <remarks>The statistics are the file's own words and may be wrong. Format: Cheng et al., J. Struct. Biol. 192 (2015) 146, and www.ccpem.ac.uk/mrc_format.</remarks>
public sealed record MrcHeader
{
    internal const int Length = 1024;

    internal const int LabelLength = 80;

    internal const int MaximumLabels = 10;

    /// <summary>Length of the file on disk (bytes), compressed or not.</summary>
    public long FileLength { get; internal init; }

    /// <summary>How the file is compressed.</summary>
    public FileCompression Compression { get; internal init; }

    /// <summary>Order of the bytes of a number.</summary>
    public MrcByteOrder ByteOrder { get; internal init; }

    /// <summary>Type of a voxel (MODE). May be a number without a name.</summary>
    public MrcMode Mode { get; internal init; }

    /// <summary>Voxels along the fastest axis of the file (NX).</summary>
    public int Columns { get; internal init; }

    /// <summary>Rows (NY).</summary>
    public int Rows { get; internal init; }

    /// <summary>Sections (NZ).</summary>
    public int Sections { get; internal init; }

    /// <summary>Index of the first column (NXSTART).</summary>
    public int ColumnStart { get; internal init; }

    /// <summary>Index of the first row (NYSTART).</summary>
    public int RowStart { get; internal init; }

    /// <summary>Index of the first section (NZSTART).</summary>
    public int SectionStart { get; internal init; }

    /// <summary>Intervals along the cell edges, in x, y, z (MX, MY, MZ).</summary>
    public GridSize Sampling { get; internal init; }

    /// <summary>Cell edges (Å; CELLA).</summary>
    public AxisTriple Cell { get; internal init; }

    /// <summary>Cell angles α, β, γ (degrees; CELLB).</summary>
    public AxisTriple Angles { get; internal init; }

    /// <summary>Axes of the columns, rows and sections as stored (MAPC, MAPR, MAPS).</summary>
    public MrcAxisOrder StoredAxisOrder { get; internal init; }

    /// <summary>Smallest value, in the file's own words (DMIN).</summary>
    public float StatedMinimum { get; internal init; }

    /// <summary>Largest value, in the file's own words (DMAX).</summary>
    public float StatedMaximum { get; internal init; }

    /// <summary>Mean, in the file's own words (DMEAN).</summary>
    public float StatedMean { get; internal init; }

    /// <summary>Root mean square deviation from the mean, in the file's own words (RMS).</summary>
    public float StatedRms { get; internal init; }

    /// <summary>Space group (ISPG): 0 or 1 for a volume, 401 to 630 for a stack of volumes.</summary>
    public int SpaceGroup { get; internal init; }

    /// <summary>Length of the extended header (bytes; NSYMBT).</summary>
    public int ExtendedHeaderLength { get; internal init; }

    /// <summary>Type of the extended header (EXTTYP), for example "CCP4" or "FEI1"; empty where not stated.</summary>
    public string ExtendedHeaderType { get; internal init; } = "";

    /// <summary>The extended header, byte for byte.</summary>
    public ReadOnlyMemory<byte> ExtendedHeader { get; internal init; }

    /// <summary>Version of the format (NVERSION), for example 20141; 0 in older files.</summary>
    public int Version { get; internal init; }

    /// <summary>The ORIGIN field (Å).</summary>
    public AxisTriple Origin { get; internal init; }

    /// <summary>Identifier of the format; "MAP " in a sound file.</summary>
    public string MapId { get; internal init; } = "";

    /// <summary>Machine stamp, as four bytes in hexadecimal, for example "44 44 00 00".</summary>
    public string MachineStamp { get; internal init; } = "";

    /// <summary>Number of labels in the file's own words (NLABL).</summary>
    public int StatedLabelCount { get; internal init; }

    /// <summary>The labels that hold text, oldest first, without trailing blanks.</summary>
    public ReadOnlyCollection<string> Labels { get; internal init; } = new([]);

    /// <summary>Departures of the header from the format, by rule.</summary>
    public ReadOnlyCollection<MrcFinding> Deviations { get; internal init; } = new([]);

    /// <summary>Axes of the columns, rows and sections in use: the stored ones, or 1, 2, 3 where none are stored.</summary>
    public MrcAxisOrder AxisOrder => StoredAxisOrder == default ? MrcAxisOrder.Standard : StoredAxisOrder;

    /// <summary>Voxels along x, y, z. For a stack, z counts the sections of all its volumes.</summary>
    public GridSize Size
    {
        get
        {
            (int x, int y, int z) = AxisOrder.IsValid ? AxisOrder.ToSpace(Columns, Rows, Sections) : (Columns, Rows, Sections);
            return new GridSize(x, y, z);
        }
    }

    /// <summary>Index of the first voxel in the cell, in x, y, z (NXSTART, NYSTART, NZSTART with the axis order undone).</summary>
    public (int X, int Y, int Z) Start => AxisOrder.IsValid
        ? AxisOrder.ToSpace(ColumnStart, RowStart, SectionStart)
        : (ColumnStart, RowStart, SectionStart);

    /// <summary>Edges of a voxel along x, y, z (Å): cell over sampling; 0 where the header has no usable value.</summary>
    public AxisTriple Spacing => new(Divide(Cell.X, Sampling.X), Divide(Cell.Y, Sampling.Y), Divide(Cell.Z, Sampling.Z));

    /// <summary>Edge of a voxel (Å) where the voxels are cubes; NaN where they are not, 0 where the header states none.</summary>
    public double VoxelSize => ToGrid().VoxelSize;

    /// <summary>True for a stack of volumes (ISPG 401 to 630).</summary>
    public bool IsStack => SpaceGroup is >= 401 and <= 630;

    /// <summary>True for a stack of images by the format: ISPG 0 and MZ 1, in more than one section. Where MX and MY are 1 too, the sampling says nothing.</summary>
    internal bool IsImageStack => SpaceGroup == 0 && Sections > 1 && Sampling is { Z: 1 } and not { X: 1, Y: 1 };

    /// <summary>Space group of one volume of the file: that of the crystal, 2 to 230, else 1. A stack of volumes has 400 more.</summary>
    internal int VolumeSpaceGroup => (IsStack ? SpaceGroup - 400 : SpaceGroup) is int group and >= 1 and <= 230 ? group : 1;

    /// <summary>Number of volumes in the file: 1 unless it is a stack whose NZ is a multiple of MZ.</summary>
    public int VolumeCount => IsStack && Sampling.Z > 0 && Sections % Sampling.Z == 0 ? Sections / Sampling.Z : 1;

    /// <summary>Bytes of a voxel; 0 for a type without whole bytes or without a name.</summary>
    public int BytesPerVoxel => Mode switch
    {
        MrcMode.Int8 => 1,
        MrcMode.Int16 or MrcMode.UInt16 or MrcMode.Float16 => 2,
        MrcMode.Float32 or MrcMode.ComplexInt16 => 4,
        MrcMode.ComplexFloat32 => 8,
        _ => 0,
    };

    /// <summary>Bytes before the first voxel.</summary>
    internal long DataOffset => Length + (long)ExtendedHeaderLength;

    /// <summary>Bytes of all voxels. Up to 2⁹³ for a damaged header, hence the width.</summary>
    internal Int128 DataLength => Mode == MrcMode.Packed4Bit
        ? ((Int128)Columns + 1) / 2 * Rows * Sections
        : (Int128)BytesPerVoxel * Columns * Rows * Sections;

    /// <summary>The 1024 bytes as stored.</summary>
    internal ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>True where mode 0 holds unsigned bytes: IMOD marks its files and sets a flag when they are signed.</summary>
    internal bool HasUnsignedBytes { get; init; }

    /// <summary>The grid that the header describes, in x, y, z.</summary>
    /// <param name="options">Voxel size, origin and volume of a stack, in place of the header's; or null.</param>
    /// <exception cref="EngineException">VoxelSizeMissing where the given voxel size is not a positive number.</exception>
    public MapGrid ToGrid(MrcReadOptions? options = null)
    {
        GridSize size = Size;
        GridSize sampling = Sampling is { X: > 0, Y: > 0, Z: > 0 } ? Sampling : size;
        if (options?.Index is not null && IsStack)
        {
            size = size with { Z = sampling.Z };
        }

        var grid = new MapGrid(size, Spacing, OriginInUse)
        {
            Sampling = sampling,
            Angles = AnglesInUse,
            Start = Start,
        };

        if (options?.VoxelSize is { } voxelSize)
        {
            grid = grid.WithVoxelSize(voxelSize);
        }

        // Start indices would speak again wherever the given origin is zero.
        return options?.Origin is { } origin ? grid with { OriginField = origin, Start = default } : grid;
    }

    /// <summary>The size and mode in words.</summary>
    public override string ToString() => $"{Size} {Mode}";

    private AxisTriple OriginInUse => double.IsFinite(Origin.X) && double.IsFinite(Origin.Y) && double.IsFinite(Origin.Z) ? Origin : default;

    private AxisTriple AnglesInUse => IsAngle(Angles.X) && IsAngle(Angles.Y) && IsAngle(Angles.Z) ? Angles : new AxisTriple(90, 90, 90);

    internal static bool IsAngle(double degrees) => degrees is > 0 and < 180;

    private static double Divide(double edge, int intervals) => edge > 0 && double.IsFinite(edge) && intervals > 0 ? edge / intervals : 0;
}
