namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The shells that AutoSharpen weighted a map in, by what half maps agree on, or by what map and model do.</summary>
/// <param name="Resolutions">Mean resolution of each shell (Å).</param>
/// <param name="Correlations">Correlation in each shell, −1 … 1, as measured.</param>
/// <param name="Weights">Weight of each shell, 0 … 1.</param>
public sealed record AutoSharpenShells(IReadOnlyList<double> Resolutions, IReadOnlyList<double> Correlations, IReadOnlyList<double> Weights);
