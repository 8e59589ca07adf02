namespace MedTransfer.Models.Onnx.Export;

/// <summary>Weights that make a side of so many pixels of one of so many others: matrices, new side x old side, whose rows add up to 1.</summary>
internal static class FixedResampling
{
    /// <summary>
    /// Bilinear, with half-pixel centres, as PyTorch's <c>interpolate</c> has it: of larger sides antialiased, with a triangle as wide as the pixels
    /// that become one.
    /// </summary>
    public static float[,] Bilinear(int from, int to)
    {
        var step = (double)from / to;
        // beyond the edge there is nothing, so that what is there weighs as much more
        return Normalised(from, to, (pixel, old) => Math.Max(0, 1 - Math.Abs(old + 0.5 - (pixel + 0.5) * step) / Math.Max(1, step)));
    }

    /// <summary>Means over windows, as PyTorch's <c>adaptive_avg_pool2d</c> cuts them: where sides do not divide, neighbours share pixels.</summary>
    public static float[,] Windows(int from, int to) => Normalised(from, to, (pixel, old) => old >= pixel * from / to && old < ((pixel + 1) * from + to - 1) / to ? 1 : 0);

    private static float[,] Normalised(int from, int to, Func<int, int, double> weight)
    {
        var weights = new float[to, from];
        for (var pixel = 0; pixel < to; pixel++)
        {
            var row = Enumerable.Range(0, from).Select(old => weight(pixel, old)).ToArray();
            var sum = row.Sum();
            for (var old = 0; old < from; old++)
                weights[pixel, old] = (float)(row[old] / sum);
        }

        return weights;
    }
}
