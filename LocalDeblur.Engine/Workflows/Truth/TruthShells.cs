using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Truth;

/// <summary>Fourier shell statistics of maps against the truth.</summary>
/// <param name="Correlations">FSC of each map with the truth.</param>
/// <param name="Profiles">Radial amplitude profile of each map.</param>
/// <param name="ProfileTruth">That of the truth.</param>
internal sealed record TruthShells(IReadOnlyList<ShellCorrelation> Correlations, IReadOnlyList<GuinierProfile> Profiles, GuinierProfile ProfileTruth)
{
    /// <summary>The shells of all of them.</summary>
    public RadialShells Shells => ProfileTruth.Shells;
}
