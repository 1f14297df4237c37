using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>
/// Holds a job, or a folder of jobs, for one process: a hidden file beside or in it that is locked, and written to every few seconds as a sign of
/// life. The system lets go of the lock when the
/// process ends, however it ends. Where a file system does not share locks between machines, the sign of life tells whether the other one still works.
/// </summary>
internal sealed class JobLock : IDisposable
{
    /// <summary>A machine whose last sign of life is older has left the job.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(15);

    // Two machines that take over at once see each other's name within this.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>What the file has behind the name of the lock by which machines that take over at the same time find out who has it.</summary>
    public const string ClaimSuffix = ".claim";

    private static readonly byte[] Name = Encoding.UTF8.GetBytes(Environment.MachineName);

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Timer _pulse;

    private JobLock(string path, FileStream file)
    {
        _path = path;
        _file = file;
        _pulse = new Timer(_ => Beat(), null, Pulse, Pulse);
    }

    /// <summary>Takes a job, unless a process works on it.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="EngineException">JobRunning; MapFileInaccessible where its folder cannot be written to.</exception>
    public static JobLock Take(JobFile job)
    {
        JobState before = job.ReadState();
        bool isElsewhere = before.Phase == JobPhase.Running && before.Host is { } host && host != Environment.MachineName;
        string where = before.Host is null ? "another process" : Say($"process {before.Process} on {before.Host}");
        return Take(job.LockPath, isElsewhere, sign => Running(job.Path, $"is being worked on by {where}{sign}. Wait for it, or end it first."));
    }

    /// <summary>Takes a folder of jobs for one process that makes them, unless another one has it.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <exception cref="EngineException">JobRunning; MapFileInaccessible where it cannot be written to.</exception>
    public static JobLock TakeFolder(string folder)
    {
        string path = Path.Combine(folder, ".watch.lock");
        string? host = ReadHost(path);
        bool isElsewhere = host is not null && host != Environment.MachineName;
        string where = isElsewhere ? $"a process on {host}" : "another process";
        return Take(path, isElsewhere, sign => Running(folder, $"has the jobs of a folder that {where} watches{sign}. End it first, or give another folder for jobs."));
    }

    private static JobLock Take(string path, bool isElsewhere, Func<string, EngineException> running)
    {
        if (isElsewhere && Age(path) < Patience)
        {
            throw running(Sign(path));
        }

        var taken = new JobLock(path, Hold(path, running));
        try
        {
            taken.Beat();
            if (isElsewhere)
            {
                Settle(path, running);
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pulse.Dispose();
        lock (_file)
        {
            // Before it is let go of: a file that another process holds is not removed. Windows removes none that is open.
            Remove(onWindows: false);
            _file.Dispose();
            Remove(onWindows: true);
        }
    }

    // The file may be removed by who held it between opening and locking it; then the lock is of a file that nobody else will find.
    private static FileStream Hold(string path, Func<string, EngineException> running)
    {
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw running(Sign(path));
            }
            catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
            {
                throw TemporaryFile.Unwritable(path, exception);
            }

            if (OperatingSystem.IsWindows() || IsInPlace(file, path))
            {
                return file;
            }

            file.Dispose();
        }
    }

    // A time of its own tells the open file from another at the same path.
    private static bool IsInPlace(FileStream file, string path)
    {
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UtcNow.AddTicks(-RandomNumberGenerator.GetInt32((int)TimeSpan.TicksPerSecond)));
        return File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    // Both times are the file server's, so that clocks need not agree.
    private static TimeSpan? Age(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string probe = TemporaryFile.NameFor(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path).TrimStart('.')));
        try
        {
            DateTime last = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(probe, [0]);
            return File.GetLastWriteTimeUtc(probe) - last;
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(path, exception);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private static string Sign(string path) => Age(path) is { } known
        ? string.Create(CultureInfo.InvariantCulture, $", with a sign of life {Math.Max(0, known.TotalSeconds):0} s ago")
        : string.Empty;

    private static EngineException Running(string path, string what) => new(EngineError.JobRunning, $"'{path}' {what}", path);

    // Nothing is shared but the folder: both machines write their name, and after a while the name that stands there has it.
    private static void Settle(string path, Func<string, EngineException> running)
    {
        byte[] mark = Guid.NewGuid().ToByteArray();
        string claim = path + ClaimSuffix;
        File.WriteAllBytes(claim, mark);
        Thread.Sleep(Settling);
        bool isOurs = File.Exists(claim) && File.ReadAllBytes(claim).AsSpan().SequenceEqual(mark);
        if (!isOurs)
        {
            throw running(", or by a machine that took over at the same time");
        }

        File.Delete(claim);
    }

    // A file that cannot be read is held, and the system says so in a moment.
    private static string? ReadHost(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } host ? host : null;
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            return null;
        }
    }

    private void Beat()
    {
        try
        {
            lock (_file)
            {
                _file.Position = 0;
                _file.Write(Name);
                _file.SetLength(Name.Length);
                _file.Flush();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A sign of life that is missing costs nothing while the lock is held.
        }
    }

    private void Remove(bool onWindows)
    {
        if (OperatingSystem.IsWindows() != onWindows)
        {
            return;
        }

        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            // Another process has it already, or the folder is gone: the lock itself is what counts.
        }
    }
}
