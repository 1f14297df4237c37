using Xunit;

namespace LocalDeblur.Tests.Engine;

/// <summary>How the advice of a refusal reads in the engine, and in a front end that can or cannot follow it.</summary>
public sealed class EngineExceptionTests
{
    private static readonly EngineException Refusal = new(EngineError.MapFileExists, "'a.mrc' exists already.")
    {
        Advice = [new("give another path"), new("choose a volume", EngineParameter.Index), new("allow the file to be replaced", EngineParameter.Overwrite)],
    };

    [Fact]
    public void TheMessageHasEveryAdviceInPlainWords() =>
        Assert.Equal("'a.mrc' exists already. Give another path, choose a volume, or allow the file to be replaced.", Refusal.Message);

    [Fact]
    public void AFrontEndAddsItsSpellings() => Assert.Equal(
        "'a.mrc' exists already. Give another path, choose a volume (-Index), or allow the file to be replaced (-Overwrite).",
        Refusal.MessageFor(parameter => $"-{parameter}"));

    [Fact]
    public void AdviceThatCannotBeFollowedIsLeftOut() => Assert.Equal(
        "'a.mrc' exists already. Give another path, or allow the file to be replaced (--force).",
        Refusal.MessageFor(parameter => parameter == EngineParameter.Overwrite ? "--force" : null));

    [Fact]
    public void WithoutAdviceTheMessageStandsAlone()
    {
        var refusal = new EngineException(EngineError.MapTruncated, "'a.mrc' is truncated.") { Advice = [new("choose a volume", EngineParameter.Index)] };

        Assert.Equal("'a.mrc' is truncated.", refusal.MessageFor(_ => null));
        Assert.Equal("'a.mrc' is truncated.", new EngineException(EngineError.MapTruncated, "'a.mrc' is truncated.").Message);
    }
}
