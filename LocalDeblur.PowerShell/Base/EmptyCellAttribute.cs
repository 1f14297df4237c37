using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>
/// Makes nothing in a row count as not given, for a parameter that is mandatory in some way of calling: the last cells of a table may come as null, and the
/// row be about other maps. An empty text does that by itself, since no map has such a name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyCellAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns nothing into an empty text.</summary>
    /// <param name="engineIntrinsics">Not used.</param>
    /// <param name="inputData">What the user or the row gave.</param>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData ?? string.Empty;
}
