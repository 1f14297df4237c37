namespace LocalDeblur;

/// <summary>Every way in which input can be refused. The names are the error ids that scripts see.</summary>
public enum EngineError
{
    /// <summary>The file does not exist.</summary>
    MapFileNotFound,
    /// <summary>The file exists and cannot be opened, read or written.</summary>
    MapFileInaccessible,
    /// <summary>The header is not one of an MRC2014/CCP4 map.</summary>
    MapHeaderInvalid,
    /// <summary>The file ends before its last voxel.</summary>
    MapTruncated,
    /// <summary>The voxel type (MODE) cannot be read, or cannot hold what is to be written.</summary>
    MapModeUnsupported,
    /// <summary>The file is a stack of volumes or images and no index was given.</summary>
    MapStackUnsupported,
    /// <summary>The file on disk changed after its header was read.</summary>
    MapFileChanged,
    /// <summary>The name of the target has no suffix of a map file.</summary>
    MapFileNameUnsupported,
    /// <summary>The target exists and may not be replaced.</summary>
    MapFileExists,
    /// <summary>The map holds NaN or infinite voxels.</summary>
    MapNotFinite,
    /// <summary>The header states no voxel size and none was given.</summary>
    VoxelSizeMissing,
    /// <summary>Two maps that meet in one operation differ in voxel size.</summary>
    VoxelSizeMismatch,
    /// <summary>The voxels are not cubes.</summary>
    VoxelSizeAnisotropic,
    /// <summary>The cell angles are not 90°.</summary>
    CellAnglesUnsupported,
    /// <summary>Two maps that meet in one operation differ in size.</summary>
    MapSizeMismatch,
    /// <summary>Two maps that meet in one operation lie at different places.</summary>
    MapOriginMismatch,
    /// <summary>The map has too many voxels for one array, or is too small for the operation.</summary>
    MapSizeUnsupported,
    /// <summary>One map was given to a method that compares the two half maps of a reconstruction.</summary>
    MapCountUnsupported,
    /// <summary>The mask selects no voxel.</summary>
    MaskEmpty,
    /// <summary>The mask leaves nothing outside, where the operation looks for noise.</summary>
    MaskCoversMap,
    /// <summary>The local-resolution map has no usable value, or values beyond reason.</summary>
    ResolutionRangeInvalid,
    /// <summary>A filter bank was made for another map.</summary>
    FilterBankMismatch,
    /// <summary>The map has no signal to work on, for example because every voxel is the same.</summary>
    MapWithoutSignal,
    /// <summary>A table of Fourier shell correlation cannot be read.</summary>
    FscTableInvalid,
    /// <summary>A curve of Fourier shell correlation was measured in another box.</summary>
    FscMismatch,
    /// <summary>A range for a straight line holds fewer than two shells with signal.</summary>
    FitRangeEmpty,
    /// <summary>A table of a detector's modulation transfer function cannot be read.</summary>
    MtfTableInvalid,
    /// <summary>The name of a picture to write has no suffix of one that can be written.</summary>
    PlotFileNameUnsupported,
    /// <summary>A number is outside the range that the operation accepts.</summary>
    ParameterOutOfRange,
    /// <summary>The operation needs more memory than it may use.</summary>
    InsufficientMemory,
    /// <summary>The file of an atomic model does not exist.</summary>
    ModelFileNotFound,
    /// <summary>The file of an atomic model exists and cannot be opened, read or decompressed.</summary>
    ModelFileInaccessible,
    /// <summary>The file is neither PDB nor mmCIF, or a line of it does not follow its format.</summary>
    ModelFormatInvalid,
    /// <summary>The file has no atom, or none that was asked for.</summary>
    ModelEmpty,
    /// <summary>The chemical element of an atom is not stated and cannot be told from its name, or there is no such element, or none with known scattering factors.</summary>
    ModelElementUnknown,
    /// <summary>No atom of the model lies in the box of the map.</summary>
    ModelOutsideMap,
    /// <summary>The density of the map has next to nothing in common with the model at its place.</summary>
    ModelMismatch,
    /// <summary>The name of a table to write has no suffix of one that can be written.</summary>
    TableFileNameUnsupported,
    /// <summary>Two maps that were given as the halves of one reconstruction are not.</summary>
    HalfMapMismatch,
    /// <summary>The file is no job, or what stands in it is not part of the format or contradicts itself.</summary>
    JobInvalid,
    /// <summary>Another process works on the job.</summary>
    JobRunning,
    /// <summary>A file that goes into a job is not the one that the job was written for.</summary>
    JobInputChanged,
    /// <summary>The job took longer than it may.</summary>
    JobTimeExceeded,
    /// <summary>The history of a map does not say enough to make the map again.</summary>
    HistoryIncomplete,
    /// <summary>A voxel size that no map of a molecule has, as of a header whose cell or sampling is wrong.</summary>
    VoxelSizeOutOfRange,
    /// <summary>The scheduler of the cluster does not answer, or is not on this machine.</summary>
    SchedulerUnavailable,
    /// <summary>The scheduler of the cluster refuses what is submitted.</summary>
    SubmissionRefused,
    /// <summary>A site's own script cannot be filled in.</summary>
    TemplateInvalid,
    /// <summary>An archive has no such entry, or no such file of it.</summary>
    ArchiveEntryNotFound,
    /// <summary>No server of an archive can be reached, or none gives the file now.</summary>
    ArchiveUnreachable,
    /// <summary>What an archive's servers gave is not the file: a web page, or of another length or content than the entry says.</summary>
    ArchiveFileInvalid,
    /// <summary>Two half maps that are to be deposited are one and the same.</summary>
    HalfMapsIdentical,
    /// <summary>A half map that is to be deposited was masked.</summary>
    HalfMapMasked,
}
