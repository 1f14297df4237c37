using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Compare-CryoMap: how far maps differ from a reference.</summary>
[Cmdlet(VerbsData.Compare, "CryoMap", HelpUri = HelpPages.Folder + "Compare-CryoMap.md")]
[OutputType(typeof(MapComparison))]
public sealed class CompareCryoMapCommand : MapCommand
{
    private MapSource? _reference;
    private MapSource? _mask;

    /// <summary>Maps to compare.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>The map they are compared with.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput Reference { get; set; } = null!;

    /// <summary>Where they are compared (≥ 0.5); without it, in the whole box.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Opens what every comparison needs.</summary>
    private protected override void Begin()
    {
        _reference = OpenGiven(Reference);
        _mask = OpenGiven(Mask);
    }

    /// <summary>Compares each map.</summary>
    protected override void ProcessRecord()
    {
        if (!TryOpen(Reference, ref _reference) || !TryOpen(Mask, ref _mask))
        {
            return;
        }

        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source)
                && TryRun(
                    $"Comparing {source.Name}", source, (map, _, token) => MapComparison.Compare(map, _reference!.Open(), _mask?.Open(), token),
                    out MapComparison? comparison))
            {
                _reference!.TellWarnings(this);
                _mask?.TellWarnings(this);
                WriteObject(comparison, enumerateCollection: false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reference = null;
        _mask = null;
        base.Dispose(disposing);
    }
}
