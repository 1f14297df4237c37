using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MrcReaderTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public static TheoryData<int, bool, int, int, int> Layouts()
    {
        int[][] orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
        var layouts = new TheoryData<int, bool, int, int, int>();
        foreach (int mode in new[] { 0, 1, 2, 6, 12 })
        {
            foreach (bool bigEndian in new[] { false, true })
            {
                foreach (int[] order in orders)
                {
                    layouts.Add(mode, bigEndian, order[0], order[1], order[2]);
                }
            }
        }

        return layouts;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Layouts))]
    public void EveryModeByteOrderAndAxisOrderGivesVoxelsWithXFastest(int mode, bool bigEndian, int column, int row, int section)
    {
        // Larger than a tile of the permutation and than no multiple of anything.
        int[] size = [37, 41, 35];
        double Value(int x, int y, int z) => mode switch
        {
            0 => (x + 3 * y + 7 * z) % 256 - 128,
            1 => x * 41 * 35 % 60000 - 30000 + y * 35 + z,
            6 => (x + 37 * (y + 41 * z)) % 65536,
            12 => (x + 37 * (y + 41 * z)) % 2000 * 0.25 - 100,
            _ => (x + 37 * (y + 41 * z)) * 1.25 - 7,
        };
        var file = new MrcFile
        {
            Mode = mode,
            BigEndian = bigEndian,
            Axes = [column, row, section],
            Size = size,
            Start = [-5, 6, 7],
            Sampling = [40, 50, 60],
            Cell = [60, 75, 90],
            Value = Value,
        };

        CryoMap map = MrcFile.Open(file.Save(_folder));

        float[] voxels = MrcFile.Voxels(map);
        int i = 0;
        for (int z = 0; z < size[2]; z++)
        {
            for (int y = 0; y < size[1]; y++)
            {
                for (int x = 0; x < size[0]; x++, i++)
                {
                    Assert.Equal((float)Value(x, y, z), voxels[i]);
                }
            }
        }

        Assert.Equal(new GridSize(37, 41, 35), map.Size);
        Assert.Equal(1.5, map.VoxelSize);
        Assert.Equal(new GridSize(40, 50, 60), map.Grid.Sampling);
        Assert.Equal((-5, 6, 7), map.Grid.Start);
        Assert.Equal(new AxisTriple(-7.5, 9, 10.5), map.Origin);
        Assert.Equal((MrcMode)mode, map.Header!.Mode);
        Assert.Empty(map.Header.Deviations);
    }

    [Theory]
    [InlineData(false, "44440000", false)]
    [InlineData(false, "44410000", false)]
    [InlineData(true, "11110000", false)]
    [InlineData(false, "44110000", true)]
    [InlineData(false, "44202020", true)]
    [InlineData(false, "00000000", true)]
    [InlineData(true, "00000000", true)]
    [InlineData(false, "11110000", true)]
    [InlineData(true, "44440000", true)]
    public void StampThatIsUnclearOrWrongIsReadByPlausibilityWithAWarning(bool bigEndian, string stamp, bool warns)
    {
        string path = new MrcFile { BigEndian = bigEndian }.With(212, Convert.FromHexString(stamp)).Save(_folder);

        CryoMap map = MrcFile.Open(path);

        Assert.Equal(bigEndian ? MrcByteOrder.BigEndian : MrcByteOrder.LittleEndian, map.Header!.ByteOrder);
        Assert.Equal(-12, map.GetVoxel(0, 0, 0));
        Assert.Equal(warns, map.Header.Deviations.Any(deviation => deviation.Rule == 3));
        Assert.Equal(warns ? 1 : 0, map.History[0].Warnings.Count);
    }

    [Theory]
    [InlineData("MAP\0")]
    [InlineData("\0\0\0\0")]
    public void MissingIdentifierIsAWarning(string identifier)
    {
        string path = new MrcFile().With(208, System.Text.Encoding.ASCII.GetBytes(identifier)).Save(_folder);

        CryoMap map = MrcFile.Open(path);

        Assert.Contains("MAP ", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
        Assert.Equal(11, map.GetVoxel(3, 2, 1));
    }

    [Fact]
    public void ImodBytesWithoutTheSignFlagAreUnsigned()
    {
        var file = new MrcFile { Mode = 0, Value = (x, _, _) => x - 2 };
        string path = file.With(152, 1146047817).With(156, 0).Save(_folder);

        CryoMap map = MrcFile.Open(path);

        Assert.Equal([254, 255, 0, 1], MrcFile.Voxels(map)[..4]);
        Assert.Contains("unsigned", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "transform")]
    [InlineData(4, "transform")]
    [InlineData(101, "4-bit")]
    [InlineData(5, "unknown")]
    [InlineData(-1, "unknown")]
    public void OtherModesAreRefusedByName(int mode, string name)
    {
        string path = new MrcFile().With(12, mode).Save(_folder);

        MrcFile.Refused(EngineError.MapModeUnsupported, () => MrcFile.Open(path), path, $"MODE is {mode}", name, "expected 0");
        Assert.Equal(mode, (int)MrcReader.ReadHeader(path).Mode);
    }

    [Fact]
    public void AxisOrderOfZerosMeansTheStandardOne()
    {
        CryoMap map = MrcFile.Open(new MrcFile().With(64, 0).With(68, 0).With(72, 0).Save(_folder));

        Assert.Equal(MrcAxisOrder.Standard, map.Header!.AxisOrder);
        Assert.Equal(-11, map.GetVoxel(1, 0, 0));
        Assert.Single(map.History[0].Warnings);
    }

    [Fact]
    public void AxisOrderWithARepeatedAxisIsRefused() =>
        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcFile.Open(new MrcFile().With(68, 1).Save(_folder)), "1, 1, 3");

    [Fact]
    public void OriginCountsBeforeStartIndicesAndBothAreKept()
    {
        CryoMap map = MrcFile.Open(new MrcFile { Origin = [12.5f, -3, 40], Start = [1, 2, 3] }.Save(_folder));

        Assert.Equal(new AxisTriple(12.5, -3, 40), map.Origin);
        Assert.Equal((1, 2, 3), map.Grid.Start);
    }

    [Fact]
    public void GivenOriginReplacesBothFields()
    {
        CryoMap map = MrcFile.Open(new MrcFile { Start = [1, 2, 3] }.Save(_folder), new MrcReadOptions { Origin = default(AxisTriple) });

        Assert.Equal(default, map.Origin);
        Assert.Contains("(1.5, 3, 4.5)", Assert.Single(map.History[0].Decisions), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(40, -5)]
    [InlineData(40, float.NaN)]
    [InlineData(48, 0)]
    public void CellWithoutLengthNeedsAVoxelSize(int offset, float edge)
    {
        string path = new MrcFile().With(offset, edge).Save(_folder);

        CryoMap without = MrcFile.Open(path);
        CryoMap with = MrcFile.Open(path, new MrcReadOptions { VoxelSize = 2 });

        Assert.Contains("give it when the map is read", Assert.Single(without.History[0].Warnings), StringComparison.Ordinal);
        MrcFile.Refused(EngineError.VoxelSizeMissing, () => without.Grid.RequireCubicVoxels(without.Name), "map.mrc", "Give the voxel size");
        Assert.Equal(2, with.VoxelSize);
        with.Grid.RequireCubicVoxels(with.Name);
    }

    [Fact]
    public void SamplingOfZeroNeedsAVoxelSize()
    {
        CryoMap map = MrcFile.Open(new MrcFile().With(28, 0).Save(_folder));

        MrcFile.Refused(EngineError.VoxelSizeMissing, () => map.Grid.RequireCubicVoxels(map.Name));
        Assert.Equal(map.Size, map.Grid.Sampling);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void GivenVoxelSizeMustBePositive(double voxelSize)
    {
        string path = new MrcFile().Save(_folder);

        MrcFile.Refused(EngineError.VoxelSizeMissing, () => MrcFile.Open(path, new MrcReadOptions { VoxelSize = voxelSize }));
    }

    [Fact]
    public void UnequalVoxelEdgesAreOnlyRefusedWhereCubesAreNeeded()
    {
        CryoMap map = MrcFile.Open(new MrcFile { Cell = [6, 4.5f, 3.3f] }.Save(_folder));

        Assert.True(double.IsNaN(map.VoxelSize));
        MrcFile.Refused(EngineError.VoxelSizeAnisotropic, () => map.Grid.RequireCubicVoxels(map.Name), "1.65");
    }

    [Fact]
    public void ObliqueAnglesAreOnlyRefusedWhereCubesAreNeeded()
    {
        CryoMap map = MrcFile.Open(new MrcFile().With(56, 94.3f).Save(_folder));

        MrcFile.Refused(EngineError.CellAnglesUnsupported, () => map.Grid.RequireCubicVoxels(map.Name), "94.3");
    }

    [Fact]
    public void AnglesOfZeroMeanRightAngles()
    {
        CryoMap map = MrcFile.Open(new MrcFile().With(52, 0f).With(56, 0f).With(60, 0f).Save(_folder));

        map.Grid.RequireCubicVoxels(map.Name);
        Assert.Contains("angles", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SpaceGroupZeroIsAVolume()
    {
        CryoMap map = MrcFile.Open(new MrcFile().With(88, 0).Save(_folder));

        Assert.Equal(2, map.Size.Z);
        Assert.Empty(map.History[0].Warnings);
    }

    [Fact]
    public void StackOfVolumesIsRefusedWithoutAnIndex()
    {
        string path = Stack(401);

        MrcFile.Refused(EngineError.MapStackUnsupported, () => MrcFile.Open(path), "3 volumes", "by its index, 0 to 2");
        Assert.Equal(3, MrcReader.ReadHeader(path).VolumeCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void IndexChoosesOneVolumeOfAStack(int index)
    {
        CryoMap map = MrcFile.Open(Stack(630), new MrcReadOptions { Index = index });

        Assert.Equal(new GridSize(4, 3, 2), map.Size);
        Assert.Equal(200 * index, map.GetVoxel(0, 0, 0));
        Assert.Equal(100 + 200 * index + 23, map.GetVoxel(3, 2, 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void IndexBeyondTheStackIsRefused(int index) =>
        MrcFile.Refused(EngineError.ParameterOutOfRange, () => MrcFile.Open(Stack(401), new MrcReadOptions { Index = index }), "0 to 2");

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 1, 3)]
    public void IndexZeroOfAMapThatIsNoStackIsTheWholeMapInAnyAxisOrder(params int[] axes)
    {
        // Sections along x or y, of which there are more and fewer than along z.
        foreach (int[] size in (int[][])[[7, 4, 3], [3, 4, 7], [4, 7, 3]])
        {
            string path = new MrcFile { Axes = axes, Size = size, Value = (x, y, z) => 1 + x + 10 * y + 100 * z }.Save(_folder);

            Assert.Equal(MrcFile.Voxels(MrcFile.Open(path)), MrcFile.Voxels(MrcFile.Open(path, new MrcReadOptions { Index = 0 })));
        }
    }

    [Fact]
    public void StackOfImagesIsNamedAsSuch()
    {
        // By the format MZ is 1 and the cell along z the thickness of one section, so that the voxels would pass for cubes.
        string path = new MrcFile { Size = [4, 3, 6], Sampling = [4, 3, 1] }.With(88, 0).Save(_folder);

        MrcFile.Refused(EngineError.MapStackUnsupported, () => MrcFile.Open(path), "stack of 6 images of 4 × 3 pixels", "correct MZ to 6");
    }

    [Fact]
    public void StackWhoseSectionsDoNotDivideIsRefused() =>
        MrcFile.Refused(EngineError.MapStackUnsupported, () => MrcFile.Open(new MrcFile { Sampling = [4, 3, 4] }.With(88, 401).Save(_folder)), "multiple of MZ");

    [Theory]
    [InlineData("particles.mrcs")]
    [InlineData("particles.MRCS.gz")]
    public void ImageStacksAreRefusedByTheirSuffix(string name) =>
        MrcFile.Refused(EngineError.MapStackUnsupported, () => MrcFile.Open(new MrcFile().Save(_folder, name)), ".mrcs");

    [Fact]
    public void TruncatedFileSaysHowManyBytesAreMissing()
    {
        string path = _folder.Save("short.mrc", new MrcFile().Build()[..^5]);

        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Open(path), path, "5 of 1120 bytes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TruncatedContentOfACompressedFileSaysHowManyBytesAreMissing(bool gzip)
    {
        byte[] content = new MrcFile().Build()[..^5];
        string path = _folder.Save("short.mrc.gz", gzip ? MrcFile.Gzip(content) : MrcFile.Bzip2(content));
        CryoMap map = MrcFile.Open(path);

        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Voxels(map), "5 of 1120 bytes");
    }

    [Fact]
    public void CompressedFileThatIsCutOffIsTruncated()
    {
        var noise = new Random(5);
        var file = new MrcFile { Size = [40, 40, 40], Value = (_, _, _) => noise.NextDouble() };
        byte[] compressed = MrcFile.Gzip(file.Build());
        CryoMap map = MrcFile.Open(_folder.Save("cut.mrc.gz", compressed[..(compressed.Length / 2)]));

        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Voxels(map), "bytes are missing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CompressedFileWithOneWrongBitIsRefused(bool gzip)
    {
        var noise = new Random(5);
        var file = new MrcFile { Size = [100, 60, 40], Value = (_, _, _) => noise.NextDouble() };
        byte[] compressed = gzip ? MrcFile.Gzip(file.Build()) : MrcFile.Bzip2(file.Build());
        // Behind the first block of bzip2, so that the header is whole.
        compressed[^10_000] ^= 0x10;
        string path = _folder.Save("damaged.mrc.gz", compressed);

        MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Voxels(MrcFile.Open(path)), "zip", "damaged");
        Assert.Equal(17, Assert.Single(MrcFile.Check(path).Findings, finding => finding.Severity == MrcSeverity.Error).Rule);
    }

    [Fact]
    public void TrailingBytesOfACompressedFileAreAWarningOnceItIsRead()
    {
        CryoMap map = MrcFile.Open(_folder.Save("long.mrc.gz", MrcFile.Gzip([.. new MrcFile().Build(), 1, 2, 3])));

        Assert.Equal(11, map.GetVoxel(3, 2, 1));
        Assert.Contains("3 bytes", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void TrailingBytesAreAWarning()
    {
        CryoMap map = MrcFile.Open(_folder.Save("long.mrc", [.. new MrcFile().Build(), 1, 2, 3]));

        Assert.Contains("3 bytes", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
        Assert.Equal(11, map.GetVoxel(3, 2, 1));
    }

    [Fact]
    public void NonFiniteVoxelsAreKeptAndRefusedWhereTheyMatter()
    {
        CryoMap map = MrcFile.Open(WithNonFinite());

        Assert.True(float.IsNaN(map.GetVoxel(0, 0, 0)));
        MrcFile.Refused(EngineError.MapNotFinite, () => map.RequireFinite(TestContext.Current.CancellationToken), "2 of 24", "replace these voxels");
    }

    [Fact]
    public void NonFiniteVoxelsAreReplacedOnRequestWithAWarning()
    {
        CryoMap map = MrcFile.Open(WithNonFinite(), new MrcReadOptions { NonFiniteValue = 0.5f });

        Assert.Empty(map.History[0].Warnings);
        Assert.Equal(0.5f, map.GetVoxel(0, 0, 0));
        Assert.Equal(0.5f, map.GetVoxel(1, 0, 0));
        map.RequireFinite(TestContext.Current.CancellationToken);
        Assert.Contains("2 of 24", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ReplacementMustBeFinite() =>
        MrcFile.Refused(EngineError.ParameterOutOfRange, () => MrcFile.Open(WithNonFinite(), new MrcReadOptions { NonFiniteValue = float.NaN }));

    [Theory]
    [InlineData("gzip", "map.mrc.gz")]
    [InlineData("gzip", "map.mrc")]
    [InlineData("bzip2", "map.mrc.bz2")]
    [InlineData("bzip2", "map.rec.gz")]
    [InlineData("none", "map.ccp4.gz")]
    public void CompressionIsRecognisedByContentWhateverTheSuffix(string compression, string name)
    {
        byte[] content = new MrcFile { Extended = [1, 2, 3, 4], Axes = [2, 3, 1] }.Build();
        string path = _folder.Save(name, compression switch { "gzip" => MrcFile.Gzip(content), "bzip2" => MrcFile.Bzip2(content), _ => content });

        CryoMap map = MrcFile.Open(path);

        Assert.Equal(compression, map.Header!.Compression.ToString(), ignoreCase: true);
        Assert.Equal([1, 2, 3, 4], map.Header.ExtendedHeader.ToArray());
        Assert.Equal(Enumerable.Range(-12, 24).Select(value => (float)value), MrcFile.Voxels(map));
    }

    [Fact]
    public void VoxelsAreReadOnFirstUseAndTheFileIsNotHeldOpen()
    {
        CryoMap map = MrcFile.Open(new MrcFile().Save(_folder));

        Assert.False(map.IsLoaded);
        File.Delete(map.Path!);
        MrcFile.Refused(EngineError.MapFileNotFound, () => MrcFile.Voxels(map), map.Path!);
    }

    [Fact]
    public void FileThatChangedAfterItsHeaderWasReadIsRefused()
    {
        CryoMap map = MrcFile.Open(new MrcFile().Save(_folder));

        File.SetLastWriteTimeUtc(map.Path!, File.GetLastWriteTimeUtc(map.Path!).AddSeconds(3));
        MrcFile.Refused(EngineError.MapFileChanged, () => MrcFile.Voxels(map), map.Path!, "Import it again");
    }

    [Fact]
    public void CancelledReadingCanBeRepeated()
    {
        CryoMap map = MrcFile.Open(new MrcFile().Save(_folder));

        Assert.Throws<OperationCanceledException>(() => map.AsSpan(new CancellationToken(true)));
        Assert.Equal(24, MrcFile.Voxels(map).Length);
    }

    [Fact]
    public void HeaderOfAFileBeyondTwoGigabytesIsReadWithoutItsVoxels()
    {
        string path = new MrcFile().With(0, 1000).With(4, 1000).With(8, 1000).Save(_folder);
        using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(4_000_001_024);
        }

        Assert.Equal(new GridSize(1000, 1000, 1000), MrcReader.ReadHeader(path).Size);
        Assert.False(MrcFile.Open(path, new MrcReadOptions { Limits = new() { Memory = 5_000_000_000 } }).IsLoaded);
        MrcFile.Refused(
            EngineError.InsufficientMemory, () => MrcFile.Open(path, new MrcReadOptions { Limits = new() { Memory = 1_000_000_000 } }),
            "4,000,000,000 bytes", "1,000,000,000");
    }

    [Fact]
    public void MapWithMoreVoxelsThanAnArrayHoldsIsRefused()
    {
        string path = new MrcFile { Mode = 0 }.With(0, 2048).With(4, 1024).With(8, 1024).Save(_folder);
        using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(1024 + (1L << 31));
        }

        MrcFile.Refused(EngineError.MapSizeUnsupported, () => MrcFile.Open(path), "2147483648 voxels");
    }

    [Fact]
    public void SizesThatOverflowSixtyFourBitsAreATruncatedFile()
    {
        string path = new MrcFile().With(0, int.MaxValue).With(4, int.MaxValue).With(8, int.MaxValue).Save(_folder);

        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Open(path));
        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Open(_folder.Save("a.mrc.gz", MrcFile.Gzip(File.ReadAllBytes(path)))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    public void SizesMustBePositive(int offset) =>
        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcFile.Open(new MrcFile().With(offset, 0).Save(_folder)), "NX, NY, NZ");

    [Fact]
    public void ExtendedHeaderOfNegativeLengthIsRefused() =>
        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcFile.Open(new MrcFile().With(92, -80).Save(_folder)), "NSYMBT", "-80");

    [Fact]
    public void ExtendedHeaderBeyondTheFileIsTruncated() =>
        MrcFile.Refused(EngineError.MapTruncated, () => MrcReader.ReadHeader(new MrcFile().With(92, int.MaxValue).Save(_folder)));

    [Fact]
    public void MissingFileIsRefused() => MrcFile.Refused(EngineError.MapFileNotFound, () => MrcFile.Open(_folder["none.mrc"]), "none.mrc");

    [Fact]
    public void DirectoryIsRefused()
    {
        Directory.CreateDirectory(_folder["folder.mrc"]);

        MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Open(_folder["folder.mrc"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1023)]
    public void FileShorterThanAHeaderIsRefused(int length) =>
        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcReader.ReadHeader(_folder.Save("a.mrc", new byte[length])), $"{length} bytes", "1024");

    [Fact]
    public void FileOfAnotherKindIsRefused()
    {
        byte[] text = [.. Enumerable.Repeat("ATOM      1  N   MET A   1 "u8.ToArray(), 100).SelectMany(line => line)];

        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcReader.ReadHeader(_folder.Save("a.mrc", text)), "not an MRC2014/CCP4 map");
    }

    [Fact]
    public void HistoryBeginsWithTheImport()
    {
        CryoMap map = MrcFile.Open(new MrcFile().Save(_folder), new MrcReadOptions { VoxelSize = 1.2 });

        HistoryEntry entry = Assert.Single(map.History);
        Assert.Equal("Import", entry.Step);
        Assert.Equal(map.Path, entry.Parameters["Path"]);
        Assert.Equal(1.2, entry.Parameters["VoxelSize"]);
        Assert.Equal(MrcMode.Float32, entry.Figures["Mode"]);
        Assert.Equal(1120L, entry.Figures["Bytes"]);
        Assert.Contains("1.5", Assert.Single(entry.Decisions), StringComparison.Ordinal);
        Assert.Equal("map.mrc", map.Name);
    }

    [Fact]
    public void LabelsBeyondTheirStatedNumberCountOnlyAsCleanText()
    {
        var file = new MrcFile { Labels = ["first", "second"] };
        string path = file.With(220, 1).With(224 + 160, [0x01, 0x02, 0x41]).Save(_folder);

        Assert.Equal(["first", "second"], MrcReader.ReadHeader(path).Labels);
    }

    [Fact]
    public void LabelEndsAtItsFirstNul()
    {
        string path = new MrcFile { Labels = ["Chimera\0\0rubbish"] }.Save(_folder);

        Assert.Equal(["Chimera"], MrcReader.ReadHeader(path).Labels);
    }

    [Fact]
    public void AllBzip2StreamsOfAFileAreRead()
    {
        // As programs on several processors write them: cut anywhere, some empty, and with something behind that is no stream.
        var file = new MrcFile { Size = [20, 20, 20], Value = (x, y, z) => x + 20 * (y + 20 * z) };
        byte[] bytes = file.Build();
        byte[][] parts = [bytes[..700], bytes[700..1500], [], bytes[1500..20_000], bytes[20_000..]];
        string path = _folder.Save("streams.mrc.bz2", [.. parts.SelectMany(MrcFile.Bzip2), 0, 0, 0, 0, 0, 0]);

        CryoMap map = MrcFile.Open(path);

        Assert.Equal(MrcFile.Voxels(MrcFile.Open(file.Save(_folder))), MrcFile.Voxels(map));
        Assert.Empty(map.History[0].Warnings);
        MrcFile.Refused(
            EngineError.MapTruncated,
            () => MrcFile.Voxels(MrcFile.Open(_folder.Save("cut.mrc.bz2", [.. parts[..^1].SelectMany(MrcFile.Bzip2)]))),
            $"{bytes.Length - 20_000} of {bytes.Length} bytes");
    }

    [Fact]
    public void FileOfNothingButEmptyStreamsIsRefused()
    {
        byte[] empty = MrcFile.Bzip2([]);
        string path = _folder.Save("empty.mrc.bz2", [.. Enumerable.Repeat(empty, 5000).SelectMany(bytes => bytes)]);

        MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Open(path), "next to empty");
    }

    private string Stack(int spaceGroup) =>
        new MrcFile { Size = [4, 3, 6], Sampling = [4, 3, 2], Value = (x, y, z) => x + 10 * y + 100 * z }.With(88, spaceGroup).Save(_folder, "stack.mrc");

    private string WithNonFinite() => new MrcFile { Value = (x, y, z) => (x, y, z) == (0, 0, 0) ? double.NaN : (x, y, z) == (1, 0, 0) ? double.PositiveInfinity : 1 }.Save(_folder);
}
