namespace LocalDeblur.Numerics;

/// <summary>Work that falls into independent pieces, numbered from 0, for a <see cref="WorkerPool"/>.</summary>
internal interface IIndexedWork
{
    /// <summary>Does one piece. Called from several threads at once, each with another index.</summary>
    /// <param name="index">Number of the piece.</param>
    /// <param name="worker">Number of the worker, 0 … Threads−1, which selects scratch memory; it must not influence the result.</param>
    void Execute(int index, int worker);
}
