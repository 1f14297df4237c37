using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalDeblur.Tests;

/// <summary>
/// A server of files on this machine that misbehaves as asked: it writes its answers byte by byte, so that it can stall, break off and lie as a real one does. Also compiled
/// by the Pester tests.
/// </summary>
public sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _requests = new();

    public LocalServer()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    /// <summary>What is served, by the path of its address without the first slash.</summary>
    public Dictionary<string, byte[]> Files { get; } = new();

    /// <summary>Answers to the next requests of a path, in turn, before its file is served.</summary>
    public Dictionary<string, Queue<LocalAnswer>> Answers { get; } = new();

    /// <summary>Requests so far: path, and behind a blank the range where one was asked for.</summary>
    public string[] Requests
    {
        get
        {
            lock (_requests)
            {
                return _requests.ToArray();
            }
        }
    }

    /// <summary>Adds answers that come before the file.</summary>
    public void Answer(string path, params LocalAnswer[] answers) => Answers[path] = new Queue<LocalAnswer>(answers);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(client, _end.Token));
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
                string path = (await reader.ReadLineAsync(end) ?? "GET / ").Split(' ')[1].TrimStart('/');
                long from = 0;
                for (string? line = await reader.ReadLineAsync(end); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync(end))
                {
                    if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                    {
                        from = long.Parse(line.Substring("Range: bytes=".Length).TrimEnd('-'), CultureInfo.InvariantCulture);
                    }
                }

                LocalAnswer? answer = null;
                lock (_requests)
                {
                    _requests.Add(from > 0 ? path + " " + from.ToString(CultureInfo.InvariantCulture) : path);
                    if (Answers.TryGetValue(path, out Queue<LocalAnswer>? queue) && queue.Count > 0)
                    {
                        answer = queue.Dequeue();
                    }
                }

                await WriteAsync(stream, path, from, answer ?? new LocalAnswer(), end);
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone, as tests want it to.
        }
    }

    private async Task WriteAsync(NetworkStream stream, string path, long from, LocalAnswer answer, CancellationToken end)
    {
        byte[]? file = answer.Body ?? (Files.TryGetValue(path, out byte[]? found) ? found : null);
        int status = answer.Status ?? (file is null ? 404 : from > 0 && !answer.IgnoresRange ? from < file.Length ? 206 : 416 : 200);
        if (answer.IgnoresRange || status is not (206 or 416))
        {
            from = 0;
        }

        byte[] body = file is null || status is 404 or 416 ? Array.Empty<byte>() : file.AsSpan((int)from).ToArray();
        var head = new StringBuilder($"HTTP/1.1 {status} Status\r\nConnection: close\r\nContent-Length: {body.Length}\r\nContent-Type: {answer.ContentType}\r\n");
        if (status is 206)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {from}-{file!.Length - 1}/{file.Length}\r\n");
        }
        else if (status is 416)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes */{file!.Length}\r\n");
        }

        foreach (string header in answer.Headers)
        {
            head.Append(header).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), end);
        await stream.WriteAsync(body.AsMemory(0, Math.Min(body.Length, answer.BytesSent ?? int.MaxValue)), end);
        await stream.FlushAsync(end);
        if (answer.Stalls)
        {
            await Task.Delay(Timeout.Infinite, end);
        }
    }
}

/// <summary>How one request is answered; by default as it should be.</summary>
public sealed class LocalAnswer
{
    public int? Status { get; set; }

    public string ContentType { get; set; } = "application/octet-stream";

    public string[] Headers { get; set; } = Array.Empty<string>();

    /// <summary>Instead of the file.</summary>
    public byte[]? Body { get; set; }

    /// <summary>After so many bytes of the body it breaks off, or stalls.</summary>
    public int? BytesSent { get; set; }

    public bool Stalls { get; set; }

    /// <summary>Sends all of a file of which a part was asked for.</summary>
    public bool IgnoresRange { get; set; }
}
