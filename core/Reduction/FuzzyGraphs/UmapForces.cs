using MedTransfer.Numerics;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>
/// The gradient of the cross entropy of the fuzzy graphs, an edge at a time: pulls -2 a b d^(2 (b - 1)) / (1 + a d^(2 b)) along it, pushes 2 b / ((.001 + d^2) (1 + a
/// d^(2 b))) from points drawn at random, times the difference of the places, cut at <see cref="Most"/> in each column.
/// </summary>
internal sealed class UmapForces(UmapCurve curve, int columns, int negatives)
{
    private const float Most = 4;
    private const float LeastSquare = 1e-3f;

    private readonly float _a = (float)curve.A;
    private readonly float _b = (float)curve.B;

    /// <summary>Whether what is due <paramref name="often"/> times an epoch, 0 to 1, is due in this one, as evenly as whole epochs allow.</summary>
    internal static bool IsDue(int epoch, float often) => (int)(epoch * often) != (int)((epoch - 1) * often);

    /// <summary>What decides on the points that push, by what they are drawn for: no order of work changes them.</summary>
    internal static ulong Draw(int seed, int point, int epoch, int other) =>
        SplitMix64.At(SplitMix64.At((ulong)(uint)seed << 32 | (uint)epoch, (uint)point + 1UL), (uint)other + 1UL);

    /// <summary>Moves both ends of an edge towards each other.</summary>
    internal void PullBoth(float[] places, int head, int tail, float rate)
    {
        var own = places.AsSpan(head * columns, columns);
        var other = places.AsSpan(tail * columns, columns);
        var factor = PullOf(Square(own, other));
        for (var k = 0; k < own.Length; k++)
        {
            var step = rate * Math.Clamp(factor * (own[k] - other[k]), -Most, Most);
            (own[k], other[k]) = (own[k] + step, other[k] - step);
        }
    }

    /// <summary>Moves a point towards one that stays.</summary>
    internal void Pull(Span<float> place, ReadOnlySpan<float> other, float rate)
    {
        var factor = PullOf(Square(place, other));
        for (var k = 0; k < place.Length; k++) place[k] += rate * Math.Clamp(factor * (place[k] - other[k]), -Most, Most);
    }

    /// <summary>Moves the point away from some drawn at random, one after the other.</summary>
    /// <param name="others">Where those are, one after the other.</param>
    /// <param name="draw">As <see cref="Draw"/> gives it.</param>
    /// <param name="itself">Does not push; -1 where the point is not among the others.</param>
    internal void Push(float[] places, int point, float[] others, float rate, ulong draw, int itself)
    {
        var place = places.AsSpan(point * columns, columns);
        var count = (uint)(others.Length / columns);
        for (var drawn = 0; drawn < negatives; drawn++)
        {
            var bits = SplitMix64.At(draw, (ulong)drawn / 2 + 1);
            var number = (int)((drawn % 2 == 0 ? bits >> 32 : bits & uint.MaxValue) * count >> 32);
            if (number == itself) continue;
            var other = others.AsSpan(number * columns, columns);
            var square = Square(place, other);
            var factor = 2 * _b / ((LeastSquare + square) * (1 + _a * MathF.Pow(square, _b)));
            for (var k = 0; k < place.Length; k++) place[k] += rate * Math.Clamp(factor * (place[k] - other[k]), -Most, Most);
        }
    }

    private float PullOf(float square)
    {
        if (square == 0) return 0;
        var power = MathF.Pow(square, _b);
        return -2 * _a * _b * power / (square * (1 + _a * power));
    }

    private static float Square(ReadOnlySpan<float> place, ReadOnlySpan<float> other)
    {
        var square = 0f;
        for (var k = 0; k < place.Length; k++) square += (place[k] - other[k]) * (place[k] - other[k]);
        return square;
    }
}
