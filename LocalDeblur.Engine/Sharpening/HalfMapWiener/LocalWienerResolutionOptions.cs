namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Parameters of the local resolution that a local Wiener restoration goes by.</summary>
public sealed record LocalWienerResolutionOptions
{
    /// <summary>Width of the window in which signal and noise are told apart: standard deviation of a Gaussian (Å), 2 … 20.</summary>
    public double WindowWidth { get; init; } = 5;

    /// <summary>Threads and memory of the run.</summary>
    public RunLimits Limits { get; init; } = new();
}
