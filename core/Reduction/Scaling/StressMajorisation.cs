using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction.Scaling;

/// <summary>Places of points that are moved, step by step, to where their distances are nearer to given ones.</summary>
internal sealed class StressMajorisation
{
    private const int Lanes = 8;

    private readonly float[][] _targets;
    private readonly int? _threads;
    private readonly float[][] _moved;

    /// <param name="start">(n, components), in the points' unit.</param>
    /// <param name="unit">What the map is measured in here.</param>
    /// <param name="targets">(n, n), in that unit, seen as they are when a step is made.</param>
    internal StressMajorisation(float[,] start, double unit, float[][] targets, int? threads)
    {
        (_targets, _threads) = (targets, threads);
        Columns = [.. Enumerable.Range(0, start.GetLength(1)).Select(_ => new float[start.GetLength(0)])];
        _moved = [.. Columns.Select(column => new float[column.Length])];
        for (var i = 0; i < start.GetLength(0); i++)
        {
            for (var c = 0; c < Columns.Length; c++) Columns[c][i] = (float)(start[i, c] / unit);
        }
    }

    /// <summary>(components, n)</summary>
    internal float[][] Columns { get; }

    /// <summary>Of two points on the map.</summary>
    internal float Distance(int i, int j)
    {
        var square = 0f;
        foreach (var column in Columns) square += (column[i] - column[j]) * (column[i] - column[j]);
        return MathF.Sqrt(square);
    }

    /// <summary>Sum over pairs of (distance - target)^2.</summary>
    internal double Stress()
    {
        var stresses = new double[_targets.Length];
        FixedOrder.ForEachPart(stresses.Length, _threads, i => stresses[i] = Pull(i, stackalloc float[Columns.Length]));
        return stresses.Sum() / 2;
    }

    /// <summary>Moves every point to where the majorant is least, or twice as far, a relaxed step: that does not raise the stress either, and takes half the iterations.</summary>
    /// <returns>The stress before the step.</returns>
    internal double Step(bool isRelaxed, CancellationToken cancellation)
    {
        var n = _targets.Length;
        var stresses = new double[n];
        FixedOrder.ForEachPart(n, _threads, i =>
        {
            Span<float> pulls = stackalloc float[Columns.Length];
            stresses[i] = Pull(i, pulls);
            for (var c = 0; c < Columns.Length; c++) _moved[c][i] = isRelaxed ? 2 * pulls[c] / n - Columns[c][i] : pulls[c] / n;
        }, cancellation);
        for (var c = 0; c < Columns.Length; c++)
        {
            var mean = _moved[c].Sum(x => (double)x) / n;
            for (var i = 0; i < n; i++) Columns[c][i] = (float)(_moved[c][i] - mean);
        }

        return stresses.Sum() / 2;
    }

    /// <summary>Sum over j of (target / distance) (x_i - x_j) a column, and of (distance - target)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Pull(int i, Span<float> pulls)
    {
        var targets = _targets[i];
        var columns = Columns.Length;
        Span<Vector256<float>> sums = stackalloc Vector256<float>[columns];
        Span<Vector256<float>> away = stackalloc Vector256<float>[columns];
        sums.Clear();
        Vector256<float> stress = default;
        var total = 0.0;
        var j = 0;
        for (; j <= targets.Length - Lanes; j += Lanes)
        {
            Vector256<float> square = default;
            for (var c = 0; c < columns; c++)
            {
                away[c] = Vector256.Create(Columns[c][i]) - Vector256.Create(Columns[c].AsSpan(j));
                square = Vector256.FusedMultiplyAdd(away[c], away[c], square);
            }

            var distance = Vector256.Sqrt(square);
            var target = Vector256.Create(targets.AsSpan(j));
            var ratio = Vector256.ConditionalSelect(Vector256.GreaterThan(distance, Vector256<float>.Zero), target / distance, Vector256<float>.Zero);
            for (var c = 0; c < columns; c++) sums[c] = Vector256.FusedMultiplyAdd(ratio, away[c], sums[c]);
            stress = Vector256.FusedMultiplyAdd(distance - target, distance - target, stress);
        }

        for (var c = 0; c < columns; c++) pulls[c] = (float)FixedOrder.Sum(sums[c]);
        total = FixedOrder.Sum(stress);
        for (; j < targets.Length; j++)
        {
            var square = 0f;
            for (var c = 0; c < columns; c++) square += (Columns[c][i] - Columns[c][j]) * (Columns[c][i] - Columns[c][j]);
            var distance = MathF.Sqrt(square);
            for (var c = 0; c < columns && distance > 0; c++) pulls[c] += targets[j] / distance * (Columns[c][i] - Columns[c][j]);
            total += (distance - targets[j]) * (distance - targets[j]);
        }

        return total;
    }
}
