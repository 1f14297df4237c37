using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-FourierShellCorrelation: curves and resolution of two maps, usually half maps; or those that a table has.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FourierShellCorrelation", HelpUri = HelpPages.Folder + "Measure-FourierShellCorrelation.md")]
[OutputType(typeof(FscResult))]
public sealed class MeasureFourierShellCorrelationCommand : HalfMapCommand
{
    private const string TableSet = "Table";
    private static readonly FourierShellCorrelationOptions Defaults = new();
    private MapSource? _mask;

    /// <summary>Curves that were measured before, here or by another program: a table.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TableSet)]
    [ValidateNotNull]
    public FscInput Fsc { get; set; } = null!;

    /// <summary>Where the molecule is: 1 inside, 0 outside, with a soft edge.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>How often a coefficient counts.</summary>
    [Parameter]
    public ShellCounting Counting { get; set; } = Defaults.Counting;

    /// <summary>Resolution (Å) from which on phases are made random; automatic where it is not given.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-2, 1e4)]
    public double? RandomiseFrom { get; set; }

    /// <summary>Seed of the random phases.</summary>
    [Parameter]
    [Number]
    [ValidateRange(int.MinValue, int.MaxValue)]
    public int Seed { get; set; } = Defaults.Seed;

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "A Fourier shell correlation is of two maps. Name them with -HalfMap1 and -HalfMap2, or give exactly two maps in one call.";

    /// <summary>Checks what belongs together, and opens a mask that is for every job.</summary>
    private protected override void Begin()
    {
        base.Begin();
        _mask = OpenGiven(Mask);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        base.Dispose(disposing);
    }

    private protected override bool TakesMaps => ParameterSetName != TableSet;

    private protected override ErrorRecord? FindConflict() =>
        !TakesMaps && ((string[])[nameof(Mask), nameof(Counting), nameof(RandomiseFrom), nameof(Seed)]).FirstOrDefault(IsGiven) is { } measuring
            ? ErrorRecords.MethodConflict(measuring, "belongs to the measurement of two maps", "-Fsc, whose curves are measured")
        : Mask is null && ((string[])[nameof(RandomiseFrom), nameof(Seed)]).FirstOrDefault(IsGiven) is { } parameter ? ErrorRecords.MaskMissing(parameter) : null;

    private protected override void ProcessWithoutMaps()
    {
        FscResult curves = Fsc.Curves ?? ReadOrThrow(Fsc.Path!, FscTable.Read);
        Tell(Fsc.ToString(), curves.Decisions, curves.Warnings);
        WriteObject(curves, enumerateCollection: false);
    }

    private protected override bool TryOpenOthers() => TryOpen(Mask, ref _mask);

    private protected override void Process(MapPair maps)
    {
        if (maps.Second is null)
        {
            Refuse(ErrorRecords.MapCountUnsupported($"One map was given, '{maps.First.Name}'. {TooManyMaps}", maps.First.Target));
            return;
        }

        var options = new FourierShellCorrelationOptions
        {
            Counting = Counting,
            RandomiseFrom = RandomiseFrom,
            Seed = Seed,
            Limits = Limits,
        };
        bool isMeasured = TryRun(
            $"Fourier shell correlation of {maps.Name}",
            maps,
            (halves, progress, token) => FourierShellCorrelation.Run(halves, _mask?.Open(), options, progress, token),
            out FscResult? result);
        _mask?.TellWarnings(this);
        if (!isMeasured)
        {
            return;
        }

        Tell(maps.Name, result!.Decisions, result.Warnings);
        WriteObject(result, enumerateCollection: false);
    }
}
