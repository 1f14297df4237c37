using System.Globalization;
using System.Text;
using LocalDeblur.Files;

namespace LocalDeblur.Models.Reading;

/// <summary>The text of a model file, decompressed where the file is compressed, and how its errors are told.</summary>
internal sealed class ModelText
{
    // A gigabyte of text is ten million atoms; more than that comes from a file that was made to fill the memory.
    private const int MostBytes = 1 << 30;
    private const int Block = 1 << 16;

    // Compressors make a tenth to a fifth of a model. What they make a hundredth of says next to nothing; up to so many bytes that does not matter.
    private const int MostExpansion = 100;
    private const int AlwaysAllowedBytes = 1 << 24;

    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Wraps text.</summary>
    /// <param name="path">Path for messages.</param>
    /// <param name="bytes">The text, ASCII or UTF-8.</param>
    public ModelText(string path, ReadOnlyMemory<byte> bytes)
    {
        Path = path;
        Bytes = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        _lookup = _strings.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The text.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ModelFileNotFound, ModelFileInaccessible or ModelFormatInvalid (too long).</exception>
    public static ModelText Read(string path, CancellationToken cancellationToken)
    {
        using CompressedFile source = CompressedFile.Open(path, FileKind.Model);
        int most = source.Compression == FileCompression.None ? MostBytes : (int)Math.Min(MostBytes, Math.Max(AlwaysAllowedBytes, MostExpansion * source.FileLength));
        byte[] bytes = new byte[(int)Math.Min(source.FileLength + 1, most)];
        int length = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = Math.Min(bytes.Length - length, Block);
            int read = source.Fill(bytes.AsSpan(length, wanted));
            length += read;
            if (read < wanted)
            {
                break;
            }

            if (length == bytes.Length)
            {
                if (length >= most)
                {
                    string compressed = most < MostBytes ? Say($", and takes {source.FileLength} bytes on the disk") : "";
                    throw new EngineException(
                        EngineError.ModelFormatInvalid,
                        Say($"'{path}' holds more than {most >> 20} MiB of text{compressed}; expected an atomic model. Check that it is the right file."),
                        path);
                }

                Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length + Block, most));
            }
        }

        return source.IsWhole(new ArraySegment<byte>(bytes, 0, length))
            ? new ModelText(path, bytes.AsMemory(0, length))
            : throw new EngineException(
                EngineError.ModelFileInaccessible,
                $"'{path}' ends in the middle of its compressed data. It was cut off on its way; copy or download it again.",
                path);
    }

    /// <summary>A string of the text, as plain text. Equal strings are one object, of which a model has few.</summary>
    /// <param name="bytes">Its bytes.</param>
    public string Intern(ReadOnlySpan<byte> bytes)
    {
        const int Short = 64;
        if (bytes.Length > Short)
        {
            return PlainText.Of(Encoding.UTF8.GetString(bytes));
        }

        Span<char> characters = stackalloc char[Short];
        ReadOnlySpan<char> text = characters[..Encoding.UTF8.GetChars(bytes, characters)];
        if (!_lookup.TryGetValue(text, out string? value))
        {
            value = PlainText.Of(text.ToString());
            _strings.Add(text.ToString(), value);
        }

        return value;
    }

    /// <summary>Reads a finite number.</summary>
    /// <param name="bytes">What is written, blanks allowed at its ends.</param>
    /// <param name="value">The number.</param>
    public static bool TryNumber(ReadOnlySpan<byte> bytes, out double value) =>
        double.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>A refusal that names file and line.</summary>
    /// <param name="line">Number of the line, from 1.</param>
    /// <param name="message">What is wrong, expected and to be done, as sentences.</param>
    /// <param name="error">Kind of refusal.</param>
    public EngineException Refuse(int line, string message, EngineError error = EngineError.ModelFormatInvalid) =>
        new(error, string.Create(CultureInfo.InvariantCulture, $"'{Path}', line {line}: {message}"), Path);

    /// <summary>How messages show a piece of the text.</summary>
    /// <param name="bytes">The piece.</param>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        const int Longest = 40;
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Longest)]);
        return $"'{PlainText.Of(text)}{(bytes.Length > Longest ? "…" : "")}'";
    }
}

/// <summary>Walks through a text line by line. Lines end with LF, CR LF or CR.</summary>
/// <param name="text">The text.</param>
internal ref struct ModelLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Number of the current line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line without its end.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next line.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        Number++;
        int end = _rest.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
        {
            Current = _rest;
            _rest = default;
            return true;
        }

        Current = _rest[..end];
        int skip = _rest[end] == '\r' && end + 1 < _rest.Length && _rest[end + 1] == '\n' ? 2 : 1;
        _rest = _rest[(end + skip)..];
        return true;
    }
}
