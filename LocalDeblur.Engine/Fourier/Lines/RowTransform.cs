using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// Transforms sixteen real rows at once along x. Rows 0 … 7 are the real parts of eight lines and rows 8 … 15 the
/// imaginary ones: two real rows A, B make one complex line Z = A + iB, whatever their length, and
/// A_k = (Z_k + conj Z_{n−k})/2, B_k = (Z_k − conj Z_{n−k})/2i.
/// </summary>
/// <remarks>Immutable; scratch comes from the caller.</remarks>
internal sealed unsafe class RowTransform
{
    /// <summary>Rows that are transformed together.</summary>
    public const int Rows = 2 * Lanes.Width;

    private const int Tile = Lanes.Width * Lanes.Width;

    private readonly LineFft _line;
    private readonly int _length;
    private readonly int _blocks;
    private readonly nint _rowPitch;
    private readonly nint[] _low;
    private readonly nint[] _high;
    private readonly nint[] _position;

    /// <summary>Makes the tables.</summary>
    /// <param name="line">Transform along x.</param>
    /// <param name="layout">Layout of the spectrum.</param>
    public RowTransform(LineFft line, SpectrumLayout layout)
    {
        _line = line;
        _length = line.Length;
        _blocks = layout.Blocks;
        _rowPitch = layout.RowPitch;

        // Padding lanes repeat the last frequency, which keeps them finite; columns beyond the row repeat its last voxel.
        _low = new nint[_blocks * Lanes.Width];
        _high = new nint[_low.Length];
        for (int i = 0; i < _low.Length; i++)
        {
            int k = Math.Min(i, _length / 2);
            _low[i] = (nint)line.Positions[k] * Lanes.Floats;
            _high[i] = (nint)line.Positions[(_length - k) % _length] * Lanes.Floats;
        }

        _position = new nint[(_length + Lanes.Width - 1) / Lanes.Width * Lanes.Width];
        for (int i = 0; i < _position.Length; i++)
        {
            _position[i] = (nint)line.Positions[Math.Min(i, _length - 1)] * Lanes.Floats;
        }
        // An odd number of half cache lines, so that the sixteen rows of the stage do not share cache sets.
        StagePitch = _position.Length + Lanes.Width;
    }

    /// <summary>Floats from one staged row to the next.</summary>
    public nint StagePitch { get; }

    /// <summary>Floats of the stage.</summary>
    public long StageFloats => Rows * StagePitch;

    /// <summary>Floats of the work line and the small tiles; the rest of the scratch is the line transform's.</summary>
    public long LineFloats => ((long)_position.Length + Lanes.Width) * Lanes.Floats + 4 * Tile;

    /// <summary>Real rows to spectrum rows.</summary>
    /// <param name="stage">Sixteen rows, <see cref="StagePitch"/> apart.</param>
    /// <param name="target">First of sixteen spectrum rows.</param>
    /// <param name="blocks">Blocks of kx to write.</param>
    /// <param name="scale">Factor for every coefficient.</param>
    /// <param name="line">Work line.</param>
    /// <param name="scratch">Scratch of the line transform.</param>
    public void Forward(float* stage, float* target, int blocks, float scale, float* line, float* scratch)
    {
        Gather(stage, line);
        ForwardLine(line, target, blocks, scale, scratch);
    }

    /// <summary>As <see cref="Forward"/>, from rows that lie as a line already; it is destroyed.</summary>
    /// <param name="line">Sixteen rows, element x of all of them side by side.</param>
    /// <param name="target">As in <see cref="Forward"/>.</param>
    /// <param name="blocks">As in <see cref="Forward"/>.</param>
    /// <param name="scale">As in <see cref="Forward"/>.</param>
    /// <param name="scratch">As in <see cref="Forward"/>.</param>
    public void ForwardLine(float* line, float* target, int blocks, float scale, float* scratch)
    {
        _line.InPlace(line, scratch);
        fixed (nint* low = _low, high = _high)
        {
            Separate(line, target, blocks, 0.5f * scale, low, high);
        }
    }

    /// <summary>Spectrum rows, real and imaginary parts exchanged, to real rows.</summary>
    /// <param name="source">First of sixteen spectrum rows.</param>
    /// <param name="blocks">Blocks of kx to read; those after count as zero.</param>
    /// <param name="stage">Takes sixteen rows, <see cref="StagePitch"/> apart.</param>
    /// <param name="line">Work line.</param>
    /// <param name="scratch">Scratch of the line transform.</param>
    public void Inverse(float* source, int blocks, float* stage, float* line, float* scratch)
    {
        Combine(source, line, 0, blocks);
        ClearBeyond(line, blocks);
        _line.InPlace(line, scratch);
        fixed (nint* position = _position)
        {
            Scatter(line, stage, position);
        }
    }

    /// <summary>As <see cref="Inverse"/>, but the rows are handed on as a line: element x has rows 8 … 15 as real and rows 0 … 7 as imaginary parts.</summary>
    /// <param name="first">First of sixteen spectrum rows, of which the first blocks count.</param>
    /// <param name="firstBlocks">How many of them.</param>
    /// <param name="rest">The same rows elsewhere, whose other blocks count, all of them.</param>
    /// <param name="storer">Takes the elements.</param>
    /// <param name="line">As in <see cref="Inverse"/>.</param>
    /// <param name="scratch">As in <see cref="Inverse"/>.</param>
    public void InverseLine<TStorer>(float* first, int firstBlocks, float* rest, TStorer storer, float* line, float* scratch)
        where TStorer : struct, ILineStorer
    {
        Combine(first, line, 0, firstBlocks);
        Combine(rest, line, firstBlocks, _blocks);
        _line.Consume(line, storer, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* stage, float* line)
    {
        nint pitch = StagePitch;
        float* second = stage + Lanes.Width * pitch;
        for (nint x = 0; x < _length; x += Lanes.Width)
        {
            Transpose8.Copy(stage + x, pitch, line + x * Lanes.Floats, Lanes.Floats);
            Transpose8.Copy(second + x, pitch, line + x * Lanes.Floats + Lanes.Width, Lanes.Floats);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Separate(float* line, float* target, int blocks, float scale, nint* low, nint* high)
    {
        nint pitch = _rowPitch;
        Vector256<float> factor = Vector256.Create(scale);
        for (int block = 0; block < blocks; block++)
        {
            float* p0 = line + low[0], p1 = line + low[1], p2 = line + low[2], p3 = line + low[3];
            float* p4 = line + low[4], p5 = line + low[5], p6 = line + low[6], p7 = line + low[7];
            float* q0 = line + high[0], q1 = line + high[1], q2 = line + high[2], q3 = line + high[3];
            float* q4 = line + high[4], q5 = line + high[5], q6 = line + high[6], q7 = line + high[7];
            low += Lanes.Width;
            high += Lanes.Width;

            float* second = target + Lanes.Width * pitch;
            // Re A = Re Z_k + Re Z_{n−k}; Im B = Re Z_{n−k} − Re Z_k.
            Transpose8.Store(
                Sum(p0, q0) * factor, Sum(p1, q1) * factor, Sum(p2, q2) * factor, Sum(p3, q3) * factor,
                Sum(p4, q4) * factor, Sum(p5, q5) * factor, Sum(p6, q6) * factor, Sum(p7, q7) * factor, target, pitch);
            Transpose8.Store(
                Difference(q0, p0) * factor, Difference(q1, p1) * factor, Difference(q2, p2) * factor, Difference(q3, p3) * factor,
                Difference(q4, p4) * factor, Difference(q5, p5) * factor, Difference(q6, p6) * factor, Difference(q7, p7) * factor, second + Lanes.Width, pitch);
            p0 += Lanes.Width;
            p1 += Lanes.Width;
            p2 += Lanes.Width;
            p3 += Lanes.Width;
            p4 += Lanes.Width;
            p5 += Lanes.Width;
            p6 += Lanes.Width;
            p7 += Lanes.Width;
            q0 += Lanes.Width;
            q1 += Lanes.Width;
            q2 += Lanes.Width;
            q3 += Lanes.Width;
            q4 += Lanes.Width;
            q5 += Lanes.Width;
            q6 += Lanes.Width;
            q7 += Lanes.Width;
            // Im A = Im Z_k − Im Z_{n−k}; Re B = Im Z_k + Im Z_{n−k}.
            Transpose8.Store(
                Difference(p0, q0) * factor, Difference(p1, q1) * factor, Difference(p2, q2) * factor, Difference(p3, q3) * factor,
                Difference(p4, q4) * factor, Difference(p5, q5) * factor, Difference(p6, q6) * factor, Difference(p7, q7) * factor, target + Lanes.Width, pitch);
            Transpose8.Store(
                Sum(p0, q0) * factor, Sum(p1, q1) * factor, Sum(p2, q2) * factor, Sum(p3, q3) * factor,
                Sum(p4, q4) * factor, Sum(p5, q5) * factor, Sum(p6, q6) * factor, Sum(p7, q7) * factor, second, pitch);
            target += Lanes.Floats;
        }
    }

    // Writes Z_k = A_k + iB_k and Z_{n−k} = conj A_k + i·conj B_k, exchanged, for every k in the blocks.
    private void Combine(float* source, float* line, int from, int to)
    {
        source += from * Lanes.Floats;
        float* tiles = line + ((long)_position.Length + Lanes.Width) * Lanes.Floats;
        float* first = line;
        float* mirrored = line + (long)_length * Lanes.Floats;
        for (int block = from; block < to; block++)
        {
            int k = block * Lanes.Width;
            // Inside, a block and its mirror image share no element and go straight to the line.
            if (k + Lanes.Width - 1 <= (_length - 1) / 2)
            {
                CombineBlock(
                    source, _rowPitch, first + k * Lanes.Floats, first + k * Lanes.Floats + Lanes.Width,
                    mirrored - k * Lanes.Floats, mirrored - k * Lanes.Floats + Lanes.Width, Lanes.Floats);
                if (k == 0)
                {
                    MakeReal(Lanes.Load(mirrored), first);
                }
            }
            else
            {
                CombineEdge(source, line, k, tiles);
            }

            source += Lanes.Floats;
        }
    }

    // Zeros for every k between the blocks and their mirror images.
    private void ClearBeyond(float* line, int blocks)
    {
        int from = blocks * Lanes.Width, to = _length - from;
        if (from <= to)
        {
            new Span<float>(line + (long)from * Lanes.Floats, (to - from + 1) * Lanes.Floats).Clear();
        }
    }

    private void CombineEdge(float* source, float* line, int k, float* tiles)
    {
        CombineBlock(source, _rowPitch, tiles, tiles + Tile, tiles + 2 * Tile + Tile - Lanes.Width, tiles + 3 * Tile + Tile - Lanes.Width, Lanes.Width);
        for (int lane = 0; lane < Lanes.Width && k + lane <= _length / 2; lane++)
        {
            float* low = tiles + lane * Lanes.Width;
            float* high = tiles + 2 * Tile + (Lanes.Width - 1 - lane) * Lanes.Width;
            var value = new Lanes(Vector256.Load(low), Vector256.Load(low + Tile));
            var image = new Lanes(Vector256.Load(high), Vector256.Load(high + Tile));
            int index = k + lane;
            float* element = line + (long)index * Lanes.Floats;
            value.Store(element);
            if (index == 0 || 2 * index == _length)
            {
                MakeReal(image, element);
            }
            else
            {
                image.Store(line + (long)(_length - index) * Lanes.Floats);
            }
        }
    }

    // At k = 0 and k = n/2 a real row has a real coefficient: the mean of an element and its image drops the imaginary parts.
    private static void MakeReal(Lanes image, float* element) => ((Lanes.Load(element) + image) * Vector256.Create(0.5f)).Store(element);

    // The spectrum holds exchanged parts: [Im×8 | Re×8]. So does the line. Mirrored elements are written downwards.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineBlock(float* source, nint pitch, float* re, float* im, float* mirroredRe, float* mirroredIm, nint stride)
    {
        float* a0 = source, a1 = a0 + pitch, a2 = a1 + pitch, a3 = a2 + pitch, a4 = a3 + pitch, a5 = a4 + pitch, a6 = a5 + pitch, a7 = a6 + pitch;
        float* b0 = a7 + pitch, b1 = b0 + pitch, b2 = b1 + pitch, b3 = b2 + pitch, b4 = b3 + pitch, b5 = b4 + pitch, b6 = b5 + pitch, b7 = b6 + pitch;
        // Im Z_k = Im A + Re B.
        Transpose8.Store(
            Cross(a0, b0), Cross(a1, b1), Cross(a2, b2), Cross(a3, b3), Cross(a4, b4), Cross(a5, b5), Cross(a6, b6), Cross(a7, b7), re, stride);
        // Im Z_{n−k} = Re B − Im A.
        Transpose8.Store(
            CrossDifference(b0, a0), CrossDifference(b1, a1), CrossDifference(b2, a2), CrossDifference(b3, a3),
            CrossDifference(b4, a4), CrossDifference(b5, a5), CrossDifference(b6, a6), CrossDifference(b7, a7), mirroredRe, -stride);
        // Re Z_k = Re A − Im B.
        Transpose8.Store(
            CrossDifference(a0, b0), CrossDifference(a1, b1), CrossDifference(a2, b2), CrossDifference(a3, b3),
            CrossDifference(a4, b4), CrossDifference(a5, b5), CrossDifference(a6, b6), CrossDifference(a7, b7), im, stride);
        // Re Z_{n−k} = Re A + Im B.
        Transpose8.Store(
            Cross(b0, a0), Cross(b1, a1), Cross(b2, a2), Cross(b3, a3), Cross(b4, a4), Cross(b5, a5), Cross(b6, a6), Cross(b7, a7), mirroredIm, -stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(float* line, float* stage, nint* position)
    {
        nint pitch = StagePitch;
        float* second = stage + Lanes.Width * pitch;
        for (nint x = 0; x < _length; x += Lanes.Width)
        {
            float* p0 = line + position[x], p1 = line + position[x + 1], p2 = line + position[x + 2], p3 = line + position[x + 3];
            float* p4 = line + position[x + 4], p5 = line + position[x + 5], p6 = line + position[x + 6], p7 = line + position[x + 7];
            Transpose8.Store(
                Imaginary(p0), Imaginary(p1), Imaginary(p2), Imaginary(p3), Imaginary(p4), Imaginary(p5), Imaginary(p6), Imaginary(p7), stage + x, pitch);
            Transpose8.Store(
                Vector256.Load(p0), Vector256.Load(p1), Vector256.Load(p2), Vector256.Load(p3),
                Vector256.Load(p4), Vector256.Load(p5), Vector256.Load(p6), Vector256.Load(p7), second + x, pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sum(float* a, float* b) => Vector256.Load(a) + Vector256.Load(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Difference(float* a, float* b) => Vector256.Load(a) - Vector256.Load(b);

    // First half of a plus second half of b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Cross(float* a, float* b) => Vector256.Load(a) + Vector256.Load(b + Lanes.Width);

    // Second half of a minus first half of b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> CrossDifference(float* a, float* b) => Vector256.Load(a + Lanes.Width) - Vector256.Load(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Imaginary(float* element) => Vector256.Load(element + Lanes.Width);
}
