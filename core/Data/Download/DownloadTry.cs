using System.Net;
using System.Net.Http.Headers;

namespace MedTransfer.Data.Download;

/// <summary>One request for what a partial file still lacks.</summary>
internal sealed class DownloadTry(HttpClient client, Uri url, PartialFile part, DownloadOptions options)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>
    /// Appends what the server sends. Afterwards the file is complete for all that is known; only its MD5 can tell.
    /// </summary>
    /// <param name="received">Called with the size of the whole file, where it is known, after each piece.</param>
    /// <exception cref="TryFailedException">The file is not complete.</exception>
    public async Task Run(Action<long?> received, CancellationToken cancellation)
    {
        using var response = await Send(cancellation);
        // The server has nothing beyond what is here: this is all of it, or never was its beginning.
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && part.Length > 0) return;

        var total = Begin(response);
        if (total is { } size) part.RequireRoom(size);
        await Copy(response, total, received, cancellation);
    }

    private async Task<HttpResponseMessage> Send(CancellationToken cancellation)
    {
        var hop = Redirects.Start(url);
        for (var count = 0; ; count++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hop);
            request.Headers.UserAgent.Add(new("MedTransfer", null));
            // Ranges count the bytes as sent: they must be the file's own.
            request.Headers.AcceptEncoding.Add(new("identity"));
            if (part.Length > 0)
            {
                request.Headers.Range = new(part.Length, null);
                if (part.Tag is { } tag) request.Headers.IfRange = new(tag);
            }
            var response = await ConnectionFailures.Named(
                stop => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop),
                options.ConnectLimit + options.StallLimit, cancellation);
            if (!Redirects.IsRedirect(response)) return response;
            using (response) hop = Redirects.Next(hop, response, count);
        }
    }

    /// <summary>Makes the file fit the answer; returns the size of the whole, null where the server does not say.</summary>
    private long? Begin(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                part.StartOver(response.Headers.ETag);
                return response.Content.Headers.ContentLength;

            case HttpStatusCode.PartialContent:
                var range = response.Content.Headers.ContentRange;
                if (range?.From != part.Length || IsOtherVersion(response.Headers.ETag))
                    throw new TryFailedException(TryFailure.Mismatched, "the rest it sends belongs to another file");
                return range.Length;

            default:
                throw StatusFailures.Of(response);
        }
    }

    private bool IsOtherVersion(EntityTagHeaderValue? tag) => tag is not null && part.Tag is not null && !tag.Equals(part.Tag);

    private async Task Copy(HttpResponseMessage response, long? total, Action<long?> received, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        using var body = await response.Content.ReadAsStreamAsync(cancellation);
        while (true)
        {
            var count = await ConnectionFailures.Named(
                stop => body.ReadAsync(buffer, stop).AsTask(), options.StallLimit, cancellation);
            if (count == 0) break;
            if (part.Length + count > total)
                throw new TryFailedException(TryFailure.Mismatched, $"it sends more than the {total} bytes it announced");
            part.Append(buffer.AsMemory(0, count));
            received(total);
        }
        if (part.Length < total) throw new TryFailedException(TryFailure.Interrupted, "the connection ended early");
    }
}
