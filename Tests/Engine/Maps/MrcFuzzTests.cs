using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MrcFuzzTests : IDisposable
{
    private const int Files = 600;

    // Voxels, buffers, headers and messages, and the file is opened five times: bzip2 takes 8 MB each for its blocks. A corrupted size asks for gigabytes.
    private const long MostBytes = 64 << 20;

    private static readonly int[] Nasty = [0, 1, -1, 2, 3, 4, 6, 12, 101, 401, 630, int.MaxValue, int.MinValue, 65536, 1 << 30, 0x7fc00000, unchecked((int)0xff800000)];

    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    public void CorruptedFileIsReadOrRefusedAndNeverWorse(string compression)
    {
        int count = compression == "plain" ? Files : Files / 10;
        for (int seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var file = new MrcFile { Mode = new[] { 0, 1, 2, 6, 12 }[seed % 5], BigEndian = seed % 2 == 1, Size = [16, 12, 10], Extended = new byte[160] };
            byte[] bytes = file.Build();
            Corrupt(bytes.AsSpan(0, 224), random);
            bytes = compression switch { "gzip" => MrcFile.Gzip(bytes), "bzip2" => MrcFile.Bzip2(bytes), _ => bytes };
            if (compression != "plain" && seed % 3 == 0)
            {
                bytes[random.Next(10, bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            if (seed % 7 == 0)
            {
                bytes = bytes[..random.Next(bytes.Length + 1)];
            }

            string path = _folder.Save("fuzz.mrc", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadOrRefuse(path, seed);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, $"seed {seed} took too much memory");
        }
    }

    private void ReadOrRefuse(string path, int seed)
    {
        try
        {
            MrcReport report = MrcFile.Check(path);
            CryoMap map = MrcReader.Open(path, new MrcReadOptions { NonFiniteValue = 0, Index = seed % 11 == 0 ? 0 : null });
            Assert.Equal(map.Size.VoxelCount, MrcFile.Voxels(map).LongLength);
            if (seed % 20 == 0)
            {
                MrcFile.Write(map, _folder["out.mrc"], new MrcWriteOptions { Overwrite = true });
                Assert.Equal(map.Size, MrcReader.ReadHeader(_folder["out.mrc"]).Size);
            }

            Assert.DoesNotContain(report.Findings, finding => finding.Severity == MrcSeverity.Error && finding.Rule != 13);
        }
        catch (EngineException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    private static void Corrupt(Span<byte> header, Random random)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int word = random.Next(header.Length / 4);
            if (random.Next(2) == 0)
            {
                BitConverter.TryWriteBytes(header[(4 * word)..], Nasty[random.Next(Nasty.Length)]);
            }
            else
            {
                header[random.Next(header.Length)] = (byte)random.Next(256);
            }
        }
    }
}
