using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class HalfMapNameTests
{
    [Theory]
    [InlineData("half1.mrc", "half2.mrc")]
    [InlineData("Refine3D/half1/run_half2_class001_unfil.mrc", "Refine3D/half1/run_half1_class001_unfil.mrc")]
    [InlineData("J12_004_volume_map_half_A.mrc", "J12_004_volume_map_half_B.mrc")]
    [InlineData("emd_1234_half_map_2.map.gz", "emd_1234_half_map_1.map.gz")]
    [InlineData("x-half-b.mrc", "x-half-a.mrc")]
    [InlineData("half1_of_half2.mrc", "half1_of_half1.mrc")]
    [InlineData("apohalf1.mrc", "apohalf2.mrc")]
    [InlineData("map.mrc", null)]
    [InlineData("half1/map.mrc", null)]
    [InlineData("half_baked.mrc", null)]
    public void TheOtherHalfHasTheOtherWord(string path, string? expected) => Assert.Equal(expected, HalfMapName.Other(path));
}
