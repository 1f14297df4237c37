using System.Management.Automation;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.PowerShell.Base;

/// <summary>Takes the names of sharpening methods, and refuses others with a list of those there are.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SharpeningMethodNamesAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Refuses what is no method's name.</summary>
    /// <param name="element">One of the names.</param>
    protected override void ValidateElement(object element)
    {
        object? value = element is PSObject wrapped ? wrapped.BaseObject : element;
        if (value is not string name || SharpeningMethods.Find(name) is null)
        {
            throw new ValidationMetadataException($"'{value}' is no sharpening method; expected one of {string.Join(", ", SharpeningMethods.Names)}.");
        }
    }
}
