using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Plots;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Export-GuinierPlot: radial amplitude profiles of several maps and a model as one picture and a table.</summary>
[Cmdlet(VerbsData.Export, "GuinierPlot", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Export-GuinierPlot.md")]
[OutputType(typeof(GuinierProfile))]
public sealed class ExportGuinierPlotCommand : PlotExportCommand
{
    private readonly List<GuinierProfile> _profiles = [];

    /// <summary>Profiles, as Measure-GuinierProfile returns them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public GuinierProfile[] InputObject { get; set; } = [];

    /// <summary>Profile of the model or the truth, drawn dashed.</summary>
    [Parameter]
    [ValidateNotNull]
    public GuinierProfile? Model { get; set; }

    /// <summary>Resolution (Å) from which on shells are drawn.</summary>
    [Parameter]
    [Number]
    [ValidateRange(10.01, 10000.0)]
    public double CoarsestResolution { get; set; } = GuinierPlot.DefaultCoarsest;

    /// <summary>Draws the profiles where they are, without making them agree at low resolution.</summary>
    [Parameter]
    public SwitchParameter NoAlignment { get; set; }

    /// <summary>Keeps the profiles until all have come.</summary>
    protected override void ProcessRecord() => _profiles.AddRange(InputObject);

    /// <summary>Writes the plot of all of them.</summary>
    protected override void EndProcessing()
    {
        if (_profiles.Count == 0)
        {
            return;
        }

        GuinierProfile? model = Model ?? _profiles.Find(profile => profile.IsModel);
        GuinierProfile[] maps = [.. _profiles.Where(profile => !ReferenceEquals(profile, model))];
        string title = Title ?? (maps.Length == 1 ? $"Guinier plot: {maps[0].Name}" : "Guinier plot");
        LinePlot plot = GuinierPlot.Create(maps, title, model, align: !NoAlignment, CoarsestResolution);
        Export(_profiles, plot);
    }
}
