using System.Runtime.CompilerServices;

namespace MedTransfer.Numerics.Eigenpairs;

/// <summary>
/// The largest eigenvalues of a symmetric matrix and their eigenvectors, in double: Householder tridiagonalisation, implicit QL
/// (Golub and Van Loan, Matrix Computations, 4th ed., 8.3). The QL rotations are recorded and later applied, backwards, to the
/// wanted vectors alone: k vectors cost O(m^2 k), not O(m^3), and repeated eigenvalues still get orthogonal vectors. By hand, as libtorch's
/// eigh has other last bits on another number of threads and is no faster on one, and MathNet's Evd takes ten times as long.
/// </summary>
internal static class SymmetricEigen
{
    private const double MachineEpsilon = 2.220446049250313e-16;
    private const int MostSweeps = 100;

    /// <summary>Reflections that are gathered before the rows take them.</summary>
    private const int Panel = 32;

    /// <summary>Columns at a time: with those of a panel's pairs they fit a second-level cache.</summary>
    private const int Chunk = 256;

    /// <summary>A plane rotation of rows (First, First + 1).</summary>
    private readonly record struct Rotation(int First, double Cosine, double Sine);

    /// <summary>Values, largest first, and vectors (count, m), one a row, of length 1.</summary>
    /// <param name="matrix">(m, m), finite; overwritten.</param>
    /// <param name="count">1 to m.</param>
    internal static (double[] Values, double[][] Vectors) Largest(double[,] matrix, int count, CancellationToken cancellation = default)
    {
        var m = matrix.GetLength(0);
        var rows = new double[m][];
        for (var i = 0; i < m; i++)
        {
            rows[i] = new double[m];
            for (var j = 0; j < m; j++) rows[i][j] = matrix[i, j];
        }

        var (diagonal, beside) = Tridiagonalise(rows, cancellation);
        var rotations = DiagonaliseByQl(diagonal, beside);

        var order = Enumerable.Range(0, m).OrderByDescending(i => diagonal[i]).Take(count).ToArray();
        var vectors = VectorsOf(rows, rotations, order);
        return ([.. order.Select(i => diagonal[i])], vectors);
    }

    /// <summary>
    /// Diagonal (m) and off-diagonal (m, the last 0) of Q^T A Q. Row j of <paramref name="rows"/> keeps, from column j + 1, the unit vector v of
    /// reflection I - 2 v v^T, or zeros where there was nothing to reflect; Q is their product in order. Only the triangle from the
    /// diagonal rightwards is read, once a reflection, and written once in <see cref="Panel"/> (LAPACK's dsytrd): a large matrix is as slow as memory.
    /// </summary>
    private static (double[] Diagonal, double[] Beside) Tridiagonalise(double[][] rows, CancellationToken cancellation)
    {
        var m = rows.Length;
        var (diagonal, beside) = (new double[m], new double[m]);
        // Pairs v, w: A - v w^T - w v^T is the reflected matrix.
        var (vs, ws) = (new double[Panel][], new double[Panel][]);
        for (var p = 0; p < Panel; p++) ws[p] = new double[m];
        for (var start = 0; start < m; start += Panel)
        {
            var pending = 0;
            for (var j = start; j < Math.Min(start + Panel, m); j++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (var p = 0; p < pending; p++) DoubleVectors.Add(rows[j].AsSpan(j), -vs[p][j], ws[p].AsSpan(j), -ws[p][j], vs[p].AsSpan(j));
                diagonal[j] = rows[j][j];
                if (j == m - 1) break;
                if (!Reflect(rows[j].AsSpan(j + 1), out beside[j])) continue;
                Multiply(rows, j, vs, ws, pending);
                vs[pending++] = rows[j];
            }
            Subtract(rows, start + Panel, vs, ws, pending);
        }
        return (diagonal, beside);
    }

    /// <summary>Makes of a row beside the diagonal its reflection's unit vector; false, and zeros, where nothing is to be reflected.</summary>
    private static bool Reflect(Span<double> v, out double beside)
    {
        var rest = Math.Sqrt(DoubleVectors.Dot(v[1..], v[1..]));
        if (rest == 0)
        {
            beside = v[0];
            v.Clear();
            return false;
        }
        var length = Math.Sqrt(v[0] * v[0] + rest * rest);
        beside = v[0] > 0 ? -length : length;
        v[0] -= beside;
        DoubleVectors.Scale(v, 1 / Math.Sqrt(v[0] * v[0] + rest * rest));
        return true;
    }

    /// <summary>The w of reflection j, 2 (A v - (v^T A v) v), A being the rows less the pending pairs.</summary>
    private static void Multiply(double[][] rows, int j, double[][] vs, double[][] ws, int pending)
    {
        var w = ws[pending].AsSpan(j + 1);
        ReadOnlySpan<double> v = rows[j].AsSpan(j + 1);
        w.Clear();
        for (var i = 0; i < w.Length; i++)
        {
            var row = rows[j + 1 + i].AsSpan(j + 1 + i);
            // The row is also the column below the diagonal.
            var sum = DoubleVectors.DotAndAdd(row[1..], v[(i + 1)..], v[i], w[(i + 1)..]);
            w[i] += row[0] * v[i] + sum;
        }
        for (var p = 0; p < pending; p++)
        {
            var otherV = vs[p].AsSpan(j + 1);
            var otherW = ws[p].AsSpan(j + 1);
            DoubleVectors.Add(w, -DoubleVectors.Dot(otherW, v), otherV, -DoubleVectors.Dot(otherV, v), otherW);
        }
        DoubleVectors.Scale(w, 2);
        DoubleVectors.Add(w, -DoubleVectors.Dot(w, v), v);
    }

    /// <summary>Takes the pending pairs from the rows from <paramref name="first"/>, some columns at a time so that the pairs stay near.</summary>
    private static void Subtract(double[][] rows, int first, double[][] vs, double[][] ws, int pending)
    {
        for (var left = first; left < rows.Length; left += Chunk)
        {
            var right = Math.Min(left + Chunk, rows.Length);
            for (var i = first; i < right; i++)
            {
                var from = Math.Max(left, i);
                var row = rows[i].AsSpan(from, right - from);
                for (var p = 0; p < pending; p++)
                    DoubleVectors.Add(row, -vs[p][i], ws[p].AsSpan(from, row.Length), -ws[p][i], vs[p].AsSpan(from, row.Length));
            }
        }
    }

    /// <summary>Leaves the eigenvalues in <paramref name="diagonal"/>; returns the rotations that got there, in order.</summary>
    private static List<Rotation> DiagonaliseByQl(double[] diagonal, double[] beside)
    {
        var m = diagonal.Length;
        var rotations = new List<Rotation>(m * 4);
        // Relative to the whole matrix: PCA has no use for eigenvalues below the rounding of the largest.
        var negligible = MachineEpsilon * (diagonal.Max(Math.Abs) + beside.Max(Math.Abs));
        for (var low = 0; low < m; low++)
        {
            for (var sweep = 0; ; sweep++)
            {
                var high = low;
                while (high < m - 1 && Math.Abs(beside[high]) > negligible) high++;
                if (high == low) break;
                if (sweep == MostSweeps) throw new ArithmeticException($"QL did not converge on eigenvalue {low} of {m}");
                Sweep(diagonal, beside, low, high, rotations);
            }
        }
        return rotations;
    }

    /// <summary>One implicit QL sweep over the unreduced block from <paramref name="low"/> to <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(double[] diagonal, double[] beside, int low, int high, List<Rotation> rotations)
    {
        // Wilkinson's shift: the eigenvalue of the leading 2 x 2 block nearer to its first entry.
        var half = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
        var root = Hypotenuse(half, 1);
        var g = diagonal[high] - diagonal[low] + beside[low] / (half + Math.CopySign(root, half));
        var (sine, cosine, shift) = (1.0, 1.0, 0.0);
        for (var i = high - 1; i >= low; i--)
        {
            var (f, b) = (sine * beside[i], cosine * beside[i]);
            var r = Hypotenuse(f, g);
            beside[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= shift;
                beside[high] = 0;
                return;
            }
            (sine, cosine) = (f / r, g / r);
            g = diagonal[i + 1] - shift;
            r = (diagonal[i] - g) * sine + 2 * cosine * b;
            shift = sine * r;
            diagonal[i + 1] = g + shift;
            g = cosine * r - b;
            rotations.Add(new Rotation(i, cosine, sine));
        }
        diagonal[low] -= shift;
        beside[low] = g;
        beside[high] = 0;
    }

    /// <summary>Q G_1 ... G_r e_i for each wanted i: rotations, then reflections, each last to first.</summary>
    private static double[][] VectorsOf(double[][] reflections, List<Rotation> rotations, int[] wanted)
    {
        var (m, count) = (reflections.Length, wanted.Length);
        var lines = new double[m][];                              // line i: coordinate i of every wanted vector
        for (var i = 0; i < m; i++) lines[i] = new double[count];
        for (var k = 0; k < count; k++) lines[wanted[k]][k] = 1;
        for (var r = rotations.Count - 1; r >= 0; r--)
        {
            var (first, cosine, sine) = rotations[r];
            DoubleVectors.Rotate(lines[first], lines[first + 1], cosine, sine);
        }

        var vectors = new double[count][];
        for (var k = 0; k < count; k++)
        {
            var vector = vectors[k] = new double[m];
            for (var i = 0; i < m; i++) vector[i] = lines[i][k];
            for (var j = m - 2; j >= 0; j--)
            {
                var v = reflections[j].AsSpan(j + 1);
                var tail = vector.AsSpan(j + 1);
                DoubleVectors.Add(tail, -2 * DoubleVectors.Dot(v, tail), v);
            }
        }
        return vectors;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Hypotenuse(double a, double b)
    {
        (a, b) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        return a == 0 ? 0 : a * Math.Sqrt(1 + b / a * (b / a));
    }
}
