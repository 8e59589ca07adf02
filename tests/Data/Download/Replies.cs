namespace MedTransfer.Tests.Data;

/// <summary>How servers answer, well and badly.</summary>
internal static class Replies
{
    /// <summary>A good server: the rest where one is asked for of this very version, all of it otherwise.</summary>
    /// <param name="cutAt">Bytes of content after which the connection ends; null: none are missing.</param>
    public static Action<ReplyWriter> Content(byte[] content, string? tag = null, int? cutAt = null) => reply =>
    {
        var from = reply.Request.Header("If-Range") is { } known && known != tag ? 0 : reply.Request.From;
        if (from >= content.Length) Status("416 Range Not Satisfiable", $"Content-Range: bytes */{content.Length}")(reply);
        else
        {
            var body = content.AsSpan(from);
            string[] headers = [$"Content-Length: {body.Length}", .. tag is null ? [] : new[] { $"ETag: {tag}" }];
            if (from == 0) reply.Head("200 OK", headers);
            else reply.Head("206 Partial Content", [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}", .. headers]);
            reply.Body(body[..Math.Min(body.Length, cutAt ?? body.Length)]);
        }
    };

    /// <summary>A server that knows no ranges.</summary>
    public static Action<ReplyWriter> Whole(byte[] content, int? announced = null) => reply =>
    {
        reply.Head("200 OK", $"Content-Length: {announced ?? content.Length}");
        reply.Body(content);
    };

    public static Action<ReplyWriter> Status(string status, params string[] headers) =>
        reply => reply.Head(status, ["Content-Length: 0", .. headers]);

    public static Action<ReplyWriter> RedirectTo(string address) => Status("302 Found", $"Location: {address}");
}
