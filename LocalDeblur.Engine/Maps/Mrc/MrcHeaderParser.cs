using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Text;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Turns 1024 bytes into a header. Forgiving: whatever can be understood is returned, with its deviations.</summary>
internal static class MrcHeaderParser
{
    private const int ImodStamp = 1146047817;

    private const int ImodBytesAreSigned = 1;

    /// <summary>Reads the fields and judges them.</summary>
    /// <param name="raw">The 1024 bytes; kept.</param>
    /// <param name="path">File they come from, for the message.</param>
    /// <exception cref="EngineException">MapHeaderInvalid where nothing says that this is a map.</exception>
    public static MrcHeader Parse(byte[] raw, string path)
    {
        MrcByteOrder order = FindByteOrder(raw, path);
        var fields = new Fields(raw, order);
        var header = new MrcHeader
        {
            Raw = raw,
            ByteOrder = order,
            Columns = fields.Integer(0),
            Rows = fields.Integer(4),
            Sections = fields.Integer(8),
            Mode = (MrcMode)fields.Integer(12),
            ColumnStart = fields.Integer(16),
            RowStart = fields.Integer(20),
            SectionStart = fields.Integer(24),
            Sampling = new GridSize(fields.Integer(28), fields.Integer(32), fields.Integer(36)),
            Cell = fields.Triple(40),
            Angles = fields.Triple(52),
            StoredAxisOrder = new MrcAxisOrder(fields.Integer(64), fields.Integer(68), fields.Integer(72)),
            StatedMinimum = fields.Real(76),
            StatedMaximum = fields.Real(80),
            StatedMean = fields.Real(84),
            SpaceGroup = fields.Integer(88),
            ExtendedHeaderLength = fields.Integer(92),
            ExtendedHeaderType = PlainText.Of(Encoding.Latin1.GetString(raw, 104, 4).TrimEnd('\0', ' ')),
            Version = fields.Integer(108),
            Origin = fields.Triple(196),
            MapId = PlainText.Of(Encoding.Latin1.GetString(raw, 208, 4).TrimEnd('\0')),
            MachineStamp = string.Join(' ', raw.Skip(212).Take(4).Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))),
            StatedRms = fields.Real(216),
            StatedLabelCount = fields.Integer(220),
            HasUnsignedBytes = fields.Integer(152) == ImodStamp && (fields.Integer(156) & ImodBytesAreSigned) == 0,
        };
        header = header with { Labels = MrcLabels.Read(header) };
        return header with { Deviations = new ReadOnlyCollection<MrcFinding>([.. MrcHeaderRules.Inspect(header)]) };
    }

    private static MrcByteOrder FindByteOrder(byte[] raw, string path)
    {
        MrcByteOrder? stamped = raw[212] switch
        {
            0x44 => MrcByteOrder.LittleEndian,
            0x11 => MrcByteOrder.BigEndian,
            _ => null,
        };
        bool little = IsPlausible(raw, MrcByteOrder.LittleEndian);
        bool big = IsPlausible(raw, MrcByteOrder.BigEndian);
        if (little != big)
        {
            return little ? MrcByteOrder.LittleEndian : MrcByteOrder.BigEndian;
        }

        if (stamped is { } order)
        {
            return order;
        }

        // Both or neither make sense, which takes MODE 0 and no axis order, or a damaged field: the smaller size is the likelier.
        bool named = raw.AsSpan(208, 3).SequenceEqual("MAP"u8);
        if (!little && !named)
        {
            throw new EngineException(
                EngineError.MapHeaderInvalid,
                $"'{path}' is not an MRC2014/CCP4 map: it has neither the identifier 'MAP ' nor a machine stamp nor a plausible MODE, size and axis order. " +
                "Give a density map in MRC2014 or CCP4 format, plain or compressed with gzip or bzip2.",
                path);
        }

        uint asLittle = BinaryPrimitives.ReadUInt32LittleEndian(raw);
        uint asBig = BinaryPrimitives.ReadUInt32BigEndian(raw);
        return asLittle <= asBig ? MrcByteOrder.LittleEndian : MrcByteOrder.BigEndian;
    }

    private static bool IsPlausible(byte[] raw, MrcByteOrder order)
    {
        var fields = new Fields(raw, order);
        return Enum.IsDefined((MrcMode)fields.Integer(12))
            && fields.Integer(64) is >= 0 and <= 3
            && fields.Integer(0) > 0 && fields.Integer(4) > 0 && fields.Integer(8) > 0;
    }

    private readonly struct Fields(byte[] raw, MrcByteOrder order)
    {
        public int Integer(int offset) => order == MrcByteOrder.LittleEndian
            ? BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(offset))
            : BinaryPrimitives.ReadInt32BigEndian(raw.AsSpan(offset));

        public float Real(int offset) => BitConverter.Int32BitsToSingle(Integer(offset));

        public AxisTriple Triple(int offset) => new(Real(offset), Real(offset + 4), Real(offset + 8));
    }
}
