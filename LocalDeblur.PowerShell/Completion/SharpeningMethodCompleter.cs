using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes -Method with the sharpening methods there are.</summary>
public sealed class SharpeningMethodCompleter() : ValueCompleter([.. SharpeningMethods.All.Select(method => (method.Name, method.Summary))]);
