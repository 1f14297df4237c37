using LocalDeblur.Filters;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>
/// The iteration as the paper prints it: v ← v + λ[Hᵀ(V − Hv) − v/SNR], until v changes by less than one per cent. As printed
/// it diverges where λ/SNR reaches 2, which ordinary noise does; the step is then lowered to one that converges.
/// </summary>
internal static class PaperIteration
{
    /// <summary>The automatic step size is ‖V‖/‖HV‖ divided by this.</summary>
    private const double StepDivisor = 10;

    /// <summary>Relative change of v that ends the iteration.</summary>
    private const double ChangeToStop = 0.01;

    /// <summary>From this value of λ/SNR on, the term −v/SNR alone makes the iteration grow.</summary>
    private const double StepTimesNoiseLimit = 2;

    /// <summary>Applications of HᵀH by which ‖H‖ is estimated; the estimate gains little after these.</summary>
    private const int PowerIterations = 12;

    /// <summary>Runs it.</summary>
    /// <param name="map">V.</param>
    /// <param name="field">Local resolution, which says what is outside.</param>
    /// <param name="filter">H and its adjoint.</param>
    /// <param name="options">Step size and limit.</param>
    /// <param name="observer">Told about the iterations.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Solution Run(CryoMap map, ResolutionField field, LocalFilter filter, LocalDeblurOptions options, IterationObserver observer, CancellationToken cancellationToken)
    {
        float[] observed = map.Load(cancellationToken);
        double noise = OutsideNoise.Variance(observed, field.Values, outside: true);
        double snr = SignalToNoise(map, field, observed, noise);
        float[] sharpened = (float[])observed.Clone();
        float[] blurred = new float[observed.Length];
        double[] squares = new double[map.Size.Z];
        double[] changes = new double[map.Size.Z];
        var norms = new List<double>();
        var decisions = new List<string> { Say($"The signal-to-noise ratio is {snr:G5}.") };
        var warnings = new List<string>();
        double step = options.StepSize ?? 0;
        bool converged = false;
        int iteration = 0;
        while (iteration < options.MaximumIterations && !converged)
        {
            observer.Begin(++iteration);
            double norm = Blur(filter, sharpened, blurred, squares, map.Size, cancellationToken);
            ReferenceIteration.RequireNorm(norm, iteration, step, map);
            norms.Add(norm);
            if (iteration == 1)
            {
                step = options.StepSize ?? Math.Sqrt(VolumeStatistics.SumOfSquares(observed)) / norm / StepDivisor;
                if (step / snr >= StepTimesNoiseLimit)
                {
                    step = LowerStep(step, snr, filter, observed, blurred, squares, map.Size, warnings, cancellationToken);
                    Blur(filter, sharpened, blurred, squares, map.Size, cancellationToken);
                }
            }

            Array.Clear(squares);
            Array.Clear(changes);
            var update = new UpdateSink(sharpened, map.Size, (float)step, (float)(1 / snr), squares, changes);
            filter.ApplyAdjoint(new DifferenceRows(observed, blurred, map.Size), update, cancellationToken);
            double change = Math.Sqrt(changes.Sum() / squares.Sum());
            observer.Observe(change / ChangeToStop);
            converged = change < ChangeToStop;
        }

        decisions.Add(ReferenceIteration.Stopped(iteration, converged, options));
        warnings.AddRange(ReferenceIteration.Warn(norms, converged, options));
        return new Solution(sharpened, step, norms, converged && !ReferenceIteration.IsGrowing(norms), double.NegativeInfinity, Math.Sqrt(noise), decisions, warnings);
    }

    private static double SignalToNoise(CryoMap map, ResolutionField field, ReadOnlySpan<float> observed, double noise)
    {
        double inside = OutsideNoise.Variance(observed, field.Values, outside: false);
        if (!(noise > 0) || !(inside - noise > 0))
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                "The paper's formulation needs noise outside the molecule and more variance inside: "
                    + Say($"'{map.Name}' has a variance of {noise:G5} outside and {inside:G5} inside."),
                map.Name)
            {
                Advice = [new("use a map that no mask was applied to, and a mask that fits it"), new("use the reference formulation", EngineParameter.Formulation)],
            };
        }

        return (inside - noise) / noise;
    }

    private static double LowerStep(
        double step,
        double snr,
        LocalFilter filter,
        float[] observed,
        float[] work,
        double[] squares,
        GridSize size,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        double norm = EstimateNorm(filter, observed, work, squares, size, cancellationToken);
        double lowered = 1 / ((norm * norm) + (1 / snr));
        warnings.Add(
            Say($"A step size of {step:G6} diverges at a signal-to-noise ratio of {snr:G4} (their quotient is 2 or more); lowered to {lowered:G6}, from ‖H‖ = {norm:G4}."));
        return lowered;
    }

    /// <summary>‖H‖ as the square root of the largest eigenvalue of HᵀH, by power iteration from the map itself.</summary>
    private static double EstimateNorm(LocalFilter filter, float[] observed, float[] work, double[] squares, GridSize size, CancellationToken cancellationToken)
    {
        float[] vector = (float[])observed.Clone();
        double length = Math.Sqrt(VolumeStatistics.SumOfSquares(vector));
        double norm = 0;
        for (int i = 0; i < PowerIterations; i++)
        {
            norm = Blur(filter, vector, work, squares, size, cancellationToken) / length;
            filter.ApplyAdjoint(work, vector, cancellationToken);
            length = Math.Sqrt(VolumeStatistics.SumOfSquares(vector));
        }

        return norm;
    }

    private static double Blur(LocalFilter filter, float[] volume, float[] blurred, double[] squares, GridSize size, CancellationToken cancellationToken)
    {
        Array.Clear(squares);
        filter.Apply(new VolumeRowSource(volume, size), new LocalFilter.TermResult(blurred, SquaresByPlane: squares), cancellationToken);
        return Math.Sqrt(squares.Sum());
    }

    /// <summary>v += λ(row − v/SNR), with the squares of the change and of the result by plane.</summary>
    private readonly struct UpdateSink(float[] volume, GridSize size, float step, float inverseSnr, double[] squares, double[] changes) : IRowSink
    {
        public bool Wants(int y0, int count, int z) => true;

        public void Accept(int y, int z, ReadOnlySpan<float> row)
        {
            Span<float> values = volume.AsSpan((int)size.Offset(0, y, z), size.X);
            double change = 0;
            for (int x = 0; x < values.Length; x++)
            {
                float delta = step * (row[x] - (values[x] * inverseSnr));
                values[x] += delta;
                change += (double)delta * delta;
            }

            changes[z] += change;
            squares[z] += VolumeStatistics.SumOfSquares(values);
        }
    }
}
