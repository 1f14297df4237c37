using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalDeblur.Tests.Pester;
using Xunit;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>
/// The odd inputs of <see cref="OddInputTests"/> in every cmdlet: objects whose numbers are numbers, or an error record with an id of the engine; in one session of PowerShell.
/// </summary>
public sealed partial class OddCmdletTests(OddInputs inputs) : IClassFixture<OddInputs>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    // These read no voxels, or pass on, compare and show what they are given; and of a comparison of methods those are refused that take what is odd.
    private static readonly string[] Takes =
        [
            "Get-CryoMapHeader", "Get-CryoMapReport", "Test-CryoMap", "Import-CryoMap", "Import-AtomicModel", "Show-CryoMap", "Export-MapSlice", "New-LocalDeblurJob",
            "ConvertTo-CryoMap", "New-FilterBank", "Compare-CryoMap", "Compare-SharpeningMethod",
        ];

    // These take no map, half map, mask, resolution, truth or model, or do what another does.
    private static readonly string[] WithoutInput = ["New-CryoPhantom", "Save-EmdbEntry", "Stop-LocalDeblurJob", "Submit-LocalDeblurJob"];

    // Pictures, and a look at a folder a second later, take half a second and more each: two cases in the ordinary run.
    private static readonly string[] Slow = ["Export-LocalDeblurReport", "Export-EmdbDeposition", "Export-MapSlice", "Watch-CryoFolder"];

    /// <summary>Each cmdlet with all that it takes.</summary>
    private static readonly string[] Scripts =
    [
        "Compare-CryoMap $Half1 -Reference $Truth -Mask $Mask",
        "Compare-CryoMap $Half1 -Reference $Half2",
        "Compare-CryoMap $Truth -Reference $Half1",
        "Compare-SharpeningMethod -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -Truth $Truth -Resolution 6 -Method Raw, BFactor, AutoSharpen, Wiener",
        "Compare-SharpeningMethod $Half1 -LocalResolution $Resolution -Model $Model -Resolution 6 -Method Raw, LocalDeblur",
        "ConvertTo-CryoMap $Model -Map $Half1",
        "ConvertTo-CryoMap $Model -VoxelSize 1.5 -Resolution 4",
        "Export-ChimeraXScript $To/o.cxc -Map $Half1 -LocalResolution $Resolution -RawMap $Half2 -PassThru",
        "Import-CryoMap $Half1 | Export-CryoMap $To/o.mrc -PassThru",
        "Import-CryoMap $Half1 | Export-CryoMap $To/o.mrc -Mode Float16 -PassThru",
        "Measure-EMRinger $Half1 -Model $Model | Export-EMRingerPlot $To/o.svg -PassThru",
        "Export-EmdbDeposition $To/d -Map $Truth -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -AcceptHalfMaps -PassThru",
        "Measure-FourierShellCorrelation -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask | Export-FscPlot $To/o.svg -PassThru",
        "Measure-FourierShellCorrelation -HalfMap1 $Half1 -HalfMap2 $Half2 | Export-FscTable $To/o.star -PassThru",
        "Measure-GuinierProfile $Half1, $Half2 -Mask $Mask -Model $Model | Export-GuinierPlot $To/o.svg -PassThru",
        "Export-LocalDeblurReport $To/o.html -Map $Truth -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -LocalResolution $Resolution -Model $Model -PassThru",
        "Export-MapSlice $To/o.png -Map $Half1, $Half2 -PassThru",
        "Export-MapSlice $To/o.png -Map $Resolution -LocalResolution -PassThru",
        "Get-CryoMapHeader $Half1, $Mask, $Resolution",
        "Get-CryoMapReport $Half1, $Mask, $Resolution",
        "Test-CryoMap $Half1, $Mask, $Resolution",
        "Import-AtomicModel $Model",
        "Import-CryoMap $Half1, $Mask, $Resolution",
        "Invoke-AutoSharpen -HalfMap1 $Half1 -HalfMap2 $Half2 -Resolution 6",
        "Invoke-AutoSharpen $Half1 -Model $Model -Resolution 4 -BoxOrigin 2, 2, 2 -BoxSize 28, 28, 28",
        "Invoke-BFactorSharpening -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -All",
        "Invoke-BFactorSharpening $Half1 -BFactor -50 -All",
        "Invoke-LocScale $Half1 -Model $Model -Mask $Mask -WindowVoxels 10",
        "Invoke-LocScale $Half1 -Reference $Truth -Mask $Mask -WindowVoxels 10",
        "Invoke-LocalDeblur -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -MaximumIterations 2",
        "Invoke-LocalDeblur $Half1 -LocalResolution $Resolution -MaximumIterations 2",
        "Invoke-LocalDeblur $Half1 -LocalResolution $Resolution -Formulation Paper -MaximumIterations 2",
        "Invoke-LocalWiener -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -All",
        "Invoke-LocalWiener -HalfMap1 $Half1 -HalfMap2 $Half2 -Global",
        "Measure-EMRinger $Half1 -Model $Model",
        "Measure-FourierShellCorrelation -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -RandomiseFrom 8",
        "Measure-GuinierProfile $Half1 -Mask $Mask -FitRange 10, 4",
        "Measure-LocalResolution -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -All",
        "Measure-LocalResolution $Half1 -Mask $Mask -Filled",
        "Measure-LocalResolution -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -Method LocalFsc",
        "Measure-LocalResolution -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -Method LocalFsc -WindowShape Gaussian",
        "Measure-LocalResolution -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask -Method LocalWiener",
        "Measure-MapModelFit $Half1 -Model $Model -Resolution 4",
        "Measure-QScore $Half1 -Model $Model",
        "New-CryoMask $Half1",
        "New-CryoMask -HalfMap1 $Half1 -HalfMap2 $Half2 -Threshold 0.1",
        "New-FilterBank $Half1 -LocalResolution $Resolution -Mask $Mask",
        "New-LocalDeblurJob $To/job.json -HalfMap1 $Half1 -HalfMap2 $Half2 -Mask $Mask",
        "New-LocalDeblurJob $To/job.json -HalfMap1 $Half1 -HalfMap2 $Half2 | Start-LocalDeblurJob; Get-LocalDeblurJob $To/job.json; Wait-LocalDeblurJob $To/job.json",
        "Show-CryoMap $Half1, $Half2 -Style Text",
        "Show-CryoMap $Resolution -LocalResolution -Style Blocks",
        "$null = New-Item -ItemType Directory $To/in; Copy-Item $Half1 $To/in/half1.mrc; Copy-Item $Half2 $To/in/half2.mrc; "
            + "Watch-CryoFolder $To/in -Once -StillPolls 1 -Interval 0:0:1",
    ];

    [Fact]
    public void EveryCmdletIsTried()
    {
        string manifest = File.ReadAllText(Path.Combine(Repository.Root, "LocalDeblur.psd1"));
        string[] all = [.. Cmdlet().Matches(manifest[manifest.IndexOf("CmdletsToExport", StringComparison.Ordinal)..]).Select(name => name.Groups[1].Value)];
        Assert.Equal(40, all.Length);
        Assert.DoesNotContain(all, name => !WithoutInput.Contains(name) && !Scripts.Any(script => script.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EveryOddInputHasAResultOrAnErrorByName()
    {
        string folder = inputs.NewFolder();
        Case[] cases =
        [
            .. from script in Scripts.Index()
               from odd in inputs.Of(file => IsTaken(script.Item, file), script.Index).Take(!OddInputs.IsLongRun && Slow.Any(script.Item.Contains) ? 2 : int.MaxValue)
               select new Case(script.Item, odd.Name, inputs.NewFolder(), odd.Input),
        ];
        string given = Path.Combine(folder, "cases.json"), found = Path.Combine(folder, "found.jsonl");
        await File.WriteAllTextAsync(given, JsonSerializer.Serialize(cases), TestContext.Current.CancellationToken);
        using Process process = PowerShellHost.Start(
            Path.Combine(Repository.Root, "Tests", "Pester", "OddInputs.ps1"), "-Module", PesterSuite.StagedModule(Repository.Root), "-Cases", given, "-Result", found);
        (int code, string output) = await PesterSuite.FinishAsync(process, Limit, TestContext.Current.CancellationToken);
        Assert.True(code == 0, output);

        Found[] results = [.. File.ReadLines(found).Select(line => JsonSerializer.Deserialize<Found>(line)!)];
        Assert.Equal(cases.Length, results.Length);
        IReadOnlyCollection<string> mayBeNone = DocumentedAsNone();
        string[] faults =
        [
            .. from pair in cases.Zip(results)
               let fault = FaultOf(pair.First, pair.Second, mayBeNone)
               where fault is not null
               select $"{pair.First.Script}, {pair.First.Odd}: {fault}",
        ];
        int refused = results.Count(result => result.Errors.Length > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Scripts.Length} commands, {cases.Length} cases: {cases.Length - refused} results, {refused} refusals.");
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    private static bool IsTaken(string script, string file) =>
        (file.Contains("mask", StringComparison.Ordinal) && script.Contains("$Mask", StringComparison.Ordinal))
        || (file.Contains("resolution", StringComparison.Ordinal) && script.Contains("$Resolution", StringComparison.Ordinal))
        || (file.Contains("model", StringComparison.Ordinal) && script.Contains("$Model", StringComparison.Ordinal));

    private static string? FaultOf(Case tried, Found found, IReadOnlyCollection<string> mayBeNone)
    {
        string? left = Directory.GetFiles(tried.To, "*", SearchOption.AllDirectories).FirstOrDefault(file => Path.GetExtension(file) == ".tmp");
        bool mustRefuse = OddInputTests.AlwaysRefused.Contains(tried.Odd)
            && !Takes.Any(name => tried.Script.Contains(name, StringComparison.Ordinal))
            // What is constant has the profile of the mask that it is multiplied by.
            && !(tried.Odd == "map constant" && tried.Script.StartsWith("Measure-GuinierProfile", StringComparison.Ordinal));
        return found.Errors.FirstOrDefault(error => !error.IsBinding && !Enum.TryParse(error.Id, out EngineError _)) is { } unnamed ? $"error {unnamed.Id}: {unnamed.Message}"
            : found.Errors.Length > 0 && tried.Odd == OddInputs.Sound ? $"error {found.Errors[0].Id}: {found.Errors[0].Message}"
            : found.Faults.FirstOrDefault(fault => !mayBeNone.Contains(fault)) is { } fault ? fault
            : left is not null ? $"it leaves {Path.GetFileName(left)}"
            : mustRefuse && found.Errors.Length == 0 ? $"it has a result: {found.Text}"
            // What is documented as infinite is shown as that.
            : found.Errors.Length == 0 ? OddInputTests.FaultOf(tried.To, found.Text.Replace("∞", string.Empty, StringComparison.Ordinal))
            : null;
    }

    // A number that may be none is documented as one, at the property, the parameter of a record, or its type.
    private static HashSet<string> DocumentedAsNone()
    {
        var documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "LocalDeblur.Engine.xml"));
        static bool SaysSo(XElement element) => element.Value.Contains("NaN", StringComparison.Ordinal) || element.Value.Contains("infinite", StringComparison.Ordinal);
        return
        [
            .. from member in documentation.Descendants("member")
               let name = (string)member.Attribute("name")!
               where name[0] == 'P' && SaysSo(member)
               select name[2..],
            .. from parameter in documentation.Descendants("param")
               let name = (string)parameter.Parent!.Attribute("name")!
               where name[0] == 'T' && SaysSo(parameter)
               select $"{name[2..]}.{(string)parameter.Attribute("name")!}",
        ];
    }

    [GeneratedRegex(@"'([A-Z]\w+-[A-Z]\w+)'")]
    private static partial Regex Cmdlet();

    /// <summary>One pipeline with one odd input.</summary>
    private sealed record Case(string Script, string Odd, string To, OddInput Input);

    /// <summary>What came of it: errors, numbers that are none and properties that throw, and what a console would show.</summary>
    private sealed record Found(Refusal[] Errors, string[] Faults, string Text);

    private sealed record Refusal(string Id, bool IsBinding, string Message);
}
