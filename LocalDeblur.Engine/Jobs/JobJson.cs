using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using LocalDeblur.Jobs.Slurm;

namespace LocalDeblur.Jobs;

/// <summary>Jobs and their states as JSON. Reading is strict: what is not part of the format is refused with its place.</summary>
internal static partial class JobJson
{
    // Å and the names of files stay readable; the text is a file of its own and never part of a page. Not generated code: that would leave out what a property is
    // where the text does not say it.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The JSON schema of jobs, as docs/job.schema.json has it.</summary>
    public static JsonNode Schema => Strict.GetJsonSchemaAsNode(typeof(JobDocument), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });

    /// <summary>Reads a job.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="path">The file it is from.</param>
    /// <exception cref="EngineException">JobInvalid, with the place in the text.</exception>
    public static JobDocument ReadJob(ReadOnlySpan<byte> text, string path) =>
        Read(text, path, "job", JobDocument.CurrentSchema, bytes => JsonSerializer.Deserialize<JobDocument>(bytes, Strict));

    /// <summary>Reads the state of a job.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="path">The file it is from.</param>
    /// <exception cref="EngineException">JobInvalid, with the place in the text.</exception>
    public static JobState ReadState(ReadOnlySpan<byte> text, string path) =>
        Read(text, path, "state of a job", JobState.CurrentSchema, bytes => JsonSerializer.Deserialize<JobState>(bytes, Strict));

    /// <summary>Reads what a job was given when it was submitted.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="path">The file it is from.</param>
    /// <exception cref="EngineException">JobInvalid, with the place in the text.</exception>
    public static SlurmTicket ReadTicket(ReadOnlySpan<byte> text, string path) =>
        Read(text, path, "note of a submitted job", SlurmTicket.CurrentSchema, bytes => JsonSerializer.Deserialize<SlurmTicket>(bytes, Strict));

    /// <summary>A job as text.</summary>
    /// <param name="document">The job.</param>
    public static byte[] Write(JobDocument document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Strict), (byte)'\n'];

    /// <summary>The state of a job as text.</summary>
    /// <param name="state">The state.</param>
    public static byte[] Write(JobState state) => [.. JsonSerializer.SerializeToUtf8Bytes(state, Strict), (byte)'\n'];

    /// <summary>What a job was given when it was submitted, as text.</summary>
    /// <param name="ticket">That.</param>
    public static byte[] Write(SlurmTicket ticket) => [.. JsonSerializer.SerializeToUtf8Bytes(ticket, Strict), (byte)'\n'];

    /// <summary>A stage as text, which is the same for the same parameters.</summary>
    /// <param name="stage">The stage.</param>
    public static byte[] Write(JobStage stage) => JsonSerializer.SerializeToUtf8Bytes(stage, Strict);

    /// <summary>Reads a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="path">The file that it is to stand in.</param>
    /// <exception cref="EngineException">JobInvalid.</exception>
    public static JobStage ReadStage(JsonObject stage, string path)
    {
        try
        {
            return stage.Deserialize<JobStage>(Strict)!;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            string? place = (fault as JsonException)?.Path;
            throw Invalid(path, $"{stage["stage"]}{(place is null ? string.Empty : place[1..])}: {Words(fault.Message)}", fault);
        }
    }

    /// <summary>A parameter that a front end was given: a number, a word, true or false, nothing, or a list of these.</summary>
    /// <param name="value">The value.</param>
    public static JsonNode? Value(object? value) => value switch
    {
        null => null,
        string or bool or int or long or double or float or decimal or Enum => JsonSerializer.SerializeToNode(value, value.GetType(), Strict),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Value)]),
        _ => JsonValue.Create(value.ToString()),
    };

    private delegate T? Reading<T>(ReadOnlySpan<byte> text);

    private static T Read<T>(ReadOnlySpan<byte> text, string path, string what, string schema, Reading<T> read)
    {
        // A byte order mark is no part of JSON, and editors on Windows write it.
        text = text is [0xEF, 0xBB, 0xBF, ..] ? text[3..] : text;
        if (!Utf8.IsValid(text))
        {
            throw Invalid(path, $"it has bytes that are no UTF-8; expected a {what} as JSON in UTF-8. Save it in this encoding.");
        }

        try
        {
            string? found = FindSchema(text);
            if (found != schema)
            {
                throw Invalid(
                    path,
                    found is null
                        ? $"$.schema is missing; expected \"{schema}\". The file is no {what}."
                        : $"$.schema is \"{found}\"; expected \"{schema}\", the version that this program reads.");
            }

            RequireSoundValues(text, path);
            return read(text) ?? throw Invalid(path, $"it is null; expected a {what}.");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            // The place stands in the message of both.
            Match found = Place().Match(fault.Message);
            string? place = found.Success ? found.Groups[1].Value : (fault as JsonException)?.Path;
            long? line = found.Success ? long.Parse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : (fault as JsonException)?.LineNumber;
            place = string.IsNullOrEmpty(place) ? "$" : place;
            place = line is null ? place : Say($"{place} (line {line + 1})");
            throw Invalid(path, $"{place}: {Words(fault.Message)}", fault);
        }
    }

    private static EngineException Invalid(string path, string problem, Exception? cause = null) =>
        new(EngineError.JobInvalid, $"'{path}' cannot be read as a job: {problem}", path, cause);

    // Before the rest, so that a file of a newer version is called that, and not one with unknown fields.
    private static string? FindSchema(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isSchema = reader.ValueTextEquals("schema"u8);
            reader.Read();
            if (isSchema)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }

    // A null that stands in a list, or for a file, is nothing that could be read as one; a number too large for its type would be read as infinite.
    private static void RequireSoundValues(ReadOnlySpan<byte> text, string path)
    {
        var reader = new Utf8JsonReader(text);
        var lists = new Stack<bool>();
        string? name = null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    lists.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    lists.Pop();
                    break;
                case JsonTokenType.PropertyName when lists.Count == 1:
                    name = reader.GetString();
                    break;
                case JsonTokenType.Null when lists.TryPeek(out bool isList) && (isList || (lists.Count == 2 && name == "inputs")):
                    throw Invalid(path, Say($"$.{name} (line {Line(text, reader)}): a null stands where something is expected. Leave it out."));
                case JsonTokenType.Number when !(reader.TryGetDouble(out double number) && Math.Abs(number) <= float.MaxValue):
                    throw Invalid(path, Say($"$.{name} (line {Line(text, reader)}): a number is beyond ±{float.MaxValue:0.#e+0}; none here is meant to be."));
            }
        }
    }

    private static int Line(ReadOnlySpan<byte> text, Utf8JsonReader reader) => text[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;

    // The runtime's sentences name its types, which say nothing to who wrote the file.
    private static string Words(string message)
    {
        string? quoted = Quoted().Match(message) is { Success: true } name ? name.Groups[1].Value : null;
        if (Says("could not be mapped to any .NET member"))
        {
            return $"'{quoted}' is not known here. Check its spelling, or leave it out.";
        }

        if (Says("type discriminator"))
        {
            return $"the stage is of no known kind; expected \"stage\" to be one of {string.Join(", ", JobStage.Kinds)}.";
        }

        if (Says("missing required properties"))
        {
            return $"{string.Join(", ", Quoted().Matches(message).Skip(1).Select(name => name.Value))} is missing.";
        }

        if (Says("Duplicate property"))
        {
            return $"'{quoted}' stands there twice. Leave one of them out.";
        }

        return Says("could not be converted to") || Says("null")
            ? "the value is not of the kind that is expected here; docs/job.schema.json says which."
            : Place().Replace(message, string.Empty).Split(" LineNumber:")[0];

        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\s*Path: (\S+) \| LineNumber: (\d+) \| BytePositionInLine: \d+\.?")]
    private static partial Regex Place();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
