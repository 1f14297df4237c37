using System.Text.RegularExpressions;
using LocalDeblur.Files;
using LocalDeblur.Models.Reading;

namespace LocalDeblur.Archives;

/// <summary>Fetches entries of the Electron Microscopy Data Bank over HTTPS.</summary>
/// <remarks>
/// A file has its name when it is whole and checked: its length, its statistics and, where it is compressed, its checksum. Until then it is called NAME.part, which a
/// later call goes on with. There is no limit to the time of the whole, only to how long nothing comes.
/// </remarks>
public static partial class EmdbArchive
{
    private const string PartSuffix = ".part";

    /// <summary>Fetches the primary map of an entry, and what else was asked for.</summary>
    /// <param name="id">Accession code: EMD-5778, in capitals or not, or its number.</param>
    /// <param name="folder">Where the files go; made where it does not exist. A relative path starts at the process directory.</param>
    /// <param name="options">What is fetched beside the map, and from where; or null.</param>
    /// <param name="progress">Told how far it is; or null.</param>
    /// <param name="cancellationToken">Stops it; a later call goes on from there.</param>
    /// <exception cref="EngineException">
    /// ArchiveEntryNotFound, ArchiveUnreachable, ArchiveFileInvalid, ParameterOutOfRange (a server), MapFileExists, MapFileInaccessible.
    /// </exception>
    public static EmdbEntry Save(
        string id, string folder, EmdbFetchOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new EmdbFetchOptions();
        foreach (Uri server in options.Servers)
        {
            if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            {
                throw EngineException.OutOfRange(EngineParameter.Server, $"The server is '{server}'; expected an address that begins with https:// or http://.");
            }
        }

        return SaveAsync(Normal(id), Path.GetFullPath(folder), options, progress, cancellationToken).GetAwaiter().GetResult();
    }

    private static string Normal(string id) => Accession().Match(id.Trim()) is { Success: true } match
        ? $"EMD-{match.Groups[1].Value}"
        : throw new EngineException(
            EngineError.ArchiveEntryNotFound, $"'{id}' is no accession code of the EMDB; expected EMD- and four digits or more, as in EMD-5778. Check the code.", id);

    private static async Task<EmdbEntry> SaveAsync(string id, string folder, EmdbFetchOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        var servers = new EmdbServers(options.Servers);
        double done = 0;
        using var downloader = new Downloader(
            options.Times, (pause, address) => progress?.Report(new StageProgress(Say($"Waiting: {pause.TotalSeconds:0} s for {address.Host}"), done)));
        progress?.Report(new StageProgress($"Asking for {id}", done));
        EmdbHeader header = await ReadHeaderAsync().ConfigureAwait(false);

        List<string> warnings = [];
        IReadOnlyList<EmdbFile> halves = Wanted(options.HalfMaps, header.HalfMaps, "half maps");
        IReadOnlyList<EmdbFile> masks = Wanted(options.Mask, header.Masks, "masks");
        IReadOnlyList<string> models = Wanted(options.Model, header.Models, "atomic models");
        MakeFolder(folder);

        int count = 1 + halves.Count + masks.Count + models.Count;
        List<string> files = [];
        string map = await SaveMapAsync(header.Map).ConfigureAwait(false);
        string[] halfMaps = await SaveAllAsync(halves, SaveMapAsync).ConfigureAwait(false);
        string[] maskFiles = await SaveAllAsync(masks, SaveMapAsync).ConfigureAwait(false);
        string[] modelFiles = await SaveAllAsync(models, SaveModelAsync).ConfigureAwait(false);
        return new EmdbEntry(id)
        {
            Title = header.Title,
            Resolution = header.Resolution,
            VoxelSize = header.VoxelSize,
            ContourLevel = header.ContourLevel,
            PrimaryMap = map,
            HalfMap1 = halfMaps.ElementAtOrDefault(0),
            HalfMap2 = halfMaps.ElementAtOrDefault(1),
            Mask = maskFiles.FirstOrDefault(),
            Model = modelFiles.FirstOrDefault(),
            Files = files,
            Warnings = warnings,
        };

        async Task<EmdbHeader> ReadHeaderAsync()
        {
            EmdbHeader? read = null;
            using var bytes = new MemoryStream();
            await downloader.FetchAsync(id, servers.Header(id), bytes, () => read = EmdbHeader.Read(bytes.ToArray(), id), (_, _) => { }, cancellationToken).ConfigureAwait(false);
            return read!;
        }

        IReadOnlyList<T> Wanted<T>(bool isWanted, IReadOnlyList<T> found, string what)
        {
            if (isWanted && found.Count == 0)
            {
                warnings.Add($"The archive has no {what} of this entry.");
            }

            return isWanted ? found : [];
        }

        async Task<string[]> SaveAllAsync<T>(IReadOnlyList<T> items, Func<T, Task<string>> save)
        {
            string[] saved = new string[items.Count];
            for (int i = 0; i < saved.Length; i++)
            {
                saved[i] = await save(items[i]).ConfigureAwait(false);
            }

            return saved;
        }

        Task<string> SaveMapAsync(EmdbFile file) =>
            SaveFileAsync(file.Name, servers.Files(id, file.Folder, file.Name), path => file.Check(path, cancellationToken));

        Task<string> SaveModelAsync(string model) => SaveFileAsync($"{model}_updated.cif", servers.Model($"{model}_updated.cif"), CheckModel);

        async Task<string> SaveFileAsync(string name, Uri[] addresses, Action<string> check)
        {
            string target = Path.Combine(folder, name);
            if (!IsThere(target, options.Overwrite, check))
            {
                string part = target + PartSuffix;
                try
                {
                    using FileStream sink = OpenPart(part);
                    await downloader.FetchAsync(name, addresses, sink, () => CheckPart(sink, check), Tell, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    RemoveIfEmpty(part);
                }

                Finish(part, target, options.Overwrite);
            }

            files.Add(target);
            done = (double)files.Count / count;
            return target;

            void Tell(long bytes, long? total)
            {
                double share = total > 0 ? (double)bytes / total.Value : 0;
                string length = total is { } all ? Say($"{bytes / 1e6:0.0} of {all / 1e6:0.0} MB") : Say($"{bytes / 1e6:0.0} MB");
                progress?.Report(new StageProgress($"Fetching {name}: {length}", done + (share / count)));
            }
        }
    }

    private static void CheckPart(FileStream sink, Action<string> check)
    {
        sink.Flush();
        check(sink.Name);
    }

    private static void CheckModel(string path)
    {
        try
        {
            ModelReader.Open(path);
        }
        catch (EngineException refusal)
        {
            throw new DownloadFailure(DownloadFailure.Kind.Invalid, refusal.Message.TrimEnd('.'), refusal);
        }
    }

    // A file of an earlier call is not fetched twice, and another of its name not lost.
    private static bool IsThere(string target, bool overwrite, Action<string> check)
    {
        if (overwrite || !File.Exists(target))
        {
            TemporaryFile.RequireTarget(target, overwrite);
            return false;
        }

        try
        {
            check(target);
            return true;
        }
        catch (DownloadFailure failure)
        {
            throw new EngineException(EngineError.MapFileExists, $"'{target}' exists already and is not the archive's file: {failure.Message}.", target, failure)
            {
                Advice = [new("choose another folder"), new("allow the file to be replaced", EngineParameter.Overwrite)],
            };
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(folder, exception);
        }
    }

    // Readers look at it while it is open; another process that fetches the same does not write to it.
    private static FileStream OpenPart(string part)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(part, exception);
        }
    }

    // What was fetched stays for the next call; a file of nothing would only puzzle.
    private static void RemoveIfEmpty(string part)
    {
        var file = new FileInfo(part);
        if (file is { Exists: true, Length: 0 })
        {
            file.Delete();
        }
    }

    private static void Finish(string part, string target, bool overwrite)
    {
        try
        {
            File.Move(part, target, overwrite);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(target, exception);
        }
    }

    [GeneratedRegex("^(?:EMD[-_])?([0-9]{4,6})$", RegexOptions.IgnoreCase)]
    private static partial Regex Accession();
}
