using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-FourierShellCorrelation: curves and resolution of two maps, usually half maps.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FourierShellCorrelation", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Measure-FourierShellCorrelation.md")]
[OutputType(typeof(FscResult))]
public sealed class MeasureFourierShellCorrelationCommand : HalfMapCommand
{
    private static readonly FourierShellCorrelationOptions Defaults = new();
    private MapSource? _mask;

    /// <summary>Where the molecule is: 1 inside, 0 outside, with a soft edge.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>How often a coefficient counts.</summary>
    [Parameter]
    public ShellCounting Counting { get; set; } = Defaults.Counting;

    /// <summary>Resolution (Å) from which on phases are made random; automatic where it is not given.</summary>
    [Parameter]
    [ValidateRange(1e-2, 1e4)]
    public double? RandomiseFrom { get; set; }

    /// <summary>Seed of the random phases.</summary>
    [Parameter]
    [ValidateRange(int.MinValue, int.MaxValue)]
    public int Seed { get; set; } = Defaults.Seed;

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "A Fourier shell correlation is of two maps. Name them with -HalfMap1 and -HalfMap2, or give exactly two maps a call.";

    /// <summary>Checks what belongs together, and opens the mask.</summary>
    protected override void BeginProcessing()
    {
        if (Mask is null)
        {
            foreach (string parameter in (string[])[nameof(RandomiseFrom), nameof(Seed)])
            {
                if (IsGiven(parameter))
                {
                    ThrowTerminatingError(ErrorRecords.MaskMissing(parameter));
                }
            }

            return;
        }

        _mask = OpenOrThrow(Mask);
    }

    /// <summary>Keeps the maps.</summary>
    protected override void ProcessRecord() => Collect();

    /// <summary>Measures the two maps.</summary>
    protected override void EndProcessing()
    {
        if (!TryTakeCollected(out MapPair? maps))
        {
            return;
        }

        if (maps.Second is null)
        {
            ThrowTerminatingError(ErrorRecords.MapCountUnsupported($"One map was given, '{maps.First.Name}'. {TooManyMaps}", maps.First.Target));
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

        foreach (string decision in result!.Decisions)
        {
            WriteVerbose($"{maps.Name}: {decision}");
        }

        foreach (string warning in result.Warnings)
        {
            WriteWarning($"{maps.Name}: {warning}");
        }

        WriteObject(result, enumerateCollection: false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        base.Dispose(disposing);
    }
}
