using System.Runtime.InteropServices;

namespace LocalDeblur.Benchmarks;

/// <summary>FFTW, if the machine has it. It is loaded here for comparison and nowhere else.</summary>
internal sealed unsafe class Fftw
{
    public const uint Measure = 0, Estimate = 64;

    private readonly delegate* unmanaged<int, int, int, float*, float*, uint, nint> _planForward;
    private readonly delegate* unmanaged<int, int, int, float*, float*, uint, nint> _planInverse;
    private readonly delegate* unmanaged<nint, void> _execute;
    private readonly delegate* unmanaged<nint, void> _destroy;
    private readonly delegate* unmanaged<nuint, void*> _allocate;
    private readonly delegate* unmanaged<void*, void> _free;
    private readonly delegate* unmanaged<byte*, int> _importWisdom;
    private readonly delegate* unmanaged<byte*, int> _exportWisdom;

    private readonly delegate* unmanaged<int, int, int, double*, double*, uint, nint> _planForwardDouble;
    private readonly delegate* unmanaged<nint, void> _executeDouble;

    private Fftw(nint single, nint threads, nint precise, int threadCount)
    {
        _planForward = (delegate* unmanaged<int, int, int, float*, float*, uint, nint>)NativeLibrary.GetExport(single, "fftwf_plan_dft_r2c_3d");
        _planInverse = (delegate* unmanaged<int, int, int, float*, float*, uint, nint>)NativeLibrary.GetExport(single, "fftwf_plan_dft_c2r_3d");
        _execute = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(single, "fftwf_execute");
        _destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(single, "fftwf_destroy_plan");
        _allocate = (delegate* unmanaged<nuint, void*>)NativeLibrary.GetExport(single, "fftwf_malloc");
        _free = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(single, "fftwf_free");
        _importWisdom = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(single, "fftwf_import_wisdom_from_filename");
        _exportWisdom = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(single, "fftwf_export_wisdom_to_filename");
        if (threads != 0)
        {
            ((delegate* unmanaged<int>)NativeLibrary.GetExport(threads, "fftwf_init_threads"))();
            ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(threads, "fftwf_plan_with_nthreads"))(threadCount);
        }

        if (precise != 0)
        {
            _planForwardDouble = (delegate* unmanaged<int, int, int, double*, double*, uint, nint>)NativeLibrary.GetExport(precise, "fftw_plan_dft_r2c_3d");
            _executeDouble = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(precise, "fftw_execute");
        }
    }

    /// <summary>True when the double-precision library is there too.</summary>
    public bool HasDouble => _planForwardDouble != null;

    /// <summary>Loads the libraries; null when there is none, or none with threads where threads are asked for.</summary>
    public static Fftw? TryLoad(int threads)
    {
        if (!TryLoad(out nint single, "libfftw3f.so.3", "libfftw3f.3.dylib", "libfftw3f-3.dll"))
        {
            return null;
        }

        if (!TryLoad(out nint threaded, "libfftw3f_threads.so.3", "libfftw3f_threads.3.dylib", "libfftw3f-3.dll") && threads > 1)
        {
            return null;
        }

        TryLoad(out nint precise, "libfftw3.so.3", "libfftw3.3.dylib", "libfftw3-3.dll");
        return new Fftw(single, threaded, precise, threads);
    }

    public float* Allocate(long floats) => (float*)_allocate((nuint)(floats * sizeof(float)));

    public void Free(float* memory) => _free(memory);

    public nint PlanForward(int n, float* real, float* complex, uint planner) => _planForward(n, n, n, real, complex, planner);

    public nint PlanInverse(int n, float* complex, float* real, uint planner) => _planInverse(n, n, n, complex, real, planner);

    public void Execute(nint plan) => _execute(plan);

    public void Destroy(nint plan) => _destroy(plan);

    public void ForwardDouble(int n, double* real, double* complex) => _executeDouble(_planForwardDouble(n, n, n, real, complex, Estimate));

    public void ImportWisdom(string path)
    {
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            _importWisdom(name);
        }
    }

    public void ExportWisdom(string path)
    {
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            _exportWisdom(name);
        }
    }

    private static bool TryLoad(out nint handle, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out handle))
            {
                return true;
            }
        }

        handle = 0;
        return false;
    }
}
