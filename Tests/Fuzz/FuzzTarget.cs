using LocalDeblur.Jobs;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Tests.Engine;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>What is done with a fuzzed file, by kind: it is read as users have it read, and what was read must hold what the rest of the program relies on.</summary>
/// <remarks>A refusal is thrown as an <see cref="EngineException"/>; everything else that is thrown is a fault.</remarks>
internal static class FuzzTarget
{
    // Buffers, the text and what is made of it, per file of a few kilobytes; the blocks of bzip2 take megabytes each time that a file is opened.
    private const long MostBytes = 64 << 20;

    private const int HeaderLength = 1024;

    /// <summary>What is done with the path of a file. Headers are read without one.</summary>
    public static IReadOnlyDictionary<string, Action<string>> All { get; } = new Dictionary<string, Action<string>>
    {
        ["map"] = Map,
        ["model"] = Model,
        ["fsc"] = Fsc,
        ["mtf"] = Mtf,
        ["job"] = Job,
    };

    /// <summary>
    /// The file that coverage-guided fuzzing means by some bytes. A change within a gzip file would be seen no further than its checksum: what it holds is changed.
    /// </summary>
    /// <param name="kind">Which of <see cref="FuzzSamples"/>.</param>
    /// <param name="bytes">What was changed.</param>
    public static byte[] FileOf(string kind, byte[] bytes) => kind.EndsWith(".gz", StringComparison.Ordinal) ? MrcFile.Gzip(bytes) : bytes;

    /// <summary>Does with a fuzzed file what is done with its kind.</summary>
    /// <param name="kind">Which of <see cref="FuzzSamples"/>.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="folder">Where it is written to be read.</param>
    /// <returns>Whether it was read; else it was refused in words.</returns>
    /// <exception cref="InvalidOperationException">A fault: anything else came of it, or it took memory that its length does not explain.</exception>
    public static bool Reads(string kind, byte[] bytes, string folder)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = true;
        try
        {
            if (kind == "header")
            {
                Array.Resize(ref bytes, HeaderLength);
                Header(bytes);
            }
            else
            {
                string path = Path.Combine(folder, $"fuzz.{kind}");
                File.WriteAllBytes(path, bytes);
                All[FuzzSamples.All[kind].Target](path);
            }
        }
        catch (EngineException refusal) when (refusal.Message.Length > 20 && Enum.IsDefined(refusal.Error))
        {
            isRead = false;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Kind {kind}: {fault.Message}", fault);
        }

        long took = GC.GetAllocatedBytesForCurrentThread() - before;
        return took < MostBytes ? isRead : throw new InvalidOperationException($"Kind {kind}: {bytes.Length} bytes took {took} bytes of memory.");
    }

    private static void Header(byte[] raw)
    {
        MrcHeader header = MrcHeaderParser.Parse(raw, "fuzz.mrc");
        Require(header.Deviations.All(deviation => deviation.Message.Length > 0), "a deviation says nothing");
        if (MrcReader.Refusal(header, "fuzz.mrc") is null)
        {
            MapGrid grid = header.ToGrid();
            grid.RequireCubicVoxels("fuzz.mrc");
            Require(grid.VoxelSize >= MapGrid.FinestVoxelSize && grid.VoxelSize <= MapGrid.CoarsestVoxelSize, "the voxel size is none of a molecule");
            Require(double.IsFinite(grid.Origin.X + grid.Origin.Y + grid.Origin.Z), "the map lies nowhere");
            Require(grid.Size.X > 0 && grid.Size.Y > 0 && grid.Size.Z > 0, "the map has no size");
        }
    }

    private static void Map(string path)
    {
        MrcReport report = MrcRules.Check(path);
        CryoMap map = MrcReader.Open(path, new MrcReadOptions { NonFiniteValue = 0 });
        ReadOnlySpan<float> voxels = map.AsSpan();
        Require(voxels.Length == map.Size.VoxelCount, "there are not as many voxels as the size says");
        foreach (float voxel in voxels)
        {
            Require(float.IsFinite(voxel), "a voxel is not finite");
        }

        if (voxels.Length < 64)
        {
            string copy = path + ".copy.mrc";
            MrcWriter.Write(map, copy, new MrcWriteOptions { Overwrite = true, WriteHistory = false });
            Require(MrcReader.Open(copy).AsSpan().SequenceEqual(voxels), "a map that was written holds something else");
        }

        Require(report.Findings.All(finding => finding.Severity != MrcSeverity.Error || finding.Rule == 13), "a map is read that its report calls broken");
    }

    private static void Model(string path)
    {
        AtomicModel model = ModelReader.Open(path);
        Require(model.Atoms.Count > 0, "a model has no atoms");
        Require(model.Atoms.All(atom => double.IsFinite(atom.X + atom.Y + atom.Z + atom.BFactor + atom.Occupancy)), "an atom is nowhere");
        Require(model.Residues.Sum(residue => residue.Atoms.Count) == model.Atoms.Count, "a residue lost an atom");
    }

    private static void Fsc(string path)
    {
        FscResult result = FscTable.Read(path);
        Require(result.Shells.Count > 0, "a table has no shells");
        using var csv = new StringWriter();
        FscTable.Write(result, csv);
        FscResult again = FscTable.Read(new StringReader(csv.ToString()), "again.csv");
        Require(again.Shells.Count == result.Shells.Count, "a table that was read cannot be written");
        Require(double.IsNaN(result.Resolution) || result.Resolution > 0, "a resolution is none");
    }

    private static void Mtf(string path)
    {
        DetectorMtf mtf = DetectorMtf.Read(path);
        for (double frequency = 0; frequency <= mtf.Frequencies[^1]; frequency += Math.Max(0.05, mtf.Frequencies[^1] / 16))
        {
            Require(mtf.At(frequency) is > 0 and <= 10, "a share of the amplitude is none");
        }
    }

    private static void Job(string path)
    {
        JobFile job = JobFile.Open(path);
        string folder = Path.GetDirectoryName(path)!;
        JobFile again = JobFile.Write(job.Document, Path.Combine(folder, "again.json"), overwrite: true);
        Require(JobJson.Write(JobFile.Open(again.Path).Document).SequenceEqual(JobJson.Write(job.Document)), "a job reads otherwise than it was written");
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Read, but {fault}.");
        }
    }
}
