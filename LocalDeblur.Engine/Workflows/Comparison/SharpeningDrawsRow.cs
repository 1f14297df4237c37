namespace LocalDeblur.Workflows.Comparison;

/// <summary>What one method made of several sets of half maps. A figure is null where no set has it.</summary>
public sealed record SharpeningDrawsRow
{
    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>True where the method itself has seen the model.</summary>
    public bool UsesModel { get; init; }

    /// <summary>Sets that it gave a map for.</summary>
    public required int Sets { get; init; }

    /// <summary>EMRinger score.</summary>
    public SharpeningFigure? EMRinger { get; init; }

    /// <summary>Mean Q-score.</summary>
    public SharpeningFigure? QScore { get; init; }

    /// <summary>Map–model correlation where the model is.</summary>
    public SharpeningFigure? CCMask { get; init; }

    /// <summary>Map–model correlation over the box.</summary>
    public SharpeningFigure? CCBox { get; init; }

    /// <summary>Map–model correlation over the highest voxels of both.</summary>
    public SharpeningFigure? CCPeaks { get; init; }

    /// <summary>Where the Fourier shell correlation with the model falls below 0.5 (Å); lower is better.</summary>
    public SharpeningFigure? FscResolution05 { get; init; }

    /// <summary>Distance of the amplitude profile from the model's; lower is better.</summary>
    public SharpeningFigure? GuinierDistance { get; init; }

    /// <summary>Mean Fourier shell correlation with the sharp truth.</summary>
    public SharpeningFigure? TruthFsc { get; init; }

    /// <summary>Correlation of the voxels with the sharp truth.</summary>
    public SharpeningFigure? TruthCorrelation { get; init; }

    /// <summary>Mean duration of the sharpening (s).</summary>
    public double Seconds { get; init; }

    /// <summary>The method's row of each set, in their order.</summary>
    public required IReadOnlyList<SharpeningComparisonRow> Rows { get; init; }

    /// <summary>For example <c>LocalWiener, 4 sets: Q 0.643 ± 0.001 (4/4)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Method}, {Sets} sets: Q {QScore}");
}
