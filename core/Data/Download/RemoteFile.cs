using System.Net;
using MedTransfer.Data.Catalogue;

namespace MedTransfer.Data.Download;

/// <summary>A published file and how to know that it came whole.</summary>
/// <param name="Url">An https address, or an http address of this machine.</param>
/// <param name="FileName">The name it gets, without a folder.</param>
/// <param name="Md5">32 hexadecimal digits.</param>
public sealed record RemoteFile(Uri Url, string FileName, string Md5)
{
    /// <summary>The official file of a set.</summary>
    public static RemoteFile Of(CatalogueEntry entry) => new(entry.Url, entry.FileName, entry.Md5);
}

/// <summary>Which addresses are followed: https, and from one http address of this machine to another.</summary>
internal static class Redirects
{
    private const int Most = 5;

    public static bool IsRedirect(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The first address, if it may be followed.</summary>
    public static Uri Start(Uri url) => IsSecure(url) || IsLocal(url) ? url : throw Refused("the address is not https");

    /// <summary>Where an answer leads.</summary>
    /// <param name="before">Redirects already followed.</param>
    public static Uri Next(Uri from, HttpResponseMessage response, int before)
    {
        if (before == Most) throw Refused($"it redirects more than {Most} times");
        if (response.Headers.Location is not { } location) throw Refused("it redirects to nowhere");
        if (!Uri.TryCreate(from, location, out var next)) throw Refused("it redirects to an address that is none");
        return IsSecure(next) || IsLocal(from) && IsLocal(next)
            ? next
            : throw Refused($"it redirects to {OneLine.Quote(next.GetLeftPart(UriPartial.Authority))}, which is not https");
    }

    private static bool IsSecure(Uri url) => url.Scheme == Uri.UriSchemeHttps;

    private static bool IsLocal(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;

    private static TryFailedException Refused(string reason) => new(TryFailure.Refused, reason);
}
