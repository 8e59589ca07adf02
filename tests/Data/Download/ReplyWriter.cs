using System.Text;

namespace MedTransfer.Tests.Data;

/// <summary>Writes one reply; what it announces need not be what it sends.</summary>
internal sealed class ReplyWriter(ReceivedRequest request, Stream stream, Action<int> sent, CancellationToken testIsOver)
{
    public ReceivedRequest Request => request;

    public void Head(string status, params string[] headers) =>
        stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(line => line + "\r\n"))}Connection: close\r\n\r\n"));

    public void Body(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        sent(bytes.Length);
    }

    /// <summary>The connection stays open and silent until the test is over.</summary>
    public void Silence() => testIsOver.WaitHandle.WaitOne();
}
