namespace LocalDeblur.Maps.Mrc;

/// <summary>One rule that a map file is checked against.</summary>
/// <param name="Number">Its number, which does not change between versions.</param>
/// <param name="Title">Its short name.</param>
/// <param name="Text">What is expected.</param>
internal sealed record MrcRule(int Number, string Title, string Text)
{
    internal static MrcRule FileSize { get; } = new(1, "File size", "The file is exactly as long as header, extended header and voxels together.");

    internal static MrcRule Identifier { get; } = new(2, "Identifier", "Bytes 209 to 212 read 'MAP '.");

    internal static MrcRule MachineStamp { get; } = new(
        3, "Machine stamp", "Bytes 213 and 214 are 44 44 or 44 41 (little endian) or 11 11 (big endian), and the numbers are stored so.");

    internal static MrcRule Mode { get; } = new(4, "Mode", "MODE is 0, 1, 2, 6 or 12.");

    internal static MrcRule AxisOrder { get; } = new(5, "Axis order", "MAPC, MAPR and MAPS are 1, 2 and 3 in any order.");

    internal static MrcRule Dimensions { get; } = new(6, "Dimensions and cell", "NX, NY, NZ, MX, MY, MZ and the cell edges are positive.");

    internal static MrcRule Angles { get; } = new(7, "Cell angles", "The cell angles are 90°.");

    internal static MrcRule SpaceGroup { get; } = new(8, "Volume or stack", "ISPG is 1 for a volume; for a stack of volumes (401 to 630) NZ is a multiple of MZ.");

    internal static MrcRule Version { get; } = new(9, "Format version", "NVERSION is 20140 or 20141.");

    internal static MrcRule LabelCount { get; } = new(10, "Label count", "NLABL is the number of labels with text, and these come first.");

    internal static MrcRule LabelText { get; } = new(11, "Label text", "Labels are printable ASCII text.");

    internal static MrcRule Statistics { get; } = new(
        12, "Statistics", "DMIN, DMAX, DMEAN and RMS are those of the voxels (extremes exactly, DMEAN and RMS to 1 %), or marked as undetermined.");

    internal static MrcRule Finite { get; } = new(13, "Finite voxels", "No voxel is NaN or infinite.");

    internal static MrcRule ExtendedHeader { get; } = new(14, "Extended header", "NSYMBT is not negative; where it is positive, EXTTYP names a known type.");

    internal static MrcRule Place { get; } = new(15, "Place in space", "ORIGIN is finite; where both it and the start indices are set, they mean the same place.");

    internal static MrcRule VoxelShape { get; } = new(16, "Voxel shape", "The voxels are cubes to within 0.1 %.");

    internal static MrcRule Readable { get; } = new(17, "Readable", "The file is an MRC2014/CCP4 map, plain or whole in its compression.");

    internal static IReadOnlyList<MrcRule> All { get; } =
    [
        FileSize, Identifier, MachineStamp, Mode, AxisOrder, Dimensions, Angles, SpaceGroup, Version,
        LabelCount, LabelText, Statistics, Finite, ExtendedHeader, Place, VoxelShape, Readable,
    ];

    internal MrcFinding Information(string message) => Broken(MrcSeverity.Information, message);

    internal MrcFinding Warning(string message) => Broken(MrcSeverity.Warning, message);

    internal MrcFinding Error(string message, EngineError refusal = EngineError.MapHeaderInvalid) => Broken(MrcSeverity.Error, message) with { Refusal = refusal };

    private MrcFinding Broken(MrcSeverity severity, string message) => new() { Rule = Number, Title = Title, Severity = severity, Message = message };
}
