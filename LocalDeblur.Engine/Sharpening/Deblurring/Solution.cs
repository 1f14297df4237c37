namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>What an iteration arrives at.</summary>
/// <param name="Voxels">The sharpened map.</param>
/// <param name="StepSize">The step size λ that was used.</param>
/// <param name="Norms">‖Hv‖ at the start of each iteration.</param>
/// <param name="Converged">True when the stopping rule was met.</param>
/// <param name="Floor">Smallest value that the result may take; −∞ where there is none.</param>
/// <param name="OutsideStandardDeviation">Standard deviation of the map outside, the noise that the floor or the SNR is based on.</param>
/// <param name="Decisions">What was decided, one sentence each.</param>
/// <param name="Warnings">What the user should know, one sentence each.</param>
internal sealed record Solution(
    float[] Voxels,
    double StepSize,
    IReadOnlyList<double> Norms,
    bool Converged,
    double Floor,
    double OutsideStandardDeviation,
    IReadOnlyList<string> Decisions,
    IReadOnlyList<string> Warnings);
