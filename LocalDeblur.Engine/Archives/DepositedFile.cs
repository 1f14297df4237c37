using System.Security.Cryptography;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Archives;

/// <summary>A map that is deposited as the file that it came in, byte for byte.</summary>
internal sealed class DepositedFile
{
    private const int ChunkBytes = 1 << 20;

    private readonly CryoMap _map;
    private readonly long _bytes;
    private readonly DateTime _written;

    /// <summary>Remembers a file.</summary>
    /// <param name="map">The map that was read from it.</param>
    /// <param name="stem">Name in the deposition, to which the file's own suffixes are put.</param>
    /// <exception cref="EngineException">MapFileNotFound for a map in memory alone; VoxelSizeMismatch and its like where it was read with another grid than the
    /// file states.</exception>
    public DepositedFile(CryoMap map, string stem)
    {
        _map = map;
        Source = map.Path ?? throw new EngineException(
            EngineError.MapFileNotFound,
            $"'{map.Name}' is in memory alone; expected a file, which is deposited byte for byte. Give the file as it left the reconstruction.",
            map.Name);
        MapGrid stated = MrcReader.Open(Source).Grid;
        try
        {
            stated.RequireSameAs(map.Name, map.Grid, map.Name);
        }
        catch (EngineException difference)
        {
            throw new EngineException(
                difference.Error,
                Say($"'{map.Name}' was read with voxels of {map.Grid.Spacing} Å at ({map.Origin}) Å, and its file states {stated.Spacing} Å at ({stated.Origin}) Å; ")
                    + "expected the same, since the file is deposited byte for byte. Correct its header first.",
                map.Name,
                difference);
        }

        var file = new FileInfo(Source);
        (_bytes, _written) = (file.Length, file.LastWriteTimeUtc);
        string name = Path.GetFileName(Source);
        string suffix = Path.GetExtension(name);
        Name = stem + (MapFileName.IsCompressed(name) ? Path.GetExtension(name[..^suffix.Length]) + suffix : suffix).ToLowerInvariant();
    }

    /// <summary>Full path of the file.</summary>
    public string Source { get; }

    /// <summary>Name in the deposition.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of what was copied, in small letters; null before.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Copies it.</summary>
    /// <param name="folder">Full path of the folder that gets it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">MapFileInaccessible; MapFileChanged where it is not the file that was looked at.</exception>
    public void CopyTo(string folder, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        ResultFile.Write(Path.Combine(folder, Name), overwrite: false, target =>
        {
            using FileStream source = Open();
            byte[] chunk = new byte[ChunkBytes];
            int read;
            while ((read = source.Read(chunk)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                target.Write(chunk, 0, read);
                hash.AppendData(chunk, 0, read);
                bytes += read;
            }
        });
        if (bytes != _bytes || new FileInfo(Source).LastWriteTimeUtc != _written)
        {
            throw new EngineException(EngineError.MapFileChanged, $"'{Source}' was written to while it was deposited. Wait until it is whole, and try again.", Source);
        }

        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private FileStream Open()
    {
        try
        {
            return new FileStream(Source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{_map.Name}' cannot be read: {exception.Message}", Source, exception);
        }
    }
}
