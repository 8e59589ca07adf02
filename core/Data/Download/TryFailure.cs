using MedTransfer.Data.Formats;
using static System.Net.Http.HttpRequestError;
using static System.Net.HttpStatusCode;

namespace MedTransfer.Data.Download;

/// <summary>What a failed try means for the next.</summary>
internal enum TryFailure
{
    /// <summary>No connection came about, quickly: one more try may do.</summary>
    NoConnection,

    /// <summary>No connection within the limit: another try would cost as much again.</summary>
    ConnectTimeout,

    /// <summary>The connection broke off or the server is in trouble: what came is good, and a later try may bring more.</summary>
    Interrupted,

    /// <summary>What came before does not belong to what comes now.</summary>
    Mismatched,

    /// <summary>The answer will not change.</summary>
    Refused,
}

/// <summary>One try to fetch a file failed; whether another follows is decided elsewhere.</summary>
/// <param name="reason">A clause without a full stop.</param>
internal sealed class TryFailedException(TryFailure failure, string reason, Exception? inner = null) : Exception(reason, inner)
{
    public TryFailure Failure => failure;

    /// <summary>The wait the server asked for; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Turns what the framework throws about a connection into what it means for the next try.</summary>
internal static class ConnectionFailures
{
    /// <summary>Runs one step on the network, within a limit.</summary>
    /// <exception cref="TryFailedException">It failed.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static async Task<T> Named<T>(Func<CancellationToken, Task<T>> step, TimeSpan limit, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            return await step(stop.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw stop.IsCancellationRequested
                ? new TryFailedException(TryFailure.Interrupted, FormattableString.Invariant($"nothing came for {limit.TotalSeconds:0.#} s"), error)
                : new TryFailedException(TryFailure.ConnectTimeout, "no connection within the time limit", error);
        }
        catch (HttpRequestException error) when (!cancellation.IsCancellationRequested)
        {
            var failure = error.HttpRequestError is NameResolutionError or ConnectionError or SecureConnectionError or ProxyTunnelError
                ? TryFailure.NoConnection
                : TryFailure.Interrupted;
            throw new TryFailedException(failure, Reason(error), error);
        }
        catch (IOException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TryFailedException(TryFailure.Interrupted, Reason(error), error);
        }
        catch (Exception error) when (cancellation.IsCancellationRequested && error is IOException or HttpRequestException)
        {
            throw new OperationCanceledException("stopped", error, cancellation);
        }
    }

    private static string Reason(Exception error) => error.GetBaseException() is var cause and not HttpIOException { HttpRequestError: ResponseEnded }
        ? FileErrors.Reason(cause)
        : "the connection ended early";
}

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
