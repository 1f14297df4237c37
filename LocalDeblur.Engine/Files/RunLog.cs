using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalDeblur.Files;

/// <summary>
/// What happens in a run, for machines: one JSON object a line with time (ISO 8601, UTC), level (info, warning, error), job, stage, event, fraction (0 … 1), figures,
/// errorId and message; what does not apply is left out. Each line is one write, so that lines of several processes do not mix.
/// </summary>
public sealed class RunLog
{
    // Another process holds the file for as long as one line takes.
    private const int Attempts = 200;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly Stream? _stream;

    private RunLog(string? path, Stream? stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>A log in a file, behind what is there already.</summary>
    /// <param name="path">Path of the file; its folder exists.</param>
    /// <exception cref="EngineException">MapFileInaccessible; MapFileExists for a file that is no log, such as a map.</exception>
    public static RunLog Append(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        RequireLog(full);
        var log = new RunLog(full, null);
        log.Put([]);
        return log;
    }

    /// <summary>A log that goes to a stream, such as that of errors.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    public static RunLog To(Stream stream) => new(null, stream);

    /// <summary>Writes one line.</summary>
    /// <param name="entry">What happened.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public void Write(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level", entry.ErrorId is not null ? "error" : entry.IsWarning ? "warning" : "info");
            Put(json, "job", entry.Job);
            Put(json, "stage", entry.Stage);
            json.WriteString("event", entry.Event);
            if (double.IsFinite(entry.Fraction))
            {
                json.WriteNumber("fraction", Math.Round(Math.Clamp(entry.Fraction, 0, 1), 4));
            }

            if (entry.Figures is { Count: > 0 } figures)
            {
                json.WriteStartObject("figures");
                foreach ((string name, double value) in figures.Where(figure => double.IsFinite(figure.Value)))
                {
                    json.WriteNumber(name, value);
                }

                json.WriteEndObject();
            }

            Put(json, "errorId", entry.ErrorId);
            Put(json, "message", entry.Message);
            json.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        Put(text.ToArray());
    }

    /// <summary>Passes progress on, and notes it: each stage when it begins, and every few seconds how far it is.</summary>
    /// <param name="progress">Told as before; or null.</param>
    /// <param name="job">What the work is about.</param>
    /// <param name="stage">Name of the stage; null for the one that the progress names.</param>
    public IProgress<StageProgress> Watch(IProgress<StageProgress>? progress, string job, string? stage = null) => new Watcher(this, progress, job, stage);

    private static void Put(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    // Lines behind the voxels of a map damage it.
    private static void RequireLog(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length == 0)
            {
                return;
            }

            using FileStream stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.ReadByte() is not ('{' or -1))
            {
                throw new EngineException(EngineError.MapFileExists, $"'{path}' exists already and is no log: a log is lines of JSON. Give another path for the log.", path);
            }
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(path, exception);
        }
    }

    private void Put(byte[] line)
    {
        lock (_gate)
        {
            if (_stream is not null)
            {
                try
                {
                    _stream.Write(line);
                    _stream.Flush();
                }
                catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
                {
                    throw TemporaryFile.Unwritable("standard error", exception);
                }

                return;
            }

            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    using var file = new FileStream(_path!, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
                    file.Write(line);
                    return;
                }
                catch (IOException) when (attempt < Attempts && File.Exists(_path))
                {
                    Thread.Sleep(5);
                }
                catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
                {
                    throw TemporaryFile.Unwritable(_path!, exception);
                }
            }
        }
    }

    private sealed class Watcher(RunLog log, IProgress<StageProgress>? progress, string job, string? stage) : IProgress<StageProgress>
    {
        private readonly Lock _gate = new();
        private string? _step;
        private long _written;

        public void Report(StageProgress value)
        {
            progress?.Report(value);
            string step = value.Step;
            lock (_gate)
            {
                bool isNew = step != _step;
                if (!isNew && Stopwatch.GetElapsedTime(_written) < Between)
                {
                    return;
                }

                _step = step;
                _written = Stopwatch.GetTimestamp();
                log.Write(new LogEntry(isNew && stage is null ? "begin" : "progress")
                {
                    Job = job,
                    Stage = stage ?? step,
                    Fraction = value.Fraction,
                    Message = stage is null ? null : value.Stage,
                });
            }
        }
    }
}

/// <summary>One line of a <see cref="RunLog"/>.</summary>
/// <param name="Event">What happened: begin, progress, end, skip, warning, decision, error.</param>
public sealed record LogEntry(string Event)
{
    /// <summary>What the work is about: the name of a job, or what a cmdlet works on; null for the run as a whole.</summary>
    public string? Job { get; init; }

    /// <summary>Name of the stage; null for none.</summary>
    public string? Stage { get; init; }

    /// <summary>Share that is done, 0 … 1; NaN where it is not known.</summary>
    public double Fraction { get; init; } = double.NaN;

    /// <summary>What was measured, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>Id of an error; null for none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>A sentence for people; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>Whether the line is a warning.</summary>
    public bool IsWarning => Event == "warning";
}
