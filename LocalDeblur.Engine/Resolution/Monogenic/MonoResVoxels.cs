using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The voxels that a run looks at: those that are measured, and those that the noise is taken from.</summary>
internal sealed class MonoResVoxels
{
    private readonly MonoResRegions _regions;
    private readonly GridSize _size;
    private readonly bool _hasHalves;

    /// <summary>Collects them.</summary>
    /// <param name="regions">The regions.</param>
    /// <param name="size">Size of the map.</param>
    /// <param name="hasHalves">Whether the noise comes from half maps, so that the mask has noise too.</param>
    public MonoResVoxels(MonoResRegions regions, GridSize size, bool hasHalves)
    {
        _regions = regions;
        _size = size;
        _hasHalves = hasHalves;
        Signal = Labelled(MonoResRegions.Inside, MonoResRegions.Inside);
        Noise = Labelled(MonoResRegions.Outside, hasHalves ? MonoResRegions.Inside : MonoResRegions.Outside);
        Outside = hasHalves ? Labelled(MonoResRegions.Outside, MonoResRegions.Outside) : Noise;
    }

    /// <summary>Where the local resolution is measured.</summary>
    public VoxelSet Signal { get; private set; }

    /// <summary>Where the noise is measured.</summary>
    public VoxelSet Noise { get; private set; }

    /// <summary>Outside the mask, as given.</summary>
    public VoxelSet Outside { get; }

    /// <summary>Bytes that they and their amplitudes take.</summary>
    public long Bytes
    {
        get
        {
            // Refinement moves voxels of the mask to the noise, so this is the most there can be.
            long amplitudes = (_hasHalves ? Noise.Count : Signal.Count + (long)Outside.Count) + (2L * Signal.Count);
            return (amplitudes * sizeof(float)) + Signal.Count + Signal.Bytes + Noise.Bytes + Outside.Bytes + _regions.Labels.LongLength;
        }
    }

    /// <summary>Keeps of the mask what is stronger than the outside.</summary>
    /// <param name="amplitudes">Amplitudes of the voxels of the signal.</param>
    /// <param name="threshold">What they have to exceed.</param>
    public void Refine(float[] amplitudes, float threshold)
    {
        _regions.Refine(Signal, amplitudes, threshold);
        Signal = Labelled(MonoResRegions.Inside, MonoResRegions.Inside);
        if (!_hasHalves)
        {
            Noise = Labelled(MonoResRegions.Outside, MonoResRegions.Outside);
        }
    }

    private VoxelSet Labelled(sbyte smallest, sbyte largest) => VoxelSet.Create(_regions.Labels, _size, smallest, largest);
}
