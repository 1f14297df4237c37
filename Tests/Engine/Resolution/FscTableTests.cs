using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using Xunit;

namespace LocalDeblur.Tests.Engine.Resolution;

/// <summary>Curves in the formats of RELION and the EMDB.</summary>
public sealed class FscTableTests : IDisposable
{
    private const string RelionProgram = "relion_ctf_refine";
    private readonly MapFolder _folder = new();
    private readonly Reconstruction _halves;
    private readonly CryoMap _mask;

    public FscTableTests()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 32 });
        (string Name, CryoMap Map)[] maps = [("half1.mrc", phantom.DrawHalfMap(1)), ("half2.mrc", phantom.DrawHalfMap(2)), ("mask.mrc", phantom.DrawMask())];
        CryoMap[] written = [.. maps.Select(map =>
        {
            MrcWriter.Write(map.Map, _folder[map.Name], new MrcWriteOptions { WriteHistory = false });
            return MrcReader.Open(_folder[map.Name]);
        })];
        _halves = new Reconstruction(written[0], written[1]);
        _mask = written[2];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StarReadsBackExactly(bool isMasked)
    {
        FscResult result = FourierShellCorrelation.Run(_halves, isMasked ? _mask : null, cancellationToken: TestContext.Current.CancellationToken);
        FscTable.Write(result, _folder["fsc.star"], overwrite: false, projectFolder: Path.GetDirectoryName(_folder["fsc.star"]));
        FscResult read = FscTable.Read(_folder["fsc.star"]);

        Assert.Equal(result.Shells.Select(shell => shell with { Count = 0 }), read.Shells);
        Assert.Equal(result.RandomisedFrom, read.RandomisedFrom);
        Assert.Equal(["half1.mrc", "half2.mrc"], read.HalfMaps);
        Assert.Equal(isMasked ? "mask.mrc" : null, read.Mask);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void XmlHasTheCurveThatStatesTheResolution()
    {
        FscResult result = FourierShellCorrelation.Run(_halves, _mask, cancellationToken: TestContext.Current.CancellationToken);
        FscTable.Write(result, _folder["fsc.xml"], overwrite: false);
        FscResult read = FscTable.Read(_folder["fsc.xml"]);

        Assert.Equal([FscCurveKind.Corrected], read.Curves);
        Assert.Equal(
            result.Shells.Skip(1).Select(shell => (shell.Index, shell.Frequency, shell.Corrected)),
            read.Shells.Skip(1).Select(shell => (shell.Index, shell.Frequency, shell.Corrected)));
        Assert.Equal(result.Resolution, read.Resolution, 1e-12);
    }

    [Fact]
    public void NamesThatRelionCannotReadAreLeftOut()
    {
        var result = new FscResult(FourierShellCorrelation.Run(_halves, cancellationToken: TestContext.Current.CancellationToken).Shells)
        {
            HalfMaps = ["a b.mrc", "/else/b.mrc"],
            Mask = "m.mrc",
        };
        FscTable.Write(result, _folder["fsc.star"], overwrite: false, projectFolder: Path.GetDirectoryName(_folder["fsc.star"]));
        string text = File.ReadAllText(_folder["fsc.star"]);

        Assert.DoesNotContain("Half1", text, StringComparison.Ordinal);
        Assert.Contains("/else/b.mrc", text, StringComparison.Ordinal);
    }

    // What RELION 3.1.3 wrote; the last value is below the threshold, so that the shell before it states the resolution.
    [Theory]
    [InlineData(
        "# RELION postprocess; version 3.1.3\n\n# version 30001\n\ndata_general\n\n_rlnFinalResolution  40.0\n_rlnRandomiseFrom 80.0\n\n"
        + "# version 30001\n\ndata_fsc\n\nloop_ \n"
        + "_rlnSpectralIndex #1 \n_rlnResolution #2 \n_rlnAngstromResolution #3 \n_rlnFourierShellCorrelationUnmaskedMaps #4 \n"
        + " 0 0.001001 999.000000 1.000000 \n 1 0.012500 80.000000 0.977115 \n 2 0.025000 40.000000 0.892184 \n 3 0.037500 26.666667 -0.08 \n \n",
        FscCurveKind.Unmasked)]
    [InlineData(
        "<fsc title=\"RELION masked-corrected FSC\" xaxis=\"Resolution (A-1)\" yaxis=\"Correlation Coefficient\">\n<coordinate><x>0.001001</x><y>1</y></coordinate>"
        + "<coordinate><x>0.0125</x><y>0.99</y></coordinate><coordinate><x>0.025</x><y>0.5</y></coordinate>"
        + "<coordinate><x>0.0375</x><y>0.1</y></coordinate></fsc>",
        FscCurveKind.Corrected)]
    [InlineData("<?xml version=\"1.0\"?><fsc title=\"\"><coordinate><x>0.0125</x><y>0.99</y></coordinate><coordinate><x>0.025</x><y>0.5</y></coordinate>"
        + "<coordinate><x>0.0375</x><y>0.1</y></coordinate></fsc>", FscCurveKind.Corrected)]
    public void FilesOfOtherProgramsAreRead(string text, FscCurveKind curve)
    {
        using var reader = new StringReader(text);
        FscResult read = FscTable.Read(reader, "other");

        Assert.Equal([curve], read.Curves);
        Assert.Equal(4, read.Shells.Count);
        Assert.Equal(40, read.ResolutionShell, 1e-9);
        Assert.Empty(read.Warnings);
    }

    [Theory]
    [InlineData("data_fsc\n\nloop_\n_rlnSpectralIndex #1\n_rlnResolution #2\n_rlnFourierShellCorrelationUnmaskedMaps #3\n0 0.001 1\n1 0.1\n", "line 8: 2 fields")]
    [InlineData("data_particles\nloop_\n_rlnImageName #1\na.mrcs\n", "data_fsc")]
    [InlineData("<map/>", "<map>")]
    [InlineData("<fsc><coordinate><x>1</x></coordinate>", "no XML")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><fsc>&b;</fsc>", "no XML")]
    [InlineData(
        "<fsc><coordinate><x>0.1</x><y>1</y></coordinate><coordinate><x>0.2</x><y>1</y></coordinate><coordinate><x>0.9</x><y>1</y></coordinate>"
            + "<coordinate><x>1</x><y>1</y></coordinate></fsc>",
        "equal distances")]
    [InlineData(
        "<fsc><coordinate><x>0</x><y>1</y></coordinate><coordinate><x>1e300</x><y>1</y></coordinate><coordinate><x>1e300</x><y>1</y></coordinate></fsc>",
        "equal distances")]
    public void WhatIsNoTableIsRefused(string text, string message)
    {
        using var reader = new StringReader(text);
        EngineException refusal = Assert.Throws<EngineException>(() => FscTable.Read(reader, "other"));

        Assert.Equal(EngineError.FscTableInvalid, refusal.Error);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AResolutionThatTheCurveDoesNotGiveIsWarnedOf()
    {
        using var reader = new StringReader(
            "data_general\n_rlnFinalResolution 3\ndata_fsc\nloop_\n_rlnSpectralIndex\n_rlnResolution\n_rlnFourierShellCorrelationUnmaskedMaps\n0 0.001 1\n1 0.1 1\n2 0.2 0\n");

        Assert.Contains("3 Å", Assert.Single(FscTable.Read(reader, "a.star").Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ACurveThatBeginsBelowTheThresholdIsWrittenWithRelionsStandInAndNoWarning()
    {
        CryoMap opposed = new(_halves.Half1.Grid, [.. _halves.Half1.AsSpan(TestContext.Current.CancellationToken).ToArray().Select(value => -value)], "opposed");
        FscResult result = FourierShellCorrelation.Run(new Reconstruction(_halves.Half1, opposed), cancellationToken: TestContext.Current.CancellationToken);
        FscTable.Write(result, _folder["opposed.star"], overwrite: false);
        string text = File.ReadAllText(_folder["opposed.star"]);

        Assert.Equal(double.PositiveInfinity, result.ResolutionShell);
        Assert.Matches(@"_rlnFinalResolution\s+999\n", text);
        Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
        Assert.Empty(FscTable.Read(_folder["opposed.star"]).Warnings);
    }

    [Fact]
    public async Task RelionTakesItsReferencesFromTheStarFile()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, RelionProgram)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"RELION's {RelionProgram} is not installed.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        string folder = Path.GetDirectoryName(_folder["a"])!;
        var options = new BFactorSharpeningOptions { FitRange = new(10, 3) };
        BFactorSharpeningResult found = BFactorSharpening.Run(_halves, _mask, options, cancellationToken: stop);
        FscTable.Write(found.Fsc!, _folder["postprocess.star"], overwrite: false, found.Guinier, folder);
        await File.WriteAllTextAsync(_folder["particles.star"], Particles, stop);

        var start = new ProcessStartInfo(program!) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach("--i particles.star --f postprocess.star --o refined/ --fit_aberr --j 1".Split(' '), start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop);
        string error = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        string text = await output;

        // The particles themselves are not there; all that the file is read for comes before them.
        Assert.Contains("Half map 1: half1.mrc", text, StringComparison.Ordinal);
        Assert.Contains("Half map 2: half2.mrc", text, StringComparison.Ordinal);
        Assert.Contains("Mask: mask.mrc", text, StringComparison.Ordinal);
        Assert.Contains("Performing loop over all micrographs", text, StringComparison.Ordinal);
        Assert.Contains("Cannot read file p.mrcs", error, StringComparison.Ordinal);
    }

    private const string Particles = """

        # version 30001

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnAmplitudeContrast #5
        _rlnImagePixelSize #6
        _rlnImageSize #7
        _rlnImageDimensionality #8
        _rlnMicrographOriginalPixelSize #9
        og1 1 300 2.7 0.1 1.06 32 2 1.06


        # version 30001

        data_particles

        loop_
        _rlnCoordinateX #1
        _rlnCoordinateY #2
        _rlnImageName #3
        _rlnMicrographName #4
        _rlnOpticsGroup #5
        _rlnDefocusU #6
        _rlnDefocusV #7
        _rlnDefocusAngle #8
        _rlnAngleRot #9
        _rlnAngleTilt #10
        _rlnAnglePsi #11
        _rlnOriginXAngst #12
        _rlnOriginYAngst #13
        _rlnRandomSubset #14
        10 10 1@p.mrcs m.mrc 1 10000 10000 0 0 0 0 0 0 1
        10 10 2@p.mrcs m.mrc 1 10000 10000 0 0 0 0 0 0 2

        """;
}
