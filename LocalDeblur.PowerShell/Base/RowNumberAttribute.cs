using System.Globalization;
using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>
/// Reads a number from a row of a table as it is written in files: 3.2 in every culture. An empty cell is none; anything else is refused, where PowerShell
/// would pass over it, or take 3,2 for 32.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RowNumberAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns text into a number.</summary>
    /// <param name="engineIntrinsics">Not used.</param>
    /// <param name="inputData">What the user or the row gave.</param>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
        {
            return inputData;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new ArgumentTransformationMetadataException($"'{text}' is not a number; expected one like 3.2.");
    }
}
