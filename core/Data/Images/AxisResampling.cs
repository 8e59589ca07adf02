using System.Runtime.CompilerServices;

namespace MedTransfer.Data.Images;

/// <summary>
/// How the pixels along one side become fewer or more: each new one is a weighted mean of neighbours. Weights are whole numbers that add up to
/// <see cref="Denominator"/>, so that means of whole values are exact until they are divided, once for both sides.
/// </summary>
internal sealed class AxisResampling
{
    private AxisResampling(int source, int target, int denominator)
    {
        (Source, Target, Denominator) = (source, target, denominator);
        First = new int[target];
        WeightStart = new int[target + 1];
    }

    public int Source { get; }

    public int Target { get; }

    /// <summary>What the weights of each new pixel add up to.</summary>
    public int Denominator { get; }

    /// <summary>The first old pixel that each new one is made of.</summary>
    public int[] First { get; }

    /// <summary>Where in <see cref="Weights"/> those of each new pixel begin; where they end, at the place after.</summary>
    public int[] WeightStart { get; }

    public float[] Weights { get; private set; } = [];

    /// <summary>
    /// Down by area averaging: a new pixel is as wide as <c>source / target</c> old ones, each of which counts by the share of it that is covered. Up by
    /// bilinear interpolation between pixel centres, and the outermost pixel beyond them (PyTorch's <c>interpolate</c> with <c>align_corners=False</c>).
    /// </summary>
    public static AxisResampling Of(int source, int target) =>
        source > target ? Averaging(source, target) : source < target ? Interpolating(source, target) : Averaging(1, 1, source);

    /// <summary>The weighted sums along one row: <see cref="Denominator"/> times the new pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<float> row, Span<float> sums)
    {
        for (var i = 0; i < Target; i++)
        {
            var weights = Weights.AsSpan(WeightStart[i], WeightStart[i + 1] - WeightStart[i]);
            var pixels = row.Slice(First[i], weights.Length);
            var sum = 0f;
            for (var j = 0; j < weights.Length; j++) sum += weights[j] * pixels[j];
            sums[i] = sum;
        }
    }

    // In units of 1 / target of an old pixel: new pixel i covers i x source to (i + 1) x source, old pixel j covers j x target to (j + 1) x target.
    private static AxisResampling Averaging(int source, int target, int times = 1)
    {
        var axis = new AxisResampling(source * times, target * times, source);
        var weights = new List<float>();
        for (var i = 0; i < axis.Target; i++)
        {
            var (from, to) = ((long)i * source, (long)(i + 1) * source);
            axis.First[i] = (int)(from / target);
            for (var j = from / target; j * target < to; j++) weights.Add(Math.Min(to, (j + 1) * target) - Math.Max(from, j * target));
            axis.WeightStart[i + 1] = weights.Count;
        }
        axis.Weights = [.. weights];
        return axis;
    }

    // In units of 1 / (2 x target) of an old pixel: the centre of new pixel i lies (2i + 1) x source - target after that of old pixel 0.
    private static AxisResampling Interpolating(int source, int target)
    {
        var axis = new AxisResampling(source, target, 2 * target);
        var weights = new List<float>();
        for (var i = 0; i < target; i++)
        {
            var place = Math.Clamp((2 * i + 1) * source - target, 0, (source - 1) * 2 * target);
            var share = place % (2 * target);
            axis.First[i] = place / (2 * target);
            weights.Add(2 * target - share);
            if (share > 0) weights.Add(share);
            axis.WeightStart[i + 1] = weights.Count;
        }
        axis.Weights = [.. weights];
        return axis;
    }
}
