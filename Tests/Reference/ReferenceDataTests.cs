using Xunit;
using Xunit.Sdk;

namespace LocalDeblur.Tests.Reference;

public sealed class ReferenceDataTests
{
    [Theory]
    [InlineData("real/values.json", "licences of their own")]
    [InlineData("emringer/values.json", "no licence")]
    [InlineData("orc80/relion_pp.mrc.gz", "too large")]
    public void MissingDataSkipsATestAndSaysWhy(string file, string why)
    {
        Exception ended = Ending(file, isRequired: false);

        Assert.Equal(typeof(SkipException), ended.GetType());
        Assert.Contains(file, ended.Message, StringComparison.Ordinal);
        Assert.Contains(why, ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingDataFailsATestThatRequiresIt() =>
        Assert.IsType<FailException>(Ending("real/values.json", isRequired: true));

    [Fact]
    public void EverySetOfTheRepositoryIsFound() =>
        Assert.All(["lobes64/map.mrc.gz", "orc80/half1.mrc.gz", "orc80n6/full.mrc.gz", "model-density/model.pdb"], file => Assert.NotNull(ReferenceData.Find(file)));

    // Record.Exception lets a skip through.
    private static Exception Ending(string file, bool isRequired)
    {
        try
        {
            ReferenceData.EndWithout(file, isRequired);
        }
        catch (Exception exception) when (exception is SkipException or FailException)
        {
            return exception;
        }

        throw new InvalidOperationException("The test went on.");
    }
}
