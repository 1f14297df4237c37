using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LocalDeblur.Tests;

/// <summary>Puts an entry as the EMDB has them on a local server, of map files at hand. Also compiled by the Pester tests.</summary>
public static class EmdbStandIn
{
    /// <summary>Adds an entry.</summary>
    /// <param name="server">Gets the files.</param>
    /// <param name="number">The number of the entry.</param>
    /// <param name="map">The primary map, an MRC file, not compressed.</param>
    /// <param name="halves">Half maps.</param>
    /// <param name="mask">Mask; or null.</param>
    /// <param name="model">Model in mmCIF or PDB format, which gets the id 1abc; or null.</param>
    public static void Add(LocalServer server, int number, byte[] map, byte[][] halves, byte[]? mask, byte[]? model)
    {
        string id = $"EMD-{number}";
        var parts = new StringBuilder();
        if (halves.Length > 0)
        {
            parts.Append("<half_map_list>");
            for (int i = 0; i < halves.Length; i++)
            {
                string name = $"emd_{number}_half_map_{i + 1}.map.gz";
                server.Files[$"{id}/other/{name}"] = Gzip(halves[i]);
                parts.Append("<half_map ").Append(Describe(name, halves[i])).Append("</half_map>");
            }

            parts.Append("</half_map_list>");
        }

        if (mask is not null)
        {
            server.Files[$"{id}/masks/emd_{number}_msk_1.map"] = mask;
            parts.Append(CultureInfo.InvariantCulture, $"<segmentation_list><segmentation><file>emd_{number}_msk_1.map</file></segmentation></segmentation_list>");
        }

        string models = string.Empty;
        if (model is not null)
        {
            server.Files["models/1abc_updated.cif"] = model;
            models = "<pdb_list><pdb_reference><pdb_id>1abc</pdb_id></pdb_reference></pdb_list>";
        }

        server.Files[$"{id}/map/emd_{number}.map.gz"] = Gzip(map);
        server.Files[$"{id}/header/emd-{number}.xml"] = Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<emd emdb_id=\"{id}\" version=\"3.0.2.0\"><admin><title>A stand-in</title></admin>"
            + $"<crossreferences>{models}</crossreferences><structure_determination_list><structure_determination><singleparticle_processing><final_reconstruction>"
            + "<resolution units=\"Å\">3.4</resolution></final_reconstruction></singleparticle_processing></structure_determination></structure_determination_list>"
            + $"<map {Describe($"emd_{number}.map.gz", map)}<contour_list><contour primary=\"true\"><level>0.25</level></contour></contour_list></map>"
            + $"<interpretation>{parts}</interpretation></emd>");
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes, 0, bytes.Length);
        }

        return packed.ToArray();
    }

    // What the archive measures of a file, from its bytes: float32 after 1024 bytes of header.
    private static string Describe(string name, byte[] map)
    {
        float[] voxels = new float[(map.Length - 1024) / 4];
        Buffer.BlockCopy(map, 1024, voxels, 0, 4 * voxels.Length);
        double mean = voxels.Average(), deviation = Math.Sqrt(voxels.Average(value => (value - mean) * (value - mean)));
        float voxelSize = BitConverter.ToSingle(map, 40) / BitConverter.ToInt32(map, 28);
        return string.Format(
            CultureInfo.InvariantCulture,
            "format=\"CCP4\" size_kbytes=\"{0}\"><file>{1}</file><statistics><minimum>{2}</minimum><maximum>{3}</maximum><average>{4}</average><std>{5}</std></statistics>"
                + "<pixel_spacing><x units=\"Å\">{6}</x></pixel_spacing>",
            map.Length / 1000, name, voxels.Min(), voxels.Max(), mean, deviation, voxelSize);
    }
}
