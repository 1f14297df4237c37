using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LocalDeblur.Files;

namespace LocalDeblur.Maps;

/// <summary>Writes the history of a map as JSON, the same on every machine.</summary>
/// <remarks>
/// An object with <c>Map</c> (file name), <c>Program</c> and <c>Steps</c>, oldest first; each step has <c>Step</c>, <c>Program</c>, <c>Time</c> (ISO 8601, UTC),
/// <c>Parameters</c>, <c>Figures</c>, <c>Decisions</c> and <c>Warnings</c>. NaN and infinite numbers are the strings "NaN", "Infinity", "-Infinity";
/// enumerations are their names; durations are "[d.]hh:mm:ss[.fffffff]".
/// </remarks>
internal static class MapHistoryJson
{
    // Names of files and units (Å, ×) stay readable; the text is a file of its own and never part of a page.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the history of a map to a file, which appears whole or not at all.</summary>
    /// <param name="map">The map. Its voxels are not needed.</param>
    /// <param name="path">Target.</param>
    /// <param name="overwrite">Replaces an existing file; otherwise it is refused.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void Write(CryoMap map, string path, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        TemporaryFile.RequireTarget(target, overwrite);
        using TemporaryFile file = TemporaryFile.Create(target);
        try
        {
            Write(file.Stream, map, map.Path ?? map.Name);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(target, exception);
        }

        file.Commit(overwrite);
    }

    /// <summary>Writes the history of a map to a stream, which stays open.</summary>
    /// <param name="stream">Where the text goes.</param>
    /// <param name="map">The map.</param>
    /// <param name="mapPath">File that the map is stored in.</param>
    internal static void Write(Stream stream, CryoMap map, string mapPath)
    {
        // The writer refuses NotSupported values by exceptions of its own; into memory first keeps those apart from the disk's.
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("Map", Path.GetFileName(mapPath));
            json.WriteString("Program", ProgramName.WithVersion);
            json.WriteStartArray("Steps");
            foreach (HistoryEntry entry in map.History)
            {
                WriteStep(json, entry);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        text.Position = 0;
        text.CopyTo(stream);
    }

    private static void WriteStep(Utf8JsonWriter json, HistoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("Step", entry.Step);
        json.WriteString("Program", entry.Program);
        json.WriteString("Time", entry.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        WriteNamed(json, "Parameters", entry.Parameters);
        WriteNamed(json, "Figures", entry.Figures);
        WriteNamed(json, "Decisions", entry.Decisions);
        WriteNamed(json, "Warnings", entry.Warnings);
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        WriteValue(json, value);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double or float:
                json.WriteStringValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case Enum:
                json.WriteStringValue(value.ToString());
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case TimeSpan duration:
                json.WriteStringValue(duration.ToString("c", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
                break;
            case AxisTriple triple:
                WriteValue(json, new[] { triple.X, triple.Y, triple.Z });
                break;
            case GridSize size:
                WriteValue(json, new[] { size.X, size.Y, size.Z });
                break;
            case IEnumerable<KeyValuePair<string, object?>> named:
                json.WriteStartObject();
                foreach ((string name, object? item) in named)
                {
                    WriteNamed(json, name, item);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (object? item in list)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            case IFormattable formattable:
                json.WriteStringValue(formattable.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
