namespace MedTransfer.Evaluation.Comparisons;

/// <summary>How sure a number of images is that was read off a learning curve.</summary>
public enum ImagesBound
{
    /// <summary>The curve has the value at its fewest images already.</summary>
    AtMost,

    /// <summary>The curve reaches the value between two of its points.</summary>
    About,

    /// <summary>The curve does not reach the value with its most images.</summary>
    MoreThan,
}

/// <summary>How many training images a score takes, read off a learning curve.</summary>
public sealed record ImagesNeeded(ImagesBound Bound, int Images)
{
    /// <summary>
    /// Where the curve first reaches the value. Between two points it is taken as straight over the logarithm of the number of images: learning
    /// curves flatten, and ten images more matter less where there are more already.
    /// </summary>
    /// <param name="value">The score that is wanted.</param>
    /// <param name="curve">Scores by number of training images, at least 1, fewest images first.</param>
    /// <returns>Null where the curve has no points.</returns>
    public static ImagesNeeded? For(double value, IReadOnlyList<(int Images, double Score)> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Count == 0)
            return null;
        if (curve[0].Score >= value)
            return new(ImagesBound.AtMost, curve[0].Images);
        for (var i = 1; i < curve.Count; i++)
        {
            var ((fewer, low), (more, high)) = (curve[i - 1], curve[i]);
            if (high < value)
                continue;
            var share = (value - low) / (high - low);
            return new(ImagesBound.About, (int)Math.Round(fewer * Math.Pow((double)more / fewer, share)));
        }

        return new(ImagesBound.MoreThan, curve[^1].Images);
    }
}
