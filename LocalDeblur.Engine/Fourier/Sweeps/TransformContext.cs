using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Sweeps;

/// <summary>What the sweeps of one plan share: the layout, the line transforms and the scratch of each worker.</summary>
internal sealed unsafe class TransformContext : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly long _workerFloats;
    private readonly long _lineOffset;
    private readonly long _stageOffset;
    private readonly long _planeOffset;

    /// <summary>Makes the tables and the scratch.</summary>
    /// <param name="size">Size of the volume.</param>
    /// <param name="workers">Number of workers.</param>
    public TransformContext(GridSize size, int workers)
    {
        Layout = new SpectrumLayout(size);
        LineX = new LineFft(size.X);
        LineY = size.Y == size.X ? LineX : new LineFft(size.Y);
        LineZ = size.Z == size.X ? LineX : size.Z == size.Y ? LineY : new LineFft(size.Z);
        Rows = new RowTransform(LineX, Layout);

        _lineOffset = Round(Math.Max(LineX.ScratchFloats, Math.Max(LineY.ScratchFloats, LineZ.ScratchFloats)));
        _stageOffset = _lineOffset + Round(Rows.LineFloats);
        _planeOffset = _stageOffset + Round(Rows.StageFloats);
        // An odd number of cache lines more, so that the workers' scratch does not fall on the same cache sets.
        _workerFloats = _planeOffset + Round((size.Y + RowTransform.Rows) * (long)Layout.RowPitch) + NativeBuffer.CacheLine / sizeof(float);
        _memory = NativeBuffer.OfFloats(_workerFloats * workers);
    }

    /// <summary>Where the elements lie.</summary>
    public SpectrumLayout Layout { get; }

    /// <summary>Transform along x.</summary>
    public LineFft LineX { get; }

    /// <summary>Transform along y.</summary>
    public LineFft LineY { get; }

    /// <summary>Transform along z.</summary>
    public LineFft LineZ { get; }

    /// <summary>Transform of real rows.</summary>
    public RowTransform Rows { get; }

    /// <summary>Bytes of scratch of all workers.</summary>
    public long ScratchBytes => _memory.Bytes;

    /// <summary>Scratch of the line transforms.</summary>
    public float* Scratch(int worker) => _memory.Floats + worker * _workerFloats;

    /// <summary>Work line of the row transform.</summary>
    public float* Line(int worker) => Scratch(worker) + _lineOffset;

    /// <summary>Sixteen real rows.</summary>
    public float* Stage(int worker) => Scratch(worker) + _stageOffset;

    /// <summary>One plane of the spectrum and sixteen rows more, so that the last group may be incomplete.</summary>
    public float* Plane(int worker) => Scratch(worker) + _planeOffset;

    /// <summary>Frees tables and scratch.</summary>
    public void Dispose()
    {
        LineX.Dispose();
        LineY.Dispose();
        LineZ.Dispose();
        _memory.Dispose();
    }

    private static long Round(long floats) => (floats + Lanes.Floats - 1) / Lanes.Floats * Lanes.Floats;
}
