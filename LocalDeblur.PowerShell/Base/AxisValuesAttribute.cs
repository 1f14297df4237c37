using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Base;

/// <summary>
/// Lets a parameter of one number an axis also take what a map's own properties hold: <c>-Size $map.Size</c>,
/// <c>-Origin $map.Origin</c>. Refuses any count but three, or one where that is allowed.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AxisValuesAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a single number may stand for all three axes.</summary>
    public bool AllowOne { get; set; }

    /// <summary>Turns a size or a place into three numbers, and checks their count.</summary>
    /// <param name="engineIntrinsics">Not used.</param>
    /// <param name="inputData">What the user gave.</param>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        NumberAttribute.Require(inputData);
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case GridSize size:
                return new[] { size.X, size.Y, size.Z };
            case AxisTriple triple:
                return new[] { triple.X, triple.Y, triple.Z };
        }

        int count = value is ICollection list ? list.Count : 1;
        if (count != 3 && !(count == 1 && AllowOne))
        {
            throw new ArgumentTransformationMetadataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{count} value(s) given; expected three, for x, y, z{(AllowOne ? ", or one for all axes" : string.Empty)}."));
        }

        return inputData!;
    }
}
