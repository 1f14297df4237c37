using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine;

/// <summary>What tests do with map files; the other half builds them and needs no library of tests.</summary>
internal sealed partial class MrcFile
{
    public string Save(MapFolder folder, string name = "map.mrc") => folder.Save(name, Build());

    public static CryoMap Open(string path, MrcReadOptions? options = null) => MrcReader.Open(path, options);

    public static float[] Voxels(CryoMap map) => map.AsSpan(TestContext.Current.CancellationToken).ToArray();

    public static void Write(CryoMap map, string path, MrcWriteOptions? options = null) =>
        MrcWriter.Write(map, path, options, cancellationToken: TestContext.Current.CancellationToken);

    public static MrcReport Check(string path) => MrcRules.Check(path, TestContext.Current.CancellationToken);

    /// <summary>Asserts that an action is refused, with an id and with every given word in its message.</summary>
    public static EngineException Refused(EngineError error, Action action, params string[] words)
    {
        EngineException exception = Assert.Throws<EngineException>(action);
        Assert.Equal(error, exception.Error);
        Assert.All(words, word => Assert.Contains(word, exception.Message, StringComparison.Ordinal));
        return exception;
    }
}
