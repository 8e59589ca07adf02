using MedTransfer.Numerics;

namespace MedTransfer.Evaluation.Transferability;

/// <summary>
/// How alike two embeddings X and Y of the same images are but for turning, mirroring, moving and scaling: linear centred kernel alignment (Kornblith et al., "Similarity of neural network
/// representations revisited", ICML 2019), HSIC(X, Y) / sqrt(HSIC(X, X) HSIC(Y, Y)). Columns may differ in number. Memory is the square of the smaller of N and both columns together.
/// </summary>
public static class CentredKernelAlignment
{
    private const string Name = "Centred kernel alignment";

    /// <summary>Fewest images that the debiased estimate of HSIC is defined for.</summary>
    private const int FewestImages = 4;

    /// <summary>Of the biased HSIC of embeddings with themselves: what the debiased one holds below is rounding.</summary>
    private const double Rounding = 1e-12;

    /// <summary>
    /// With the unbiased estimate of HSIC (Song et al., "Feature selection via dependence maximization", JMLR 2012; Nguyen, Raghu and Kornblith, "Do wide and deep networks learn the same
    /// things?", ICLR 2021), so that few images do not look alike: 1 of the same embeddings, about 0, on either side, of independent ones.
    /// </summary>
    /// <param name="first">X, (N, D1), an image a row, finite, N 4 or more.</param>
    /// <param name="second">Y, (N, D2), of the same images in the same order.</param>
    /// <exception cref="MedTransferException">
    /// Images differ in number or are fewer than 4; embeddings are not finite, or all the same, or all as far from each other as any.
    /// </exception>
    public static double Of(float[,] first, float[,] second)
    {
        var (rows, others) = Centred(first, second);
        var n = rows.Count;
        if (n < FewestImages)
            throw new MedTransferException($"{Name} without bias takes {FewestImages} images, not {n}: give more.");
        var (products, x, y) = (Products.Of(rows, others), rows.SquaredLengths(), others.SquaredLengths());
        var (ofFirst, ofSecond) = (Unbiased(products.First, x, x), Unbiased(products.Second, y, y));
        if (!(ofFirst > Rounding * products.First) || !(ofSecond > Rounding * products.Second))
            throw new MedTransferException($"{Name} got embeddings that are all equally far from each other, which aligns with nothing: give more images.");
        return Unbiased(products.Both, x, y) / (Math.Sqrt(ofFirst) * Math.Sqrt(ofSecond));

        // n (n - 3) times Song's estimate, where all rows add up to 0: then what images have in common with all others is minus what they have with themselves
        double Unbiased(double product, double[] own, double[] other) =>
            product - DoubleVectors.Dot(own, other) * n / (n - 2) + own.Sum() * other.Sum() / (n - 1) / (n - 2);
    }

    /// <summary>|Y^T X|^2 / (|X^T X| |Y^T Y|) of centred columns, 0 to 1: near 1 for any two embeddings of more columns than images, by chance alone.</summary>
    /// <inheritdoc cref="Of" path="/param[@name='second']"/>
    /// <param name="first">X, (N, D1), an image a row, finite.</param>
    /// <exception cref="MedTransferException">Images differ in number; embeddings are not finite, or all the same.</exception>
    public static double Biased(float[,] first, float[,] second)
    {
        var (x, y) = Centred(first, second);
        var products = Products.Of(x, y);
        return products.Both / (Math.Sqrt(products.First) * Math.Sqrt(products.Second));
    }

    private static (EmbeddingRows First, EmbeddingRows Second) Centred(float[,] first, float[,] second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.GetLength(0) != second.GetLength(0))
            throw new MedTransferException($"{Name} got embeddings of {first.GetLength(0)} and of {second.GetLength(0)} images: give both of the same images.");
        EmbeddingChecks.RequireVarying(first, Name);
        EmbeddingChecks.RequireVarying(second, Name);
        return (EmbeddingRows.Centred(first), EmbeddingRows.Centred(second));
    }

    /// <param name="First">|X^T X|^2, the sum of squares of its entries.</param>
    /// <param name="Second">|Y^T Y|^2.</param>
    /// <param name="Both">|Y^T X|^2.</param>
    private readonly record struct Products(double First, double Second, double Both)
    {
        internal static Products Of(EmbeddingRows x, EmbeddingRows y) => x.Width + y.Width <= x.Count ? OfColumns(x, y) : OfImages(x.OfImages(), y.OfImages());

        private static Products OfColumns(EmbeddingRows x, EmbeddingRows y)
        {
            var (split, width) = (x.Width, x.Width + y.Width);
            var gram = GramMatrix.Of(width, x.Count, null, (start, count, stride, block) =>
            {
                for (var p = 0; p < count; p++)
                {
                    x.Copy(start + p, block.AsSpan(p * stride, split));
                    y.Copy(start + p, block.AsSpan(p * stride + split, y.Width));
                }
            });
            return new(Squares(0, split, 0, split), Squares(split, width, split, width), Squares(0, split, split, width));

            double Squares(int top, int bottom, int left, int right)
            {
                double sum = 0;
                for (var i = top; i < bottom; i++)
                {
                    for (var j = left; j < right; j++) sum += gram[i, j] * gram[i, j];
                }

                return sum;
            }
        }

        private static Products OfImages(double[,] ofX, double[,] ofY)
        {
            return new(Trace(ofX, ofX), Trace(ofY, ofY), Trace(ofX, ofY));

            static double Trace(double[,] a, double[,] b)
            {
                double sum = 0;
                for (var i = 0; i < a.GetLength(0); i++)
                {
                    for (var j = 0; j < a.GetLength(0); j++) sum += a[i, j] * b[i, j];
                }

                return sum;
            }
        }
    }
}
