using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Reports;

/// <summary>Finds what a sharpened map was made of, by its history: the half maps, or the map, as they are in their files.</summary>
public static class ReportOrigin
{
    /// <summary>Whether steps of a map's history made it what it is: it is more than a file that was read.</summary>
    /// <param name="map">The map.</param>
    public static bool IsMade(CryoMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.History.Any(step => step.Step is not (MrcReader.ImportStep or Reconstruction.AverageStep));
    }

    /// <summary>Opens what a map was made of.</summary>
    /// <param name="sharpened">The map.</param>
    /// <returns>Null where its history names no files, or they are gone.</returns>
    /// <exception cref="EngineException">A file that is there cannot be opened.</exception>
    public static Reconstruction? Find(CryoMap sharpened)
    {
        ArgumentNullException.ThrowIfNull(sharpened);
        HistoryEntry? import = sharpened.History.FirstOrDefault(step => step.Step == MrcReader.ImportStep);
        var reading = new MrcReadOptions
        {
            VoxelSize = import?.Parameters.GetValueOrDefault(nameof(MrcReadOptions.VoxelSize)) as double?,
            Origin = import?.Parameters.GetValueOrDefault(nameof(MrcReadOptions.Origin)) as AxisTriple?,
            NonFiniteValue = import?.Parameters.GetValueOrDefault(nameof(MrcReadOptions.NonFiniteValue)) as float?,
            Index = import?.Parameters.GetValueOrDefault(nameof(MrcReadOptions.Index)) as int?,
        };
        foreach (HistoryEntry step in sharpened.History)
        {
            if (step.Parameters.GetValueOrDefault("HalfMap1") is string first && step.Parameters.GetValueOrDefault("HalfMap2") is string second)
            {
                return File.Exists(first) && File.Exists(second) ? new Reconstruction(MrcReader.Open(first, reading), MrcReader.Open(second, reading)) : null;
            }
        }

        return IsMade(sharpened) && import?.Parameters.GetValueOrDefault("Path") is string path && File.Exists(path) ? new Reconstruction(MrcReader.Open(path, reading)) : null;
    }
}
