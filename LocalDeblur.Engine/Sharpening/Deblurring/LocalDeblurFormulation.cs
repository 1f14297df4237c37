namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>Which of the two published forms of LocalDeblur is computed.</summary>
public enum LocalDeblurFormulation
{
    /// <summary>What the published program computes, and with it the published results: v ← max(v + λ·H(V − Hv), −4σ).</summary>
    Reference,

    /// <summary>The equations as printed: v ← v + λ[Hᵀ(V − Hv) − v/SNR].</summary>
    Paper,
}
