using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;
using LocalDeblur.Validation;
using LocalDeblur.Workflows.Methods;
using LocalDeblur.Workflows.Truth;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>What the methods of a comparison share: mask, resolution and model; and the work that each takes.</summary>
internal sealed class SharpeningComparisonWork(Reconstruction reconstruction, CryoMap? givenMask, SharpeningComparisonOptions options, CancellationToken cancellationToken)
    : IDisposable
{
    // Of a method, for the progress display.
    private const double SharpeningShare = 0.85;

    private SharpeningInput? _whole;
    private SharpeningInput[] _halves = [];
    private CryoMap? _reference;
    private EngineException? _maskRefusal;
    private TruthScore? _truth;

    public CryoMap? Mask { get; private set; } = givenMask;

    public double Resolution { get; private set; }

    public GuinierProfile? ModelProfile { get; private set; }

    public List<string> Decisions { get; } = [];

    public List<string> Warnings { get; } = [];

    // What a method may take beside the volumes that are kept for others: the mean, the model's density, and what was sharpened before.
    private RunLimits Limits
    {
        get
        {
            SharpeningInput[] inputs = _whole is null ? [] : [_whole, .. _halves];
            int kept = (reconstruction.HasHalves && _whole is not null ? 1 : 0) + (_reference is null ? 0 : 1) + inputs.Sum(input => input.KeptVolumes);
            long held = sizeof(float) * reconstruction.Grid.Size.VoxelCount * kept;
            return options.Limits.Beside(held + (_truth is null ? 0 : TruthScore.Bytes(reconstruction.Grid.Size)));
        }
    }

    // The mean, the mask, the resolution, and the model's density.
    public void Prepare(IProgress<StageProgress>? progress)
    {
        _whole = new SharpeningInput(reconstruction, half: null, cancellationToken);
        Warnings.AddRange(reconstruction.Warnings(cancellationToken));
        string maskOrigin = Mask is null ? "made from both" : "given";
        if (Mask is null)
        {
            MakeMask(ScaledProgress.Part(progress, 0, 0.4));
        }

        if (options.Resolution is { } given)
        {
            Resolution = given;
        }
        else
        {
            MeasureResolution(ScaledProgress.Part(progress, 0.4, 0.4));
        }

        if (options.Model is { } model)
        {
            _reference = ModelDensity.DrawReference(
                model, reconstruction.Grid, new ModelDensityOptions { Limits = Limits }, ScaledProgress.Part(progress, 0.8, 0.1), cancellationToken);
            Warnings.AddRange(_reference.History[^1].Warnings);
            try
            {
                ModelProfile = Profile(_reference);
            }
            catch (EngineException refusal) when (refusal.Error is EngineError.MapWithoutSignal)
            {
                Warnings.Add($"There is no Guinier distance to the model: {refusal.Message}");
            }
        }

        if (options.Truth is { } truth)
        {
            _truth = new TruthScore(truth, Resolution, outline: null, Limits, cancellationToken);
        }

        if (options.CrossValidate)
        {
            _halves = [new SharpeningInput(reconstruction.Half1, 1, cancellationToken), new SharpeningInput(reconstruction.Half2, 2, cancellationToken)];
            Decisions.Add(
                $"Every method also ran on each half map by itself; what the halves share is the mask ({maskOrigin}), " +
                $"the resolution ({(options.Resolution is null ? "measured between them" : "given")}), " +
                $"{(options.LocalResolution is null ? string.Empty : "the local resolution (given), ")}and for LocScale the amplitudes of the model.");
        }
    }

    public void Dispose() => _truth?.Dispose();

    // One method, on the whole and then on each half by itself. What it made is kept where a later method begins with it.
    public SharpeningComparisonRow Measure(ISharpeningMethod method, ISharpeningMethod[] coming, string? folder, IProgress<StageProgress>? progress)
    {
        bool keeps = coming.Any(next => method.Equals(next.BeginsWith));
        SharpeningInput[] inputs = [_whole!, .. _halves];
        var rows = new SharpeningComparisonRow[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            rows[i] = Measure(method, inputs[i], keeps, folder, ScaledProgress.Part(progress, (double)i / inputs.Length, 1.0 / inputs.Length));
            inputs[i].KeepFor(coming);
        }

        SharpeningComparisonRow row = rows is [var whole, var first, var second] ? Correlate(whole with { Half1 = first, Half2 = second }) : rows[0];
        Array.ForEach(_halves, half => half.Sharpened = null);
        return row;
    }

    // What every result is warned of is true of the model and the box, and is said once.
    public void TakeSharedWarnings(SharpeningComparisonRow[] rows)
    {
        SharpeningComparisonRow[] done = [.. rows.Where(row => row.Error is null)];
        string[] shared =
        [
            .. done.Length < 2 ? [] : done[0].Warnings.Where(warning => done.All(row => row.Warnings.Contains(warning))),
            .. reconstruction.Warnings(cancellationToken),
        ];
        Warnings.AddRange(shared.Except(Warnings));
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Without(rows[i]) with { Half1 = rows[i].Half1 is { } first ? Without(first) : null, Half2 = rows[i].Half2 is { } second ? Without(second) : null };
        }

        SharpeningComparisonRow Without(SharpeningComparisonRow row) => row with { Warnings = [.. row.Warnings.Except(shared)] };
    }

    private SharpeningComparisonRow Measure(ISharpeningMethod method, SharpeningInput input, bool keeps, string? folder, IProgress<StageProgress>? progress)
    {
        var row = new SharpeningComparisonRow
        {
            Method = method.Name,
            Half = input.Half,
            Map = input.Reconstruction.First.Name,
            Model = options.Model?.Name,
            UsesModel = method.NeedsModel,
        };
        long started = Stopwatch.GetTimestamp();
        IProgress<StageProgress>? named = progress is null ? null : new NamedProgress(progress, row.Label);

        // What another method made before is not made again, but counts.
        double before = method.BeginsWith is { } first && input.MadeBy(first) is { } made ? made.Seconds
            : SharpeningInput.GoesByLocalResolution(method) ? input.Estimated.Seconds : 0;
        try
        {
            CryoMap sharpened = Sharpen(method, input, keeps, ScaledProgress.Part(named, 0, SharpeningShare));
            HistoryEntry[] steps = [.. sharpened.History.Skip(input.Reconstruction.First.History.Count)];
            row = row with
            {
                Seconds = before + Stopwatch.GetElapsedTime(started).TotalSeconds,
                PeakBytes = steps.Max(step => step.Cost?.PeakBytes),
                Warnings = [.. steps.SelectMany(step => step.Warnings).Distinct()],
            };
            if (folder is not null)
            {
                string path = Path.Combine(folder, SharpeningComparison.FileName(method, input.Half));
                MrcWriter.Write(sharpened, path, new MrcWriteOptions { Overwrite = options.Overwrite }, null, cancellationToken);
                row = row with { Path = path };
            }

            row = Score(row, sharpened, named);
            input.Sharpened = input.Half is null ? null : sharpened;
            return row;
        }
        catch (EngineException refusal)
        {
            return row with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Error = refusal.Message, ErrorId = refusal.Error };
        }
        catch (OutOfMemoryException)
        {
            return row with
            {
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                Error = "There is not enough memory. Close other programs, or use a smaller box.",
                ErrorId = EngineError.InsufficientMemory,
            };
        }
    }

    // As Compare-CryoMap does, so that the figure can be had again from the maps in the folder.
    private SharpeningComparisonRow Correlate(SharpeningComparisonRow row)
    {
        if (_halves is not [{ Sharpened: { } first }, { Sharpened: { } second }])
        {
            return row;
        }

        try
        {
            return row with { HalfCorrelation = Finite(MapComparison.Compare(first, second, Mask, cancellationToken).Correlation) };
        }
        catch (EngineException refusal)
        {
            return row with { Warnings = [.. row.Warnings, refusal.Message] };
        }
    }

    private void MakeMask(IProgress<StageProgress>? progress)
    {
        var masking = new MaskOptions { Limits = Limits };
        try
        {
            MaskResult made = MaskBuilder.Run(reconstruction, masking, progress, cancellationToken);
            Mask = made.Map;
            Decisions.AddRange(made.Decisions);
            Warnings.AddRange(made.Warnings);
        }
        catch (EngineException refusal) when (refusal.Error is EngineError.MaskEmpty or EngineError.MapWithoutSignal)
        {
            _maskRefusal = refusal;
            Warnings.Add($"No mask could be made, so profiles are of the whole box and methods that need a mask fail: {refusal.Message}");
        }
    }

    private void MeasureResolution(IProgress<StageProgress>? progress)
    {
        var measuring = new FourierShellCorrelationOptions { Limits = Limits };
        FscResult curves = FourierShellCorrelation.Run(reconstruction, Mask, measuring, progress, cancellationToken);
        double nyquist = 2 * reconstruction.Grid.VoxelSize;
        Resolution = Math.Max(curves.Resolution, nyquist);
        Warnings.AddRange(curves.Warnings.Except(Warnings));
        string curve = curves.Final.Curve.ToString().ToLowerInvariant();
        Decisions.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"The resolution is {Resolution:0.##} Å, where the Fourier shell correlation of the half maps ({curve}) falls below {FscResult.Threshold}."));
    }

    private CryoMap Sharpen(ISharpeningMethod method, SharpeningInput input, bool keeps, IProgress<StageProgress>? progress)
    {
        CryoMap start = input.Whole;
        if (method.BeginsWith is { } first)
        {
            start = input.MadeBy(first)?.Map ?? Run(first, input, input.Whole, keeps: true, ScaledProgress.Part(progress, 0, 0.5));
            progress = ScaledProgress.Part(progress, 0.5, 0.5);
        }

        return Run(method, input, start, keeps, progress);
    }

    private CryoMap Run(ISharpeningMethod method, SharpeningInput input, CryoMap start, bool keeps, IProgress<StageProgress>? progress)
    {
        if (method.NeedsHalves)
        {
            input.Reconstruction.RequireHalves(method.Name);
        }

        var job = new SharpeningJob
        {
            Input = input.Reconstruction,
            Start = start,
            Mask = Mask,
            MaskRefusal = _maskRefusal,
            Resolution = Resolution,
            LocalResolution = options.LocalResolution,
            CoarsestResolution = options.CoarsestResolution,
            Estimated = input.Estimated,
            Reference = _reference,
            Limits = Limits,
        };
        long started = Stopwatch.GetTimestamp();
        CryoMap made = method.Run(job, progress, cancellationToken);
        if (keeps)
        {
            input.Keep(method, new SharpeningInput.Beginning(made, Stopwatch.GetElapsedTime(started).TotalSeconds));
        }

        return made;
    }

    private SharpeningComparisonRow Score(SharpeningComparisonRow row, CryoMap sharpened, IProgress<StageProgress>? progress)
    {
        progress?.Report(new StageProgress("Scores", SharpeningShare));
        var warnings = new List<string>(row.Warnings);
        GuinierProfile? profile = Try(() => Profile(sharpened));
        row = row with
        {
            Kurtosis = Finite(VolumeStatistics.Kurtosis(sharpened.AsSpan(cancellationToken))),
            Profile = profile,
            GuinierDistance = profile is null || ModelProfile is null ? null : Finite(profile.ShapeDistance(ModelProfile, SharpeningComparison.GuinierCoarsest, Resolution)),
        };
        if (_truth?.Measure(sharpened, cancellationToken) is ({ } shells, { } voxels))
        {
            row = row with { TruthFsc = Finite(shells), TruthCorrelation = Finite(voxels) };
        }

        if (options.Model is { } model)
        {
            EMRingerResult? ringer = Try(() => EMRinger.Measure(model, sharpened, cancellationToken: cancellationToken));
            progress?.Report(new StageProgress("Scores", 0.88));
            QScoreResult? atoms = Try(() => QScore.Measure(model, sharpened, new QScoreOptions { Limits = Limits }, null, cancellationToken));
            progress?.Report(new StageProgress("Scores", 0.94));
            MapModelFitResult? fit = Try(() => MapModelFit.Measure(
                model, sharpened, Resolution, new MapModelFitOptions { Limits = Limits }, null, cancellationToken));
            row = row with
            {
                EMRinger = Finite(ringer?.Score),
                EMRingerResidues = ringer?.ScoredResidues,
                QScore = Finite(atoms?.Mean),
                QScoreAtoms = atoms?.ScoredAtoms,
                CCMask = Finite(fit?.CCMask),
                CCBox = Finite(fit?.CCBox),
                CCPeaks = Finite(fit?.CCPeaks),
                FscResolution05 = Finite(fit?.FscResolution05),
            };

            // What is true of the model in this box was said once, for all methods.
            warnings.AddRange((ringer?.Warnings ?? []).Concat(atoms?.Warnings ?? []).Concat(fit?.Warnings ?? []).Except(Warnings));
        }

        progress?.Report(new StageProgress("Scores", 1));
        return row with { Warnings = [.. warnings.Distinct()] };

        // A score that cannot be measured costs its figure, not the row.
        T? Try<T>(Func<T> measure)
            where T : class => Attempt.At(measure, warnings);
    }

    private GuinierProfile Profile(CryoMap of) =>
        GuinierProfile.Measure(of, Mask, new GuinierProfileOptions { Limits = Limits }, null, cancellationToken);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    // Names the method, and the half, before the stages.
    private sealed class NamedProgress(IProgress<StageProgress> whole, string name) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => whole.Report(value with { Stage = $"{name}: {value.Stage}" });
    }
}
