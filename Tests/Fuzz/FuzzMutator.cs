using System.Buffers.Binary;
using System.Text;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>Changes files where their format has something to get wrong: fields of headers, tokens and lines of text, members of compressed data; and at times any byte.</summary>
internal static class FuzzMutator
{
    private const int MapHeader = 1024;
    private const int FirstLabel = 224;

    // Bytes that a fuzzed file may grow to, so that a case stays a matter of microseconds.
    private const int Longest = 1 << 16;

    private static readonly int[] NastyIntegers =
    [
        0, 1, -1, 2, 3, 4, 5, 6, 7, 12, 80, 90, 101, 401, 630, 1024, 20140, 20141, 65535, 65536, 1 << 24, 1 << 30, int.MaxValue, int.MinValue, 0x01000000, 0x02000000, 1146047817,
    ];

    private static readonly float[] NastyReals =
    [
        0, -0f, 1, -1, 0.1f, 0.2f, 50, 51, 90, 89.99f, 1e-30f, 1e30f, -1e30f, 1e-45f, float.MaxValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
    ];

    private static readonly string[] NastyWords =
    [
        "", " ", "0", "-0", "1", "-1", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "-Infinity", "1,5", "0x10", "2147483648", "9223372036854775808", "99999999999999999999",
        ".", "?", "''", "\"", "'", ";", "#", "\0", "\u001b[2J", "\t", "\r", "\n", "\r\n", "\n\n", "é", "☃", "\ud83d\ude00", "%n", "loop_", "data_", "data_x",
        "_", "_atom_site.",
        "ATOM  ", "HETATM", "ENDMDL", "MODEL", "TER", "null", "true", "[]", "{}", "[[[[[[[[", "{\"a\":", "..", "../../x", "/", "CON", "<a>", "&lt;",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>", "]]>",
    ];

    /// <summary>Changes a map: some fields of its header by what they mean, voxels, and the length.</summary>
    /// <param name="map">The file; changed in place as long as its length stays.</param>
    /// <param name="random">Draws what is changed.</param>
    public static byte[] Map(byte[] map, Random random)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            Span<byte> word = map.AsSpan(4 * random.Next(MapHeader / 4), 4);
            switch (random.Next(8))
            {
                case 0 or 1:
                    BinaryPrimitives.WriteInt32LittleEndian(word, Pick(NastyIntegers, random));
                    break;
                case 2:
                    BinaryPrimitives.WriteSingleLittleEndian(word, Pick(NastyReals, random));
                    break;
                case 3:
                    // A field that holds what belongs to another, of the part that has numbers.
                    map.AsSpan(4 * random.Next(FirstLabel / 4), 4).CopyTo(map.AsSpan(4 * random.Next(FirstLabel / 4), 4));
                    break;
                case 4:
                    word.Reverse();
                    break;
                case 5:
                    Span<byte> number = map.AsSpan(4 * random.Next(FirstLabel / 4), 4);
                    BinaryPrimitives.WriteInt32LittleEndian(number, unchecked(BinaryPrimitives.ReadInt32LittleEndian(number) + random.Next(-2, 3)));
                    break;
                case 6:
                    map[random.Next(map.Length)] = (byte)random.Next(256);
                    break;
                default:
                    BinaryPrimitives.WriteSingleLittleEndian(map.AsSpan(map.Length - 4 * random.Next(1, 8), 4), Pick(NastyReals, random));
                    break;
            }
        }

        return random.Next(6) == 0 ? Resize(map, random) : map;
    }

    /// <summary>Changes compressed data: the first bytes, which say what they are, the last, which check them, those between, the length, and the number of members.</summary>
    /// <param name="compressed">The file.</param>
    /// <param name="random">Draws what is changed.</param>
    public static byte[] Compressed(byte[] compressed, Random random)
    {
        // Nothing, compressed, may be nothing.
        switch (compressed.Length < 16 ? 6 : random.Next(6))
        {
            case 0:
                compressed[random.Next(16)] = (byte)random.Next(256);
                break;
            case 1:
                compressed[compressed.Length - random.Next(1, 12)] ^= (byte)random.Next(1, 256);
                break;
            case 2:
                compressed[random.Next(compressed.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                return Resize(compressed, random);
            case 4:
                return [.. compressed, .. compressed.AsSpan(0, random.Next(compressed.Length + 1))];
            default:
                break;
        }

        return compressed;
    }

    /// <summary>Changes text: lines, words, or bytes.</summary>
    /// <param name="text">The file.</param>
    /// <param name="words">Words of its format.</param>
    /// <param name="random">Draws what is changed.</param>
    public static byte[] Text(byte[] text, string[] words, Random random)
    {
        for (int i = random.Next(1, 4); i > 0 && text.Length > 0 && text.Length < Longest; i--)
        {
            text = random.Next(10) switch
            {
                0 => Splice(text, Line(text, random), []),
                1 => Splice(text, Line(text, random).Start, text[Line(text, random)]),
                2 => Splice(text, Line(text, random), text[Line(text, random)]),
                3 => Splice(text, Word(text, random), Encoding.UTF8.GetBytes(Pick(NastyWords, random))),
                4 => Splice(text, Word(text, random), Encoding.UTF8.GetBytes(Pick(words, random))),
                5 => Splice(text, Word(text, random), text[Word(text, random)]),
                6 => Splice(text, random.Next(text.Length), Encoding.UTF8.GetBytes(Pick(random.Next(2) == 0 ? words : NastyWords, random))),
                7 => Splice(text, random.Next(text.Length), Repeated(Pick(random.Next(2) == 0 ? words : NastyWords, random), random)),
                8 => Overwrite(text, random),
                _ => random.Next(2) == 0 ? Resize(text, random) : Splice(text, Start(text, random), []),
            };
        }

        return text;
    }

    private static T Pick<T>(T[] values, Random random) => values[random.Next(values.Length)];

    private static byte[] Resize(byte[] bytes, Random random) => random.Next(4) == 0
        ? [.. bytes, .. new byte[random.Next(1, 100)]]
        : bytes[..random.Next(bytes.Length + 1)];

    private static byte[] Overwrite(byte[] bytes, Random random)
    {
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] Repeated(string word, Random random) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(word, random.Next(2, 300))));

    private static byte[] Splice(byte[] bytes, Range range, byte[] by) => [.. bytes[..range.Start], .. by, .. bytes[range.End..]];

    private static byte[] Splice(byte[] bytes, Index at, byte[] by) => Splice(bytes, new Range(at, at), by);

    private static Range Start(byte[] text, Random random) => ..random.Next(Math.Min(text.Length, 200));

    private static Range Line(byte[] text, Random random) => Piece(text, random, value => value == '\n', includesEnd: true);

    private static Range Word(byte[] text, Random random) =>
        Piece(text, random, value => value is (byte)' ' or (byte)'\n' or (byte)',' or (byte)'"' or (byte)'<' or (byte)'>', includesEnd: false);

    private static Range Piece(byte[] text, Random random, Predicate<byte> isEnd, bool includesEnd)
    {
        int at = random.Next(text.Length);
        int start = Array.FindLastIndex(text, at, isEnd);
        start = start == at && !includesEnd ? at : start + 1;
        int end = Array.FindIndex(text, Math.Min(at, text.Length - 1), isEnd);
        end = end < 0 ? text.Length : end + (includesEnd ? 1 : 0);
        return Math.Min(start, end)..end;
    }
}
