using LocalDeblur.Maps;

namespace LocalDeblur.Workflows;

/// <summary>The local resolution of one reconstruction in one mask, estimated by the first run that needs it and used by those after it.</summary>
internal sealed class EstimatedResolution
{
    /// <summary>The local resolution (Å); null before it was estimated.</summary>
    public CryoMap? Map { get; set; }

    /// <summary>How long it took (s).</summary>
    public double Seconds { get; set; }
}
