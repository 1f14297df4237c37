using System.Buffers;

namespace LocalDeblur.Models.Reading;

/// <summary>What a token of a CIF is.</summary>
internal enum MmcifTokenKind
{
    /// <summary>The text has ended.</summary>
    End,

    /// <summary>data_name: a data block begins.</summary>
    Data,

    /// <summary>save_name: a save frame begins; save_ alone: it ends.</summary>
    Save,

    /// <summary>loop_.</summary>
    Loop,

    /// <summary>global_ or stop_, which mmCIF does not use.</summary>
    Reserved,

    /// <summary>_category.item.</summary>
    Tag,

    /// <summary>A value that is written as it is, '.' and '?' among them.</summary>
    Bare,

    /// <summary>A value in quotes or between semicolons; never a null.</summary>
    Quoted,
}

/// <summary>Takes the text of a CIF apart: tags, values in quotes and over several lines, comments, keywords in any case.</summary>
/// <param name="text">The file.</param>
/// <remarks>Source: the CIF 1.1 syntax. A quoted value ends with its quote before white space only; a text field begins and ends with a semicolon at the start of a line.</remarks>
internal ref struct MmcifTokenizer(ModelText text)
{
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    private readonly ReadOnlySpan<byte> _bytes = text.Bytes.Span;
    private int _position;
    private int _line = 1;

    /// <summary>Kind of the current token.</summary>
    public MmcifTokenKind Kind { get; private set; }

    /// <summary>Place of its content in the text: without quotes and semicolons.</summary>
    public int Start { get; private set; }

    /// <summary>Length of its content (bytes).</summary>
    public int Length { get; private set; }

    /// <summary>Number of the line on which it begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Content of the current token.</summary>
    public readonly ReadOnlySpan<byte> Value => _bytes.Slice(Start, Length);

    /// <summary>True for a value.</summary>
    public readonly bool IsValue => Kind is MmcifTokenKind.Bare or MmcifTokenKind.Quoted;

    /// <summary>True where a line can only be one of CIF: it begins with a keyword.</summary>
    /// <param name="line">A line without white space at its ends.</param>
    public static bool IsKeyword(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOfAny(White);
        return Classify(end < 0 ? line : line[..end]) is MmcifTokenKind.Data or MmcifTokenKind.Loop or MmcifTokenKind.Reserved;
    }

    /// <summary>Goes to the next token.</summary>
    /// <exception cref="EngineException">ModelFormatInvalid where quotes or a text field do not end.</exception>
    public void Next()
    {
        SkipToToken();
        Line = _line;
        if (_position >= _bytes.Length)
        {
            Set(MmcifTokenKind.End, _position, 0);
            return;
        }

        byte first = _bytes[_position];
        if (first == ';' && IsLineStart(_position))
        {
            ReadTextField();
        }
        else if (first is (byte)'\'' or (byte)'"')
        {
            ReadQuoted(first);
        }
        else
        {
            int length = _bytes[_position..].IndexOfAny(White);
            length = length < 0 ? _bytes.Length - _position : length;
            Set(Classify(_bytes.Slice(_position, length)), _position, length);
            _position += length;
        }
    }

    private static MmcifTokenKind Classify(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty)
        {
            return MmcifTokenKind.End;
        }

        return (char)(word[0] | 0x20) switch
        {
            'd' when StartsWith(word, "data_"u8) => MmcifTokenKind.Data,
            's' when StartsWith(word, "save_"u8) => MmcifTokenKind.Save,
            'l' when Is(word, "loop_"u8) => MmcifTokenKind.Loop,
            'g' when Is(word, "global_"u8) => MmcifTokenKind.Reserved,
            's' when Is(word, "stop_"u8) => MmcifTokenKind.Reserved,
            _ => word[0] == '_' ? MmcifTokenKind.Tag : MmcifTokenKind.Bare,
        };
    }

    private static bool StartsWith(ReadOnlySpan<byte> word, ReadOnlySpan<byte> keyword) =>
        word.Length >= keyword.Length && System.Text.Ascii.EqualsIgnoreCase(word[..keyword.Length], keyword);

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> keyword) => System.Text.Ascii.EqualsIgnoreCase(word, keyword);

    private void Set(MmcifTokenKind kind, int start, int length) => (Kind, Start, Length) = (kind, start, length);

    private readonly bool IsLineStart(int position) => position == 0 || _bytes[position - 1] is (byte)'\n' or (byte)'\r';

    // White space and comments; a comment begins where a token could.
    private void SkipToToken()
    {
        while (_position < _bytes.Length)
        {
            switch (_bytes[_position])
            {
                case (byte)' ' or (byte)'\t':
                    _position++;
                    break;
                case (byte)'\n' or (byte)'\r':
                    PassLineEnd();
                    break;
                case (byte)'#':
                    int length = _bytes[_position..].IndexOfAny((byte)'\n', (byte)'\r');
                    _position = length < 0 ? _bytes.Length : _position + length;
                    break;
                default:
                    return;
            }
        }
    }

    private void PassLineEnd()
    {
        _position += _bytes[_position] == '\r' && _position + 1 < _bytes.Length && _bytes[_position + 1] == '\n' ? 2 : 1;
        _line++;
    }

    private void ReadTextField()
    {
        int start = ++_position;
        while (true)
        {
            int length = _bytes[_position..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                throw text.Refuse(Line, "a text field begins here and has no end; expected a line that begins with a semicolon. The file is cut off or damaged.");
            }

            _position += length;
            int end = _position;
            PassLineEnd();
            if (_position < _bytes.Length && _bytes[_position] == ';')
            {
                Set(MmcifTokenKind.Quoted, start, end - start);
                _position++;
                return;
            }
        }
    }

    private void ReadQuoted(byte quote)
    {
        int start = ++_position;
        while (true)
        {
            int length = _bytes[_position..].IndexOfAny(quote, (byte)'\n', (byte)'\r');
            if (length < 0 || _bytes[_position + length] != quote)
            {
                throw text.Refuse(
                    Line,
                    $"a value in quotes, {ModelText.Show(_bytes[(start - 1)..(length < 0 ? _bytes.Length : _position + length)])}, does not end on its line; "
                        + "expected the closing quote. The file is cut off or damaged.");
            }

            _position += length + 1;
            if (_position == _bytes.Length || White.Contains(_bytes[_position]))
            {
                Set(MmcifTokenKind.Quoted, start, _position - 1 - start);
                return;
            }
        }
    }
}
