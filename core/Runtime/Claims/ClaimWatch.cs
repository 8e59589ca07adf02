using System.Diagnostics;

namespace MedTransfer.Runtime.Claims;

/// <summary>For how long whoever waits for a claim has heard nothing of its holder, by its own watch.</summary>
/// <param name="timeout">How long a holder elsewhere may be silent.</param>
internal sealed class ClaimWatch(TimeSpan timeout)
{
    // what a waiter did not see, as its disk was away, it does not count as silence
    private static readonly TimeSpan MostBetweenLooks = TimeSpan.FromSeconds(4);

    private readonly Stopwatch sinceLook = Stopwatch.StartNew();
    private TimeSpan silent;
    private ClaimState? last;

    /// <summary>Takes in what the claim says now.</summary>
    /// <returns>Whether its holder, on another machine, is to be taken for gone.</returns>
    public bool IsSilent(ClaimState state)
    {
        silent = state == last ? silent + (sinceLook.Elapsed < MostBetweenLooks ? sinceLook.Elapsed : MostBetweenLooks) : TimeSpan.Zero;
        last = state;
        sinceLook.Restart();
        return state.Holder is not { IsOfThisPlace: true } && silent >= timeout;
    }
}
