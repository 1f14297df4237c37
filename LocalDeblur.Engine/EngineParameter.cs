namespace LocalDeblur;

/// <summary>
/// What the advice of a refusal can name. The engine knows no front end's spelling of it: a front end says how it spells every one of these, or that it has none,
/// and leaves out advice that cannot be followed there. Named as the properties of the engine's options are.
/// </summary>
public enum EngineParameter
{
    /// <summary>Files of maps, as a pattern that may stand for several.</summary>
    MapPath,

    /// <summary>Files of atomic models, as a pattern that may stand for several.</summary>
    ModelPath,

    /// <summary>Whether a file that exists is replaced.</summary>
    Overwrite,

    /// <summary>Voxel size (Å) that is used instead of a map header's.</summary>
    VoxelSize,

    /// <summary>Place in space (Å) that is used instead of a map header's.</summary>
    Origin,

    /// <summary>Value that replaces voxels that are NaN or infinite.</summary>
    NonFiniteValue,

    /// <summary>Which volume of a stack of volumes is read.</summary>
    Index,

    /// <summary>Whether the hydrogens of a model are left out.</summary>
    DropHydrogens,

    /// <summary>The two half maps of a reconstruction.</summary>
    HalfMaps,

    /// <summary>Where the molecule is.</summary>
    Mask,

    /// <summary>Atomic model.</summary>
    Model,

    /// <summary>Local resolution (Å) of a map.</summary>
    LocalResolution,

    /// <summary>Curves of Fourier shell correlation.</summary>
    Fsc,

    /// <summary>Filter bank of LocalDeblur.</summary>
    Bank,

    /// <summary>Coarsest local resolution (Å) that a filter bank is made for.</summary>
    BankCoarsestResolution,

    /// <summary>Number of threads.</summary>
    Threads,

    /// <summary>Most memory that a run may hold.</summary>
    MemoryLimit,

    /// <summary>Density from which on a voxel is inside a mask.</summary>
    Threshold,

    /// <summary>Resolution (Å) of a low-pass filter.</summary>
    LowPassResolution,

    /// <summary>Fewest voxels of a connected part that a mask keeps.</summary>
    MinimumComponentVoxels,

    /// <summary>How far (voxels) a mask reaches beyond what the threshold selects.</summary>
    ExtendVoxels,

    /// <summary>Width (voxels) of a mask's soft edge.</summary>
    SoftEdgeVoxels,

    /// <summary>Resolution (Å) of a map, or of the density of a model.</summary>
    Resolution,

    /// <summary>Coarsest resolution (Å) of a scan, a measurement, a plot or a phantom.</summary>
    CoarsestResolution,

    /// <summary>Step (Å) between the resolutions of a scan.</summary>
    Step,

    /// <summary>Share of the noise that a voxel must exceed.</summary>
    Significance,

    /// <summary>Where the noise is taken from.</summary>
    NoiseFrom,

    /// <summary>Distance (Å) between spheres in which half maps are compared.</summary>
    SamplingDistance,

    /// <summary>Resolution (Å) from which on phases are random, to correct for spheres.</summary>
    RandomiseBeyond,

    /// <summary>Resolution (Å) from which on phases are random, to correct for a mask.</summary>
    RandomiseFrom,

    /// <summary>Rounds of estimating the local resolution and sharpening.</summary>
    Rounds,

    /// <summary>Width parameter of the weights of a filter bank (1/Å²).</summary>
    K,

    /// <summary>Share of the largest singular value of a filter bank below which others are left out.</summary>
    RankTolerance,

    /// <summary>Step size of the iteration.</summary>
    StepSize,

    /// <summary>Most iterations.</summary>
    MaximumIterations,

    /// <summary>Which published form of LocalDeblur is computed.</summary>
    Formulation,

    /// <summary>B factor (Å²) that a map is sharpened by.</summary>
    BFactor,

    /// <summary>Range of resolution (Å) of a Guinier fit.</summary>
    FitRange,

    /// <summary>Width (shells) of the edge of a low-pass filter.</summary>
    LowPassEdgeShells,

    /// <summary>Size (Å) of a detector's pixel in the specimen.</summary>
    MtfPixelSize,

    /// <summary>Whether a result is multiplied by the mask.</summary>
    ApplyMask,

    /// <summary>Box (voxels) in which B factors are searched for, or map and model are compared.</summary>
    Box,

    /// <summary>Edge (voxels) of the window in which amplitudes are scaled.</summary>
    WindowVoxels,

    /// <summary>One B factor (Å²) for all atoms of a model.</summary>
    AtomBFactor,

    /// <summary>Blur (Å²) that is added to the B factors of a model.</summary>
    Blur,

    /// <summary>Voxel size (Å) of a map that is drawn around a model.</summary>
    ModelVoxelSize,

    /// <summary>Room (Å) around a model in a map that is drawn around it.</summary>
    Margin,

    /// <summary>Distance (Å) from the atoms of a residue within which voxels count for it.</summary>
    ResidueRadius,

    /// <summary>Residues to either side that a rolling window takes in.</summary>
    WindowReach,

    /// <summary>B factor (Å²) that a result is brought to.</summary>
    TargetBFactor,

    /// <summary>Exponent of the weights of bands.</summary>
    WeightExponent,

    /// <summary>Width (Å) of the window in which signal and noise are told apart.</summary>
    WindowWidth,

    /// <summary>Whether positive density is added in the molecule.</summary>
    Positivity,

    /// <summary>Whether a band has one weight for the whole map.</summary>
    Global,

    /// <summary>Whether local resolution, noise and confidence are worked out beside the restored map.</summary>
    ByProducts,

    /// <summary>Methods that are compared.</summary>
    Methods,

    /// <summary>Whether every method also runs on each half map by itself.</summary>
    CrossValidate,

    /// <summary>Edge (voxels) of a phantom's box.</summary>
    Size,

    /// <summary>Voxel size (Å) of a phantom.</summary>
    PhantomVoxelSize,

    /// <summary>Finest local resolution (Å) of a phantom.</summary>
    FinestResolution,

    /// <summary>Noise of a phantom's half maps, as a share of its signal.</summary>
    NoiseFraction,

    /// <summary>Whether a job goes on behind the stages that are done.</summary>
    Resume,

    /// <summary>Most time (s) that a job may take.</summary>
    TimeLimit,

    /// <summary>Most jobs that run at once.</summary>
    ThrottleLimit,

    /// <summary>Volume (Å³) that a surface encloses.</summary>
    EnclosedVolume,

    /// <summary>Values of placeholders in a site's own script.</summary>
    TemplateValue,

    /// <summary>Servers of an archive that are asked.</summary>
    Server,

    /// <summary>That half maps are deposited though a check found fault with them.</summary>
    AcceptHalfMaps,
}
