namespace MedTransfer.Data.Download;

/// <summary>Tries until the file is complete and right, or there is no point in going on.</summary>
internal sealed class DownloadTries(
    HttpClient client, RemoteFile file, PartialFile part, DownloadOptions options, DownloadErrors errors, DownloadReport report)
{
    /// <summary>Bytes.</summary>
    private const long WorthAnotherCount = 1 << 20;

    private static readonly TimeSpan ReconnectWait = TimeSpan.FromMilliseconds(500);

    private int failures;
    private long most = part.Length;
    private bool wasWrong, wasReached;

    /// <summary>Gives the file its name and returns null, or returns why the server is out of reach.</summary>
    public async Task<string?> Run(CancellationToken cancellation)
    {
        report.BeginTry(part.Length);
        report.Say(DownloadStage.Starting);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                report.BeginTry(part.Length);
                await new DownloadTry(client, file.Url, part, options).Run(Received, cancellation);
                if (TryFinish()) return null;
            }
            catch (TryFailedException failed)
            {
                wasReached |= failed.Failure is not (TryFailure.NoConnection or TryFailure.ConnectTimeout);
                if (!wasReached && (failed.Failure == TryFailure.ConnectTimeout || ++failures == 2)) return failed.Message;
                var wait = wasReached ? WaitAfter(failed) : ReconnectWait;
                report.Say(DownloadStage.Retrying, failed.Message, wait);
                await options.Delay(wait, cancellation);
            }
        }
    }

    private void Received(long? total)
    {
        wasReached = true;
        report.Received(part.Length, total);
    }

    /// <summary>Checks the sum and gives the file its name. Wrong bytes are deleted; the second time that is the end.</summary>
    private bool TryFinish()
    {
        wasReached = true;
        report.Say(DownloadStage.Checking);
        var md5 = part.Md5();
        if (string.Equals(md5, file.Md5, StringComparison.OrdinalIgnoreCase))
        {
            part.Finish();
            report.Say(DownloadStage.Done);
            return true;
        }
        part.StartOver();
        var reason = $"wrong bytes: their MD5 is {md5}, not {file.Md5}";
        if (wasWrong) throw new MedTransferException(errors.CannotFetch(reason));
        wasWrong = true;
        report.Say(DownloadStage.Retrying, reason, TimeSpan.Zero);
        return false;
    }

    /// <summary>The wait before the next try, if there is to be one.</summary>
    private TimeSpan WaitAfter(TryFailedException failed)
    {
        if (failed.Failure == TryFailure.Refused) throw errors.Stopped(failed.Message, part.Length, failed);
        if (part.Length >= most + WorthAnotherCount) failures = 0;
        most = Math.Max(most, part.Length);
        if (failed.Failure == TryFailure.Mismatched) part.StartOver();
        if (++failures >= options.Tries) throw errors.Stopped($"{failed.Message}, after {options.Tries} tries", part.Length, failed);
        if (failed.RetryAfter is not { } asked) return Shorter(options.FirstWait * Math.Pow(2, failures - 1), options.LongestWait);
        return asked <= options.LongestWait
            ? asked
            : throw errors.Stopped(FormattableString.Invariant($"{failed.Message} and asks to wait {asked.TotalSeconds:0} s"), part.Length, failed);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
