namespace LocalDeblur.Plots;

/// <summary>Colours of a scale of values; each can be read with every kind of colour vision, and printed in grey.</summary>
public enum MapPalette
{
    /// <summary>From black to white.</summary>
    Grey,

    /// <summary>From dark violet over green to yellow (van der Walt and Smith, 2015).</summary>
    Viridis,

    /// <summary>From dark blue over grey to yellow (Nuñez et al., <i>PLoS ONE</i> 13 (2018) e0199239).</summary>
    Cividis,
}
