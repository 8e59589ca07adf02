using System.Runtime.CompilerServices;
using MedTransfer.Numerics;

namespace MedTransfer.Data.Checks;

/// <summary>Images that look like negatives of the others: black and white exchanged, as where a file's MONOCHROME1 was not heeded.</summary>
internal static class InvertedImages
{
    // the leading direction of images that share an anatomy; of radiographs of one view more than nine tenths correlate with it above a half
    private const double LeastCorrelation = 0.5;
    private const double LeastShareAlike = 0.8;
    private const int Rounds = 30;
    private const int MostForDirection = 4096;

    /// <summary>
    /// Whether each image is turned against most: whether it correlates with the direction of the largest sum of squared correlations (the first uncentred
    /// principal component of thumbnails) below -0.5, where most correlate above 0.5. None is where fewer than eight tenths of all lie along it either way, as the images do
    /// not look alike.
    /// </summary>
    public static bool[] Find(IReadOnlyList<Thumbnail> images)
    {
        var direction = DirectionOf([.. Enumerable.Range(0, images.Count).Where(place => place % (1 + images.Count / MostForDirection) == 0).Select(place => Centred(images[place].Pixels))]);
        var correlations = images.Select(image => DoubleVectors.Dot(Centred(image.Pixels), direction)).ToArray();
        var (with, against) = (correlations.Count(c => c > LeastCorrelation), correlations.Count(c => c < -LeastCorrelation));
        if (with + against < LeastShareAlike * images.Count) return new bool[images.Count];
        var sign = with >= against ? 1 : -1;
        return Array.ConvertAll(correlations, c => sign * c < -LeastCorrelation);
    }

    // by power iteration, from the first image that is not blank
    private static double[] DirectionOf(double[][] rows)
    {
        var direction = Array.Find(rows, row => Array.Exists(row, pixel => pixel != 0)) ?? new double[Thumbnail.Side * Thumbnail.Side];
        for (var round = 0; round < Rounds; round++)
        {
            var next = new double[direction.Length];
            foreach (var row in rows) DoubleVectors.Add(next, DoubleVectors.Dot(row, direction), row);
            Normalise(next);
            direction = next;
        }
        return direction;
    }

    // of length 1, or 0 where the image is blank
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Centred(byte[] pixels)
    {
        var sum = 0;
        foreach (var pixel in pixels) sum += pixel;
        var (mean, values) = ((double)sum / pixels.Length, new double[pixels.Length]);
        for (var pixel = 0; pixel < pixels.Length; pixel++) values[pixel] = pixels[pixel] - mean;
        Normalise(values);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalise(double[] values)
    {
        var length = Math.Sqrt(DoubleVectors.Dot(values, values));
        for (var i = 0; i < values.Length && length > 0; i++) values[i] /= length;
    }
}
