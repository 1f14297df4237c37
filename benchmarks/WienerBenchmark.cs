using System.Globalization;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.Benchmarks;

/// <summary>
/// The local Wiener restoration of the demo's phantom: the whole run from file to file, as a process of its own; and the run in memory against the transforms that
/// the method counts, plain ones, measured in turn with it: 2 forward, 2 inverse a band to measure and 1 to restore.
/// </summary>
internal static class WienerBenchmark
{
    public static int Run(string[] arguments)
    {
        var options = new Options(arguments);
        int threads = options.Number("threads", 2);
        int repeats = options.Number("repeats", 3);
        Console.WriteLine("size   by-products   the whole run, a process of its own            | in memory, CPU s (wall)   its transforms   ratio CPU (wall)   bands");
        foreach (int size in options.Numbers("sizes", "128,256"))
        {
            string folder = options.Text("folder", "") is { Length: > 0 } kept ? kept : Directory.CreateTempSubdirectory("localdeblur-").FullName;
            try
            {
                Measure(size, threads, repeats, folder);
            }
            finally
            {
                if (!options.Has("folder"))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }

        return 0;
    }

    private static void Measure(int size, int threads, int repeats, string folder)
    {
        string half1 = Path.Combine(folder, "half1.mrc"), half2 = Path.Combine(folder, "half2.mrc"), mask = Path.Combine(folder, "mask.mrc");
        Draw(size, half1, half2, mask);
        string count = threads.ToString(CultureInfo.InvariantCulture);
        foreach (bool byProducts in new[] { false, true })
        {
            string cost = RunnerProcess.Cost(
            [
                "wiener", "--half1", half1, "--half2", half2, "--mask", mask, "--output", Path.Combine(folder, "restored.mrc"), "--force", "--threads", count,
                .. byProducts ? (string[])["--write-all"] : [],
            ]);
            string ratio = repeats > 0 ? Ratio(MrcReader.Open(half1), MrcReader.Open(half2), MrcReader.Open(mask), byProducts, threads, repeats) : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,4}³  {(byProducts ? "with" : "without"),-11}   {cost} | {ratio}"));
        }
    }

    // The phantom is gone when the runs begin.
    private static void Draw(int size, string half1, string half2, string mask)
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = size });
        MrcWriter.Write(phantom.DrawHalfMap(1), half1);
        MrcWriter.Write(phantom.DrawHalfMap(2), half2);
        MrcWriter.Write(phantom.DrawMask(), mask);
    }

    private static string Ratio(CryoMap first, CryoMap second, CryoMap mask, bool byProducts, int threads, int repeats)
    {
        var options = new LocalWienerOptions { ByProducts = byProducts, Limits = new() { Threads = threads } };
        using var transform = new RealFft3D(first.Size, threads);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using Spectrum work = transform.AllocateSpectrum();
        float[] volume = first.AsSpan().ToArray();
        var whole = new Timings();
        var transforms = new Timings();
        int bands = 0, used = 0;
        for (int repeat = -1; repeat < repeats; repeat++)
        {
            whole.Measure(
                () =>
                {
                    LocalWienerResult found = LocalWiener.Run(new Reconstruction(first, second), mask, options);
                    (bands, used) = (found.Totals.Count, found.UsedBands);
                },
                keep: repeat >= 0);
            transforms.Measure(
                () =>
                {
                    for (int i = 0; i < 2; i++)
                    {
                        transform.Forward(volume, spectrum);
                    }

                    for (int i = 0; i < (2 * bands) + used; i++)
                    {
                        transform.Inverse(spectrum, null, work, volume);
                    }
                },
                keep: repeat >= 0);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{whole.Cpu / 1000,6:0.00} ({whole.Wall / 1000:0.00})   {transforms.Cpu / 1000,6:0.00} ({transforms.Wall / 1000:0.00})   "
            + $"{whole.Cpu / transforms.Cpu:0.00} ({whole.Wall / transforms.Wall:0.00})   {bands} ({used} used)");
    }
}
