using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.FuzzyGraphs;

/// <summary>Random numbers by what they are for, so that no order of work changes them.</summary>
internal static class Draws
{
    /// <summary>Of an edge of a point in an epoch.</summary>
    internal static ulong Of(int seed, int point, int epoch, int edge) =>
        SplitMix64.At(SplitMix64.At((ulong)(uint)seed << 32 | (uint)epoch, (uint)point + 1UL), (uint)edge + 1UL);
}

/// <summary>
/// Moves a point towards another that it belongs with and away from some drawn at random, all at once: the gradient of the cross entropy
/// of the fuzzy graphs, pulls -2 a b d^(2 (b - 1)) / (1 + a d^(2 b)), pushes 2 b / ((.001 + d^2) (1 + a d^(2 b))), times the difference of
/// the places, each cut at <see cref="Most"/>.
/// </summary>
internal sealed class UmapForces(UmapCurve curve, int columns, int negatives)
{
    private const float Most = 4;
    private const float LeastSquare = 1e-3f;
    private const int Lanes = 8;

    private readonly float _a = (float)curve.A;
    private readonly float _b = (float)curve.B;

    /// <param name="place">Of the point; moved.</param>
    /// <param name="places">Of all others, one after the other.</param>
    /// <param name="near">The one that pulls, this many <paramref name="times"/>.</param>
    /// <param name="draw">What decides on those that push.</param>
    /// <param name="itself">Does not push; -1 where the point is not among the others.</param>
    internal void Move(Span<float> place, float[] places, int near, float times, float rate, ulong draw, int itself)
    {
        var points = (uint)(places.Length / columns);
        Span<int> others = stackalloc int[Lanes];
        // the first lane of the first pass pulls
        others[0] = near;
        var (lane, isFirst) = (1, true);
        for (var drawn = 0; drawn < negatives; drawn++)
        {
            var bits = SplitMix64.At(draw, (ulong)drawn / 2 + 1);
            var other = (int)((drawn % 2 == 0 ? bits >> 32 : bits & uint.MaxValue) * points >> 32);
            if (other == itself) continue;
            others[lane++] = other;
            if (lane < Lanes) continue;
            Move(place, places, others, isFirst ? times : 0, rate);
            (lane, isFirst) = (0, false);
        }

        if (lane > 0) Move(place, places, others[..lane], isFirst ? times : 0, rate);
    }

    private void Move(Span<float> place, float[] places, ReadOnlySpan<int> others, float pulls, float rate)
    {
        Span<float> differences = stackalloc float[Lanes * columns];
        differences.Clear();
        var squares = Vector256<float>.Zero;
        for (var k = 0; k < columns; k++)
        {
            var own = differences.Slice(k * Lanes, Lanes);
            for (var lane = 0; lane < others.Length; lane++) own[lane] = place[k] - places[others[lane] * columns + k];
            var difference = Vector256.Create<float>(own);
            squares += difference * difference;
        }

        // lanes that are not in use, and points at the same place, do not move anything
        var power = Vector256.Exp(_b * Vector256.Log(Vector256.Max(squares, Vector256.Create(float.Epsilon * (1 << 23)))));
        var belonging = Vector256.Create(1f) + _a * power;
        var factors = Vector256.Create(2 * _b) / ((Vector256.Create(LeastSquare) + squares) * belonging);
        if (pulls > 0) factors = factors.WithElement(0, squares[0] > 0 ? -2 * _a * _b * power[0] / squares[0] / belonging[0] : 0);
        for (var k = 0; k < columns; k++)
        {
            var forces = Vector256.Clamp(factors * Vector256.Create<float>(differences.Slice(k * Lanes, Lanes)), Vector256.Create(-Most), Vector256.Create(Most));
            if (pulls > 0) forces = forces.WithElement(0, forces[0] * pulls);
            place[k] += rate * (float)FixedOrder.Sum(forces);
        }
    }
}
