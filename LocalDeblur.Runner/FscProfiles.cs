using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;

namespace LocalDeblur.Runner;

/// <summary>The Guinier profiles that a postprocess.star has beside the curves.</summary>
internal static class FscProfiles
{
    /// <summary>Profiles of the mean of two half maps: as it is, weighted by the curves, and sharpened by the B factor that follows.</summary>
    /// <param name="halves">The half maps.</param>
    /// <param name="curves">Their curves.</param>
    /// <param name="limits">Threads and memory.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null, with a warning, for a map whose amplitudes make no Guinier plot, as one that ends before 10 Å: it still has curves.</returns>
    public static GuinierTable? Of(Reconstruction halves, FscResult curves, RunLimits limits, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return BFactorSharpening.Run(halves, null, new BFactorSharpeningOptions { Fsc = curves, Limits = limits }, progress, cancellation).Guinier;
        }
        catch (EngineException refusal) when (refusal.Error is EngineError.FitRangeEmpty or EngineError.ParameterOutOfRange)
        {
            RunnerLog.Warn($"the .star file gets no Guinier profiles. {refusal.Message}");
            return null;
        }
    }
}
