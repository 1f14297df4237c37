using System.Globalization;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Monogenic;

namespace LocalDeblur.Benchmarks;

/// <summary>
/// The whole estimate from two half maps of the demo's phantom, in memory, against the transforms that the method counts:
/// four inverse, one forward and one inverse for each step and map, plain ones, measured in turn with it.
/// </summary>
internal static class MonoResBenchmark
{
    private const int InverseTransforms = 5;
    private const int Maps = 2;

    public static int Run(string[] arguments)
    {
        var options = new Options(arguments);
        int threads = options.Number("threads", 2);
        int repeats = options.Number("repeats", 3);
        double coarsest = options.Number("coarsest", 12);
        Console.WriteLine("size  noise        steps   CPU s (wall)   its transforms, CPU s (wall)   ratio CPU (wall)   memory by its own account");
        foreach (int size in options.Numbers("sizes", "128,192"))
        {
            var phantom = new HelixPhantom(new PhantomOptions { Size = size, Limits = new() { Threads = threads } });
            CryoMap first = phantom.DrawHalfMap(1), second = phantom.DrawHalfMap(2), mask = phantom.DrawMask();
            foreach (MonoResNoise noise in Enum.GetValues<MonoResNoise>())
            {
                var parameters = new MonoResOptions
                {
                    CoarsestResolution = coarsest,
                    NoiseFrom = noise,
                    GaussianNoise = options.Has("gaussian"),
                    Limits = new() { Threads = threads },
                };
                Measure(first, second, mask, parameters, repeats);
            }
        }

        return 0;
    }

    private static void Measure(CryoMap first, CryoMap second, CryoMap mask, MonoResOptions parameters, int repeats)
    {
        using var transform = new RealFft3D(first.Size, parameters.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using Spectrum work = transform.AllocateSpectrum();
        float[] volume = first.AsSpan().ToArray();
        var whole = new Timings();
        var transforms = new Timings();
        int steps = 0;
        long peak = 0;
        for (int repeat = -1; repeat < repeats; repeat++)
        {
            whole.Measure(
                () =>
                {
                    MonoResResult found = MonoRes.Run(new Reconstruction(first, second), mask, parameters);
                    (steps, peak) = (found.EvaluatedResolutions.Count, found.Cost!.PeakBytes);
                },
                keep: repeat >= 0);
            transforms.Measure(
                () =>
                {
                    for (int set = 0; set < Maps * steps; set++)
                    {
                        transform.Forward(volume, spectrum);
                        for (int i = 0; i < InverseTransforms; i++)
                        {
                            transform.Inverse(spectrum, null, work, volume);
                        }
                    }
                },
                keep: repeat >= 0);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{first.Size.X,4}³ {parameters.NoiseFrom,-12} {steps,4}   {whole.Cpu / 1000:0.00} ({whole.Wall / 1000:0.00})   "
            + $"{transforms.Cpu / 1000:0.00} ({transforms.Wall / 1000:0.00})   "
            + $"{whole.Cpu / transforms.Cpu:0.00} ({whole.Wall / transforms.Wall:0.00})   {peak / 1e6:0} MB"));
    }
}
