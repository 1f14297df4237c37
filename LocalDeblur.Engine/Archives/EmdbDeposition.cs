using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Archives;

/// <summary>Puts together what the Electron Microscopy Data Bank asks for with a deposition: maps, curve, picture, and the figures to type in.</summary>
/// <remarks>
/// By the EMDB's general deposition guide: the primary map; two different half maps as the reconstruction left them, which go byte for byte, compressed or not; a
/// picture of 500 × 500 pixels; and, welcome though not required, the curve of Fourier shell correlation as XML and the mask that it was measured in. The folder appears
/// whole or not at all.
/// </remarks>
public static class EmdbDeposition
{
    private const string Primary = "primary.map.gz";
    private const string Mask = "mask";
    private const string Curve = "fsc.xml";
    private const string Picture = "image.png";
    private const string Readme = "README.txt";
    private const int PictureEdge = 500;

    /// <summary>Writes the folder.</summary>
    /// <param name="map">The primary map: cubic voxels.</param>
    /// <param name="halves">The half maps that it was made of, on its grid. Both are files.</param>
    /// <param name="folder">Folder to make; a relative path starts at the process directory.</param>
    /// <param name="options">What else goes into it; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run; nothing is left then.</param>
    /// <exception cref="EngineException">
    /// HalfMapsIdentical, HalfMapMismatch or HalfMapMasked, unless half maps are accepted as they are; MapSizeMismatch and its like for maps that do not lie on one grid;
    /// MapCountUnsupported; MapFileNotFound for a half map without a file; MapFileChanged; FscMismatch for curves of another box; ParameterOutOfRange for a volume that the box
    /// does not have; MapFileExists, MapFileInaccessible; and what maps are refused for.
    /// </exception>
    public static EmdbDepositionResult Write(
        CryoMap map, Reconstruction halves, string folder, EmdbDepositionOptions? options = null, IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(halves);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new EmdbDepositionOptions();
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        TemporaryFolder.RequireTarget(target, options.Overwrite, IsOurs);
        RequireFitting(map, halves, options);
        DepositedFile[] files = [new(halves.Half1, "half1"), new(halves.Half2, "half2")];
        DepositedFile? maskFile = options.Mask is { Path: not null } ? new DepositedFile(options.Mask, Mask) : null;

        progress?.Report(new StageProgress("Checking the half maps", 0));
        List<(EngineError Error, string Message)> problems = DepositedHalves.Find(halves, out double[] zeros, out IReadOnlyList<string> doubts, cancellationToken);
        if (problems.Count > 0 && !options.AcceptHalfMaps)
        {
            throw new EngineException(problems[0].Error, string.Join(' ', problems.Select(problem => problem.Message)), halves.Name)
            {
                Advice = [new("if they are right as they are, accept them, which the README will say", EngineParameter.AcceptHalfMaps)],
            };
        }

        // Halves that are one map, or of two, say nothing about noise.
        bool areHalves = problems.TrueForAll(problem => problem.Error == EngineError.HalfMapMasked);
        Reconstruction source = areHalves ? halves : new Reconstruction(map);
        MaskResult? made = options.Mask is null ? MaskBuilder.Run(source, new MaskOptions { Limits = options.Limits }, progress, cancellationToken) : null;
        CryoMap mask = options.Mask ?? made!.Map;
        FscResult? curves = options.Fsc ?? (areHalves
            ? FourierShellCorrelation.Run(halves, mask, new FourierShellCorrelationOptions { Limits = options.Limits }, progress, cancellationToken)
            : null);
        Contour contour = options.Level is { } level ? Contour.At(map, level, cancellationToken)
            : options.EnclosedVolume is { } volume ? Contour.EnclosingVolume(map, volume, cancellationToken)
            : made is not null ? Contour.OfMolecule(map, made.ThresholdVoxels, made.Map, cancellationToken)
            : Contour.OfMolecule(map, source, options.Limits, progress, cancellationToken);
        progress?.Report(new StageProgress("Drawing the surface", 0));
        PngImage picture = SurfaceImage.Render(
            map, contour, new SurfaceImageOptions { Width = PictureEdge, Height = PictureEdge, Limits = options.Limits }, cancellationToken);

        var report = new DepositionReport(map, contour, curves)
        {
            ContourRule = options.Level is not null ? "as given" : options.EnclosedVolume is not null ? "from the enclosed volume, which was given"
                : Say($"automatic: it encloses as much as what exceeds the threshold of a mask in {source.Name}, but no noise"),
            HalfContours = [.. halves.Maps.Select(half => Contour.Enclosing(half, contour.Voxels, cancellationToken).Level)],
            Zeros = zeros,
            Accepted = [.. problems.Select(problem => problem.Message)],
            Doubts =
            [
                .. doubts,
                .. ((string?[])[areHalves ? StrangenessOf(map, halves, cancellationToken) : null]).OfType<string>(),
                .. (curves?.Warnings ?? []).Except(problems.Select(problem => problem.Message)),
            ],
            MaskRule = options.Mask is null ? $"made automatically from {source.Name}" : $"{options.Mask.Name}, as given",
            IsCurveGiven = options.Fsc is not null,
            Halves = files,
        };

        using TemporaryFolder unfinished = TemporaryFolder.Create(target);
        string Within(string name) => Path.Combine(unfinished.Path, name);
        var writing = new MrcWriteOptions { WriteHistory = false };
        MrcWriter.Write(map, Within(Primary), writing, progress, cancellationToken);
        foreach (DepositedFile file in files)
        {
            progress?.Report(new StageProgress($"Copying {Path.GetFileName(file.Source)}", 0));
            file.CopyTo(unfinished.Path, cancellationToken);
        }

        string maskName = maskFile?.Name ?? $"{Mask}.map.gz";
        if (maskFile is not null)
        {
            maskFile.CopyTo(unfinished.Path, cancellationToken);
        }
        else
        {
            MrcWriter.Write(mask, Within(maskName), writing, progress, cancellationToken);
        }

        if (curves is not null)
        {
            FscTable.Write(curves, Within(Curve), overwrite: false);
        }

        ResultFile.Write(Within(Picture), overwrite: false, picture.Write);
        string[] names = [Primary, files[0].Name, files[1].Name, maskName, .. curves is null ? (ReadOnlySpan<string>)[] : [Curve], Picture, Readme];
        ResultFile.WriteText(Within(Readme), overwrite: false, writer => report.Write(writer, Primary, maskName, curves is null ? null : Curve, Picture));
        cancellationToken.ThrowIfCancellationRequested();
        unfinished.Commit();
        return new EmdbDepositionResult(target)
        {
            Files = names,
            VoxelSize = map.VoxelSize,
            ContourLevel = contour.Level,
            Resolution = curves?.Resolution,
            Decisions = [Say($"The contour level is {contour.Level:G4}, {report.ContourRule}."), $"The mask: {report.MaskRule}.", .. options.Limits.Decisions],
            Warnings = [.. report.Accepted.Select(problem => $"Accepted: {problem}"), .. report.Doubts, .. made?.Warnings ?? []],
        };
    }

    private static bool IsOurs(string name) =>
        name is Primary or Curve or Picture or Readme || (MapFileName.IsMap(name) && ((string[])["half1.", "half2.", $"{Mask}."]).Any(name.StartsWith));

    private static void RequireFitting(CryoMap map, Reconstruction halves, EmdbDepositionOptions options)
    {
        halves.RequireHalves("A deposition");
        map.Grid.RequireCubicVoxels(map.Name);
        halves.Grid.RequireSameAs(halves.First.Name, map.Grid, map.Name);
        options.Mask?.Grid.RequireSameAs(options.Mask.Name, map.Grid, map.Name);
        int shells = (map.Size.Longest / 2) + 1;
        if (options.Fsc is { } curves && curves.Shells.Count != shells)
        {
            throw new EngineException(
                EngineError.FscMismatch,
                Say($"The curves have {curves.Shells.Count} shells; expected the {shells} of '{map.Name}' ({map.Size} voxels). Give those of its half maps."),
                map.Name);
        }
    }

    // A map that lies mirrored or elsewhere would not superimpose with its half maps.
    private static string? StrangenessOf(CryoMap map, Reconstruction halves, CancellationToken cancellationToken)
    {
        map.RequireFinite(cancellationToken);
        return HalfMapCheck.Run(map, halves.Half1, cancellationToken).Difference?.Message;
    }
}
