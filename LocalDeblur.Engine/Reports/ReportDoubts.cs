namespace LocalDeblur.Reports;

/// <summary>Collects what the user should know, each thing once, with what to do about things of its kind.</summary>
internal sealed class ReportDoubts
{
    public const string Files = "Check that it is the file that was meant; its header says what the map is.";

    public const string Halves =
        "Give the two half maps of one reconstruction as they left it, each of one half of the particles. Where one file was given twice, no resolution is to be believed.";

    public const string MaskedHalves =
        "Give the half maps as the reconstruction left them (RELION: half1_class001_unfil.mrc; cryoSPARC: map_half_A). What was masked together agrees at the mask's edge too, "
        + "and the curve without a mask is no longer one.";

    public const string MadeMask = "Look at the mask's outline on the slices below. Where it cuts the molecule or takes in solvent, make a mask with a threshold of your "
        + "own, and give that.";

    public const string GivenMask = "Look at its outline on the slices below; use a mask a few voxels wider than the molecule, with an edge that falls off over five voxels "
        + "or more.";

    public const string TightMask = "Repeat with a wider mask with a softer edge. The resolution should then change by little; if it gets worse by much, believe the wider mask.";

    public const string RisingCurve =
        "Look at the curves. Where the one with random phases rises too, the mask does it: use a wider, softer one. Where only the others rise, the halves share something else: "
        + "particles that are in both, a mask or filter that both went through, or an artefact at high resolution. Do not quote a resolution from behind the dip.";

    public const string LocalResolution = "Look at the colours on the slices. Where parts of the molecule have no local resolution, a mask of the molecule or a coarser "
        + "begin of the scan helps.";

    public const string DisplacedResolution =
        "Give the local resolution of this very map: the same box, origin, axis order and hand. Colours and sharpening follow values of other places as long as it lies beside.";

    public const string Sharpened =
        "Sharpen the map as the reconstruction left it: sharpening twice amplifies noise. Look for the unfiltered, unsharpened map, or give the half maps, which programs "
            + "leave as they are.";

    public const string Sharpening = "Compare both maps below before you build into the sharpened one.";

    public const string Model = "Check that the model lies in the map and is the one that was meant. Scores leave out what they cannot measure.";

    private readonly List<ReportWarning> _found = [];

    /// <summary>What was found, in order.</summary>
    public IReadOnlyList<ReportWarning> Found => _found;

    /// <summary>Adds a warning.</summary>
    /// <param name="text">The warning; null for none.</param>
    /// <param name="remedy">What to do about it.</param>
    public void Add(string? text, string remedy) => Add(text is null ? [] : [text], remedy);

    /// <summary>Adds warnings.</summary>
    /// <param name="texts">The warnings.</param>
    /// <param name="remedy">What to do about them.</param>
    public void Add(IReadOnlyList<string> texts, string remedy) =>
        _found.AddRange(texts.Distinct().Where(text => _found.TrueForAll(known => known.Text != text)).Select(text => new ReportWarning(text, remedy)).ToArray());
}
