namespace LocalDeblur.Sharpening;

/// <summary>LocalDeblur: sharpens a map by inverting the local blur that its local resolution describes.</summary>
public static class LocalDeblurSolver
{
    /// <summary>Sharpens one map.</summary>
    public static CryoMap Run(
        CryoMap map,
        CryoMap localResolution,
        CryoMap? mask = null,
        LocalDeblurOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
