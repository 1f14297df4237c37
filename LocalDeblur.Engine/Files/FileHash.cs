using System.Security.Cryptography;

namespace LocalDeblur.Files;

/// <summary>Tells whether a file is the one that it was.</summary>
internal static class FileHash
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>SHA-256 and length of a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapFileNotFound or MapFileInaccessible.</exception>
    public static (string Sha256, long Bytes) Of(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] chunk = new byte[ChunkBytes];
            long bytes = 0;
            int read;
            while ((read = file.Read(chunk)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(chunk, 0, read);
                bytes += read;
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EngineException(EngineError.MapFileNotFound, $"There is no file '{path}'. Check the path.", path, exception);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{path}' cannot be read: {exception.Message}", path, exception);
        }
    }
}
