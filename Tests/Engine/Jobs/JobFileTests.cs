using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Stages;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

public sealed class JobFileTests : IDisposable
{
    private const string Stages = "\"schema\": \"localdeblur.job/1\", \"inputs\": { \"map\": { \"path\": \"a.mrc\" } }, \"stages\":";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$.schema is missing")]
    [InlineData("""{ "inputs": {} }""", "$.schema is missing")]
    [InlineData("""{ "schema": "localdeblur.job/2", "unheardOf": 1 }""", "\"localdeblur.job/2\"; expected \"localdeblur.job/1\"")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": {}, "colour": 1 }""", "$.colour", "'colour' is not known here")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc", "size": 3 } } }""", "$.inputs.map.size")]
    [InlineData("""{ #STAGES [ { "stage": "mask", "map": "map", "tresh": 1 } ] }""", "$.stages[0].tresh")]
    [InlineData("""{ #STAGES [ { "stage": "wash" } ] }""", "$.stages[0]", "expected \"stage\" to be one of mask, fsc")]
    [InlineData("""{ #STAGES [ { "map": "map" } ] }""", "$.stages[0]", "expected \"stage\" to be one of mask, fsc")]
    [InlineData("""{ #STAGES [ { "stage": "sharpen", "map": "map", "k": "wide" } ] }""", "$.stages[0].k")]
    [InlineData("""{ #STAGES [ { "stage": "sharpen", "map": "map", "formulation": 1 } ] }""", "$.stages[0].formulation")]
    [InlineData("""{ #STAGES [ null ] }""", "$.stages", "null")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": null } }""", "$.inputs", "null")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": {} } }""", "$.inputs.map", "path")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": {}, "inputs": {} }""", "'inputs' stands there twice")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc", "sha256": "12" } } }""", "$.inputs.map.sha256")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc", "origin": [1, 2] } } }""", "$.inputs.map.origin")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "halfMap1": { "path": "a.mrc" } } }""", "$.inputs", "halfMap2")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc" } }, "resources": { "threads": -1 } }""", "$.resources.threads")]
    [InlineData("""{ "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc" } }, "resources": { "seconds": 0 } }""", "$.resources.seconds")]
    [InlineData("""{ #STAGES [ { "stage": "mask" } ] }""", "$.stages[0]", "Give map, or halfMap1 and halfMap2")]
    [InlineData("""{ #STAGES [ { "stage": "sharpen", "map": "map", "mask": "mask" } ] }""", "uses 'mask'")]
    [InlineData("""{ #STAGES [ { "stage": "mask", "map": "map" }, { "stage": "mask", "map": "map" } ] }""", "$.stages[1]", "id")]
    [InlineData("""{ #STAGES [ { "stage": "mask", "map": "map", "output": "a.mrc" } ] }""", "$.inputs.map")]
    [InlineData(
        """
        { "schema": "localdeblur.job/1", "inputs": { "map": { "path": "a.mrc" } },
          "stages": [ { "stage": "mask", "map": "map", "output": "b.mrc" }, { "stage": "sharpen", "map": "map", "output": "b.mrc" } ] }
        """, "$.stages[1]", "$.stages[0] too")]
    public void WhatIsNotPartOfTheFormatIsRefusedWithItsPlace(string text, params string[] expected)
    {
        // What jobs with stages begin with.
        File.WriteAllText(_path, text.Replace("#STAGES", Stages, StringComparison.Ordinal));

        EngineException refusal = Assert.Throws<EngineException>(() => JobFile.Open(_path));

        Assert.Equal(EngineError.JobInvalid, refusal.Error);
        Assert.All(expected, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("LocalDeblur.Jobs", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsLeftOutHasTheDefaultOfItsMethod()
    {
        File.WriteAllText(_path, $$"""{ {{Stages}} [ { "map": "map", "stage": "mask" } ] }""");

        Assert.Equal(new MaskStage { Map = "map" }, Assert.Single(JobFile.Open(_path).Stages));
    }

    [Fact]
    public void EveryStageReadsBackAsItWasWritten()
    {
        var inputs = new Dictionary<string, JobInput>
        {
            ["map"] = new() { Path = "a.mrc", Sha256 = new string('a', 64), Bytes = 3, VoxelSize = 1.5 },
            ["model"] = new() { Path = "a.cif" },
        };
        JobStage[] stages = [.. JobStage.Kinds.Select((kind, i) => JobStage.Create(kind) with { Id = $"{kind}{i}" })];
        var document = new JobDocument
        {
            Schema = JobDocument.CurrentSchema,
            Inputs = inputs,
            Stages = [.. stages.Select(stage => stage is ReconstructionStage reconstruction ? reconstruction with { Map = "map" } : stage)],
            Resources = new JobResources { Threads = 2, MemoryBytes = 1 << 30, Seconds = 60 },
        };

        JobFile written = JobFile.Write(document, _path, overwrite: true);
        byte[] first = File.ReadAllBytes(_path);
        JobFile.Write(JobFile.Open(_path).Document, _path, overwrite: true);

        Assert.Equal(JobStage.Kinds, written.Stages.Select(stage => stage.Kind));
        Assert.Equal(first, File.ReadAllBytes(_path));
    }
}
