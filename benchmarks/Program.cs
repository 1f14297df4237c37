using LocalDeblur.Benchmarks;

string verb = args.Length > 0 ? args[0] : "";
string[] rest = args.Length > 0 ? args[1..] : [];
switch (verb)
{
    case "fft":
        return FftBenchmark.Run(rest);
    case "sharpen":
        return SharpenBenchmark.Run(rest);
    case "monores":
        return MonoResBenchmark.Run(rest);
    case "wiener":
        return WienerBenchmark.Run(rest);
    case "locscale":
        return LocScaleBenchmark.Run(rest);
    case "judge":
        return JudgeBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("""
            dotnet run -c Release --project benchmarks -- VERB [options]
              fft      the transform against FFTW: [--threads 2] [--sizes 192,256,512] [--planner measure|estimate] [--repeats 9] [--alone]
                       what fusing saves:          --fuse [--threads 2] [--sizes 256]
                       the line kernels in cache:  --lines [--sizes 192,256]
              sharpen  the whole run on the demo's phantom, and an iteration against its transforms:
                       [--threads 2] [--sizes 128,192,256] [--repeats 5]
              monores  local resolution from the phantom's half maps, and its share of the transforms it counts:
                       [--threads 2] [--sizes 128,192] [--repeats 3] [--coarsest 12] [--gaussian]
              wiener   the local Wiener restoration, the whole run on the phantom, and in memory against its transforms:
                       [--threads 2] [--sizes 128,256] [--repeats 3] [--folder DIR]
              locscale voxels scaled per CPU second on the demo's phantom:
                       [--windows 26,32] [--threads 1,2] [--size 96] [--repeats 5]
              judge    every method on fresh half maps whose truth is known, and what each gains (two minutes of CPU time):
                       [--draws 4] [--cells 8] [--size 80] [--seed 1] [--model FILE] [--threads 0]
            """);
        return 2;
}
