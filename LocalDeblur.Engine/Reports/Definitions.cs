namespace LocalDeblur.Reports;

/// <summary>What the numbers of a report mean, each a click away from where it stands.</summary>
internal static class Definitions
{
    private static readonly OrderedDictionary<string, (string Term, string Meaning)> All = new()
    {
        ["resolution"] = (
            "Resolution",
            "Where the Fourier shell correlation of the two half maps, corrected for the mask, first falls below 0.143, interpolated between shells (Rosenthal and "
                + "Henderson, 2003). "
                + "It is one number for the whole map, an agreement of the halves and no proof that details are right."),
        ["fsc"] = (
            "Fourier shell correlation (FSC)",
            "Correlation of the Fourier coefficients of the two half maps, shell by shell of resolution: 1 where they agree, 0 where they hold nothing in common. At 0.143 "
                + "the mean "
                + "of both halves correlates with the truth by 0.5; at 0.5 half of the power of each half is signal."),
        ["curves"] = (
            "Curves of the FSC",
            "Unmasked: of the half maps as they are, which counts the noise of the solvent. Masked: of the half maps times the mask. Phases randomised: the same with the "
                + "phases of "
                + "both halves made random beyond a resolution, so that what correlates there is the mask. Corrected: the masked curve with that taken off (Chen et al., 2013)."),
        ["mask"] = (
            "Mask",
            "Where the molecule is: 1 inside, 0 outside, falling off softly between. Voxels of 0.5 and more count as inside. The resolution refers to what the mask lets "
                + "through, so that "
                + "another mask gives another resolution."),
        ["voxel"] = ("Voxel size", "Edge of a voxel. Nothing finer than two voxels can be seen; that limit is called Nyquist."),
        ["halves"] = ("Half maps", "Two reconstructions of one half of the particles each. What they do not share is noise."),
        ["local"] = (
            "Local resolution",
            "The finest detail that stands out of the noise at a place (MonoRes: Vilas et al., 2018), where none was given. It varies within a molecule. Stated are the "
                + "values below which 5, "
                + "50 and 95 % of the mask's voxels that have one lie."),
        ["sharpening"] = (
            "Sharpening",
            "Raising the amplitudes that a reconstruction loses at high resolution. Nothing is added that the map does not hold, noise included: a sharpened map shows more "
                + "of both."),
        ["sigma"] = ("σ", "Standard deviation of all voxels of the map about their mean. A density in σ is its distance from the mean in these."),
        ["contour"] = (
            "Contour",
            "The density of the surface. At first the one that encloses as many voxels as the automatic threshold of a mask finds in the molecule, "
                + "or a higher one, four standard deviations above what surrounds it. One density means another thing in another "
                + "map, so that maps are compared at surfaces that enclose as much."),
        ["enclosed"] = (
            "Enclosed volume",
            "Voxels of the whole box of at least the contour's density, times the volume of a voxel; in kDa at 1.21 Å³ a dalton, the density of protein. Noise that reaches "
                + "the contour counts too. Far above "
                + "the mass of the molecule, the contour is too low."),
        ["guinier"] = (
            "Guinier profile",
            "Logarithm of the mean amplitude in each shell, against the resolution squared, inside the mask. A blur makes a falling line of it, sharpening lifts it. The "
                + "model's profile, where there is one, "
                + "is what amplitudes without blur look like."),
        ["bfactor"] = ("B factor", "Four times the slope of the line through the Guinier profile from 10 Å to the resolution. Negative: the amplitudes fall with "
            + "resolution, as those of a reconstruction do."),
        ["power"] = ("Power spectrum", "Mean squared amplitude in each shell of resolution, inside the mask, as a logarithm to the base of 10."),
        ["histogram"] = (
            "Histogram of densities",
            "How many voxels of the box have each density, in σ. The large peak is the solvent; the molecule is its tail to the right. Sharpening makes the tail longer, "
                + "amplified noise makes the peak wider."),
        ["qscore"] = (
            "Q-score",
            "How much the density around each atom looks like that of an atom, 1 at best (Pintilie et al., 2020); the mean over the atoms. Expected is what good maps of "
                + "this resolution have."),
        ["emringer"] = (
            "EMRinger",
            "Whether side chains stand where rotamers can be, by the density around χ1 (Barad et al., 2015). 1 is good for maps of 3 to 4 Å, 2 is very good, 0 is chance."),
        ["ccmask"] = ("CC mask", "Correlation of the map with the density of the model at the map's resolution, over the voxels around its atoms (Afonine et al., 2018)."),
        ["ccbox"] = ("CC box", "The same over the whole box."),
        ["ccvolume"] = ("CC volume", "The same over as many of the model's highest voxels as the molecule has room for."),
        ["ccpeaks"] = ("CC peaks", "The same over the highest voxels of the map and those of the model: density without model costs."),
        ["modelfsc"] = (
            "Map–model FSC",
            "Correlation of the map with the density of the model, shell by shell; usually quoted where it falls below 0.5. Far coarser than the resolution of the half "
                + "maps, the model does not explain the map."),
        ["inclusion"] = ("Atom inclusion", "Share of the model's atoms, without hydrogens, that lie within the surface at the contour."),
        ["hash"] = ("SHA-256", "A fingerprint of the file: the same file has the same one, any other has another."),
        ["job"] = ("The job", "A file that repeats this run: save it beside this page, and give it to the program."),
    };

    /// <summary>A term that leads to its definition.</summary>
    /// <param name="id">Which.</param>
    /// <param name="text">What stands there; null for the term itself.</param>
    public static Html Link(string id, string? text = null) => Html.Of($"<a class=\"def\" href=\"#def-{id}\">{text ?? All[id].Term}</a>");

    /// <summary>All of them.</summary>
    public static Html List() =>
        Html.Join(All.Select(definition => Html.Of($"<div><dt id=\"def-{definition.Key}\">{definition.Value.Term}</dt><dd>{definition.Value.Meaning}</dd></div>\n")));
}
