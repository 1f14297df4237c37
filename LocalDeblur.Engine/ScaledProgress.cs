namespace LocalDeblur;

/// <summary>Passes the progress of a part on as progress of the whole.</summary>
/// <param name="whole">Told about the whole.</param>
/// <param name="from">Fraction of the whole at which the part begins.</param>
/// <param name="share">Fraction of the whole that the part makes up.</param>
internal sealed class ScaledProgress(IProgress<StageProgress> whole, double from, double share) : IProgress<StageProgress>
{
    /// <summary>The progress of a part; null where nobody is told about the whole.</summary>
    /// <param name="whole">Told about the whole; or null.</param>
    /// <param name="from">Fraction of the whole at which the part begins.</param>
    /// <param name="share">Fraction of the whole that the part makes up.</param>
    public static ScaledProgress? Part(IProgress<StageProgress>? whole, double from, double share) => whole is null ? null : new ScaledProgress(whole, from, share);

    /// <inheritdoc/>
    public void Report(StageProgress value) =>
        whole.Report(value with { Fraction = from + (share * (double.IsNaN(value.Fraction) ? 0 : value.Fraction)) });
}
