using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LocalDeblur.Files;
using Polly;
using Polly.Retry;

namespace LocalDeblur.Archives;

/// <summary>
/// Fetches files over HTTP from the first of several servers that gives them: goes on where a transfer broke off, waits as long as a server asks, and takes nothing for a
/// file that is none.
/// </summary>
internal sealed class Downloader : IDisposable
{
    // An attempt that brings as much as this did not fail, however it ended.
    private const int LeastGain = 1 << 16;

    private const int BufferLength = 1 << 17;

    private readonly DownloadTimes _times;
    private readonly Action<TimeSpan, Uri> _tellPause;
    private readonly HashSet<string> _answered = [];

    // A proxy cannot reach what is on this machine.
    private readonly HttpClient _remote;
    private readonly HttpClient _local;

    /// <summary>Prepares to fetch.</summary>
    /// <param name="times">How long it waits.</param>
    /// <param name="tellPause">Told before each pause: how long, and for which address.</param>
    public Downloader(DownloadTimes times, Action<TimeSpan, Uri> tellPause)
    {
        _times = times;
        _tellPause = tellPause;
        _remote = Client(useProxy: true);
        _local = Client(useProxy: false);
    }

    /// <summary>Fetches one file.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="addresses">Where it is; each is tried when the one before fails.</param>
    /// <param name="sink">Takes the bytes. What it holds already is the beginning of the file.</param>
    /// <param name="check">Looks at the file once it is there; throws a <see cref="DownloadFailure"/> where it is not the one that was meant.</param>
    /// <param name="tell">Told how many bytes there are, and how many there will be, where that is known.</param>
    /// <param name="cancellationToken">Stops it; the bytes stay in the sink.</param>
    /// <exception cref="EngineException">ArchiveEntryNotFound, ArchiveUnreachable, ArchiveFileInvalid.</exception>
    public async Task FetchAsync(
        string name, IReadOnlyList<Uri> addresses, Stream sink, Action check, Action<long, long?> tell, CancellationToken cancellationToken)
    {
        List<(Uri Address, DownloadFailure Failure)> failures = [];
        foreach (Uri address in addresses)
        {
            bool isAgain;
            do
            {
                bool isResumed = sink.Length > 0;
                isAgain = false;
                try
                {
                    await FetchAsync(address, sink, tell, cancellationToken).ConfigureAwait(false);
                    check();
                    return;
                }
                catch (DownloadFailure failure)
                {
                    if (failure.What == DownloadFailure.Kind.Invalid)
                    {
                        // The beginning may be of another version of the file, or of another server's.
                        sink.SetLength(0);
                        isAgain = isResumed;
                    }

                    if (!isAgain)
                    {
                        failures.Add((address, failure));
                    }
                }
            }
            while (isAgain);
        }

        throw Summary(name, failures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _remote.Dispose();
        _local.Dispose();
    }

    private static HttpClient Client(bool useProxy)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = useProxy, AutomaticDecompression = DecompressionMethods.None })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("LocalDeblur", ProgramName.Version.Split('+')[0]));
        return client;
    }

    private static EngineException Summary(string name, List<(Uri Address, DownloadFailure Failure)> failures)
    {
        string found = string.Join("; ", failures.Select(one => $"{one.Address}: {one.Failure.Message}"));
        Exception cause = failures[0].Failure;
        return failures switch
        {
            _ when failures.Any(one => one.Failure.What == DownloadFailure.Kind.Unreachable) => new EngineException(
                EngineError.ArchiveUnreachable, $"{name} could not be fetched ({found}). What has come is kept, and the same call goes on from there.", name, cause)
            {
                Advice = [new("check the network connection and the proxy's settings (HTTPS_PROXY)"), new("ask another server", EngineParameter.Server)],
            },
            _ when failures.Any(one => one.Failure.What == DownloadFailure.Kind.Invalid) => new EngineException(
                EngineError.ArchiveFileInvalid, $"{name} could not be fetched ({found}). Nothing of it is kept.", name, cause)
            {
                Advice = [new("try later"), new("ask another server", EngineParameter.Server)],
            },
            _ => new EngineException(EngineError.ArchiveEntryNotFound, $"{name} is not in the archive ({found}). Check the accession code.", name, cause),
        };
    }

    private async Task FetchAsync(Uri address, Stream sink, Action<long, long?> tell, CancellationToken cancellationToken)
    {
        ResiliencePipeline attempts = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<DownloadFailure>(failure => failure.IsPassing),
                MaxRetryAttempts = _times.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _times.FirstPause,
                MaxDelay = _times.LongestPause,
                DelayGenerator = retry => ValueTask.FromResult((retry.Outcome.Exception as DownloadFailure)?.Pause),
                OnRetry = retry =>
                {
                    _tellPause(retry.RetryDelay, address);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

        // Attempts are counted anew whenever one brings something: a line that breaks every minute carries a file all the same.
        long furthest = sink.Length;
        bool isWhole = false;
        while (!isWhole)
        {
            isWhole = await attempts.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        await ReadAsync(address, sink, tell, token).ConfigureAwait(false);
                        return true;
                    }
                    catch (DownloadFailure failure) when (failure.IsPassing && failure.Pause is null && sink.Length >= furthest + LeastGain)
                    {
                        furthest = sink.Length;
                        return false;
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    // One request; what comes goes behind what there is.
    private async Task ReadAsync(Uri address, Stream sink, Action<long, long?> tell, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            stall.CancelAfter(_times.Stall);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (sink.Length > 0)
            {
                request.Headers.Range = new RangeHeaderValue(sink.Length, null);
            }

            HttpClient client = address.IsLoopback ? _local : _remote;
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            _answered.Add(address.Authority);
            if (!IsToBeRead(response, sink))
            {
                return;
            }

            long? total = response.Content.Headers.ContentLength is { } length ? sink.Length + length : null;
            using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            byte[] buffer = new byte[BufferLength];
            sink.Position = sink.Length;
            int read;
            do
            {
                stall.CancelAfter(_times.Stall);
                read = await body.ReadAtLeastAsync(buffer, sink.Length == 0 ? 16 : 1, throwOnEndOfStream: false, stall.Token).ConfigureAwait(false);
                if (sink.Length == 0 && IsWebPage(buffer.AsSpan(0, read)))
                {
                    throw new DownloadFailure(DownloadFailure.Kind.Invalid, "the server answers with a web page instead of the file");
                }

                Write(sink, buffer.AsSpan(0, read));
                tell(sink.Length, total);
            }
            while (read > 0);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadFailure(DownloadFailure.Kind.Unreachable, Say($"the server sent nothing for {_times.Stall.TotalSeconds:0.###} s"), exception) { IsPassing = true };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // Who has never answered is not there, and is not waited for.
            string what = exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? "no such host is known here" : Plain(exception);
            throw new DownloadFailure(DownloadFailure.Kind.Unreachable, what, exception) { IsPassing = _answered.Contains(address.Authority) };
        }
    }

    private static string Plain(Exception exception) => (exception.InnerException ?? exception).Message.TrimEnd('.');

    // False where the sink has the whole file already.
    private bool IsToBeRead(HttpResponseMessage response, Stream sink)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.RequestedRangeNotSatisfiable when sink.Length > 0:
                if (response.Content.Headers.ContentRange?.Length == sink.Length)
                {
                    return false;
                }

                sink.SetLength(0);
                throw new DownloadFailure(DownloadFailure.Kind.Unreachable, "the server has a shorter file than what was fetched before") { IsPassing = true };
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From != sink.Length:
                sink.SetLength(0);
                throw new DownloadFailure(DownloadFailure.Kind.Unreachable, "the server sends another part of the file than was asked for") { IsPassing = true };
            case HttpStatusCode.PartialContent or HttpStatusCode.OK:
                if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
                {
                    throw new DownloadFailure(DownloadFailure.Kind.Invalid, "the server answers with a web page instead of the file");
                }

                if (response.StatusCode == HttpStatusCode.OK)
                {
                    sink.SetLength(0);
                }

                return true;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw new DownloadFailure(DownloadFailure.Kind.Absent, Say($"the server answers {(int)response.StatusCode}, no such file"));
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw Passing(response);
            default:
                throw new DownloadFailure(DownloadFailure.Kind.Unreachable, Say($"the server answers {(int)response.StatusCode} ({response.ReasonPhrase})"));
        }
    }

    private DownloadFailure Passing(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? asked = response.Headers.RetryAfter;
        TimeSpan? pause = asked?.Delta ?? (asked?.Date is { } date ? date - DateTimeOffset.UtcNow : null);
        pause = pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
        string found = Say($"the server answers {(int)response.StatusCode} ({response.ReasonPhrase})");
        return pause > _times.LongestPause
            ? new DownloadFailure(DownloadFailure.Kind.Unreachable, Say($"{found} and asks to wait for {pause.Value.TotalMinutes:0} min"))
            : new DownloadFailure(DownloadFailure.Kind.Unreachable, found) { IsPassing = true, Pause = pause };
    }

    private static void Write(Stream sink, ReadOnlySpan<byte> bytes)
    {
        try
        {
            sink.Write(bytes);
        }
        catch (IOException exception)
        {
            throw TemporaryFile.Unwritable(sink is FileStream file ? file.Name : "memory", exception);
        }
    }

    private static bool IsWebPage(ReadOnlySpan<byte> start)
    {
        string text = Encoding.Latin1.GetString(start[..Math.Min(start.Length, 16)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
        return text.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
