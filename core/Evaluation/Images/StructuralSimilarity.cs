using System.Numerics;

namespace MedTransfer.Evaluation.Images;

/// <summary>
/// Mean structural similarity of two planes of pixels (Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Process. 13:600-612, 2004),
/// with the paper's constants: Gaussian window of 11 x 11 with a standard deviation of 1.5, K1 = .01, K2 = .03, variances divided by the
/// sum of weights, and only windows that lie within the image. Holds buffers: one instance a thread.
/// </summary>
internal sealed class StructuralSimilarity(int height, int width, double range)
{
    /// <summary>Side of the window, in pixels.</summary>
    internal const int Window = 11;

    private static readonly double[] Weights = GaussianWeights(deviation: 1.5);

    private readonly double _c1 = Square(0.01 * range);
    private readonly double _c2 = Square(0.03 * range);
    private readonly double[] _plane = new double[height * width];
    private readonly double[] _rows = new double[height * width - (Window - 1)];
    private readonly double[] _meanX = new double[Windows(height, width)];
    private readonly double[] _meanY = new double[Windows(height, width)];
    private readonly double[] _meanSquares = new double[Windows(height, width)];
    private readonly double[] _meanProduct = new double[Windows(height, width)];

    /// <summary>Mean over windows of (2 mx my + C1) (2 sxy + C2) / ((mx^2 + my^2 + C1) (sx^2 + sy^2 + C2)), -1 to 1.</summary>
    /// <param name="x">(height, width), row after row.</param>
    /// <param name="y">The same of the other image.</param>
    internal double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        for (var i = 0; i < x.Length; i++) _plane[i] = x[i];
        Blur(_plane, _meanX);
        for (var i = 0; i < x.Length; i++) _plane[i] = y[i];
        Blur(_plane, _meanY);
        for (var i = 0; i < x.Length; i++) _plane[i] = (double)x[i] * x[i] + (double)y[i] * y[i];
        Blur(_plane, _meanSquares);
        for (var i = 0; i < x.Length; i++) _plane[i] = (double)x[i] * y[i];
        Blur(_plane, _meanProduct);

        double sum = 0;
        for (var row = 0; row <= height - Window; row++)
        {
            for (var i = row * width; i <= row * width + width - Window; i++)
            {
                var (squares, product) = (Square(_meanX[i]) + Square(_meanY[i]), _meanX[i] * _meanY[i]);
                sum += (2 * product + _c1) * (2 * (_meanProduct[i] - product) + _c2)
                    / ((squares + _c1) * (_meanSquares[i] - squares + _c2));
            }
        }

        return sum / ((height - Window + 1) * (width - Window + 1));
    }

    /// <summary>Windows are numbered by the pixel at their upper left; those that would wrap around the right edge are there too, unused.</summary>
    private static int Windows(int height, int width) => (height - Window + 1) * width - (Window - 1);

    /// <summary>The Gaussian is separable: first along rows, then down the columns.</summary>
    private void Blur(ReadOnlySpan<double> plane, Span<double> windows)
    {
        Weigh(plane, _rows, stride: 1);
        Weigh(_rows, windows, stride: width);
    }

    /// <summary>target[i] = sum over k of weight k times source[i + k stride]; no lane meets another, so any vector width gives the same bits.</summary>
    private static void Weigh(ReadOnlySpan<double> source, Span<double> target, int stride)
    {
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var sum = Vector<double>.Zero;
            for (var k = 0; k < Window; k++)
                sum += Weights[k] * new Vector<double>(source[(i + k * stride)..]);
            sum.CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            double sum = 0;
            for (var k = 0; k < Window; k++)
                sum += Weights[k] * source[i + k * stride];
            target[i] = sum;
        }
    }

    private static double[] GaussianWeights(double deviation)
    {
        var weights = new double[Window];
        for (var k = 0; k < Window; k++)
            weights[k] = Math.Exp(-Square((k - Window / 2) / deviation) / 2);
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / total);
    }

    private static double Square(double x) => x * x;
}
