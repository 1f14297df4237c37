namespace LocalDeblur.Archives;

/// <summary>How long a download waits. There is no limit to the whole: half maps of a large box take an hour over a slow line.</summary>
internal sealed record DownloadTimes
{
    /// <summary>After so long without a byte the connection is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Before the second attempt; twice as long before each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longer than this nobody waits, even where the server asks for it.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts at one server that bring nothing.</summary>
    public int Attempts { get; init; } = 5;
}
