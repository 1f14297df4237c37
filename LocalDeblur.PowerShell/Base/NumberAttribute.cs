using System.Collections;
using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>
/// Refuses what PowerShell would silently make another number of: nothing, which it takes for 0, and text with a comma, which it takes for one between
/// thousands, so that 1,06 would be 106.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute : ArgumentTransformationAttribute
{
    /// <summary>Lets everything else pass as it is.</summary>
    /// <param name="engineIntrinsics">Not used.</param>
    /// <param name="inputData">What the user gave.</param>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Require(inputData);

    /// <summary>A number, or a list of them, without what PowerShell would take for another.</summary>
    /// <param name="value">What the user gave.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is nothing, or text with a comma, or holds such an element.</exception>
    internal static object Require(object? value)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case null:
                throw new ArgumentTransformationMetadataException("It is null; expected a number. Leave the parameter out for its default.");
            case string text when text.Contains(',', StringComparison.Ordinal):
                throw new ArgumentTransformationMetadataException($"'{text}' has a comma; expected a number with its decimals after a point, such as 1.06.");
            case IList list:
                foreach (object? element in list)
                {
                    Require(element);
                }

                break;
        }

        return value!;
    }
}
