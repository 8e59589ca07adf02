using System.Runtime.InteropServices;
using MedTransfer.Numerics;

namespace MedTransfer.Reduction;

/// <summary>What every reducer asks of the points it is given: one a row, all finite.</summary>
internal static class PointMatrix
{
    /// <summary>Fewer points than this have no neighbourhoods to draw.</summary>
    internal const int FewestPoints = 4;

    internal static ReadOnlySpan<float> Values(float[,] points) =>
        MemoryMarshal.CreateReadOnlySpan(ref points[0, 0], points.Length);

    internal static ReadOnlySpan<float> Row(float[,] points, int row) =>
        MemoryMarshal.CreateReadOnlySpan(ref points[row, 0], points.GetLength(1));

    /// <summary>(n, c) of c columns of n numbers each.</summary>
    internal static float[,] OfColumns(double[][] columns)
    {
        var matrix = new float[columns[0].Length, columns.Length];
        for (var k = 0; k < columns.Length; k++)
        {
            for (var i = 0; i < columns[k].Length; i++) matrix[i, k] = (float)columns[k][i];
        }

        return matrix;
    }

    /// <summary>Refuses points that can't be fitted, in the name of <paramref name="reducer"/>.</summary>
    internal static void RequireFittable(float[,] points, string reducer)
    {
        ArgumentNullException.ThrowIfNull(points);
        RequireShape(points.GetLength(0), points.GetLength(1), reducer);
        RequireFinite(points, reducer);
    }

    /// <summary>Refuses so few points or columns.</summary>
    internal static void RequireShape(int points, int columns, string reducer)
    {
        if (points < FewestPoints)
            throw new MedTransferException($"{reducer} needs at least {FewestPoints} points, got {points}: give it more rows.");
        if (columns < 1)
            throw new MedTransferException($"{reducer} needs points of at least 1 column, got 0: give it features.");
    }

    /// <summary>What is to be taken from each column, where any lies far from 0 for how much it varies (<see cref="ColumnOrigin"/>); null where none does.</summary>
    internal static double[]? Origins(float[,] points)
    {
        var rows = ColumnOrigin.SampleRows(points.GetLength(0), ColumnOrigin.EnoughRows);
        var sample = new double[rows.Length];
        var origins = new double[points.GetLength(1)];
        for (var j = 0; j < origins.Length; j++)
        {
            for (var i = 0; i < rows.Length; i++) sample[i] = points[rows[i], j];
            origins[j] = ColumnOrigin.Of(sample);
        }
        return origins.Any(origin => origin != 0) ? origins : null;
    }

    /// <summary>The points less these origins; the very same points where there are none.</summary>
    internal static float[,] Moved(float[,] points, double[]? origins)
    {
        if (origins is null) return points;
        var moved = new float[points.GetLength(0), points.GetLength(1)];
        for (var i = 0; i < moved.GetLength(0); i++)
        {
            for (var j = 0; j < origins.Length; j++)
                moved[i, j] = (float)Math.Clamp(points[i, j] - origins[j], float.MinValue, float.MaxValue);
        }
        return moved;
    }

    /// <summary>Refuses new points that do not fit a map of points of <paramref name="width"/> columns.</summary>
    internal static void RequirePlaceable(float[,] points, int width, string reducer)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.GetLength(1) != width)
            throw new MedTransferException(
                $"{reducer} was fitted on {width} columns, the new points have {points.GetLength(1)}: give points of the same features.");
        RequireFinite(points, reducer);
    }

    /// <summary>Refuses places that are not of a map of <paramref name="components"/> columns.</summary>
    internal static void RequirePlaces(float[,] places, int components, string reducer)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (places.GetLength(1) != components)
            throw new MedTransferException(
                $"{reducer} kept {components} components, the places have {places.GetLength(1)} columns: give places of this map.");
    }

    /// <summary>Refuses NaN and infinities, in the name of <paramref name="reducer"/> (or score).</summary>
    internal static void RequireFinite(float[,] points, string reducer)
    {
        if (points.Length == 0) return;
        var width = points.GetLength(1);
        var values = Values(points);
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new MedTransferException(
                    $"{reducer} got {values[i]} in row {i / width}, column {i % width} (from 0): remove such rows, or fill them in.");
        }
    }
}

/// <summary>
/// The unit in which points are compared: the power of two at their largest value, in which no square of a difference between them
/// overflows or is lost, and which changes no bit of a mantissa. Orders and ratios of distances are those of the points.
/// </summary>
internal static class PointUnit
{
    /// <summary>What the points are to be multiplied by; 1 where all are 0.</summary>
    internal static float Of(float[,] points)
    {
        var largest = 0f;
        foreach (var value in points) largest = Math.Max(largest, Math.Abs(value));
        // 2^126 is the largest whose inverse is a normal number.
        return largest > 0 ? MathF.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -126, 126)) : 1;
    }
}

internal static class ThreadOption
{
    /// <summary>Refuses fewer than one thread.</summary>
    internal static void Require(int? threads, string option)
    {
        if (threads < 1)
            throw new MedTransferException($"{option} is {threads}: set it to 1 or more, or leave it out for every core.");
    }
}

internal static class ComponentsOption
{
    /// <summary>Refuses fewer than one and more than <paramref name="most"/>.</summary>
    internal static void Require(int components, int most, int points, int columns, string reducer)
    {
        if (components < 1 || components > most)
            throw new MedTransferException(
                $"{reducer} can keep 1 to {most} components of {points} points of {columns} columns, not {components}: set Components within.");
    }
}
