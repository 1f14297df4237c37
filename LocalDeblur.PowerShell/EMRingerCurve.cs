namespace LocalDeblur.PowerShell;

/// <summary>What Export-EMRingerPlot draws.</summary>
public enum EMRingerCurve
{
    /// <summary>Score against density threshold.</summary>
    Score,

    /// <summary>Share of rotameric peaks against density threshold.</summary>
    RotamerRatio,

    /// <summary>Shares in a window that rolls along a chain.</summary>
    Rolling,
}
