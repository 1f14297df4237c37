using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>Which coefficients of a column count for the radial profile; constants that are gone after compilation.</summary>
internal interface IProfileRule
{
    /// <summary>True where |F| is wanted at all; then the reference is transformed too.</summary>
    static abstract bool HasMagnitudes { get; }

    /// <summary>True where −kz counts beside kz.</summary>
    static abstract bool HasNegative { get; }
}

/// <summary>Both signs of kz.</summary>
internal readonly struct BothSigns : IProfileRule
{
    /// <inheritdoc/>
    public static bool HasMagnitudes => true;

    /// <inheritdoc/>
    public static bool HasNegative => true;
}

/// <summary>kz ≥ 0 only.</summary>
internal readonly struct PositiveSign : IProfileRule
{
    /// <inheritdoc/>
    public static bool HasMagnitudes => true;

    /// <inheritdoc/>
    public static bool HasNegative => false;
}

/// <summary>No profile: the coefficients count for the value at the centre only.</summary>
internal readonly struct NoProfile : IProfileRule
{
    /// <inheritdoc/>
    public static bool HasMagnitudes => false;

    /// <inheritdoc/>
    public static bool HasNegative => false;
}

/// <summary>The coefficients (kx, ky) of the planes of a stack of windows that slides along z, eight stacks in the lanes.</summary>
internal unsafe struct WindowColumn
{
    /// <summary>Coefficients of the map's planes, one <see cref="Lanes"/> each; steps + w − 1 planes.</summary>
    public float* Map;

    /// <summary>The same of the reference.</summary>
    public float* Reference;

    /// <summary>Number of windows.</summary>
    public int Steps;

    /// <summary>Phase of the first plane: its z modulo w.</summary>
    public int Phase;

    /// <summary>For each window, whether any lane needs its sums.</summary>
    public byte* Wanted;

    /// <summary>The terms kz = 0, 1 …</summary>
    public WindowTerm* Terms;

    /// <summary>Number of terms.</summary>
    public int Count;

    /// <summary>Scratch of <see cref="WindowSlide.StateFloats"/> for each term.</summary>
    public float* State;

    /// <summary>Scratch for a line: w elements, and what <see cref="LineFft"/> needs.</summary>
    public float* Scratch;

    /// <summary>The sums of the first window, shell by shell; they are added to.</summary>
    public float* Sums;

    /// <summary>Floats from the sums of a window to those of the next.</summary>
    public nint SumsStride;
}

/// <summary>
/// The transform along z of windows that slide along z. From one window to the next one plane leaves and one enters, at the
/// same phase, so that a coefficient costs four fused operations instead of a transform.
/// </summary>
/// <remarks>
/// Phases count from z = 0 of the map, not from the window, so that nothing is rotated and errors do not grow but by the
/// rounding of the sums: like √steps, 5e-7 after 64. For a term kz the four sums Ec, Es, Oc, Os are kept, of the planes' real
/// (E) and imaginary (O) parts times cosine and sine: F(±kz) = (Ec ± Os) + i(Oc ∓ Es), and the value of both at the window's
/// centre z is 2(Ec·cos + Es·sin)(2π·kz·z/w).
/// </remarks>
internal static unsafe class WindowSlide
{
    /// <summary>Floats of state for a term: four sums of the map, four of the reference.</summary>
    public const int StateFloats = 8 * Lanes.Width;

    private const int Width = Lanes.Width;

    /// <summary>Adds the coefficients of a column to the sums of its windows.</summary>
    /// <param name="column">The column.</param>
    /// <param name="shells">Tables of the window.</param>
    /// <param name="line">The transform of one line of the window.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRule>(in WindowColumn column, SlidingShells shells, LineFft line)
        where TRule : struct, IProfileRule
    {
        Begin(column, column.Map, column.State, line);
        if (TRule.HasMagnitudes)
        {
            Begin(column, column.Reference, column.State + (4 * Width), line);
        }

        int window = shells.Window;
        int turn = column.Phase;
        int centre = (column.Phase + (window / 2)) % window;
        Lanes map = Lanes.Zero, reference = Lanes.Zero;
        float* sums = column.Sums;
        for (int step = 0; step < column.Steps; step++)
        {
            if (step > 0)
            {
                nint leaving = (nint)(step - 1) * Lanes.Floats;
                nint entering = leaving + ((nint)window * Lanes.Floats);
                map = Lanes.Load(column.Map + entering) - Lanes.Load(column.Map + leaving);
                if (TRule.HasMagnitudes)
                {
                    reference = Lanes.Load(column.Reference + entering) - Lanes.Load(column.Reference + leaving);
                }
            }

            // The first window is complete: its step adds planes of zeros at any phase.
            if (column.Wanted[step] != 0)
            {
                Step<TRule>(column, map, reference, shells.Turns(turn), shells.Turns(centre), sums);
            }
            else
            {
                Skip<TRule>(column, map, reference, shells.Turns(turn));
            }

            if (step > 0 && ++turn == window)
            {
                turn = 0;
            }

            if (++centre == window)
            {
                centre = 0;
            }

            sums += column.SumsStride;
        }
    }

    // The four sums of the first window, from its transform at kz and −kz.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Begin(in WindowColumn column, float* planes, float* state, LineFft line)
    {
        int window = line.Length;
        float* transform = column.Scratch;
        line.Transform(new PhasedLine(planes, column.Phase, window), new StridedLine(transform, Lanes.Floats), transform + ((nint)window * Lanes.Floats));
        Vector256<float> half = Vector256.Create(0.5f);
        for (int kz = 0; kz < column.Count; kz++)
        {
            Lanes positive = Lanes.Load(transform + ((nint)kz * Lanes.Floats));
            Lanes negative = Lanes.Load(transform + ((nint)(kz == 0 ? 0 : window - kz) * Lanes.Floats));
            Vector256.Store((positive.Re + negative.Re) * half, state);
            Vector256.Store((negative.Im - positive.Im) * half, state + Width);
            Vector256.Store((positive.Im + negative.Im) * half, state + (2 * Width));
            Vector256.Store((positive.Re - negative.Re) * half, state + (3 * Width));
            state += StateFloats;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step<TRule>(in WindowColumn column, Lanes map, Lanes reference, float* turns, float* centre, float* sums)
        where TRule : struct, IProfileRule
    {
        float* state = column.State;
        WindowTerm* term = column.Terms;
        for (int i = column.Count; i > 0; i--)
        {
            Vector256<float> cos = Vector256.Create(turns[0]), sin = Vector256.Create(turns[1]);
            float* sum = sums + term->Offset;
            Vector256<float> ec = Lanes.MultiplyAdd(map.Re, cos, Vector256.Load(state));
            Vector256<float> es = Lanes.MultiplyAdd(map.Re, sin, Vector256.Load(state + Width));
            Vector256.Store(ec, state);
            Vector256.Store(es, state + Width);
            Vector256<float> value = Lanes.MultiplyAdd(ec, Vector256.Create(centre[0]), es * Vector256.Create(centre[1]));
            AddTo(sum + WindowSums.Value, value, Vector256.Create(term->Value));
            AddTo(sum + WindowSums.Slope, value, Vector256.Create(term->Slope));
            if (TRule.HasMagnitudes)
            {
                Vector256<float> oc = Lanes.MultiplyAdd(map.Im, cos, Vector256.Load(state + (2 * Width)));
                Vector256<float> os = Lanes.MultiplyAdd(map.Im, sin, Vector256.Load(state + (3 * Width)));
                Vector256.Store(oc, state + (2 * Width));
                Vector256.Store(os, state + (3 * Width));
                Vector256<float> weight = Vector256.Create(term->Magnitude);
                AddTo(sum + WindowSums.Map, Magnitude<TRule>(ec, es, oc, os), weight);

                ec = Lanes.MultiplyAdd(reference.Re, cos, Vector256.Load(state + (4 * Width)));
                es = Lanes.MultiplyAdd(reference.Re, sin, Vector256.Load(state + (5 * Width)));
                oc = Lanes.MultiplyAdd(reference.Im, cos, Vector256.Load(state + (6 * Width)));
                os = Lanes.MultiplyAdd(reference.Im, sin, Vector256.Load(state + (7 * Width)));
                Vector256.Store(ec, state + (4 * Width));
                Vector256.Store(es, state + (5 * Width));
                Vector256.Store(oc, state + (6 * Width));
                Vector256.Store(os, state + (7 * Width));
                AddTo(sum + WindowSums.Reference, Magnitude<TRule>(ec, es, oc, os), weight);
            }

            state += StateFloats;
            turns += 2;
            centre += 2;
            term++;
        }
    }

    // A window that no lane needs: its sums are passed through on the way to the next.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Skip<TRule>(in WindowColumn column, Lanes map, Lanes reference, float* turns)
        where TRule : struct, IProfileRule
    {
        float* state = column.State;
        for (int i = column.Count; i > 0; i--)
        {
            Vector256<float> cos = Vector256.Create(turns[0]), sin = Vector256.Create(turns[1]);
            AddTo(state, map.Re, cos);
            AddTo(state + Width, map.Re, sin);
            if (TRule.HasMagnitudes)
            {
                AddTo(state + (2 * Width), map.Im, cos);
                AddTo(state + (3 * Width), map.Im, sin);
                AddTo(state + (4 * Width), reference.Re, cos);
                AddTo(state + (5 * Width), reference.Re, sin);
                AddTo(state + (6 * Width), reference.Im, cos);
                AddTo(state + (7 * Width), reference.Im, sin);
            }

            state += StateFloats;
            turns += 2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Magnitude<TRule>(Vector256<float> ec, Vector256<float> es, Vector256<float> oc, Vector256<float> os)
        where TRule : struct, IProfileRule
    {
        Vector256<float> re = ec + os, im = oc - es;
        Vector256<float> positive = Vector256.Sqrt(Lanes.MultiplyAdd(re, re, im * im));
        if (!TRule.HasNegative)
        {
            return positive;
        }

        re = ec - os;
        im = oc + es;
        return positive + Vector256.Sqrt(Lanes.MultiplyAdd(re, re, im * im));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* target, Vector256<float> value, Vector256<float> weight) =>
        Vector256.Store(Lanes.MultiplyAdd(value, weight, Vector256.Load(target)), target);

    /// <summary>Contiguous planes in the order of their phase, of which the first has a given one.</summary>
    private readonly struct PhasedLine(float* planes, nint phase, nint window) : ILineLoader
    {
        private readonly float* _planes = planes;
        private readonly nint _phase = phase;
        private readonly nint _window = window;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Load(nint index)
        {
            nint plane = index - _phase;
            return Lanes.Load(_planes + ((plane < 0 ? plane + _window : plane) * Lanes.Floats));
        }
    }
}
