using System.Globalization;

namespace LocalDeblur.Maps.Mrc;

/// <summary>The rules that need nothing but the header. The reader refuses on their errors, the history takes their warnings.</summary>
internal static class MrcHeaderRules
{
    private static readonly string[] KnownExtendedHeaders = ["CCP4", "MRCO", "SERI", "AGAR", "FEI1", "FEI2", "HDF5"];

    /// <summary>Everything that departs from the format, in the order of the rules.</summary>
    public static IEnumerable<MrcFinding> Inspect(MrcHeader header) =>
    [
        .. Identifier(header), .. MachineStamp(header), .. Mode(header), .. AxisOrder(header), .. Dimensions(header), .. Angles(header),
        .. SpaceGroup(header), .. Version(header), .. LabelCount(header), .. LabelText(header), .. ExtendedHeader(header), .. Place(header),
        .. VoxelShape(header),
    ];

    private static IEnumerable<MrcFinding> Identifier(MrcHeader header)
    {
        if (header.MapId != "MAP ")
        {
            yield return MrcRule.Identifier.Warning($"The identifier is '{PlainText.Of(header.MapId)}'; expected 'MAP '. The file is read as a map.");
        }
    }

    private static IEnumerable<MrcFinding> MachineStamp(MrcHeader header)
    {
        ReadOnlySpan<byte> stamp = header.Raw.Span.Slice(212, 2);
        MrcByteOrder? order = stamp switch
        {
            [0x44, 0x44] or [0x44, 0x41] => MrcByteOrder.LittleEndian,
            [0x11, 0x11] => MrcByteOrder.BigEndian,
            _ => null,
        };
        string words = header.ByteOrder == MrcByteOrder.LittleEndian ? "little endian" : "big endian";
        if (order is null)
        {
            return [MrcRule.MachineStamp.Warning(
                $"The machine stamp is {header.MachineStamp}; expected 44 44 00 00 or 11 11 00 00. By MODE and the axis order the file is {words}; it is read as that.")];
        }

        return order == header.ByteOrder
            ? []
            : [MrcRule.MachineStamp.Warning($"The machine stamp is {header.MachineStamp}, but MODE and the axis order make sense only as {words}; it is read as that.")];
    }

    private static IEnumerable<MrcFinding> Mode(MrcHeader header)
    {
        int number = (int)header.Mode;
        string? refused = header.Mode switch
        {
            MrcMode.Int8 or MrcMode.Int16 or MrcMode.Float32 or MrcMode.UInt16 or MrcMode.Float16 => null,
            MrcMode.ComplexInt16 => "a transform of 16-bit integer pairs",
            MrcMode.ComplexFloat32 => "a transform of 32-bit real pairs",
            MrcMode.Packed4Bit => "packed 4-bit integers",
            _ => "unknown",
        };
        if (refused is not null)
        {
            yield return MrcRule.Mode.Error(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"MODE is {number} ({refused}); expected 0 (int8), 1 (int16), 2 (float32), 6 (uint16) or 12 (float16). Convert the file to a real-space map of mode 2."),
                EngineError.MapModeUnsupported);
        }
        else if (header.Mode == MrcMode.Int8 && header.HasUnsignedBytes)
        {
            yield return MrcRule.Mode.Warning("MODE 0 means signed bytes, but IMOD's mark in the file means unsigned ones; the bytes are read as unsigned.");
        }
    }

    private static IEnumerable<MrcFinding> AxisOrder(MrcHeader header)
    {
        if (header.StoredAxisOrder == default)
        {
            yield return MrcRule.AxisOrder.Warning("MAPC, MAPR, MAPS are 0, 0, 0; read as 1, 2, 3.");
        }
        else if (!header.StoredAxisOrder.IsValid)
        {
            yield return MrcRule.AxisOrder.Error(
                $"MAPC, MAPR, MAPS are {header.StoredAxisOrder}; expected 1, 2 and 3 in some order. The header is damaged; copy or download the file again.");
        }
    }

    private static IEnumerable<MrcFinding> Dimensions(MrcHeader header)
    {
        if (header.Columns <= 0 || header.Rows <= 0 || header.Sections <= 0)
        {
            yield return MrcRule.Dimensions.Error(
                Say($"NX, NY, NZ are {header.Columns}, {header.Rows}, {header.Sections}; expected positive numbers. ")
                    + "The header is damaged; copy or download the file again.");
        }

        AxisTriple spacing = header.Spacing;
        if (spacing.X <= 0 || spacing.Y <= 0 || spacing.Z <= 0)
        {
            yield return MrcRule.Dimensions.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"The cell measures {header.Cell} Å in {header.Sampling.X}, {header.Sampling.Y}, {header.Sampling.Z} intervals (MX, MY, MZ); "
                    + $"expected positive numbers. The voxel size is unknown: give it when the map is read."));
        }
        else if (!header.ToGrid().HasLikelyVoxels)
        {
            yield return MrcRule.Dimensions.Warning(
                Say($"The voxels measure {spacing} Å: {header.ToGrid().HeaderFields}; expected {MapGrid.LikelyEdges}. ")
                    + "Operations refuse the map: give the true voxel size when it is read.");
        }
    }

    private static IEnumerable<MrcFinding> Angles(MrcHeader header)
    {
        AxisTriple angles = header.Angles;
        if (!MrcHeader.IsAngle(angles.X) || !MrcHeader.IsAngle(angles.Y) || !MrcHeader.IsAngle(angles.Z))
        {
            yield return MrcRule.Angles.Warning($"The cell angles are {angles}°; expected 90° each. They are taken for 90°.");
        }
        else if (angles != new AxisTriple(90, 90, 90))
        {
            yield return MrcRule.Angles.Information($"The cell angles are {angles}°. Operations that need cubic voxels refuse the map.");
        }
    }

    private static IEnumerable<MrcFinding> SpaceGroup(MrcHeader header)
    {
        int group = header.SpaceGroup;
        if (header.IsStack)
        {
            if (header.Sampling.Z <= 0 || header.Sections % header.Sampling.Z != 0)
            {
                yield return MrcRule.SpaceGroup.Error(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"ISPG is {group}, a stack of volumes, but NZ ({header.Sections}) is not a multiple of MZ ({header.Sampling.Z}). Correct ISPG to 1 if this is one volume."),
                    EngineError.MapStackUnsupported);
            }
            else if (header.AxisOrder.Section != 3)
            {
                yield return MrcRule.SpaceGroup.Error(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"ISPG is {group}, a stack of volumes, in axis order {header.AxisOrder}; expected sections along z. Rewrite the stack in axis order 1, 2, 3."),
                    EngineError.MapStackUnsupported);
            }
            else
            {
                yield return MrcRule.SpaceGroup.Information(
                    string.Create(CultureInfo.InvariantCulture, $"ISPG is {group}: a stack of {header.VolumeCount} volumes. Choose one by its index when the file is read."));
            }
        }
        else if (header.IsImageStack)
        {
            yield return MrcRule.SpaceGroup.Error(
                Say($"ISPG is 0 and MZ is 1, which means a stack of {header.Sections} images of {header.Columns} × {header.Rows} pixels; expected one volume. ")
                    + Say($"If it is one, correct MZ to {header.Sections} and ISPG to 1."),
                EngineError.MapStackUnsupported);
        }
        else if (group == 0 && header.Sections > 1)
        {
            yield return MrcRule.SpaceGroup.Information("ISPG is 0, which by the format means images; read as a volume, as ChimeraX, cryoSPARC and RELION do.");
        }
        else if (group is < 0 or > 230)
        {
            yield return MrcRule.SpaceGroup.Warning(string.Create(CultureInfo.InvariantCulture, $"ISPG is {group}; expected 1 for a volume. Read as a volume."));
        }
        else if (group > 1)
        {
            yield return MrcRule.SpaceGroup.Information(
                string.Create(CultureInfo.InvariantCulture, $"ISPG is {group}, a space group of crystals; read as a volume, its symmetry is not applied."));
        }
    }

    private static IEnumerable<MrcFinding> Version(MrcHeader header)
    {
        if (header.Version is not (20140 or 20141))
        {
            yield return MrcRule.Version.Information(string.Create(CultureInfo.InvariantCulture, $"NVERSION is {header.Version}; expected 20140 or 20141."));
        }
    }

    private static IEnumerable<MrcFinding> LabelCount(MrcHeader header)
    {
        int last = -1;
        int count = 0;
        for (int i = 0; i < MrcHeader.MaximumLabels; i++)
        {
            if (!string.IsNullOrWhiteSpace(MrcLabels.Text(MrcLabels.Slot(header, i))))
            {
                count++;
                last = i;
            }
        }

        if (count != header.StatedLabelCount)
        {
            yield return MrcRule.LabelCount.Information(string.Create(CultureInfo.InvariantCulture, $"NLABL is {header.StatedLabelCount}, but {count} labels hold text."));
        }
        else if (last + 1 != count)
        {
            yield return MrcRule.LabelCount.Information("Empty labels lie between those with text.");
        }
    }

    private static IEnumerable<MrcFinding> LabelText(MrcHeader header)
    {
        for (int i = 0; i < MrcHeader.MaximumLabels; i++)
        {
            string text = MrcLabels.Text(MrcLabels.Slot(header, i));
            if (text.Any(char.IsControl))
            {
                yield return MrcRule.LabelText.Warning(Say($"Label {i + 1} holds control characters: '{PlainText.Of(text)}'; expected text."));
            }
            else if (!text.All(MrcLabels.IsPrintable))
            {
                yield return MrcRule.LabelText.Information(string.Create(CultureInfo.InvariantCulture, $"Label {i + 1} holds characters beyond ASCII: '{text}'."));
            }
        }
    }

    private static IEnumerable<MrcFinding> ExtendedHeader(MrcHeader header)
    {
        if (header.ExtendedHeaderLength < 0)
        {
            yield return MrcRule.ExtendedHeader.Error(
                Say($"NSYMBT, the length of the extended header, is {header.ExtendedHeaderLength}; expected 0 or more. ")
                    + "The header is damaged; copy or download the file again.");
        }
        else if (header.ExtendedHeaderLength > 0 && !KnownExtendedHeaders.Contains(header.ExtendedHeaderType))
        {
            string type = header.ExtendedHeaderType.Length == 0 ? "not stated" : $"'{PlainText.Of(header.ExtendedHeaderType)}'";
            yield return MrcRule.ExtendedHeader.Information(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The type of the extended header ({header.ExtendedHeaderLength} bytes) is {type}; expected one of {string.Join(", ", KnownExtendedHeaders)}."));
        }
    }

    private static IEnumerable<MrcFinding> Place(MrcHeader header)
    {
        AxisTriple origin = header.Origin;
        if (!double.IsFinite(origin.X) || !double.IsFinite(origin.Y) || !double.IsFinite(origin.Z))
        {
            yield return MrcRule.Place.Warning($"ORIGIN is ({origin}) Å; expected numbers. Read as 0, 0, 0.");
        }
        else if (origin != default && header.Start != default)
        {
            AxisTriple spacing = header.Spacing;
            (int x, int y, int z) = header.Start;
            var start = new AxisTriple(x * spacing.X, y * spacing.Y, z * spacing.Z);
            double tolerance = 0.1 * spacing.X;
            if (Math.Abs(start.X - origin.X) > tolerance || Math.Abs(start.Y - origin.Y) > tolerance || Math.Abs(start.Z - origin.Z) > tolerance)
            {
                yield return MrcRule.Place.Information($"ORIGIN says ({origin}) Å and the start indices ({start}) Å; ORIGIN counts.");
            }
        }
    }

    private static IEnumerable<MrcFinding> VoxelShape(MrcHeader header)
    {
        if (double.IsNaN(header.VoxelSize))
        {
            yield return MrcRule.VoxelShape.Information($"The voxels measure {header.Spacing} Å along x, y, z. Operations that need cubic voxels refuse the map.");
        }
    }
}
