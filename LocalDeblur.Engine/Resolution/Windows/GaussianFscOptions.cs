namespace LocalDeblur.Resolution.Windows;

/// <summary>Parameters of local resolution by Fourier shell correlation in Gaussian windows.</summary>
public sealed record GaussianFscOptions
{
    /// <summary>Standard deviation of the window (Å), 2 … 20.</summary>
    public double WindowWidth { get; init; } = 5;

    /// <summary>Coarser local resolutions are set to this one (Å).</summary>
    public double CoarsestResolution { get; init; } = 50;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
