namespace LocalDeblur.Tests.Reference;

/// <summary>
/// Map–model correlations of cctbx 2022.9 with the structure factors of the model summed directly, atom by atom, for every coefficient up to the resolution.
/// The program itself takes them from atoms that end where their density falls to 1/1000 of the atoms' mean peak.
/// </summary>
internal static class DirectSumCorrelations
{
    private static readonly Dictionary<string, Figures> Table = new()
    {
        ["orc80/full"] = new(0.995078, 0.983067, 0.995213, 0.995166, 11685),
        ["orc80/truth"] = new(0.996021, 0.998278, 0.996173, 0.996133, 11685),
        ["orc80/half1"] = new(0.993900, 0.968643, 0.994041, 0.993584, 11685),
        ["orc80/half2"] = new(0.994107, 0.968524, 0.994188, 0.993886, 11685),
        ["orc80/relion_pp"] = new(0.536271, 0.464896, 0.559126, 0.425880, 11685),
        ["orc80/relion_pp_masked"] = new(0.536271, 0.578075, 0.559126, 0.475582, 11685),
        ["orc80/relion_locres_filtered"] = new(0.801759, 0.847817, 0.808807, 0.787267, 11685),
        ["orc80/auto_sharpen_default"] = new(0.926926, 0.881628, 0.924069, 0.893747, 11685),
        ["orc80/auto_sharpen_halfmap"] = new(0.638098, 0.239477, 0.639149, 0.301541, 11685),
        ["orc80/locscale_core"] = new(0.994387, 0.997386, 0.994515, 0.994488, 11685),
        ["orc80/localdeblur"] = new(0.876007, 0.893439, 0.876611, 0.862134, 11685),
        ["orc80n6/full"] = new(0.871305, 0.429657, 0.869896, 0.647841, 11685),
        ["orc80n6/truth"] = new(0.974279, 0.988717, 0.974771, 0.975000, 11685),
        ["orc80n6/half1"] = new(0.789180, 0.323048, 0.786356, 0.385962, 11685),
        ["orc80n6/half2"] = new(0.781022, 0.315915, 0.777682, 0.364963, 11685),
        ["orc80n6/relion_pp"] = new(0.534264, 0.157692, 0.529953, -0.170852, 11685),
        ["orc80n6/relion_pp_masked"] = new(0.534264, 0.523537, 0.529954, 0.297780, 11685),
        ["orc80n6/relion_locres_filtered"] = new(0.886928, 0.916401, 0.886072, 0.874886, 11685),
        ["orc80n6/auto_sharpen_default"] = new(0.895007, 0.432583, 0.890600, 0.656728, 11685),
        ["orc80n6/auto_sharpen_halfmap"] = new(0.896487, 0.584134, 0.894764, 0.857559, 11685),
        ["orc80n6/locscale_core"] = new(0.904254, 0.962558, 0.903639, 0.902295, 11685),
        ["orc80n6/localdeblur"] = new(0.684898, 0.513259, 0.681087, 0.533250, 11685),
        ["transmem.mrc+transmem.pdb.renum.pdb"] = new(0.644981, 0.731291, 0.698852, 0.736178, 31938),
        ["transmem.mrc+1a.pdb"] = new(0.646060, 0.732126, 0.699674, 0.737056, 31931),
        ["transmem.mrc+1c.pdb"] = new(0.645662, 0.731905, 0.699276, 0.736840, 31928),
        ["transmem.mrc+1e.pdb"] = new(0.595991, 0.681571, 0.674000, 0.684714, 32961),
        ["6272.mrc+6272.pdb"] = new(0.814863, 0.467583, 0.816461, 0.448177, 28837),
        ["emd20026_prot.mrc+3ajo_fitted_refined.pdb"] = new(0.820563, 0.681423, 0.791770, 0.718249, 119677),
        ["emd_3186.map+5fj6.pdb"] = new(0.877881, 0.701917, 0.871030, 0.669987, 44305),
    };

    /// <summary>Figures of a map, by its name in the reference data; of 1e.pdb without its hydrogens.</summary>
    /// <param name="map">Set and map, or map and model.</param>
    public static Figures Of(string map) => Table[map];

    /// <summary>Correlations of one map, and voxels in the mask of the model.</summary>
    internal sealed record Figures(double CCMask, double CCBox, double CCVolume, double CCPeaks, int MaskVoxels);
}
