using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Real maps, and phantoms with known figures. The figures were computed with NumPy in double precision.</summary>
public sealed class MapFileReferenceTests : IDisposable
{
    // Sums of up to a million doubles in another order, relative to the standard deviation.
    private const double SumRounding = 1e-9;

    private readonly MapFolder _folder = new();

    public static TheoryData<string> RealMaps => new(
        "transmem.mrc", "emd_3186.map", "betaGal.mrc", "localResolution.mrc", "emd20026_prot.mrc", "6272.mrc", "low-res-emd-32143.map", "EMD-3001.map", "EMD-3197.map");

    public static TheoryData<string, string, string> PhantomMaps()
    {
        var maps = new TheoryData<string, string, string>();
        foreach (string name in new[] { "half1", "half2", "map", "mask", "locres", "truth" })
        {
            maps.Add("lobes64", "inputs", name);
        }

        foreach (string set in new[] { "orc80", "orc80n6" })
        {
            // Of the sharpened maps those that the repository has.
            foreach (string name in new[] { "half1", "half2", "full", "truth", "mask", "maskbin", "relion_pp_masked", "relion_locres", "locscale_core", "monores_halves" })
            {
                maps.Add(set, "maps", name);
            }
        }

        return maps;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RealMaps))]
    public void RealMapIsReadAsStoredAndSurvivesBeingWritten(string name)
    {
        JsonElement expected = ReferenceData.RequireJson("real/values.json").GetProperty("maps").GetProperty(name);
        string file = ReferenceData.Require($"real/{name}.gz");

        AssertHeader(expected, MrcReader.ReadHeader(file));
        CryoMap map = MrcReader.Open(file);
        AssertVoxels(expected.GetProperty("recomputed_statistics"), expected.GetProperty("samples_xyz_value"), map);

        MrcFile.Write(map, _folder[name]);
        CryoMap written = MrcReader.Open(_folder[name]);
        Assert.Equal(map.Grid, written.Grid);
        Assert.Equal(map.Header!.Cell, written.Header!.Cell);
        Assert.Equal(map.Header.Labels, written.Header.Labels.SkipLast(1));
        Assert.Equal(map.Header.ExtendedHeader.ToArray(), written.Header.ExtendedHeader.ToArray());
        Assert.True(map.AsSpan(TestContext.Current.CancellationToken).SequenceEqual(written.AsSpan(TestContext.Current.CancellationToken)));
        Assert.DoesNotContain(MrcFile.Check(_folder[name]).Findings, finding => finding.Severity > MrcSeverity.Information);
    }

    [Theory]
    [MemberData(nameof(PhantomMaps))]
    public void PhantomHasItsPublishedFigures(string set, string list, string name)
    {
        JsonElement expected = ReferenceData.RequireJson($"{set}/values.json");

        CryoMap map = ReferenceData.OpenMap($"{set}/{name}.mrc.gz");

        JsonElement figures = expected.GetProperty(list).GetProperty(name);
        AssertVoxels(figures, figures.GetProperty("samples_xyz_value"), map);
        Assert.Equal(expected.GetProperty("voxel_size_A").GetDouble(), map.VoxelSize, 1e-6);
    }

    private static void AssertHeader(JsonElement expected, MrcHeader header)
    {
        AssertSame(Integers(expected, "file_dims_columns_rows_sections"), header.Columns, header.Rows, header.Sections);
        AssertSame(Integers(expected, "axis_order_mapc_mapr_maps"), header.AxisOrder.Column, header.AxisOrder.Row, header.AxisOrder.Section);
        AssertSame(Integers(expected, "dims_xyz"), header.Size.X, header.Size.Y, header.Size.Z);
        AssertSame(Integers(expected, "start_in_file_order"), header.ColumnStart, header.RowStart, header.SectionStart);
        AssertSame(Integers(expected, "start_xyz"), header.Start.X, header.Start.Y, header.Start.Z);
        AssertSame(Integers(expected, "mxyz"), header.Sampling.X, header.Sampling.Y, header.Sampling.Z);
        AssertSame(Numbers(expected, "cell_A"), header.Cell.X, header.Cell.Y, header.Cell.Z);
        AssertSame(Numbers(expected, "cell_angles"), header.Angles.X, header.Angles.Y, header.Angles.Z);
        AssertSame(Numbers(expected, "voxel_size_A"), header.Spacing.X, header.Spacing.Y, header.Spacing.Z);
        AssertSame(Numbers(expected, "origin_A"), header.Origin.X, header.Origin.Y, header.Origin.Z);
        Assert.Equal(expected.GetProperty("mode").GetInt32(), (int)header.Mode);
        Assert.Equal(expected.GetProperty("ispg").GetInt32(), header.SpaceGroup);
        Assert.Equal(expected.GetProperty("nsymbt").GetInt32(), header.ExtendedHeader.Length);
        Assert.Equal(expected.GetProperty("nversion").GetInt32(), header.Version);
        Assert.Equal(expected.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!.TrimEnd()).Where(label => label.Length > 0), header.Labels);
        JsonElement statistics = expected.GetProperty("header_statistics");
        Assert.Equal(statistics.GetProperty("dmin").GetSingle(), header.StatedMinimum);
        Assert.Equal(statistics.GetProperty("dmax").GetSingle(), header.StatedMaximum);
        Assert.Equal(statistics.GetProperty("dmean").GetSingle(), header.StatedMean);
        Assert.Equal(statistics.GetProperty("rms").GetSingle(), header.StatedRms);
    }

    private static void AssertVoxels(JsonElement statistics, JsonElement samples, CryoMap map)
    {
        double tolerance = SumRounding * statistics.GetProperty("sd").GetDouble();
        Assert.Equal(statistics.GetProperty("min").GetDouble(), map.Minimum);
        Assert.Equal(statistics.GetProperty("max").GetDouble(), map.Maximum);
        Assert.Equal(statistics.GetProperty("mean").GetDouble(), map.Mean, tolerance);
        Assert.Equal(statistics.GetProperty("sd").GetDouble(), map.StandardDeviation, tolerance);
        foreach (JsonElement sample in samples.EnumerateArray())
        {
            float found = map.GetVoxel(sample[0].GetInt32(), sample[1].GetInt32(), sample[2].GetInt32());
            Assert.Equal((float)sample[3].GetDouble(), found);
        }
    }

    private static void AssertSame<T>(T[] expected, params T[] found) => Assert.Equal(expected, found);

    private static int[] Integers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
