namespace MedTransfer.Numerics;

/// <summary>A symmetric matrix of numbers of pairs, such as distances or kernels, in single precision and once a pair: 2 n^2 bytes.</summary>
internal sealed class PairMatrix
{
    /// <summary>Parts of the rows in products: fixed, so that sums are the same on any number of threads.</summary>
    private const int Parts = 16;

    private readonly float[][] _rows;
    private readonly int? _threads;

    /// <param name="size">Rows and columns.</param>
    internal PairMatrix(int size, int? threads)
    {
        (_rows, _threads) = (new float[size][], threads);
        for (var i = 0; i < size; i++) _rows[i] = new float[i + 1];
    }

    internal int Size => _rows.Length;

    /// <summary>Entries (i, 0) to (i, i).</summary>
    internal Span<float> Row(int i) => _rows[i];

    /// <summary>Entry of row i and column j, in any order.</summary>
    internal float this[int i, int j] => i >= j ? _rows[i][j] : _rows[j][i];

    /// <summary>Mean of each row, of all its columns.</summary>
    internal double[] RowMeans()
    {
        var ones = new double[Size];
        Array.Fill(ones, 1.0 / Size);
        var means = new double[Size];
        Multiply([ones], [means]);
        return means;
    }

    /// <summary>The largest entry by size, and the largest once rows and columns are centred.</summary>
    /// <param name="means">Of the rows.</param>
    internal (double Largest, double Centred) Reach(double[] means)
    {
        var grand = means.Average();
        var (largest, centred) = (new double[Size], new double[Size]);
        FixedOrder.ForEachPart(Size, _threads, i =>
        {
            var row = _rows[i];
            for (var j = 0; j < row.Length; j++)
            {
                largest[i] = Math.Max(largest[i], Math.Abs(row[j]));
                centred[i] = Math.Max(centred[i], Math.Abs(row[j] - means[i] - means[j] + grand));
            }
        });
        return (largest.Max(), centred.Max());
    }

    /// <summary>Writes J A J v of each vector v, J taking the mean from a vector: products with the matrix centred by rows and columns.</summary>
    internal void MultiplyCentred(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
    {
        var centred = new double[vectors.Length][];
        for (var k = 0; k < centred.Length; k++)
        {
            centred[k] = [.. vectors[k]];
            Centre(centred[k]);
        }

        Multiply(centred, products);
        foreach (var product in products) Centre(product);
    }

    /// <summary>Adds A v of each vector v to its product.</summary>
    internal void Multiply(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
    {
        var given = vectors.ToArray();
        var sums = new double[Parts][][];
        FixedOrder.ForEachPart(Parts, _threads, part =>
        {
            // rows grow: parts of as many pairs each
            var (start, end) = ((int)(Size * Math.Sqrt((double)part / Parts)), (int)(Size * Math.Sqrt((part + 1.0) / Parts)));
            var own = sums[part] = new double[given.Length][];
            for (var k = 0; k < given.Length; k++) own[k] = new double[end];
            for (var i = start; i < end; i++)
            {
                var beside = _rows[i].AsSpan(0, i);
                for (var k = 0; k < given.Length; k++)
                    own[k][i] += DoubleVectors.DotAndAdd(beside, given[k].AsSpan(0, i), given[k][i], own[k].AsSpan(0, i)) + (double)_rows[i][i] * given[k][i];
            }
        });
        for (var k = 0; k < given.Length; k++)
        {
            foreach (var part in sums) DoubleVectors.Add(products[k].AsSpan(0, part[k].Length), 1, part[k]);
        }
    }

    private static void Centre(Span<double> vector)
    {
        var sum = 0.0;
        foreach (var value in vector) sum += value;
        var mean = sum / vector.Length;
        for (var i = 0; i < vector.Length; i++) vector[i] -= mean;
    }
}
