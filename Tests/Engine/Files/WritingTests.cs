using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Files;

public sealed class WritingTests : IDisposable
{
    private static readonly CryoMap Map = new(new MapGrid(new GridSize(4, 3, 2), 1), [.. Enumerable.Range(0, 24).Select(i => (float)i)], "map");
    private static readonly MrcWriteOptions Replace = new() { Overwrite = true };

    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LeftOversOfDeadProcessesAreRemovedAndNoOthers()
    {
        string mine = TemporaryName.For(_folder["x.mrc"]);
        string dead = Rename(mine, Environment.ProcessId, DeadProcess());
        string elsewhere = dead.Replace(".localdeblur-", ".localdeblur-other", StringComparison.Ordinal);
        string[] all = [mine, dead, elsewhere, _folder[".localdeblur-notes.tmp"]];
        Array.ForEach(all, file => File.WriteAllBytes(file, [1]));

        MrcWriter.RequireWritable(_folder["sharp.mrc"]);

        Assert.Equal(all.Except([dead]).Select(Path.GetFileName).Order(StringComparer.Ordinal), _folder.Names());
    }

    [Fact]
    public void LeftOverThatIsHeldStays()
    {
        string dead = Rename(TemporaryName.For(_folder["x.mrc"]), Environment.ProcessId, DeadProcess());
        using (var held = new FileStream(dead, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            held.WriteByte(1);
            MrcWriter.RequireWritable(_folder["sharp.mrc"]);
            Assert.True(File.Exists(dead));
        }

        MrcWriter.RequireWritable(_folder["sharp.mrc"]);
        Assert.False(File.Exists(dead));
    }

    [Fact]
    public void NameThatIsTooLongIsFoundBeforeTheWork()
    {
        MrcWriter.RequireWritable(_folder[new string('m', 200) + ".mrc"]);

        // Of the map itself, and of its history alone.
        Assert.Empty(_folder.Names());
        Assert.All([260, 250], length => MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcWriter.RequireWritable(_folder[new string('m', length) + ".mrc"]), "longer"));
    }

    [Fact]
    public void PipesAndDevicesAreNoPlacesForAMap()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes and devices among its files.");
        Pipe("pipe.mrc");
        File.CreateSymbolicLink(_folder["full.mrc"], "/dev/full");

        Assert.All(["pipe.mrc", "full.mrc"], name => MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Write(Map, _folder[name], Replace), "pipe or a device"));
    }

    [Fact]
    public void PipesAndDevicesAreNotWaitedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes and devices among its files.");
        Pipe("pipe.mrc");
        Assert.All([_folder["pipe.mrc"], "/dev/zero"], path => MrcFile.Refused(EngineError.MapFileInaccessible, () => MrcFile.Open(path), "not a regular file"));
    }

    [Fact]
    public void ReplacedFileKeepsItsPermissionsAndLinksAreWrittenThrough()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Permissions and links are those of POSIX.");
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        MrcFile.Write(Map, _folder["real.mrc"]);
        File.SetUnixFileMode(_folder["real.mrc"], Mode);
        File.CreateSymbolicLink(_folder["link.mrc"], "real.mrc");
        File.CreateSymbolicLink(_folder["dangling.mrc"], "new.mrc");

        MrcFile.Write(Map.Derive(new float[24], new HistoryEntry { Step = "Zero" }), _folder["link.mrc"], Replace);
        MrcFile.Write(Map, _folder["dangling.mrc"]);

        Assert.Equal("real.mrc", new FileInfo(_folder["link.mrc"]).LinkTarget);
        Assert.Equal(Mode, File.GetUnixFileMode(_folder["real.mrc"]));
        Assert.Equal(0, MrcFile.Open(_folder["real.mrc"]).Maximum);
        Assert.Equal(23, MrcFile.Open(_folder["new.mrc"]).Maximum);
        MrcFile.Refused(EngineError.MapFileExists, () => MrcFile.Write(Map, _folder["link.mrc"]), "link.mrc");
    }

    [Fact]
    public void MapsOfDifferentNamesHaveDifferentHistories()
    {
        foreach (string name in (string[])["same.mrc", "same.map", "same.mrc.gz", "same.MRC"])
        {
            MrcFile.Write(Map, _folder[name]);
        }

        Assert.Equal(4, _folder.Names().Count(name => name.EndsWith(".history.json", StringComparison.Ordinal)));
    }

    [Fact]
    public void NewMapNeverLiesBesideAnOldHistory()
    {
        MrcFile.Write(Map, _folder["map.mrc"]);
        MrcFile.Write(Map, _folder["map.mrc"], new MrcWriteOptions { Overwrite = true, WriteHistory = false });
        Assert.Equal(["map.mrc"], _folder.Names());

        File.Move(_folder["map.mrc"], _folder["other.mrc"]);
        _folder.Save("map.history.json", [1]);
        MrcFile.Refused(EngineError.MapFileExists, () => MrcFile.Write(Map, _folder["map.mrc"], new MrcWriteOptions { WriteHistory = false }), "map.history.json");
    }

    [Theory]
    [InlineData("x.mrc")]
    [InlineData("x.mrc.gz")]
    [InlineData("x.mrc.bz2")]
    public void ADiskThatIsFullIsNeverMissed(string name)
    {
        // All of it fits one block of the compression, which is written when the file is completed.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no device that is always full.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var target = new CompressedTarget(full, name, CancellationToken.None);
        target.Stream.Write(new byte[1000]);

        Assert.Throws<IOException>(target.Complete);
    }

    [Theory]
    [InlineData("x.mrc")]
    [InlineData("x.mrc.gz")]
    [InlineData("x.mrc.bz2")]
    public void WhatIsGivenUpIsNotWrittenOn(string name)
    {
        using FileStream file = File.Create(_folder[name]);
        using (var target = new CompressedTarget(file, name, CancellationToken.None))
        {
            target.Stream.Write(new byte[1000]);
        }

        Assert.Equal(0, file.Length);
    }

    [Fact]
    public async Task InterruptionDoesNotWaitForABlockOfBzip2()
    {
        // Voxels that are all 1, the slowest that the library's sort can be given: seconds a block.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        float[] ones = new float[400_000];
        Array.Fill(ones, 1);
        var map = new CryoMap(new MapGrid(new GridSize(100, 100, 40), 1), ones, "ones");
        Task writing = Task.Run(() => MrcWriter.Write(map, _folder["ones.mrc.bz2"], null, null, stop.Token), TestContext.Current.CancellationToken);
        while (_folder.Names().Length < 2)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(writing.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Empty(_folder.Names());
    }

    // A number that no process has any more: of one that has just ended.
    private static int DeadProcess()
    {
        using Process process = Process.Start("dotnet", ["--version"])!;
        process.WaitForExit();
        return process.Id;
    }

    private static string Rename(string path, int from, int to) => path.Replace(
        string.Create(CultureInfo.InvariantCulture, $"-{from}-"), string.Create(CultureInfo.InvariantCulture, $"-{to}-"), StringComparison.Ordinal);

    private void Pipe(string name)
    {
        using Process made = Process.Start("mkfifo", [_folder[name]])!;
        made.WaitForExit();
    }
}
