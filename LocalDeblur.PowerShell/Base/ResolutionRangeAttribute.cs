using System.Globalization;
using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>Refuses a resolution outside a range. Other than ValidateRange it lets none at all pass: the empty cell of a row.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ResolutionRangeAttribute : ValidateArgumentsAttribute
{
    /// <summary>Remembers the range.</summary>
    /// <param name="finest">The finest that is allowed (Å).</param>
    /// <param name="coarsest">The coarsest that is allowed (Å).</param>
    public ResolutionRangeAttribute(double finest, double coarsest)
    {
        Finest = finest;
        Coarsest = coarsest;
    }

    /// <summary>The finest that is allowed (Å).</summary>
    public double Finest { get; }

    /// <summary>The coarsest that is allowed (Å).</summary>
    public double Coarsest { get; }

    /// <summary>Refuses what is outside.</summary>
    /// <param name="arguments">The resolution.</param>
    /// <param name="engineIntrinsics">Not used.</param>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not null && LanguagePrimitives.ConvertTo<double>(arguments) is var resolution && !(resolution >= Finest && resolution <= Coarsest))
        {
            throw new ValidationMetadataException(string.Create(CultureInfo.InvariantCulture, $"The resolution is {resolution} Å; expected {Finest} to {Coarsest} Å."));
        }
    }
}
