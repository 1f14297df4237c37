using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Filters;
using LocalDeblur.Fourier;
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
    private const int Repeats = 5;

    public static void Run(int[] sizes, int threads)
    {
        Console.WriteLine("size   wall s  CPU s   resident at most | one iteration / its transforms: molecule   whole box   (rank)");
        foreach (int size in sizes)
        {
            string folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;
            try
            {
                Measure(size, threads, folder);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Measure(int size, int threads, string folder)
    {
        string mapPath = Path.Combine(folder, "map.mrc");
        string resolutionPath = Path.Combine(folder, "resolution.mrc");
        var phantom = new HelixPhantom(new PhantomOptions { Size = size });
        CryoMap map = phantom.DrawHalfMap(1);
        CryoMap resolution = phantom.DrawLocalResolution();
        MrcWriter.Write(map, mapPath);
        MrcWriter.Write(resolution, resolutionPath);

        string summary = RunProcess(mapPath, resolutionPath, Path.Combine(folder, "sharp.mrc"), threads);
        (double molecule, int rank) = IterationRatio(map, ResolutionField.Prepare(resolution), threads);

        float[] everywhere = new float[map.Size.VoxelCount];
        for (int i = 0; i < everywhere.Length; i++)
        {
            everywhere[i] = 3 + (5f * (i % size) / size);
        }

        (double box, _) = IterationRatio(map, ResolutionField.Prepare(new CryoMap(map.Grid, everywhere, "everywhere")), threads);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,4}³  {summary} | {molecule:0.00}   {box:0.00}   ({rank})"));
    }

    private static string RunProcess(string map, string resolution, string output, int threads)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "localdeblur.dll"), "sharpen", "--map", map, "--local-resolution", resolution, "--output", output, "--threads", threads.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text.Split('\n').Single(line => line.Contains("CPU s", StringComparison.Ordinal)).TrimEnd()
            : throw new InvalidOperationException(errors.GetAwaiter().GetResult());
    }

    private static (double Ratio, int Rank) IterationRatio(CryoMap map, ResolutionField field, int threads)
    {
        FilterBank bank = FilterBank.Create(map.Size, map.VoxelSize, field.Coarsest);
        using var filter = new LocalFilter(bank, field, threads);
        using var transform = new RealFft3D(map.Size, threads);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using Spectrum work = transform.AllocateSpectrum();
        float[] volume = map.AsSpan().ToArray();
        float[] result = new float[volume.Length];
        var iterations = new List<double>();
        var bounds = new List<double>();
        for (int repeat = -1; repeat < Repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int half = 0; half < 2; half++)
            {
                filter.Apply(new VolumeRowSource(volume, map.Size), new LocalFilter.TermResult(result), CancellationToken.None);
            }

            double iteration = Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            for (int half = 0; half < 2; half++)
            {
                transform.Forward(volume, spectrum);
                for (int term = 0; term < filter.Terms; term++)
                {
                    transform.Inverse(spectrum, null, work, result);
                }
            }

            double bound = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (repeat >= 0)
            {
                iterations.Add(iteration);
                bounds.Add(bound);
            }
        }

        return (Median(iterations) / Median(bounds), filter.Terms);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
