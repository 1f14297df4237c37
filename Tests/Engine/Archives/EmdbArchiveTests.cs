using System.Diagnostics;
using System.Text;
using LocalDeblur.Archives;
using Xunit;

namespace LocalDeblur.Tests.Engine.Archives;

public sealed class EmdbArchiveTests : IDisposable
{
    private const string MapPath = "EMD-5778/map/emd_5778.map.gz";
    private const string HeaderPath = "EMD-5778/header/emd-5778.xml";

    private static readonly byte[] Map = Noise(1), Half1 = Noise(2), Half2 = Noise(3), Mask = Noise(4);

    private static readonly byte[] Model =
        """
        data_1abc
        loop_
        _atom_site.group_PDB
        _atom_site.id
        _atom_site.type_symbol
        _atom_site.label_atom_id
        _atom_site.label_comp_id
        _atom_site.label_asym_id
        _atom_site.label_seq_id
        _atom_site.Cartn_x
        _atom_site.Cartn_y
        _atom_site.Cartn_z
        ATOM 1 C CA ALA A 1 1.0 2.0 3.0

        """u8.ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-emdb-").FullName;
    private readonly LocalServer _server = new();

    public EmdbArchiveTests() => EmdbStandIn.Add(_server, 5778, Map, [Half1, Half2], Mask, Model);

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void AnEntryIsFetchedWhole()
    {
        EmdbEntry entry = Save(new EmdbFetchOptions { HalfMaps = true, Mask = true, Model = true });
        Assert.Equal(("EMD-5778", "A stand-in", 3.4, 1.5, 0.25), (entry.Id, entry.Title, entry.Resolution, entry.VoxelSize, entry.ContourLevel));
        Assert.Equal(["emd_5778.map.gz", "emd_5778_half_map_1.map.gz", "emd_5778_half_map_2.map.gz", "emd_5778_msk_1.map", "1abc_updated.cif"], Names(entry.Files));
        Assert.Equal(entry.Files, [entry.PrimaryMap, entry.HalfMap1!, entry.HalfMap2!, entry.Mask!, entry.Model!]);
        Assert.Equal(entry.Files.Order(), Directory.GetFiles(_folder).Order());
        foreach (string file in entry.Files)
        {
            string folder = file == entry.PrimaryMap ? "EMD-5778/map" : file == entry.Mask ? "EMD-5778/masks" : file == entry.Model ? "models" : "EMD-5778/other";
            Assert.Equal(_server.Files[$"{folder}/{Path.GetFileName(file)}"], File.ReadAllBytes(file));
        }

        Assert.Empty(entry.Warnings);
    }

    [Fact]
    public void WhatTheEntryLacksIsAWarning()
    {
        EmdbStandIn.Add(_server, 2660, Map, [], null, null);
        EmdbEntry entry = Save(new EmdbFetchOptions { HalfMaps = true, Mask = true, Model = true }, id: "emd_2660");
        Assert.Equal(3, entry.Warnings.Count);
        Assert.Null(entry.HalfMap1);
    }

    [Fact]
    public void ATransferThatBreaksOffIsResumed()
    {
        _server.Answer(MapPath, new LocalAnswer { BytesSent = 1000 }, new LocalAnswer { BytesSent = 500, Stalls = true });
        EmdbEntry entry = Save();
        Assert.Equal([HeaderPath, MapPath, $"{MapPath} 1000", $"{MapPath} 1500"], _server.Requests);
        Assert.Equal(_server.Files[MapPath], File.ReadAllBytes(entry.PrimaryMap));
    }

    [Fact]
    public void BreaksThatEachBringSomethingAreNotCounted()
    {
        EmdbStandIn.Add(_server, 5778, Noise(5, 64), [], null, null);
        LocalAnswer[] breaks = [.. Enumerable.Range(0, 10).Select(_ => new LocalAnswer { BytesSent = 80_000 })];
        _server.Answer(MapPath, breaks);
        Save();
        Assert.Equal(12, _server.Requests.Length);
    }

    [Fact]
    public void ALaterCallGoesOnWhereOneEnded()
    {
        _server.Answer(MapPath, [.. Enumerable.Range(0, 3).Select(_ => new LocalAnswer { BytesSent = 300 })]);
        EngineException refusal = Assert.Throws<EngineException>(() => Save());
        Assert.Equal(EngineError.ArchiveUnreachable, refusal.Error);
        Assert.Equal(["emd_5778.map.gz.part"], Names(Directory.GetFiles(_folder)));

        Save();
        Assert.Equal($"{MapPath} 900", _server.Requests[^1]);
        Assert.Equal(["emd_5778.map.gz"], Names(Directory.GetFiles(_folder)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public void APartOfAnotherFileIsFetchedAnew(int length)
    {
        File.WriteAllBytes(Path.Combine(_folder, "emd_5778.map.gz.part"), new byte[length]);
        EmdbEntry entry = Save();
        Assert.Equal(_server.Files[MapPath], File.ReadAllBytes(entry.PrimaryMap));
    }

    [Fact]
    public void APartThatIsWholeNeedsNoMore()
    {
        File.WriteAllBytes(Path.Combine(_folder, "emd_5778.map.gz.part"), _server.Files[MapPath]);
        Save();
        Assert.Equal([HeaderPath, $"{MapPath} {_server.Files[MapPath].Length}"], _server.Requests);
    }

    [Fact]
    public void AServerWithoutRangesSendsAllAgain()
    {
        File.WriteAllBytes(Path.Combine(_folder, "emd_5778.map.gz.part"), _server.Files[MapPath][..777]);
        _server.Answer(MapPath, new LocalAnswer { IgnoresRange = true });
        Save();
        Assert.Equal(2, _server.Requests.Length);
    }

    [Fact]
    public void FilesThatAreThereAreKept()
    {
        Save();
        EmdbEntry entry = Save();
        Assert.Equal([HeaderPath, MapPath, HeaderPath], _server.Requests);
        File.WriteAllBytes(entry.PrimaryMap, Half1);
        Assert.Equal(EngineError.MapFileExists, Assert.Throws<EngineException>(() => Save()).Error);
        Assert.Equal(Half1, File.ReadAllBytes(entry.PrimaryMap));
        Save(new EmdbFetchOptions { Overwrite = true });
        Assert.Equal(_server.Files[MapPath], File.ReadAllBytes(entry.PrimaryMap));
    }

    [Fact]
    public void AnEntryThatIsNotThereIsRefused()
    {
        EngineException refusal = Assert.Throws<EngineException>(() => Save(id: "EMD-9999"));
        Assert.Equal(EngineError.ArchiveEntryNotFound, refusal.Error);
        Assert.Contains("404", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(EngineError.ArchiveEntryNotFound, Assert.Throws<EngineException>(() => Save(id: "../../etc")).Error);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void AsLongIsWaitedAsTheServerAsks(int status)
    {
        _server.Answer(MapPath, new LocalAnswer { Status = status, Headers = ["Retry-After: 1"] });
        var told = new List<StageProgress>();
        long started = Stopwatch.GetTimestamp();
        Save(progress: new Told(told));
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
        Assert.Contains(told, one => one.Stage == "Waiting: 1 s for 127.0.0.1");
    }

    [Fact]
    public void NobodyWaitsForAnHour()
    {
        _server.Answer(MapPath, new LocalAnswer { Status = 429, Headers = ["Retry-After: 3600"] });
        EngineException refusal = Assert.Throws<EngineException>(() => Save());
        Assert.Equal(EngineError.ArchiveUnreachable, refusal.Error);
        Assert.Contains("60 min", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatFailsThriceIsGivenUp()
    {
        _server.Answer(MapPath, [.. Enumerable.Range(0, 5).Select(_ => new LocalAnswer { Status = 500 })]);
        Assert.Equal(EngineError.ArchiveUnreachable, Assert.Throws<EngineException>(() => Save()).Error);
        Assert.Equal(4, _server.Requests.Length);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public static TheoryData<string> Wrong => ["page", "page by its type", "another map", "short", "long", "damaged", "cut", "cut at the end"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsNotTheFileIsRefused(string what)
    {
        byte[] right = _server.Files[MapPath], damaged = [.. right];
        damaged[right.Length / 2] ^= 0x55;
        LocalAnswer answer = what switch
        {
            "page" => new LocalAnswer { Body = "\n<!doctype html><title>Maintenance</title>"u8.ToArray() },
            "page by its type" => new LocalAnswer { ContentType = "text/html; charset=utf-8" },
            "another map" => new LocalAnswer { Body = EmdbStandIn.Gzip(Half1) },
            "short" => new LocalAnswer { Body = EmdbStandIn.Gzip(Map[..^4]) },
            "long" => new LocalAnswer { Body = EmdbStandIn.Gzip([.. Map, .. new byte[4000]]) },
            "damaged" => new LocalAnswer { Body = damaged },
            "cut" => new LocalAnswer { Body = right[..^1000] },
            _ => new LocalAnswer { Body = right[..^3] },
        };
        _server.Answer(MapPath, answer);
        EngineException refusal = Assert.Throws<EngineException>(() => Save());
        Assert.Equal(EngineError.ArchiveFileInvalid, refusal.Error);
        Assert.Empty(Directory.GetFiles(_folder));

        // The next server has it.
        _server.Answer(MapPath, answer);
        EmdbEntry entry = Save(new EmdbFetchOptions { Servers = [_server.Address, new Uri($"{_server.Address}mirror/../")] });
        Assert.Equal(right, File.ReadAllBytes(entry.PrimaryMap));
    }

    [Fact]
    public void AHeaderOfAnotherEntryIsRefused()
    {
        string text = Encoding.UTF8.GetString(_server.Files[HeaderPath]);
        string other = text.Replace("EMD-5778", "EMD-1234", StringComparison.Ordinal), path = text.Replace("emd_5778.map.gz", "../a", StringComparison.Ordinal);
        foreach (string header in (string[])[other, path, "<emdEntry/>", "<emd", "{", "{\"emdb_id\": \"EMD-5778\"}"])
        {
            _server.Files[HeaderPath] = Encoding.UTF8.GetBytes(header);
            Assert.Equal(EngineError.ArchiveFileInvalid, Assert.Throws<EngineException>(() => Save()).Error);
        }
    }

    [Fact]
    public void TheHeaderMayBeJson()
    {
        _server.Files[HeaderPath] = Encoding.UTF8.GetBytes(
            """
            {"emdb_id": "EMD-5778", "admin": {"title": "In JSON"}, "crossreferences": {"pdb_list": {"pdb_reference": [{"pdb_id": "3J5P"}]}},
             "structure_determination_list": {"structure_determination": [{"image_processing": [{"final_reconstruction": {"resolution": {"units": "Å", "valueOf_": "3.275"}}}]}]},
             "map": {"file": "emd_5778.map.gz", "size_kbytes": 132, "pixel_spacing": {"x": {"units": "Å", "valueOf_": "1.2156"}},
                     "contour_list": {"contour": [{"level": 1, "primary": false}, {"level": 0.02, "primary": true}]}, "statistics": null}}
            """);
        EmdbEntry entry = Save(new EmdbFetchOptions { HalfMaps = true });
        Assert.Equal(("In JSON", 3.275, 1.2156, 0.02), (entry.Title, entry.Resolution, entry.VoxelSize, entry.ContourLevel));
        Assert.Single(entry.Warnings);
    }

    [Fact]
    public void ARedirectIsFollowed()
    {
        _server.Files["elsewhere"] = _server.Files[MapPath];
        _server.Answer(MapPath, new LocalAnswer { Status = 302, Headers = ["Location: /elsewhere"] });
        Save();
        Assert.Equal([HeaderPath, MapPath, "elsewhere"], _server.Requests);
    }

    [Fact]
    public void NoServerIsAClearErrorAtOnce()
    {
        Uri gone;
        using (var closed = new LocalServer())
        {
            gone = closed.Address;
        }

        // None of the pauses between attempts, which would take a minute.
        var options = new EmdbFetchOptions { Servers = [gone, new Uri("http://nowhere.invalid/")], Times = new DownloadTimes { FirstPause = TimeSpan.FromMinutes(1) } };
        EngineException refusal = Assert.Throws<EngineException>(() => EmdbArchive.Save("5778", _folder, options, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(EngineError.ArchiveUnreachable, refusal.Error);
        Assert.Contains("network connection", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItCanBeStoppedWhileTheServerIsSilent()
    {
        _server.Answer(MapPath, new LocalAnswer { BytesSent = 400, Stalls = true });
        using var stop = new CancellationTokenSource();
        Task<EmdbEntry> run = Task.Run(() => EmdbArchive.Save("5778", _folder, new EmdbFetchOptions { Servers = [_server.Address] }, cancellationToken: stop.Token), stop.Token);
        while (!_server.Requests.Contains(MapPath))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain("emd_5778.map.gz", Names(Directory.GetFiles(_folder)));
    }

    private EmdbEntry Save(EmdbFetchOptions? options = null, string id = "EMD-5778", IProgress<StageProgress>? progress = null)
    {
        options ??= new EmdbFetchOptions();
        var times = new DownloadTimes { Stall = TimeSpan.FromSeconds(1), FirstPause = TimeSpan.FromMilliseconds(5), Attempts = 3 };
        IReadOnlyList<Uri> servers = options.Servers.Count > 0 ? options.Servers : [_server.Address];
        return EmdbArchive.Save(id, _folder, options with { Servers = servers, Times = times }, progress, TestContext.Current.CancellationToken);
    }

    private static string[] Names(IEnumerable<string> files) => [.. files.Select(file => Path.GetFileName(file)!)];

    private static byte[] Noise(int seed, int edge = 32)
    {
        var random = new Random(seed);
        return new MrcFile { Size = [edge, edge, edge], Value = (_, _, _) => random.NextDouble() - (0.1 * seed) }.Build();
    }

    private sealed class Told(List<StageProgress> told) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => told.Add(value);
    }
}
