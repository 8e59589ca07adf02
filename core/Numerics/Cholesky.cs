namespace MedTransfer.Numerics;

/// <summary>The lower triangle L of a symmetric matrix A = L L^T whose eigenvalues are all above 0.</summary>
public sealed class Cholesky
{
    private readonly double[][] rows;

    private Cholesky(double[][] rows) => this.rows = rows;

    /// <summary>Rows and columns.</summary>
    public int Size => rows.Length;

    /// <summary>Of the lower triangle of a matrix (D, D); what stands above its diagonal is not read. D^3 / 3 multiplications.</summary>
    /// <exception cref="ArgumentException">An eigenvalue is 0 or less, as far as rounding tells.</exception>
    public static Cholesky Of(double[,] matrix) =>
        TryOf(matrix, 0) ?? throw new ArgumentException("The matrix has an eigenvalue of 0 or less", nameof(matrix));

    /// <summary>As <see cref="Of"/>; null where what is left of a row, once those before it are taken from it, is <paramref name="leastPivot"/> or less.</summary>
    public static Cholesky? TryOf(double[,] matrix, double leastPivot)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.GetLength(0);
        var rows = new double[size][];
        for (var i = 0; i < size; i++)
        {
            var row = rows[i] = new double[i + 1];
            for (var j = 0; j < i; j++)
                row[j] = (matrix[i, j] - DoubleVectors.Dot(row.AsSpan(0, j), rows[j].AsSpan(0, j))) / rows[j][j];
            var pivot = matrix[i, i] - DoubleVectors.Dot(row.AsSpan(0, i), row.AsSpan(0, i));
            if (!(pivot > leastPivot)) return null;
            row[i] = Math.Sqrt(pivot);
        }

        return new(rows);
    }

    /// <summary>x^T A^-1 x, 0 or more.</summary>
    /// <param name="x">D numbers.</param>
    public double InverseForm(ReadOnlySpan<double> x)
    {
        var solved = Forward(x);
        return DoubleVectors.Dot(solved, solved);
    }

    /// <summary>A^-1 x.</summary>
    /// <param name="x">D numbers.</param>
    public double[] Solve(ReadOnlySpan<double> x)
    {
        var solved = Forward(x);
        for (var i = Size - 1; i >= 0; i--)
        {
            solved[i] /= rows[i][i];
            DoubleVectors.Add(solved.AsSpan(0, i), -solved[i], rows[i].AsSpan(0, i));
        }

        return solved;
    }

    /// <summary>L^-1 x.</summary>
    private double[] Forward(ReadOnlySpan<double> x)
    {
        var solved = new double[Size];
        for (var i = 0; i < solved.Length; i++)
            solved[i] = (x[i] - DoubleVectors.Dot(rows[i].AsSpan(0, i), solved.AsSpan(0, i))) / rows[i][i];
        return solved;
    }
}
