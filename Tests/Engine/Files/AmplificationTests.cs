using System.Text;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models.Reading;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using Xunit;

namespace LocalDeblur.Tests.Engine.Files;

/// <summary>The work that a file makes is bounded by its length, not by what it claims or what can be blown up from it.</summary>
public sealed class AmplificationTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatFollowsTheLastVoxelOfACompressedFileIsReadUpToALimit()
    {
        string path = _folder.Save("tail.mrc.gz", MrcFile.Gzip([.. new MrcFile().Build(), .. new byte[(16 << 20) + 100]]));

        CryoMap map = MrcFile.Open(path);

        Assert.Equal(11, map.Maximum);
        Assert.Contains("16 MiB or more follow", Assert.Single(map.History[0].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ExtendedHeaderIsNotMuchLongerThanTheVoxels()
    {
        Assert.Equal(1 << 20, MrcReader.ReadHeader(new MrcFile { Extended = new byte[1 << 20] }.Save(_folder)).ExtendedHeader.Length);

        string path = _folder.Save("long.mrc.gz", MrcFile.Gzip(new MrcFile { Extended = new byte[(1 << 20) + 80] }.Build()));
        MrcFile.Refused(EngineError.MapHeaderInvalid, () => MrcReader.ReadHeader(path), "NSYMBT", "at most 1048576");
    }

    [Fact]
    public void ShortCompressedFileThatSpeaksOfGigabytesIsRefusedAtOnce()
    {
        byte[] header = new MrcFile().With(0, 1290).With(4, 1290).With(8, 1290).Build();

        MrcFile.Refused(EngineError.MapTruncated, () => MrcFile.Open(_folder.Save("claim.mrc.bz2", MrcFile.Bzip2(header))), "8586757024", "decompress it first");
    }

    [Fact]
    public void ModelThatIsNextToNothingCompressedIsRefused()
    {
        byte[] blank = new byte[(16 << 20) + 1];
        Array.Fill(blank, (byte)' ');

        EngineException refusal = Assert.Throws<EngineException>(
            () => ModelReader.Open(_folder.Save("blank.pdb.gz", MrcFile.Gzip(blank)), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(EngineError.ModelFormatInvalid, refusal.Error);
        Assert.Contains("more than 16 MiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TableWithoutLineFeedsOrOfMegabytesIsRefused()
    {
        string line = _folder.Save("line.csv", new byte[(1 << 20) + 1]);
        string length = _folder.Save("long.csv", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0 1\n", 1 << 22)) + "\n"));

        foreach (string path in (string[])[line, length])
        {
            MrcFile.Refused(EngineError.FscTableInvalid, () => FscTable.Read(path), path);
            MrcFile.Refused(EngineError.MtfTableInvalid, () => DetectorMtf.Read(path), path);
        }

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no device that gives zeros for ever.");
        MrcFile.Refused(EngineError.MapFileInaccessible, () => FscTable.Read("/dev/zero"), "not a regular file");
        MrcFile.Refused(EngineError.MapFileInaccessible, () => DetectorMtf.Read("/dev/zero"), "not a regular file");
    }
}
