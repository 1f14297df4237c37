using System.Globalization;
using System.Security.Cryptography;
using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>
/// Holds a job for one process: a hidden file beside it that is locked, and written to every few seconds as a sign of life. The system lets go of the lock when the
/// process ends, however it ends. Where a file system does not share locks between machines, the sign of life tells whether the other one still works.
/// </summary>
internal sealed class JobLock : IDisposable
{
    /// <summary>A machine whose last sign of life is older has left the job.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(15);

    // Two machines that take over at once see each other's name within this.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

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
        if (isElsewhere && Age(job.LockPath) < Patience)
        {
            throw Running(job, before);
        }

        var taken = new JobLock(job.LockPath, Hold(job, before));
        try
        {
            taken.Beat();
            if (isElsewhere)
            {
                Settle(job);
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
    private static FileStream Hold(JobFile job, JobState before)
    {
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(job.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(job.LockPath))
            {
                throw Running(job, before);
            }
            catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
            {
                throw TemporaryFile.Unwritable(job.LockPath, exception);
            }

            if (OperatingSystem.IsWindows() || IsInPlace(file, job.LockPath))
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

    private static EngineException Running(JobFile job, JobState state)
    {
        string sign = Age(job.LockPath) is { } known
            ? string.Create(CultureInfo.InvariantCulture, $", with a sign of life {Math.Max(0, known.TotalSeconds):0} s ago")
            : string.Empty;
        string where = state.Host is null ? "another process" : Say($"process {state.Process} on {state.Host}");
        return new EngineException(EngineError.JobRunning, $"'{job.Path}' is being worked on by {where}{sign}. Wait for it, or end it first.", job.Path);
    }

    // Nothing is shared but the folder: both machines write their name, and after a while the name that stands there has it.
    private static void Settle(JobFile job)
    {
        byte[] mark = Guid.NewGuid().ToByteArray();
        string claim = job.ClaimPath;
        File.WriteAllBytes(claim, mark);
        Thread.Sleep(Settling);
        bool isOurs = File.Exists(claim) && File.ReadAllBytes(claim).AsSpan().SequenceEqual(mark);
        if (!isOurs)
        {
            throw new EngineException(
                EngineError.JobRunning, $"'{job.Path}' was taken over by another machine at the same time. Wait for it, or end it first.", job.Path);
        }

        File.Delete(claim);
    }

    private void Beat()
    {
        try
        {
            lock (_file)
            {
                _file.Position = 0;
                _file.WriteByte(1);
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
