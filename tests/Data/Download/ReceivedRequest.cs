using System.Text;

namespace MedTransfer.Tests.Data;

/// <summary>The lines of a request's head.</summary>
internal sealed record ReceivedRequest(IReadOnlyList<string> Lines)
{
    /// <summary>First byte asked for; 0 where the request names none.</summary>
    public int From => Header("Range") is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), null) : 0;

    public string? Header(string name) => Lines
        .Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 2)..]).SingleOrDefault();

    public static ReceivedRequest Read(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            if (next is not ((>= ' ' and <= '~') or '\r' or '\n')) throw new IOException("no request, or an encrypted one");
            head.Append((char)next);
        }
        return new(head.ToString().Split("\r\n"));
    }
}
