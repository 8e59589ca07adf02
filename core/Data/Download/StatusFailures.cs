using static System.Net.HttpStatusCode;

namespace MedTransfer.Data;

/// <summary>What a status other than success means for the next try.</summary>
internal static class StatusFailures
{
    public static TryFailedException Of(HttpResponseMessage response)
    {
        // The phrase that the server sends is its own text: only the number is shown, with this side's name for it.
        var reason = $"the server answers {(int)response.StatusCode} {response.StatusCode}";
        return response.StatusCode is RequestTimeout or TooManyRequests or InternalServerError or BadGateway or ServiceUnavailable or GatewayTimeout
            ? new(TryFailure.Interrupted, reason) { RetryAfter = RetryAfter(response) }
            : new(TryFailure.Refused, reason);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - (response.Headers.Date ?? DateTimeOffset.UtcNow);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
