using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>
/// A way to sharpen a reconstruction, for whoever chooses among several by name. A new one is one file beside the others, and one line in
/// <see cref="SharpeningMethods"/>.
/// </summary>
/// <remarks>A method runs with its own published defaults. Two instances that are equal are the same method.</remarks>
public interface ISharpeningMethod
{
    /// <summary>What people type, and what tables show: letters and digits, for example <c>LocalDeblur</c>.</summary>
    string Name { get; }

    /// <summary>What the names of its files begin with, for example <c>localdeblur</c>.</summary>
    string FileName { get; }

    /// <summary>What it does, in one line, for help and completion.</summary>
    string Summary { get; }

    /// <summary>Whether it takes its amplitudes from a model, so that scores by the same model are no independent test.</summary>
    bool NeedsModel => false;

    /// <summary>Whether it needs both half maps.</summary>
    bool NeedsHalves => false;

    /// <summary>The method whose result it begins with (<see cref="SharpeningJob.Start"/>); null for the reconstruction itself.</summary>
    ISharpeningMethod? BeginsWith => null;

    /// <summary>What it holds at once beside the reconstruction, a mask and its result (bytes), from above.</summary>
    /// <param name="voxels">Voxels of a map.</param>
    /// <param name="threads">Threads that work.</param>
    long EstimateBytes(long voxels, int threads) => 10L * sizeof(float) * voxels;

    /// <summary>Sharpens.</summary>
    /// <param name="job">What to sharpen, and what is known of it.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The sharpened map, whose history goes on from that of the input.</returns>
    /// <exception cref="EngineException">The input cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken);
}
