using Xunit;
namespace LocalDeblur.Tests.Reference;
internal static class ReferenceData { public static string Require(string p) { string f = "/work/shared/reference/" + p; if (!File.Exists(f)) Assert.Skip("reference data not present"); return f; } }
