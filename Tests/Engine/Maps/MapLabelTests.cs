using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MapLabelTests
{
    [Theory]
    [InlineData("a.mrc", "")]
    [InlineData("a.mrc", "-Import")]
    [InlineData("a.mrc: LocalDeblur", "-Import ?Average ?Mask ?MonoRes LocalDeblur")]
    [InlineData("a.mrc: LocalDeblur → LocScale", "-Import LocalDeblur LocScale")]
    [InlineData("a.mrc: Mask", "-Import ?Average ?Mask")]
    [InlineData("a.mrc: Average", "?Average")]
    public void ALabelHasTheStepsThatMadeTheMapWhatItIs(string label, string steps)
    {
        var map = new CryoMap(new MapGrid(new GridSize(2, 2, 2), 1), new float[8], "a.mrc");
        foreach (string step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            StepTelling telling = step[0] switch { '-' => StepTelling.Never, '?' => StepTelling.WhenLast, _ => StepTelling.Always };
            map = map.Derive(new float[8], new HistoryEntry { Step = step.TrimStart('-', '?'), Telling = telling });
        }

        Assert.Equal(label, MapLabel.Of(map));
    }
}
