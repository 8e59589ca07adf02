namespace MedTransfer.Inference.Saliency;

/// <summary>
/// The pointing game (Zhang et al. 2018): how often the highest point of a map lies where the finding is. Of several highest points the share that
/// does counts, so that a map which says nothing counts as a random place does.
/// </summary>
/// <param name="Accuracy">Share of the images, 0 to 1, whose highest point lies in the mask, or as near to it as the tolerance.</param>
/// <param name="ByChance">What a random place of each image would score: the mean share of the image that is mask, tolerance included.</param>
/// <param name="Images">Images that have a mask, which alone count.</param>
public sealed record PointingGame(double Accuracy, double ByChance, int Images)
{
    /// <summary>The tolerance where none is named: a 28th of the image's side, 1 pixel of 28 and 8 of 224. Zhang et al. allow 15 of about 500.</summary>
    public static int ToleranceOf(int side) => side / 28;

    /// <param name="maps">(n, S, S).</param>
    /// <param name="masks">(n, S, S): whether the finding is there; all false of an image without it.</param>
    /// <param name="tolerance">Pixels from the middle of one to the middle of the other, 0 or more; null, the default, for <see cref="ToleranceOf"/>.</param>
    /// <exception cref="MedTransferException">The shapes differ, or no image has a mask.</exception>
    public static PointingGame Of(float[,,] maps, bool[,,] masks, int? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(masks);
        var (count, height, width) = (maps.GetLength(0), maps.GetLength(1), maps.GetLength(2));
        if ((masks.GetLength(0), masks.GetLength(1), masks.GetLength(2)) != (count, height, width))
            throw new MedTransferException($"The pointing game got {count} maps of {height} x {width} and {masks.GetLength(0)} masks of {masks.GetLength(1)} x {masks.GetLength(2)}: give one of each.");
        var reach = tolerance ?? ToleranceOf(height);
        ArgumentOutOfRangeException.ThrowIfNegative(reach, nameof(tolerance));
        var (hits, areas, images) = (0.0, 0.0, 0);
        for (var image = 0; image < count; image++)
        {
            var target = Widened(masks, image, reach);
            var area = target.Count(inside => inside);
            if (area == 0)
                continue;
            hits += ShareInside(UnitRange.MapOf(maps, image), target);
            areas += area / (double)target.Length;
            images++;
        }

        return images == 0
            ? throw new MedTransferException("The pointing game got no image that has a mask: give some that have the finding.")
            : new(hits / images, areas / images, images);
    }

    private static double ShareInside(ReadOnlySpan<float> map, bool[] target)
    {
        var (highest, points, inside) = (float.NegativeInfinity, 0, 0);
        for (var pixel = 0; pixel < map.Length; pixel++)
        {
            if (map[pixel] > highest)
                (highest, points, inside) = (map[pixel], 0, 0);
            if (map[pixel] == highest)
                (points, inside) = (points + 1, inside + (target[pixel] ? 1 : 0));
        }

        return inside / (double)points;
    }

    // the mask and what is as near to it as the tolerance, row after row
    private static bool[] Widened(bool[,,] masks, int image, int tolerance)
    {
        var (height, width) = (masks.GetLength(1), masks.GetLength(2));
        var target = new bool[height * width];
        var before = new int[width + 1];   // mask pixels of a row before each of its columns
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                before[column + 1] = before[column] + (masks[image, row, column] ? 1 : 0);
            for (var other = Math.Max(0, row - tolerance); other <= Math.Min(height - 1, row + tolerance); other++)
            {
                var reach = (int)Math.Sqrt(tolerance * tolerance - (other - row) * (other - row));
                for (var column = 0; column < width; column++)
                    target[other * width + column] |= before[Math.Min(width, column + reach + 1)] > before[Math.Max(0, column - reach)];
            }
        }

        return target;
    }
}
