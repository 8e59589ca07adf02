using static System.Net.Http.HttpRequestError;

namespace MedTransfer.Data;

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
