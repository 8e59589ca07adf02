using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MedTransfer.Tests.Data;

/// <summary>
/// An HTTP server on 127.0.0.1 that misbehaves to order: the reply of each connection, one request each, is written by the test.
/// The last reply serves all further connections.
/// </summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<ReceivedRequest> requests = new();
    private readonly Task serving;
    private readonly ConcurrentBag<Task> answering = [];
    private long bodyBytes;

    public LocalServer(params Action<ReplyWriter>[] replies)
    {
        listener.Start();
        serving = Task.Run(() => Serve(replies));
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/set.npz?download=1");

    public IReadOnlyList<ReceivedRequest> Requests => [.. requests];

    /// <summary>Bytes of content sent in all replies together.</summary>
    public long BodyBytes => Interlocked.Read(ref bodyBytes);

    public void Dispose()
    {
        stop.Cancel();
        serving.Wait();
        Task.WaitAll(answering);
        listener.Stop();
        stop.Dispose();
    }

    private async Task Serve(Action<ReplyWriter>[] replies)
    {
        try
        {
            for (var next = 0; ; next++)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                var reply = replies[Math.Min(next, replies.Length - 1)];
                answering.Add(Task.Run(() => Answer(client, reply)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private void Answer(TcpClient client, Action<ReplyWriter> reply)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = ReceivedRequest.Read(stream);
                requests.Enqueue(request);
                reply(new(request, stream, count => Interlocked.Add(ref bodyBytes, count), stop.Token));
                // Closed at once, bytes the client has not read yet would be lost with a reset.
                client.Client.Shutdown(SocketShutdown.Send);
                _ = stream.ReadByte();
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // The client went away, as some tests make it.
            }
        }
    }
}
