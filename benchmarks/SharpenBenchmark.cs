using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Filters;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution;

namespace LocalDeblur.Benchmarks;

/// <summary>
/// The whole run from file to file on the demo's phantom, as a process of its own; and one iteration against the bound
/// that its own 2 + 2·rank transforms set, measured in turn with it.
/// </summary>
internal static class SharpenBenchmark
{
    public static int Run(string[] arguments)
    {
        var options = new Options(arguments);
        int threads = options.Number("threads", 2);
        int repeats = options.Number("repeats", 5);
        Console.WriteLine("size   the whole run, a process of its own            | one iteration / its transforms, CPU (wall): molecule   whole box   rank");
        foreach (int size in options.Numbers("sizes", "128,192,256"))
        {
            string folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;
            try
            {
                Measure(size, threads, repeats, folder);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static void Measure(int size, int threads, int repeats, string folder)
    {
        string mapPath = Path.Combine(folder, "map.mrc");
        string resolutionPath = Path.Combine(folder, "resolution.mrc");
        var phantom = new HelixPhantom(new PhantomOptions { Size = size });
        CryoMap map = phantom.DrawHalfMap(1);
        CryoMap resolution = phantom.DrawLocalResolution();
        MrcWriter.Write(map, mapPath);
        MrcWriter.Write(resolution, resolutionPath);

        string count = threads.ToString(CultureInfo.InvariantCulture);
        string summary = RunnerProcess.Cost(
            "sharpen", "--map", mapPath, "--local-resolution", resolutionPath, "--output", Path.Combine(folder, "sharp.mrc"), "--threads", count);
        (string molecule, int rank) = IterationRatio(map, ResolutionField.Prepare(resolution), threads, repeats);

        float[] everywhere = new float[map.Size.VoxelCount];
        for (int i = 0; i < everywhere.Length; i++)
        {
            everywhere[i] = 3 + (5f * (i % size) / size);
        }

        (string box, _) = IterationRatio(map, ResolutionField.Prepare(new CryoMap(map.Grid, everywhere, "everywhere")), threads, repeats);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,4}³  {summary} | {molecule}   {box}   {rank}"));
    }

    private static (string Ratio, int Rank) IterationRatio(CryoMap map, ResolutionField field, int threads, int repeats)
    {
        FilterBank bank = FilterBank.Create(map.Size, map.VoxelSize, field.Coarsest);
        using var filter = new LocalFilter(bank, field, new RunLimits { Threads = threads });
        using var transform = new RealFft3D(map.Size, threads);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using Spectrum work = transform.AllocateSpectrum();
        float[] volume = map.AsSpan().ToArray();
        float[] result = new float[volume.Length];
        var cpuRatios = new List<double>();
        var wallRatios = new List<double>();
        for (int repeat = -1; repeat < repeats; repeat++)
        {
            (double cpu, double wall) = Time(() =>
            {
                for (int half = 0; half < 2; half++)
                {
                    filter.Apply(new VolumeRowSource(volume, map.Size), new LocalFilter.TermResult(result), CancellationToken.None);
                }
            });
            (double cpuBound, double wallBound) = Time(() =>
            {
                for (int half = 0; half < 2; half++)
                {
                    transform.Forward(volume, spectrum);
                    for (int term = 0; term < filter.Terms; term++)
                    {
                        transform.Inverse(spectrum, null, work, result);
                    }
                }
            });
            if (repeat >= 0)
            {
                cpuRatios.Add(cpu / cpuBound);
                wallRatios.Add(wall / wallBound);
            }
        }

        return (string.Create(CultureInfo.InvariantCulture, $"{Median(cpuRatios):0.00} ({Median(wallRatios):0.00})"), filter.Terms);
    }

    private static (double Cpu, double Wall) Time(Action work)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        return ((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
