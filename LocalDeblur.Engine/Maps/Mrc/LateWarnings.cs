using System.Collections;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Warnings of an import. Those that only the voxels show are added when the voxels are read.</summary>
/// <remarks>Safe to read while a warning is added: readers see the list before or after.</remarks>
internal sealed class LateWarnings(IEnumerable<string> warnings) : IReadOnlyList<string>
{
    private string[] _warnings = [.. warnings];

    public int Count => Volatile.Read(ref _warnings).Length;

    public string this[int index] => Volatile.Read(ref _warnings)[index];

    /// <summary>Adds a warning. Called by one thread at a time, under the lock of the map that is read.</summary>
    public void Add(string warning) => Volatile.Write(ref _warnings, [.. _warnings, warning]);

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)Volatile.Read(ref _warnings)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
