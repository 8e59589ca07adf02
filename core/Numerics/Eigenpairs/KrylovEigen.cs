namespace MedTransfer.Numerics.Eigenpairs;

/// <summary>Writes to each product, all 0 at first, A v of its vector v, for a symmetric matrix A that need not be anywhere; the same bits for a vector in whatever company.</summary>
internal delegate void SymmetricProduct(ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products);

/// <summary>
/// The few largest eigenvalues of a large symmetric matrix and their vectors, from products with it alone: a block Krylov space with thick
/// restarts (Wu and Simon, "Thick-restart Lanczos method for large symmetric eigenvalue problems", SIAM J. Matrix Anal. Appl. 2000), the
/// vectors in it orthogonalised against all others, Ritz values from the products themselves. A block wider than what is asked for sees values
/// that occur several times. Memory: some 2 (count + <see cref="Guards"/>) x <see cref="BlocksKept"/> vectors.
/// </summary>
/// <param name="size">Rows of the matrix.</param>
/// <param name="product">The largest by value are found, not by size; for the smallest, give products with the negative.</param>
internal sealed class KrylovEigen(int size, SymmetricProduct product)
{
    /// <summary>Pairs that are followed beyond those asked for: where the next value is near, the last one asked for is found sooner.</summary>
    private const int Guards = 4;

    /// <summary>Blocks the space holds before it is restarted from its best vectors.</summary>
    private const int BlocksKept = 8;

    private const int LeastSpace = 48;

    /// <summary>What is left of a vector of length 1 once those before are taken from it that is rounding, not direction.</summary>
    private const double Dependent = 1e-12;

    /// <summary>What residuals of the largest values by size are left with.</summary>
    private const double Rounding = 1e-13;

    private const ulong StartSeed = 0x6B72796C6F76;

    /// <summary>Residual |A v - value v| of every pair at the end, of its own value, or <see cref="Rounding"/> of the largest by size where that is more; 1e-10 unless set.</summary>
    internal double Tolerance { get; init; } = 1e-10;

    /// <summary>Blocks multiplied with the matrix before the search is given up; 2,000 unless set.</summary>
    internal int MostBlocks { get; init; } = 2000;

    /// <summary>Threads that share the vectors' sums; null for every core. Never changes the result.</summary>
    internal int? Threads { get; init; }

    private readonly List<double[]> _space = [];
    private readonly List<double[]> _products = [];

    /// <summary>Values, largest first, and vectors (count, size), one a row, of length 1.</summary>
    /// <param name="count">1 to size.</param>
    /// <param name="progress">Told the largest residual over the tolerance after each block.</param>
    /// <exception cref="MedTransferException">Not converged after <see cref="MostBlocks"/>.</exception>
    internal (double[] Values, double[][] Vectors) Largest(int count, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var width = Math.Min(count + Guards, size);
        var most = Math.Min(Math.Max(LeastSpace, BlocksKept * width), size);
        _space.Clear();
        _products.Clear();
        var ritz = new double[0, 0];
        var block = Start(width);
        for (var blocks = 0; blocks < MostBlocks; blocks++)
        {
            cancellation.ThrowIfCancellationRequested();
            var added = Extend(block);
            ritz = Bordered(ritz, added);
            var (values, coordinates) = SymmetricEigen.Largest((double[,])ritz.Clone(), _space.Count, cancellation);
            var scale = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
            var residuals = Residuals(values, coordinates, width);
            var lengths = residuals.Select(residual => Math.Sqrt(DoubleVectors.Dot(residual, residual))).ToArray();
            var enough = values.Take(lengths.Length).Select(value => Math.Max(Tolerance * Math.Abs(value), Rounding * scale)).ToArray();
            var worst = lengths.Take(count).Zip(enough, (length, least) => length / least).Max();
            progress?.Invoke(worst);
            // a space that nothing can be added to is the whole one, or one that the matrix maps into itself
            if (!(worst > 1) || (added == 0 && blocks > 0))
                return (values[..count], Combined(_space, coordinates.AsSpan(0, count)));
            if (_space.Count + width > most)
            {
                // half of the space is kept, the best of it: what the restart forgets is least missed
                var kept = Math.Clamp(most / 2, Math.Min(width, _space.Count), _space.Count);
                Restart(coordinates.AsSpan(0, kept));
                ritz = new double[kept, kept];
                for (var i = 0; i < kept; i++) ritz[i, i] = values[i];
            }

            block = [.. residuals.Where((_, i) => lengths[i] > enough[i] / 10)];
        }

        throw new MedTransferException(FormattableString.Invariant($"{count} eigenvectors of a matrix of {size} rows were not found to {Tolerance} of their values, as others lie too near: ask for fewer components."));
    }

    private double[][] Start(int width)
    {
        var random = new SplitMix64(StartSeed);
        var start = new double[width][];
        for (var k = 0; k < width; k++)
        {
            start[k] = new double[size];
            for (var i = 0; i < size; i++) start[k][i] = random.Fraction() - 0.5;
        }

        return start;
    }

    /// <summary>Adds what is new in these directions to the space, with its products; how many vectors that were.</summary>
    private int Extend(double[][] block)
    {
        var first = _space.Count;
        foreach (var vector in block)
        {
            if (_space.Count == size) break;
            if (Orthogonalise(vector)) _space.Add(vector);
        }

        var added = _space.Count - first;
        if (added == 0) return 0;
        for (var i = 0; i < added; i++) _products.Add(new double[size]);
        product([.. _space[first..]], [.. _products[first..]]);
        return added;
    }

    /// <summary>Makes the vector one of length 1 at right angles to the space (Gram-Schmidt twice); false where nothing of it is left.</summary>
    private bool Orthogonalise(double[] vector)
    {
        var whole = Math.Sqrt(DoubleVectors.Dot(vector, vector));
        if (!(whole > 0)) return false;
        DoubleVectors.Scale(vector, 1 / whole);
        for (var pass = 0; pass < 2; pass++)
        {
            var shares = new double[_space.Count];
            ForEach(shares.Length, i => shares[i] = DoubleVectors.Dot(_space[i], vector));
            AddAll(vector, _space, shares, -1);
            var length = Math.Sqrt(DoubleVectors.Dot(vector, vector));
            if (length < Dependent) return false;
            DoubleVectors.Scale(vector, 1 / length);
        }

        return true;
    }

    /// <summary>V^T A V with the rows and columns of the vectors added last.</summary>
    private double[,] Bordered(double[,] inner, int added)
    {
        var (all, old) = (_space.Count, _space.Count - added);
        var whole = new double[all, all];
        for (var i = 0; i < old; i++)
        {
            for (var j = 0; j < old; j++) whole[i, j] = inner[i, j];
        }

        ForEach(all, i =>
        {
            for (var j = Math.Max(i, old); j < all; j++) whole[i, j] = whole[j, i] = DoubleVectors.Dot(_space[i], _products[j]);
        });
        return whole;
    }

    private double[][] Residuals(double[] values, double[][] coordinates, int width)
    {
        var residuals = new double[Math.Min(width, _space.Count)][];
        ForEach(residuals.Length, k =>
        {
            var residual = new double[size];
            for (var i = 0; i < _space.Count; i++)
                DoubleVectors.Add(residual, coordinates[k][i], _products[i], -values[k] * coordinates[k][i], _space[i]);
            residuals[k] = residual;
        });
        return residuals;
    }

    private void Restart(ReadOnlySpan<double[]> coordinates)
    {
        var (space, products) = (Combined(_space, coordinates), Combined(_products, coordinates));
        _space.Clear();
        _products.Clear();
        _space.AddRange(space);
        _products.AddRange(products);
    }

    private double[][] Combined(List<double[]> vectors, ReadOnlySpan<double[]> coordinates)
    {
        var shares = coordinates.ToArray();
        var combined = new double[shares.Length][];
        ForEach(shares.Length, k =>
        {
            combined[k] = new double[size];
            for (var i = 0; i < vectors.Count; i++) DoubleVectors.Add(combined[k], shares[k][i], vectors[i]);
        });
        return combined;
    }

    private static void AddAll(double[] target, List<double[]> vectors, double[] shares, double sign)
    {
        for (var i = 0; i < shares.Length; i++) DoubleVectors.Add(target, sign * shares[i], vectors[i]);
    }

    /// <summary>Small work is not worth the threads.</summary>
    private void ForEach(int count, Action<int> part) => FixedOrder.ForEachPart(count, (long)count * size < 1 << 18 ? 1 : Threads, part);
}
