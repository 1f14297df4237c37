using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalDeblur.Jobs;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

public sealed class JobSchemaTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void TheDocumentedSchemaIsThatOfTheCode()
    {
        string file = Path.Combine(Repository.Root, "docs", "job.schema.json");
        string expected = Describe().ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("LOCALDEBLUR_RENEW") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.True(
            expected == (File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty),
            "docs/job.schema.json is not what the code reads; LOCALDEBLUR_RENEW=1 with this test writes it anew.");
    }

    private static JsonObject Describe()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = JobDocument.CurrentSchema,
            ["description"] = "A job of LocalDeblur. What its parts mean is documented at the types of LocalDeblur.Jobs, which have the same names.",
        };
        foreach ((string name, JsonNode? value) in JobJson.Schema.AsObject())
        {
            schema[name] = value?.DeepClone();
        }

        schema["properties"]!["schema"] = new JsonObject { ["const"] = JobDocument.CurrentSchema };
        return schema;
    }
}
