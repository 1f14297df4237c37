using LocalDeblur.Density;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Shells;
using LocalDeblur.Workflows;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Reports;

/// <summary>Runs what a report shows, one after another: mask, Fourier shell correlation, local resolution, sharpening, profiles, scores.</summary>
internal sealed class SharpeningReportWork(Reconstruction input, CryoMap? givenMask, SharpeningReportOptions options, CancellationToken cancellationToken)
{
    // Where each part ends, for the progress display.
    private const double MaskEnd = 0.06;
    private const double FscEnd = 0.14;
    private const double ResolutionEnd = 0.4;
    private const double SharpeningEnd = 0.75;
    private const double ProfilesEnd = 0.82;
    private const double ScoresEnd = 0.95;

    private readonly ReportDoubts _doubts = new();
    private readonly List<string> _decisions = [];
    private int _kept = 1;

    // What a part may take beside the volumes that are kept for others.
    private RunLimits Limits => options.Limits.Beside(_kept * sizeof(float) * input.Grid.Size.VoxelCount);

    public SharpeningReport Run(IProgress<StageProgress>? progress)
    {
        Require();
        CryoMap before = input.Mean(cancellationToken);
        _doubts.Add(input.HasHalves ? input.Warnings(cancellationToken) : [], ReportDoubts.Halves);
        _doubts.Add([.. input.Maps.SelectMany(map => map.History).SelectMany(step => step.Warnings)], ReportDoubts.Files);
        if (input.HasHalves)
        {
            _doubts.Add([.. input.Maps.Select(half => AppliedMask.WarningOfHalf(half, cancellationToken)).OfType<string>()], ReportDoubts.MaskedHalves);
        }
        else
        {
            _doubts.Add(input.WarningOfLoneHalf, ReportDoubts.Halves);
        }

        (CryoMap mask, long molecule) = Mask(ScaledProgress.Part(progress, 0, MaskEnd));
        _kept++;
        FscResult? fsc = Measure(mask, ScaledProgress.Part(progress, MaskEnd, FscEnd - MaskEnd));
        double? resolution = options.Resolution ?? (fsc is { Resolution: var found } && double.IsFinite(found) ? Math.Max(found, 2 * input.Grid.VoxelSize) : null);
        long maskVoxels = CountInside(mask);
        CryoMap? local = Resolve(mask, ScaledProgress.Part(progress, FscEnd, ResolutionEnd - FscEnd));
        _kept += local is null ? 0 : 1;
        (CryoMap sharpened, string method) = Sharpen(before, mask, local, resolution, ScaledProgress.Part(progress, ResolutionEnd, SharpeningEnd - ResolutionEnd));
        _kept++;
        CryoMap? inMask = local is null ? null : InMask(local, mask);
        ResolutionSpread? spread = inMask is null ? null : ResolutionSpread.Measure(inMask, maskVoxels);

        progress?.Report(new StageProgress("Profiles", SharpeningEnd));
        var profiling = new GuinierProfileOptions { Limits = Limits };
        GuinierProfile[] profiles = [.. ((CryoMap[])[before, sharpened]).Select(map => GuinierProfile.Measure(map, mask, profiling, null, cancellationToken))];
        GuinierFit? fit = resolution is { } finest ? SharpenedBefore.Fit(profiles[0], finest) : null;
        _doubts.Add(SharpenedBefore.WarningOf(input.Name, fit), ReportDoubts.Sharpened);

        progress?.Report(new StageProgress("Model", ProfilesEnd));
        Contour contour = Contour.OfMolecule(sharpened, molecule, mask, cancellationToken);
        (GuinierProfile? drawn, ModelScores? after, ModelScores? earlier) = Score(
            before, sharpened, mask, contour, resolution, ScaledProgress.Part(progress, ProfilesEnd, ScoresEnd - ProfilesEnd));

        progress?.Report(new StageProgress("Pictures", ScoresEnd));
        return new SharpeningReport
        {
            Title = options.Title ?? $"Sharpening of {input.Name}",
            Name = input.Name,
            HasHalves = input.HasHalves,
            Method = method,
            Before = before,
            Sharpened = sharpened,
            Mask = mask,
            IsMaskMade = givenMask is null,
            MaskShare = (double)maskVoxels / mask.Size.VoxelCount,
            Fsc = fsc,
            Resolution = resolution,
            LocalResolution = inMask,
            Spread = spread,
            Profiles = [profiles[0].Named("Before"), profiles[1].Named("After")],
            ModelProfile = drawn?.Named("Model"),
            Fit = fit,
            Contour = contour,
            Scores = after,
            ScoresBefore = earlier,
            Volume = ReportVolume.Of(before, sharpened, mask, inMask, spread, cancellationToken),
            Warnings = _doubts.Found,
            Decisions = [.. _decisions.Distinct()],
            Inputs = Files(),
            Limits = options.Limits,
        };
    }

    private void Require()
    {
        CryoMap first = input.First;
        first.Grid.RequireCubicVoxels(first.Name);
        foreach (CryoMap other in ((CryoMap?[])[givenMask, options.LocalResolution, options.Sharpened]).OfType<CryoMap>())
        {
            other.Grid.RequireSameAs(other.Name, first.Grid, first.Name);
        }

        if (options is { Sharpened: { } sharpened, Method: { } method })
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange, $"The method {method.Name} was asked for, and '{sharpened.Name}' is taken as sharpened already. Give one of both.", sharpened.Name)
            {
                Advice = [new("leave the method out", EngineParameter.Methods)],
            };
        }

        if (options.Method is { NeedsModel: true } modelled && options.Model is null)
        {
            throw new EngineException(EngineError.ParameterOutOfRange, $"{modelled.Name} was asked for without a model, to whose amplitudes it scales the map.")
            {
                Advice = [new("give a model", EngineParameter.Model)],
            };
        }

        if (options.Method is { NeedsHalves: true } halved)
        {
            input.RequireHalves(halved.Name);
        }

        double nyquist = 2 * first.VoxelSize;
        if (options.Resolution is { } resolution && !(resolution >= nyquist * (1 - MapGrid.VoxelSizeTolerance) && resolution <= 100))
        {
            throw EngineException.OutOfRange(
                EngineParameter.Resolution, Say($"The resolution is {resolution} Å; expected {nyquist:0.###} Å (two voxels of '{first.Name}') to 100 Å."), first.Name);
        }

        input.RequireSound(cancellationToken);
        options.Sharpened?.RequireFinite(cancellationToken);
        givenMask?.RequireFinite(cancellationToken);
    }

    // The mask, and how many voxels the molecule itself takes.
    private (CryoMap Mask, long Molecule) Mask(IProgress<StageProgress>? progress)
    {
        var masking = new MaskOptions { Limits = Limits };
        if (givenMask is null)
        {
            MaskResult made = MaskBuilder.Run(input, masking, progress, cancellationToken);
            Tell(made.Map, ReportDoubts.MadeMask);
            return (made.Map, made.ThresholdVoxels);
        }

        _doubts.Add([.. givenMask.History.SelectMany(step => step.Warnings)], ReportDoubts.Files);
        _doubts.Add([.. MaskCheck.Warnings(givenMask, cancellationToken)], ReportDoubts.GivenMask);
        long inside = CountInside(givenMask);
        if (inside == 0)
        {
            throw MaskRule.Empty(givenMask);
        }

        try
        {
            // A surface that encloses more than the mask would be one of noise.
            return (givenMask, Math.Min(inside, MaskBuilder.Run(input, masking, progress, cancellationToken).ThresholdVoxels));
        }
        catch (EngineException refusal) when (refusal.Error is EngineError.MaskEmpty or EngineError.MapWithoutSignal)
        {
            _doubts.Add(refusal.Message, ReportDoubts.MadeMask);
            return (givenMask, Math.Max(1, inside / 2));
        }
    }

    private FscResult? Measure(CryoMap mask, IProgress<StageProgress>? progress)
    {
        if (!input.HasHalves)
        {
            return null;
        }

        FscResult curves = FourierShellCorrelation.Run(input, mask, new FourierShellCorrelationOptions { Limits = Limits }, progress, cancellationToken);
        _decisions.AddRange(curves.Decisions);
        _doubts.Add(curves.Warnings, ReportDoubts.TightMask);
        _doubts.Add(FscDoubts.MaskEffect(curves), ReportDoubts.TightMask);
        _doubts.Add(FscDoubts.Rise(curves), ReportDoubts.RisingCurve);
        return curves;
    }

    private CryoMap? Resolve(CryoMap mask, IProgress<StageProgress>? progress)
    {
        if (options.LocalResolution is { } given)
        {
            _doubts.Add([.. given.History.SelectMany(step => step.Warnings)], ReportDoubts.Files);
            _doubts.Add(ResolutionPlacement.WarningOf(given, mask, cancellationToken), ReportDoubts.DisplacedResolution);
            return given;
        }

        try
        {
            // A map that is a mask with a soft edge everywhere, and nowhere 1, selects nothing for MonoRes.
            MonoResResult found = AutomaticMonoRes.Run(input, mask, new MonoResOptions { Limits = Limits }, null, progress, cancellationToken);
            Tell(found.Map, ReportDoubts.LocalResolution);
            return found.LocalResolution;
        }
        catch (EngineException refusal) when (options.Sharpened is not null || options.Method is not (null or LocalDeblurMethod))
        {
            _doubts.Add($"There is no local resolution. {refusal.Message}", ReportDoubts.LocalResolution);
            return null;
        }
    }

    private (CryoMap Map, string Method) Sharpen(CryoMap before, CryoMap mask, CryoMap? local, double? resolution, IProgress<StageProgress>? progress)
    {
        if (options.Sharpened is { } given)
        {
            Tell(given, ReportDoubts.Sharpening);
            return (given, LastStep(given));
        }

        ISharpeningMethod method = options.Method ?? SharpeningMethods.Named(SharpeningReport.DefaultMethod);
        var job = new SharpeningJob
        {
            Input = input,
            Start = before,
            Mask = mask,
            Resolution = resolution ?? (2 * input.Grid.VoxelSize),
            LocalResolution = local,
            Reference = method.NeedsModel
                ? ModelDensity.DrawReference(options.Model!, input.Grid, new ModelDensityOptions { Limits = Limits }, null, cancellationToken)
                : null,
            Limits = Limits,
        };
        if (method.BeginsWith is { } first)
        {
            job = job with { Start = first.Run(job, ScaledProgress.Part(progress, 0, 0.5), cancellationToken) };
            progress = ScaledProgress.Part(progress, 0.5, 0.5);
        }

        CryoMap sharpened = method.Run(job, progress, cancellationToken);
        Tell(sharpened, ReportDoubts.Sharpening);
        return (sharpened, method.Summary.StartsWith(method.Name, StringComparison.Ordinal) ? method.Summary : $"{method.Name} ({method.Summary})");
    }

    private (GuinierProfile? Profile, ModelScores? After, ModelScores? Before) Score(
        CryoMap before, CryoMap sharpened, CryoMap mask, Contour contour, double? resolution, IProgress<StageProgress>? progress)
    {
        if (options.Model is not { } model)
        {
            return (null, null, null);
        }

        _decisions.AddRange(model.Decisions);
        _doubts.Add(model.Warnings, ReportDoubts.Model);
        GuinierProfile? profile = null;
        try
        {
            CryoMap density = ModelDensity.DrawReference(model, input.Grid, new ModelDensityOptions { Limits = Limits }, null, cancellationToken);
            _doubts.Add(density.History[^1].Warnings, ReportDoubts.Model);
            profile = GuinierProfile.Measure(density, mask, new GuinierProfileOptions { Limits = Limits }, null, cancellationToken);
        }
        catch (EngineException refusal) when (refusal.Error is not EngineError.InsufficientMemory)
        {
            _doubts.Add($"There is no profile of the model. {refusal.Message}", ReportDoubts.Model);
        }

        double level = Contour.Enclosing(before, contour.Voxels, cancellationToken).Level;
        ModelScores earlier = ModelScores.Measure(model, before, level, resolution, Limits, ScaledProgress.Part(progress, 0.2, 0.4), cancellationToken);
        ModelScores after = ModelScores.Measure(model, sharpened, contour.Level, resolution, Limits, ScaledProgress.Part(progress, 0.6, 0.4), cancellationToken);
        _doubts.Add([.. after.Warnings, .. earlier.Warnings], ReportDoubts.Model);
        if (resolution is null)
        {
            _decisions.Add("Correlations with the model are left out: they need a resolution, and one map without half maps and without a given resolution has none.");
        }

        return (profile, after, earlier);
    }

    // What the steps of a map decided and warned of.
    private void Tell(CryoMap map, string remedy)
    {
        foreach (HistoryEntry step in map.History)
        {
            _decisions.AddRange(step.Decisions);
            _doubts.Add(step.Warnings, remedy);
        }
    }

    // In the words of the map's history, or of its file.
    private static string LastStep(CryoMap map)
    {
        string[] steps = [.. map.History.Where(step => step.Telling == StepTelling.Always).Select(step => step.Step)];
        return steps.Length > 0 ? string.Join(", then ", steps)
            : map.Header?.Labels.LastOrDefault() is { } label ? $"a step before this report, of which its file says \u2018{label}\u2019"
            : "a step before this report, which its file does not tell";
    }

    private long CountInside(CryoMap mask)
    {
        long count = 0;
        foreach (float value in mask.AsSpan(cancellationToken))
        {
            count += MaskRule.Selects(value) ? 1 : 0;
        }

        return count;
    }

    // The values that count: inside the mask, and none of a background that fills the outside.
    private CryoMap InMask(CryoMap local, CryoMap mask)
    {
        float[] values = local.CopyVoxels(cancellationToken);
        ReadOnlySpan<float> shape = mask.AsSpan(cancellationToken);
        float background = ResolutionField.FindBackground(values)?.Value ?? 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] > 0 && values[i] != background && MaskRule.Selects(shape[i]) ? values[i] : 0;
        }

        return new CryoMap(local.Grid, values, local.Name, local.History);
    }

    private ReportInput[] Files()
    {
        List<(string Role, string Key, string Name, string? Path)> given = input.HasHalves
            ? [("Half map 1", "halfMap1", input.Half1.Name, input.Half1.Path), ("Half map 2", "halfMap2", input.Half2.Name, input.Half2.Path)]
            : [("Map", "map", input.First.Name, input.First.Path)];
        foreach ((string role, string key, CryoMap? map) in ((string, string, CryoMap?)[])
            [("Sharpened map", "sharpened", options.Sharpened), ("Mask", "mask", givenMask), ("Local resolution", "localResolution", options.LocalResolution)])
        {
            if (map is not null)
            {
                given.Add((role, key, map.Name, map.Path));
            }
        }

        if (options.Model is { } model)
        {
            given.Add(("Model", "model", model.Name, model.Path));
        }

        return [.. given.Select(file => Hashed(file.Role, file.Key, file.Name, file.Path))];
    }

    private ReportInput Hashed(string role, string key, string name, string? path)
    {
        if (path is null)
        {
            return new ReportInput(role, key, name, null, null, null);
        }

        try
        {
            (string hash, long bytes) = FileHash.Of(path, cancellationToken);
            return new ReportInput(role, key, name, path, hash, bytes);
        }
        catch (EngineException refusal)
        {
            _doubts.Add(refusal.Message, ReportDoubts.Files);
            return new ReportInput(role, key, name, path, null, null);
        }
    }
}
