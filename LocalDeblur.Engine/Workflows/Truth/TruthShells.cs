using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Truth;

/// <summary>Fourier shell statistics of two maps against the truth.</summary>
/// <param name="CorrelationBefore">FSC of the map before with the truth.</param>
/// <param name="CorrelationAfter">FSC of the map after with the truth.</param>
/// <param name="ProfileTruth">Radial amplitude profile of the truth.</param>
/// <param name="ProfileBefore">That of the map before.</param>
/// <param name="ProfileAfter">That of the map after.</param>
internal sealed record TruthShells(
    ShellCorrelation CorrelationBefore,
    ShellCorrelation CorrelationAfter,
    GuinierProfile ProfileTruth,
    GuinierProfile ProfileBefore,
    GuinierProfile ProfileAfter)
{
    /// <summary>The shells of all of them.</summary>
    public RadialShells Shells => ProfileTruth.Shells;
}
