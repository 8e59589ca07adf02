using MedTransfer.Numerics.Sparse;

namespace MedTransfer.Numerics.Eigenpairs;

/// <summary>
/// The few smallest eigenvalues, and their vectors, of a sparse symmetric matrix that has none below 0 and one of 0 whose vector is known and left out, as
/// Laplacians of graphs have: by a Krylov space of the inverse (shift and invert: Ericsson and Ruhe, Math. Comp. 1980), or, where
/// the factor would cost more than the products, of the matrix itself.
/// </summary>
/// <param name="matrix">Its largest eigenvalue is at most twice the largest entry of its diagonal, where <paramref name="mostMultiplications"/> is not infinite.</param>
/// <param name="nothing">The vector of eigenvalue 0, of length 1.</param>
/// <param name="mostMultiplications">Of a factor; beyond, products with the matrix take its place. Infinite where small eigenvalues are too near each other for that.</param>
internal sealed class SmallestEigen(SparseSymmetric matrix, double[] nothing, double mostMultiplications, int? threads)
{
    /// <summary>Added to the diagonal so that 0 can be factored, over the largest entry there; ten times as much where rounding asks for it.</summary>
    private const double LeastShift = 1e-10;

    private const double MostShift = 1e-6;

    private readonly BandCholesky.Plan _plan = new(matrix);

    /// <summary>Values, smallest first, and vectors (count, size), of length 1, the largest entry by size positive.</summary>
    /// <param name="count">1 to size - 1.</param>
    internal (double[] Values, double[][] Vectors) Smallest(int count, double tolerance = 1e-10, CancellationToken cancellation = default)
    {
        var product = _plan.Multiplications > mostMultiplications ? Opposite() : Inverse(cancellation);
        var krylov = new KrylovEigen(matrix.Size, (vectors, products) => WithoutNothing(product, vectors, products)) { Threads = threads, Tolerance = tolerance };
        var (_, found) = krylov.Largest(count, cancellation: cancellation);
        foreach (var vector in found) Signs.Fix(vector);
        var changed = new double[count][];
        for (var k = 0; k < count; k++) changed[k] = new double[matrix.Size];
        matrix.Multiply(found, changed);
        return ([.. found.Select((vector, k) => Math.Max(DoubleVectors.Dot(vector, changed[k]), 0))], found);
    }

    /// <summary>Bytes of the factor that would be made; 0 where products take its place.</summary>
    internal double FactorBytes => _plan.Multiplications > mostMultiplications ? 0 : _plan.Bytes;

    private SymmetricProduct Inverse(CancellationToken cancellation)
    {
        var largest = matrix.Diagonal.Max();
        for (var shift = LeastShift; ; shift *= 10)
        {
            try
            {
                // a matrix of zeros has any vectors: those of the start
                return BandCholesky.Of(matrix, _plan, largest > 0 ? shift * largest : 1, threads, cancellation).Solve;
            }
            catch (ArithmeticException) when (shift < MostShift)
            {
            }
        }
    }

    /// <summary>Products with a multiple of the identity less the matrix.</summary>
    private SymmetricProduct Opposite()
    {
        var bound = 2 * matrix.Diagonal.Max();
        return (vectors, products) =>
        {
            matrix.Multiply(vectors, products);
            for (var k = 0; k < vectors.Length; k++)
            {
                DoubleVectors.Scale(products[k], -1);
                DoubleVectors.Add(products[k], bound, vectors[k]);
            }
        };
    }

    private void WithoutNothing(SymmetricProduct product, ReadOnlySpan<double[]> vectors, ReadOnlySpan<double[]> products)
    {
        var projected = new double[vectors.Length][];
        for (var k = 0; k < projected.Length; k++)
        {
            projected[k] = [.. vectors[k]];
            Project(projected[k]);
        }

        product(projected, products);
        foreach (var result in products) Project(result);
    }

    private void Project(double[] vector) => DoubleVectors.Add(vector, -DoubleVectors.Dot(vector, nothing), nothing);
}
