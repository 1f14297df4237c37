namespace LocalDeblur.Tests.Engine.Resolution;

/// <summary>Spearman's rank correlation; equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        MathNet.Numerics.Statistics.Correlation.Pearson(
            MathNet.Numerics.Statistics.ArrayStatistics.RanksInplace([.. first]), MathNet.Numerics.Statistics.ArrayStatistics.RanksInplace([.. second]));
}
