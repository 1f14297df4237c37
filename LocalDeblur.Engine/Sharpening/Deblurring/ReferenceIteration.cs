using System.Numerics.Tensors;
using LocalDeblur.Filters;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>
/// The iteration that the published program runs: v ← max(v + λ·H(V − Hv), −4σ), with H itself where the equations have
/// its adjoint, until ‖Hv‖ changes by less than one per cent point more than in the iteration before.
/// </summary>
internal static class ReferenceIteration
{
    /// <summary>The automatic step size is ‖V‖/‖HV‖ divided by this.</summary>
    private const double StepDivisor = 12;

    /// <summary>The result is cut off this many standard deviations of the outside below zero.</summary>
    private const double FloorDeviations = 4;

    /// <summary>The stopping rule does not apply before the iteration after this one.</summary>
    private const int IterationsBeforeStop = 2;

    /// <summary>Runs it.</summary>
    /// <param name="map">V.</param>
    /// <param name="field">Local resolution, which says what is outside.</param>
    /// <param name="filter">H.</param>
    /// <param name="options">Step size and limit.</param>
    /// <param name="observer">Told about the iterations.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static Solution Run(CryoMap map, ResolutionField field, LocalFilter filter, LocalDeblurOptions options, IterationObserver observer, CancellationToken cancellationToken)
    {
        float[] observed = map.Load(cancellationToken);
        double deviation = Math.Sqrt(OutsideNoise.Variance(observed, field.Values, outside: true));
        float floor = (float)(-FloorDeviations * deviation);
        float[] sharpened = (float[])observed.Clone();
        float[] blurred = new float[observed.Length];
        double[] squares = new double[map.Size.Z];
        var norms = new List<double>();
        double step = options.StepSize ?? 0;
        double previousPercentage = 1;
        double previousNorm = 0;
        bool converged = false;

        for (int iteration = 1; iteration <= options.MaximumIterations && !converged; iteration++)
        {
            observer.Begin(iteration);
            Array.Clear(squares);
            filter.Apply(new VolumeRowSource(sharpened, map.Size), new LocalFilter.TermResult(blurred, SquaresByPlane: squares), cancellationToken);
            double norm = Math.Sqrt(squares.Sum());
            RequireNorm(norm, iteration, step, map);
            norms.Add(norm);
            double percentage = 100 * previousNorm / norm;
            converged = percentage - previousPercentage < 1 && iteration > IterationsBeforeStop;
            observer.Observe(percentage - previousPercentage);
            previousNorm = norm;
            previousPercentage = percentage;
            if (iteration == 1 && options.StepSize is null)
            {
                step = Math.Sqrt(VolumeStatistics.SumOfSquares(observed)) / norm / StepDivisor;
            }

            filter.Apply(
                new DifferenceRows(observed, blurred, map.Size),
                new LocalFilter.TermResult(sharpened, (float)step, Add: true, Floor: floor),
                cancellationToken);
            if (iteration == 1)
            {
                // Rows without a voxel inside never change again: the floor reaches them once, here.
                TensorPrimitives.Max(sharpened, floor, sharpened);
            }
        }

        bool diverges = IsGrowing(norms);
        return new Solution(
            sharpened,
            step,
            norms,
            converged && !diverges,
            floor,
            deviation,
            [Stopped(norms.Count, converged, options)],
            Warn(norms, converged, options));
    }

    /// <summary>Refuses an iteration that cannot go on: the bank holds nothing of the map, or the iteration has grown beyond all numbers.</summary>
    /// <param name="norm">‖Hv‖.</param>
    /// <param name="iteration">Number of the iteration, from 1.</param>
    /// <param name="step">Its step size.</param>
    /// <param name="map">V.</param>
    /// <exception cref="EngineException">MapWithoutSignal; ParameterOutOfRange.</exception>
    internal static void RequireNorm(double norm, int iteration, double step, CryoMap map)
    {
        if (norm > 0 && double.IsFinite(norm))
        {
            return;
        }

        throw iteration == 1 || norm == 0
            ? new EngineException(
                EngineError.MapWithoutSignal,
                Say($"The bands of the filter bank hold nothing of '{map.Name}' (‖Hv‖ = {norm} in iteration {iteration}). ")
                    + "Expected a map with density inside the resolution map; check that both belong together.",
                map.Name)
            : Diverged(step, iteration - 1, map);
    }

    /// <summary>That an iteration grew beyond all numbers.</summary>
    /// <param name="step">Its step size.</param>
    /// <param name="iterations">How many it took.</param>
    /// <param name="map">V.</param>
    internal static EngineException Diverged(double step, int iterations, CryoMap map) => EngineException.OutOfRange(
        EngineParameter.StepSize,
        Say($"The iteration diverges: with a step size of {step:G6} it grew beyond all numbers in {iterations} iterations; expected a smaller one, usually 2 to 30."),
        map.Name);

    /// <summary>Whether ‖Hv‖ grows faster and faster. Where the iteration converges, it comes nearer to its limit by less in each step.</summary>
    /// <param name="norms">‖Hv‖ at the start of each iteration.</param>
    internal static bool IsGrowing(List<double> norms) =>
        norms.Count > 3 && norms[^1] - norms[^2] is var last && last > 1e-3 * norms[^1] && last > norms[^2] - norms[^3] && norms[^2] - norms[^3] > norms[^3] - norms[^4];

    /// <summary>Says how an iteration ended.</summary>
    /// <param name="iterations">How many there were.</param>
    /// <param name="converged">Whether the stopping rule was met.</param>
    /// <param name="options">The limit.</param>
    internal static string Stopped(int iterations, bool converged, LocalDeblurOptions options) => converged
        ? $"The stopping rule was met after {iterations} iterations."
        : $"Stopped after the {options.MaximumIterations} iterations allowed; the stopping rule was not met.";

    /// <summary>A warning of an iteration that grows, and where the limit was not a deliberate early stop.</summary>
    /// <param name="norms">‖Hv‖ at the start of each iteration.</param>
    /// <param name="converged">Whether the stopping rule was met.</param>
    /// <param name="options">The limit.</param>
    internal static IReadOnlyList<string> Warn(List<double> norms, bool converged, LocalDeblurOptions options) =>
        IsGrowing(norms)
            ? [Say($"The iteration diverges: ‖Hv‖ grew faster in each step, to {norms[^1] / norms[0]:0.#} times what it was. Give a smaller step size.")]
            : converged || options.MaximumIterations < LocalDeblurOptions.DefaultMaximumIterations
            ? []
            : [$"Not converged after {options.MaximumIterations} iterations. Look at the result before using it; a smaller step size converges more surely."];
}
