namespace MedTransfer.Reduction;

/// <summary>What a method holds of every pair of points, refused before any work where this process may not have so much.</summary>
internal static class MemoryNeed
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Refuses so many bytes a pair of points, n^2 of them.</summary>
    internal static void RequirePairs(double bytes, int points, string reducer) => Require(bytes * points * points, points, reducer);

    /// <summary>Refuses so many bytes.</summary>
    internal static void Require(double bytes, int points, string reducer)
    {
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > there)
            throw new MedTransferException(FormattableString.Invariant(
                $"{reducer} of {points} points takes {bytes / Gibibyte:F1} GiB of memory, this process may have {there / Gibibyte:F1}: give fewer points, or take a method whose memory grows with their number alone, such as UMAP or PCA."));
    }
}
