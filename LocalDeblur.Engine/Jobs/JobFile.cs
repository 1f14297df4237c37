using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Jobs;

/// <summary>A job and the file that it stands in.</summary>
public sealed class JobFile
{
    /// <summary>What the state of a job has behind its name.</summary>
    public const string StateSuffix = ".state.json";

    private const string Suffix = ".json";

    // What a process of .NET takes beside what runs account for.
    private const long ProcessBytes = 150L << 20;

    // Files of a job are a few kilobytes; what is larger by far was taken for one.
    private const long LongestText = 1 << 24;

    private JobFile(string path, JobDocument document)
    {
        Path = path;
        Document = document;
        Stages = new ReadOnlyCollection<JobStage>(
            [.. document.Stages.Count > 0 ? document.Stages : StandardJob.Stages(StandardJob.Kinds([.. document.Inputs.Keys]), new KnownParts(document.Inputs.Keys, null))]);
        JobRules.Require(this);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What stands in it.</summary>
    public JobDocument Document { get; }

    /// <summary>Name of the job: that of its file, without the suffix.</summary>
    public string Name => System.IO.Path.GetFileName(Stem);

    /// <summary>Full path of its state: <c>NAME.state.json</c> beside the file.</summary>
    public string StatePath => Stem + StateSuffix;

    /// <summary>The stages: those of the document, or where it names none, those of the standard run.</summary>
    public ReadOnlyCollection<JobStage> Stages { get; }

    /// <summary>Full path of the folder of results.</summary>
    public string OutputFolder => FullPath(Document.Outputs.Folder);

    /// <summary>Full path of what it was given when it was submitted: <c>NAME.slurm</c> beside the file. No .json, so that patterns of jobs do not name it.</summary>
    internal string TicketPath => Stem + ".slurm";

    /// <summary>Full path of the file that says that a process works on the job, by being held.</summary>
    internal string LockPath => System.IO.Path.Combine(Folder, $".{Name}.lock");

    /// <summary>Full path of the file by which machines that take over a job at the same time find out who has it.</summary>
    internal string ClaimPath => LockPath + JobLock.ClaimSuffix;

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    private string Stem => Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? Path[..^Suffix.Length] : Path;

    /// <summary>Reads a job.</summary>
    /// <param name="path">Path of its file.</param>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, or JobInvalid for what is no job, with the place in the file.</exception>
    public static JobFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = System.IO.Path.GetFullPath(path);
        return new JobFile(file, JobJson.ReadJob(ReadAll(file), file));
    }

    /// <summary>Writes a job to a file, which appears whole or not at all.</summary>
    /// <param name="document">The job.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="overwrite">Whether a file that exists may be replaced.</param>
    /// <returns>The job in its file.</returns>
    /// <exception cref="EngineException">JobInvalid for what contradicts itself; MapFileExists or MapFileInaccessible.</exception>
    public static JobFile Write(JobDocument document, string path, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var job = new JobFile(System.IO.Path.GetFullPath(path), document);
        ResultFile.Write(job.Path, overwrite, stream => stream.Write(JobJson.Write(document)));
        return job;
    }

    /// <summary>What has come of the job so far; queued where nothing has been noted.</summary>
    /// <exception cref="EngineException">MapFileInaccessible, or JobInvalid for a file that is no state.</exception>
    public JobState ReadState() => File.Exists(StatePath)
        ? JobJson.ReadState(ReadAll(StatePath), StatePath)
        : new JobState { Schema = JobState.CurrentSchema, Job = System.IO.Path.GetFileName(Path), Phase = JobPhase.Queued };

    /// <summary>The most memory that the job will hold (bytes), from above: what it states, or else what its stages take for maps of this size, and the process itself.</summary>
    /// <param name="limits">Threads that it works on, where it does not state them.</param>
    /// <exception cref="EngineException">The header of a map cannot be read.</exception>
    public long EstimateBytes(RunLimits? limits = null)
    {
        int threads = new RunLimits { Threads = Document.Resources.Threads > 0 ? Document.Resources.Threads : limits?.Threads ?? 0 }.AllowedThreads;
        return Document.Resources.MemoryBytes ?? (ProcessBytes + WorkingBytes(threads));
    }

    /// <summary>The path and the name.</summary>
    public override string ToString() => Name;

    /// <summary>What the job was given when it was submitted; null where it was not.</summary>
    /// <exception cref="EngineException">MapFileInaccessible, or JobInvalid for a file that is none.</exception>
    internal SlurmTicket? ReadTicket() => File.Exists(TicketPath) ? JobJson.ReadTicket(ReadAll(TicketPath), TicketPath) : null;

    /// <summary>Notes what the job was given when it was submitted.</summary>
    /// <param name="ticket">That.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    internal void Write(SlurmTicket ticket) => ResultFile.Write(TicketPath, overwrite: true, stream => stream.Write(JobJson.Write(ticket)));

    /// <summary>The full path of a file that the document names.</summary>
    /// <param name="relative">Path, relative to the job's file.</param>
    internal string FullPath(string relative) => System.IO.Path.GetFullPath(relative, Folder);

    /// <summary>The full path of a result.</summary>
    /// <param name="relative">Path, relative to the folder of results.</param>
    internal string Target(string relative) => System.IO.Path.GetFullPath(relative, OutputFolder);

    /// <summary>How state and messages name a file of the job: relative to the job's file, with slashes.</summary>
    /// <param name="full">Full path.</param>
    internal string Relative(string full) => System.IO.Path.GetRelativePath(Folder, full).Replace('\\', '/');

    /// <summary>What the largest stage takes (bytes), from above.</summary>
    /// <param name="threads">Threads that work.</param>
    /// <param name="from">Number of the first stage that counts, from 0.</param>
    internal long WorkingBytes(int threads, int from = 0)
    {
        long voxels = Document.Inputs.Values
            .Select(input => FullPath(input.Path))
            .Where(path => MapFileName.IsMap(path) && File.Exists(path))
            .Select(path => MrcReader.ReadHeader(path).Size.VoxelCount)
            .DefaultIfEmpty(0)
            .Max();
        return Stages.Skip(from).Max(stage => stage.EstimateBytes(voxels, threads));
    }

    private static byte[] ReadAll(string path)
    {
        // The system says of a folder that access to it is denied.
        if (Directory.Exists(path))
        {
            string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
            throw new EngineException(
                EngineError.MapFileInaccessible, $"'{path}' is a folder; expected the file of a job (.json). Give the files in it, such as {name}/*.json.", path);
        }

        try
        {
            // Replaced as a whole while it is read, the file stays the old one for the reader.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > LongestText)
            {
                throw new EngineException(
                    EngineError.JobInvalid,
                    string.Create(CultureInfo.InvariantCulture, $"'{path}' has {file.Length} bytes; a job has a few thousand. Give the file of a job (.json)."),
                    path);
            }

            byte[] text = new byte[file.Length];
            file.ReadExactly(text);
            return text;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EngineException(EngineError.MapFileNotFound, $"There is no file '{path}'. Check the name and the current location.", path, exception);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{path}' cannot be read: {exception.Message}", path, exception);
        }
    }
}
