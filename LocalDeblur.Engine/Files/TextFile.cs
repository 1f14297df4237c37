using System.Text;

namespace LocalDeblur.Files;

/// <summary>Reads tables.</summary>
internal static class TextFile
{
    // A table of a thousand shells takes 100 kB; as XML, which needs no line ends, in one line.
    private const int MostBytes = 1 << 24;
    private const int LongestLine = 1 << 20;

    /// <summary>Reads a file of text as a whole.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="invalid">The error of a file that is too long for a table, or has a line that is.</param>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, or <paramref name="invalid"/>.</exception>
    public static StringReader Open(string path, EngineError invalid = EngineError.MapFileInaccessible)
    {
        RegularFile.Require(path, EngineError.MapFileInaccessible, "table");
        byte[] bytes;
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw new EngineException(
                    invalid, Say($"'{path}' holds {file.Length} bytes; expected a table, of at most {MostBytes >> 20} MiB. Check that it is the right file."), path);
            }

            bytes = new byte[file.Length];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EngineException(EngineError.MapFileNotFound, $"There is no file '{path}'. Check the name and the current location.", path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{path}' cannot be read: {exception.Message}", path, exception);
        }

        RequireLines(path, bytes, invalid);
        return new StringReader(Encoding.UTF8.GetString(bytes).TrimStart('﻿'));
    }

    /// <summary>A piece of a table as a message shows it: in quotes, and not all of a long one.</summary>
    /// <param name="text">The piece.</param>
    public static string Show(string text)
    {
        const int Longest = 60;
        return $"'{PlainText.Of(text.Length > Longest ? text[..Longest] : text)}{(text.Length > Longest ? "…" : "")}'";
    }

    private static void RequireLines(string path, ReadOnlySpan<byte> bytes, EngineError invalid)
    {
        int line = 1;
        while (!bytes.IsEmpty)
        {
            int length = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            length = length < 0 ? bytes.Length : length;
            if (length > LongestLine)
            {
                throw new EngineException(
                    invalid, Say($"Line {line} of '{path}' has {length} bytes; expected a row of a table, of at most {LongestLine}. Check that it is the right file."), path);
            }

            bytes = bytes[Math.Min(length + 1, bytes.Length)..];
            line++;
        }
    }
}
