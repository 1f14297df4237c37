using System.Collections.ObjectModel;
using LocalDeblur.Maps;

namespace LocalDeblur.Validation;

/// <summary>How often the density around side chains peaks where side chains like to be.</summary>
/// <remarks>Drawn by a plot.</remarks>
public sealed class EMRingerResult
{
    /// <summary>Wraps the figures.</summary>
    /// <param name="residues">Residues that were scanned.</param>
    /// <param name="thresholds">The thresholds, at least one, lowest first.</param>
    /// <param name="windowReach">Residues on either side of a window's centre.</param>
    internal EMRingerResult(EMRingerResidue[] residues, EMRingerThreshold[] thresholds, int windowReach)
    {
        Residues = new ReadOnlyCollection<EMRingerResidue>(residues);
        Thresholds = new ReadOnlyCollection<EMRingerThreshold>(thresholds);
        ScoredResidues = residues.Count(residue => residue.IsScored);
        EMRingerThreshold best = thresholds.MaxBy(threshold => threshold.ZScore)!;
        Score = best.Score;
        Threshold = best.Density;
        RotamerRatio = best.RotamerRatio;
        ZScore = best.ZScore;
        WindowReach = windowReach;
        Windows = new ReadOnlyCollection<EMRingerWindow>([.. Roll(residues, best.Density, windowReach)]);
    }

    /// <summary>Name of the map, with the steps that made it (<see cref="MapLabel"/>).</summary>
    public string Map { get; init; } = string.Empty;

    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>The EMRinger score, 10·Z/√L with Z the highest of the thresholds and L the number of scored residues. Above 1.5 counts as good at 3 to 4 Å, 0 is chance.</summary>
    public double Score { get; }

    /// <summary>Density of the threshold that gives the score (unit of the map).</summary>
    public double Threshold { get; }

    /// <summary>Share of the peaks above that threshold that are rotameric, 0 … 1.</summary>
    public double RotamerRatio { get; }

    /// <summary>The highest Z of the thresholds.</summary>
    public double ZScore { get; }

    /// <summary>Number L of residues in the score.</summary>
    public int ScoredResidues { get; }

    /// <summary>The residues that were scanned, scored or not, in the order of the file.</summary>
    public ReadOnlyCollection<EMRingerResidue> Residues { get; }

    /// <summary>What each density threshold gives, lowest first; 20, or fewer where no rotameric peak is above the next.</summary>
    public ReadOnlyCollection<EMRingerThreshold> Thresholds { get; }

    /// <summary>Windows along the chains, at the threshold of the score: one around each scored residue.</summary>
    public ReadOnlyCollection<EMRingerWindow> Windows { get; }

    /// <summary>Residues on either side of a window's centre.</summary>
    public int WindowReach { get; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>For example <c>EMRinger 4.11 (15 residues)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"EMRinger {Score:0.00} ({ScoredResidues} residues)");

    private static IEnumerable<EMRingerWindow> Roll(EMRingerResidue[] residues, double threshold, int reach)
    {
        foreach (IGrouping<string, EMRingerResidue> chain in residues.Where(residue => residue.IsScored).GroupBy(residue => residue.Chain, StringComparer.Ordinal))
        {
            EMRingerResidue[] sorted = [.. chain.OrderBy(residue => residue.Number)];
            int first = 0;
            foreach (EMRingerResidue centre in sorted)
            {
                while ((long)sorted[first].Number < (long)centre.Number - reach)
                {
                    first++;
                }

                int count = 0;
                int above = 0;
                int rotameric = 0;
                for (int i = first; i < sorted.Length && sorted[i].Number <= (long)centre.Number + reach; i++)
                {
                    count++;
                    if (sorted[i].PeakDensity > threshold)
                    {
                        above++;
                        rotameric += sorted[i].IsRotameric ? 1 : 0;
                    }
                }

                yield return new EMRingerWindow(chain.Key, centre.Number, centre.InsertionCode, count, above, rotameric);
            }
        }
    }
}

/// <summary>Density around a side chain's first dihedral angle, χ1.</summary>
/// <param name="Chain">Chain; empty where the file names none.</param>
/// <param name="Number">Number in its chain.</param>
/// <param name="InsertionCode">Insertion code; empty for none.</param>
/// <param name="Name">Name of the residue.</param>
/// <param name="IsScored">True where the residue counts in the score; isoleucine, threonine, valine and proline are scanned only.</param>
/// <param name="Chi1">χ1 of the model (°), 0 … 360.</param>
/// <param name="PeakIndex">Number of the highest density, 0 … 71; of equal ones the first.</param>
/// <param name="MeanDensity">Mean of the densities.</param>
/// <param name="Densities">Density with the γ atom at χ1 = 5°, 10°, …, 360°.</param>
public sealed record EMRingerResidue(
    string Chain,
    int Number,
    string InsertionCode,
    string Name,
    bool IsScored,
    double Chi1,
    int PeakIndex,
    double MeanDensity,
    IReadOnlyList<float> Densities)
{
    /// <summary>χ1 of the peak as the published program reports and sorts it (°): 0, 5, …, 355. That is 5° less than where the density was taken,
    /// <see cref="SampledPeakAngle"/>.</summary>
    public int PeakAngle => EMRinger.Step * PeakIndex;

    /// <summary>χ1 where the highest density was found (°): 5, 10, …, 360.</summary>
    public int SampledPeakAngle => EMRinger.Step * (PeakIndex + 1);

    /// <summary>The highest density.</summary>
    public double PeakDensity { get; init; }

    /// <summary>True where the reported angle is rotameric: 30° to 85°, 150° to 205° or 270° to 325°, ends included.</summary>
    public bool IsRotameric => EMRinger.IsRotameric(PeakIndex);
}

/// <summary>The peaks above one density.</summary>
/// <param name="Density">The density (unit of the map).</param>
/// <param name="Count">Number N of scored residues whose peak is above it.</param>
/// <param name="Rotameric">Number R of those whose peak is rotameric.</param>
/// <param name="ZScore">(R − N·39/72)/√(N·39/72·33/72): how far R is from chance, in standard deviations.</param>
/// <param name="Score">10·Z/√L with L all scored residues.</param>
public sealed record EMRingerThreshold(double Density, int Count, int Rotameric, double ZScore, double Score)
{
    /// <summary>R/N, 0 … 1.</summary>
    public double RotamerRatio => (double)Rotameric / Count;
}

/// <summary>The scored residues whose number is near that of one of them.</summary>
/// <param name="Chain">Chain; empty where the file names none.</param>
/// <param name="Number">Number of the residue in the middle.</param>
/// <param name="InsertionCode">Its insertion code; empty for none.</param>
/// <param name="Count">Scored residues in the window.</param>
/// <param name="AboveThreshold">Those with a peak above the threshold of the score.</param>
/// <param name="Rotameric">Those among them whose peak is rotameric.</param>
public sealed record EMRingerWindow(string Chain, int Number, string InsertionCode, int Count, int AboveThreshold, int Rotameric)
{
    /// <summary>Share of the residues with a peak above the threshold, 0 … 1.</summary>
    public double AboveShare => (double)AboveThreshold / Count;

    /// <summary>Share of the peaks above the threshold that are rotameric, 0 … 1; NaN where there are none.</summary>
    public double RotamerRatio => (double)Rotameric / AboveThreshold;

    /// <summary>True where the density is strong (more than 0.8 above the threshold) and the peaks are in the wrong places (less than half
    /// rotameric): a place to check the model.</summary>
    public bool IsSuspect => AboveShare > 0.8 && RotamerRatio < 0.5;
}
