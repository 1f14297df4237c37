using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.LocScaling;

namespace LocalDeblur.Benchmarks;

/// <summary>LocScale on the demo's phantom: voxels scaled in a second of processor time, all threads together, and of wall time.</summary>
internal static class LocScaleBenchmark
{
    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Options(arguments);
        int repeats = options.Number("repeats", 5);
        var phantom = new HelixPhantom(new PhantomOptions { Size = options.Number("size", 96) });
        CryoMap map = phantom.DrawHalfMap(1);
        CryoMap reference = phantom.DrawTruth();
        CryoMap mask = phantom.DrawMask();
        Console.WriteLine($"{map.Size}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; medians of {repeats}");
        Console.WriteLine("window  averaging   threads    voxels   voxels/CPU s    voxels/s");
        foreach (int window in options.Numbers("windows", "26,32"))
        {
            foreach (LocScaleAveraging averaging in Enum.GetValues<LocScaleAveraging>())
            {
                foreach (int threads in options.Numbers("threads", "1,2"))
                {
                    Measure(map, reference, mask, window, averaging, threads, repeats);
                }
            }
        }

        return 0;
    }

    private static void Measure(CryoMap map, CryoMap reference, CryoMap mask, int window, LocScaleAveraging averaging, int threads, int repeats)
    {
        var options = new LocScaleOptions { WindowVoxels = window, Averaging = averaging, Limits = new() { Threads = threads } };
        var timings = new Timings();
        long voxels = 0;
        for (int repeat = -1; repeat < repeats; repeat++)
        {
            timings.Measure(() => voxels = LocScale.Run(map, reference, mask, options).ScaledVoxels, repeat >= 0);
        }

        Console.WriteLine($"{window,6}  {averaging,-10}  {threads,7}  {voxels,8}   {1000 * voxels / timings.Cpu,12:F0}  {1000 * voxels / timings.Wall,10:F0}");
    }
}
