namespace LocalDeblur.Numerics;

/// <summary>Lets one call at a time use an object, and none once it is disposed of. A field of the object; never copied.</summary>
internal struct ExclusiveUse
{
    private const int Idle = 0;
    private const int InUse = 1;
    private const int Ended = 2;

    private int _state;

    /// <summary>Begins a call.</summary>
    /// <param name="owner">The object, for the message.</param>
    /// <param name="refusal">What to say when another call is under way.</param>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public void Enter(object owner, string refusal)
    {
        int found = Interlocked.CompareExchange(ref _state, InUse, Idle);
        ObjectDisposedException.ThrowIf(found == Ended, owner);
        if (found == InUse)
        {
            throw new InvalidOperationException(refusal);
        }
    }

    /// <summary>Ends the call that <see cref="Enter"/> began.</summary>
    public void Leave() => Volatile.Write(ref _state, Idle);

    /// <summary>Ends the use for good: no call begins from now on.</summary>
    /// <param name="refusal">What to say when a call is under way, which still needs what would be freed.</param>
    /// <returns>True the first time: the object is to free what it holds.</returns>
    /// <exception cref="InvalidOperationException">A call is under way.</exception>
    public bool End(string refusal)
    {
        int found = Interlocked.CompareExchange(ref _state, Ended, Idle);
        if (found == InUse)
        {
            throw new InvalidOperationException(refusal);
        }

        return found == Idle;
    }
}
