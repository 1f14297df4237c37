using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models.Reading;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using Xunit;

namespace LocalDeblur.Tests.Engine.Files;

/// <summary>The system says of a folder that access to it is denied, which sends people to look for rights.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFolderInPlaceOfAFileIsCalledOne()
    {
        string path = Directory.CreateDirectory(_folder["maps"]).FullName;

        Refused(EngineError.MapFileInaccessible, () => MrcReader.Open(path));
        Refused(EngineError.MapFileInaccessible, () => MrcReader.ReadHeader(path));
        Refused(EngineError.ModelFileInaccessible, () => ModelReader.Open(path, cancellationToken: TestContext.Current.CancellationToken));
        Refused(EngineError.MapFileInaccessible, () => FscTable.Read(path));
        Refused(EngineError.MapFileInaccessible, () => DetectorMtf.Read(path));

        void Refused(EngineError error, Action open) => MrcFile.Refused(error, open, path, "is a folder; expected a ");
    }
}
