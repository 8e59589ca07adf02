using MedTransfer.Numerics;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>Random numbers by what they are for, so that no order of work changes them.</summary>
internal static class Draws
{
    /// <summary>Of an edge of a point in an epoch.</summary>
    internal static ulong Of(int seed, int point, int epoch, int other) =>
        SplitMix64.At(SplitMix64.At((ulong)(uint)seed << 32 | (uint)epoch, (uint)point + 1UL), (uint)other + 1UL);
}
