using System.Globalization;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>Turns the transforms of an iteration into progress, with a forecast of how many iterations there will be.</summary>
/// <param name="progress">Who is told; or null.</param>
/// <param name="options">For the limit on iterations.</param>
/// <param name="rank">Inverse transforms in one application of H.</param>
internal sealed class IterationObserver(IProgress<StageProgress>? progress, LocalDeblurOptions options, int rank)
{
    // What maps of ordinary local resolution take; replaced by a forecast as soon as two changes are known.
    private const int TypicalIterations = 9;

    private readonly double _transformsInIteration = 2 + (2 * rank);
    private readonly List<double> _changes = [];
    private double _expected = Math.Min(TypicalIterations, options.MaximumIterations);
    private int _iteration;
    private int _transforms;
    private double _fraction;

    /// <summary>An iteration begins.</summary>
    /// <param name="iteration">Its number, from 1.</param>
    public void Begin(int iteration)
    {
        _iteration = iteration;
        _transforms = 0;
        Report();
    }

    /// <summary>A transform ended.</summary>
    public void CountTransform()
    {
        _transforms++;
        Report();
    }

    /// <summary>The quantity whose change the stopping rule limits to 1 is known for this iteration.</summary>
    /// <param name="change">Its change.</param>
    public void Observe(double change)
    {
        _changes.Add(Math.Abs(change));
        if (_changes.Count < 3 || !(_changes[^1] > 0) || !(_changes[^1] < _changes[^2]))
        {
            return;
        }

        // The changes fall by nearly the same factor each time.
        double remaining = Math.Log(_changes[^1]) / Math.Log(_changes[^2] / _changes[^1]);
        _expected = Math.Clamp(_iteration + Math.Ceiling(Math.Max(0, remaining)), _iteration, options.MaximumIterations);
    }

    private void Report()
    {
        if (progress is null)
        {
            return;
        }

        double done = (_iteration - 1 + Math.Min(1, _transforms / _transformsInIteration)) / Math.Max(_expected, _iteration);
        _fraction = Math.Max(_fraction, Math.Min(done, 1));
        progress.Report(new StageProgress(string.Create(CultureInfo.InvariantCulture, $"Sharpening: iteration {_iteration}"), _fraction));
    }
}
