using System.Diagnostics;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A map that is written is whole or absent, at whatever moment the process is killed, and what was begun is removed by the next run.</summary>
public sealed class WriterKillTests : IDisposable
{
    private readonly MapFolder _folder = new();
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // LOCALDEBLUR_KILLS=300 for the long run: so many for each kind of file.
    [Theory]
    [InlineData("out.mrc", 128)]
    [InlineData("out.mrc.gz", 96)]
    [InlineData("out.mrc.bz2", 64)]
    public async Task WhatIsKilledWhileItWritesLeavesAWholeFileOrNone(string name, int edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends a process in another way.");
        int kills = int.TryParse(Environment.GetEnvironmentVariable("LOCALDEBLUR_KILLS"), out int wanted) ? wanted : 3;
        var random = new Random(1);
        _folder.Save("map.mrc", new MrcFile { Size = [edge, edge, edge], Value = (x, y, z) => ((x * 7919) + (y * 104729) + (z * 1299709)) % 1009 }.Build());

        // Most of a run is the program's start; what is to be hit is the writing.
        var clock = new Stopwatch();
        using (Process undisturbed = Start(name))
        {
            await BeginsToWriteAsync(undisturbed);
            clock.Start();
            await undisturbed.WaitForExitAsync(_stop);
            Assert.Equal(0, undisturbed.ExitCode);
        }

        double longest = clock.Elapsed.TotalMilliseconds;
        byte[] expected = await File.ReadAllBytesAsync(_folder[name], _stop);
        int begun = 0, whole = 0;
        for (int i = 0; i < kills; i++)
        {
            Remove(name);
            using (Process process = Start(name))
            {
                await BeginsToWriteAsync(process);
                await Task.Delay(TimeSpan.FromMilliseconds(1.3 * longest * random.NextDouble()), _stop);
                process.Kill();
                await process.WaitForExitAsync(_stop);
            }

            begun += IsBegun() ? 1 : 0;
            if (File.Exists(_folder[name]))
            {
                whole++;
                Assert.Equal(expected, await File.ReadAllBytesAsync(_folder[name], _stop));
            }
        }

        Remove(name);
        using (Process last = Start(name))
        {
            await last.WaitForExitAsync(_stop);
        }

        // Files without bytes may be another machine's of this instant, and stay for an hour.
        string[] left = [.. _folder.Names().Where(file => new FileInfo(_folder[file]).Length > 0)];
        Assert.True(left.Length == 3, string.Join(" ", left));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {kills} kills, {begun} left what was begun, {whole} a whole file; an undisturbed run ends {longest:0} ms after it began to write.");
    }

    private bool IsBegun() => _folder.Names().Any(file =>
        file.EndsWith(".tmp", StringComparison.Ordinal) && new FileInfo(_folder[file]) is { Exists: true, Length: > 0 });

    // Or until it is over, where that was missed.
    private async Task BeginsToWriteAsync(Process process)
    {
        while (!process.HasExited && !IsBegun())
        {
            await Task.Delay(1, _stop);
        }
    }

    private void Remove(string name)
    {
        File.Delete(_folder[name]);
        foreach (string file in _folder.Names().Where(file => file.EndsWith(".history.json", StringComparison.Ordinal)))
        {
            File.Delete(_folder[file]);
        }
    }

    private Process Start(string name)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetDirectoryName(_folder["x"]), RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "localdeblur.dll"), "bfactor", "--map", "map.mrc", "--b-factor", "-10", "--threads", "1", "-o", name, "-q"];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return ListeningChild.Start(start);
    }
}
