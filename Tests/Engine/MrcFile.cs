using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ICSharpCode.SharpZipLib.BZip2;

namespace LocalDeblur.Tests.Engine;

/// <summary>Builds map files byte by byte, from the definition of the format and not from the engine's code.</summary>
internal sealed partial class MrcFile
{
    private readonly List<Action<byte[]>> _patches = [];

    public int Mode { get; init; } = 2;

    public bool BigEndian { get; init; }

    /// <summary>Axis (1, 2, 3) along columns, rows, sections.</summary>
    public int[] Axes { get; init; } = [1, 2, 3];

    /// <summary>Voxels along x, y, z.</summary>
    public int[] Size { get; init; } = [4, 3, 2];

    /// <summary>Index of the first voxel along x, y, z.</summary>
    public int[] Start { get; init; } = [0, 0, 0];

    public int[]? Sampling { get; init; }

    public float[]? Cell { get; init; }

    public float[] Origin { get; init; } = [0, 0, 0];

    public byte[] Extended { get; init; } = [];

    public string ExtendedType { get; init; } = "\0\0\0\0";

    public string[] Labels { get; init; } = ["made by hand"];

    /// <summary>Value of voxel (x, y, z).</summary>
    public Func<int, int, int, double> Value { get; init; } = (x, y, z) => x + 4 * (y + 3 * z) - 12;

    /// <summary>Overwrites an integer of the header at a byte offset.</summary>
    public MrcFile With(int offset, int value) => Patch(bytes => Put(bytes, offset, value));

    /// <summary>Overwrites a real of the header.</summary>
    public MrcFile With(int offset, float value) => With(offset, BitConverter.SingleToInt32Bits(value));

    /// <summary>Overwrites bytes anywhere.</summary>
    public MrcFile With(int offset, params byte[] value) => Patch(bytes => value.CopyTo(bytes, offset));

    public byte[] Build()
    {
        int[] stored = [.. Axes.Select(axis => Size[axis - 1])];
        int width = Mode switch { 0 => 1, 1 or 6 or 12 => 2, 4 => 8, _ => 4 };
        byte[] bytes = new byte[1024 + Extended.Length + stored[0] * stored[1] * stored[2] * width];
        int[] sampling = Sampling ?? Size;
        float[] cell = Cell ?? [.. sampling.Select(count => count * 1.5f)];
        for (int i = 0; i < 3; i++)
        {
            Put(bytes, 4 * i, stored[i]);
            Put(bytes, 16 + 4 * i, Start[Axes[i] - 1]);
            Put(bytes, 28 + 4 * i, sampling[i]);
            Put(bytes, 40 + 4 * i, cell[i]);
            Put(bytes, 52 + 4 * i, 90f);
            Put(bytes, 64 + 4 * i, Axes[i]);
            Put(bytes, 196 + 4 * i, Origin[i]);
        }

        Put(bytes, 12, Mode);
        Put(bytes, 88, 1);
        Put(bytes, 92, Extended.Length);
        Encoding.Latin1.GetBytes(ExtendedType, bytes.AsSpan(104));
        Put(bytes, 108, 20141);
        "MAP "u8.CopyTo(bytes.AsSpan(208));
        bytes[212] = bytes[213] = BigEndian ? (byte)0x11 : (byte)0x44;
        Put(bytes, 220, Labels.Length);
        for (int i = 0; i < Labels.Length; i++)
        {
            Encoding.Latin1.GetBytes(Labels[i].PadRight(80), bytes.AsSpan(224 + 80 * i));
        }

        Extended.CopyTo(bytes, 1024);
        var values = new List<double>();
        int offset = 1024 + Extended.Length;
        int[] place = new int[3];
        for (int section = 0; section < stored[2]; section++)
        {
            for (int row = 0; row < stored[1]; row++)
            {
                for (int column = 0; column < stored[0]; column++, offset += width)
                {
                    place[Axes[0] - 1] = column;
                    place[Axes[1] - 1] = row;
                    place[Axes[2] - 1] = section;
                    double value = Value(place[0], place[1], place[2]);
                    values.Add(value);
                    PutVoxel(bytes, offset, value);
                }
            }
        }

        double mean = values.Average();
        Put(bytes, 76, (float)values.Min());
        Put(bytes, 80, (float)values.Max());
        Put(bytes, 84, (float)mean);
        Put(bytes, 216, (float)Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        foreach (Action<byte[]> patch in _patches)
        {
            patch(bytes);
        }

        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    public static byte[] Bzip2(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var bzip2 = new BZip2OutputStream(target) { IsStreamOwner = false })
        {
            bzip2.Write(bytes);
        }

        return target.ToArray();
    }

    private MrcFile Patch(Action<byte[]> patch)
    {
        _patches.Add(patch);
        return this;
    }

    private void Put(byte[] bytes, int offset, float value) => Put(bytes, offset, BitConverter.SingleToInt32Bits(value));

    private void Put(byte[] bytes, int offset, int value)
    {
        if (BigEndian)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(offset), value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        }
    }

    private void PutVoxel(byte[] bytes, int offset, double value)
    {
        switch (Mode)
        {
            case 0:
                bytes[offset] = unchecked((byte)(sbyte)value);
                break;
            case 1:
                PutWord(bytes, offset, (short)value);
                break;
            case 6:
                PutWord(bytes, offset, unchecked((short)(ushort)value));
                break;
            case 12:
                PutWord(bytes, offset, BitConverter.HalfToInt16Bits((Half)value));
                break;
            default:
                Put(bytes, offset, (float)value);
                break;
        }
    }

    private void PutWord(byte[] bytes, int offset, short value)
    {
        if (BigEndian)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(offset), value);
        }
        else
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset), value);
        }
    }
}
