using System.Diagnostics;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A map that is written is whole or absent, at whatever moment the process is killed, and what was begun is removed by the next run.</summary>
public sealed class WriterKillTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // LOCALDEBLUR_KILLS=300 for the long run: a third of them for each kind of file.
    [Theory]
    [InlineData("out.mrc")]
    [InlineData("out.mrc.gz")]
    [InlineData("out.mrc.bz2")]
    public async Task WhatIsKilledWhileItWritesLeavesAWholeFileOrNone(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows ends a process in another way.");
        int kills = int.TryParse(Environment.GetEnvironmentVariable("LOCALDEBLUR_KILLS"), out int wanted) ? wanted / 3 : 3;
        var random = new Random(1);
        _folder.Save("map.mrc", new MrcFile { Size = [96, 96, 96], Value = (x, y, z) => ((x * 7919) + (y * 104729) + (z * 1299709)) % 1009 }.Build());
        var clock = Stopwatch.StartNew();
        using (Process undisturbed = Start(name))
        {
            await undisturbed.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, undisturbed.ExitCode);
        }

        int longest = (int)clock.ElapsedMilliseconds;
        byte[] expected = await File.ReadAllBytesAsync(_folder[name], TestContext.Current.CancellationToken);
        int killed = 0, whole = 0, begun = 0;
        for (int i = 0; killed < kills && i < 10 * kills; i++)
        {
            Remove(name);
            using (Process process = Start(name))
            {
                // Most of the time is the program's start; the writing is what matters.
                await Task.Delay((int)(longest * (0.4 + (0.6 * random.NextDouble()))), TestContext.Current.CancellationToken);
                killed += process.HasExited ? 0 : 1;
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            begun += _folder.Names().Any(file => file.EndsWith(".tmp", StringComparison.Ordinal)) ? 1 : 0;
            if (File.Exists(_folder[name]))
            {
                whole++;
                Assert.Equal(expected, await File.ReadAllBytesAsync(_folder[name], TestContext.Current.CancellationToken));
            }
        }

        Remove(name);
        using (Process last = Start(name))
        {
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // Files without bytes may be another machine's of this instant, and stay for an hour.
        string[] left = [.. _folder.Names().Where(file => new FileInfo(_folder[file]).Length > 0)];
        Assert.True(left.Length == 3, string.Join(" ", left));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {killed} kills, {begun} left what was begun, {whole} a whole file; an undisturbed run takes {longest} ms.");
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
