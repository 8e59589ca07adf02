namespace MedTransfer.Tests.Evaluation;

/// <summary>
/// Forty images with probabilities 1/80, 3/80, ... 79/80, somewhat too extreme. In NumPy: i = np.arange(40);
/// p = ((i * 7 % 40 + .5) / 40).astype(np.float32); y = (i * 11 % 40) / 40 &lt; .2 + .5 * p.astype(float)
/// </summary>
internal static class FortyImages
{
    internal static float[] Probabilities { get; } = [.. Enumerable.Range(0, 40).Select(i => (float)((i * 7 % 40 + 0.5) / 40))];

    internal static bool[] Positive { get; } = [.. Enumerable.Range(0, 40).Select(i => i * 11 % 40 / 40.0 < 0.2 + 0.5 * Probabilities[i])];

    /// <summary>Rows (1 - p, p).</summary>
    internal static float[,] Softmax()
    {
        var rows = new float[40, 2];
        for (var i = 0; i < 40; i++)
            (rows[i, 0], rows[i, 1]) = (1 - Probabilities[i], Probabilities[i]);
        return rows;
    }

    /// <summary>The class of each image, one column.</summary>
    internal static byte[,] Labels()
    {
        var labels = new byte[40, 1];
        for (var i = 0; i < 40; i++)
            labels[i, 0] = (byte)(Positive[i] ? 1 : 0);
        return labels;
    }
}
