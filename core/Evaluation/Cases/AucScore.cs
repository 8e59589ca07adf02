namespace MedTransfer.Evaluation.Cases;

/// <summary>
/// An area under the ROC curve with its placements: of a positive image the share of negatives below it, of a negative the share of positives
/// above it, ties counted half (DeLong, DeLong and Clarke-Pearson 1988), found by one sort (Sun and Xu 2014, IEEE Signal Process. Lett. 21:1389-1393).
/// </summary>
internal sealed class AucScore : CaseScore
{
    private readonly SortedImages images;

    private AucScore(double value, SortedImages images, Patients patients)
        : base(value, DeviationsOf(value, images, patients.Count), patients) => this.images = images;

    /// <summary>Null without both positives and negatives among the images that are known.</summary>
    /// <param name="scores">One finite number an image.</param>
    /// <param name="positive">Whether an image is positive; null where that is not known, and the image counts for nothing.</param>
    public static AucScore? Of(Patients patients, Func<int, float> scores, Func<int, bool?> positive)
    {
        var known = Enumerable.Range(0, patients.Images).Where(image => positive(image) is not null).OrderBy(scores).ToArray();
        var sorted = new SortedImages(
            Array.ConvertAll(known, image => patients[image]), Array.ConvertAll(known, image => positive(image)!.Value), TiesOf(Array.ConvertAll(known, image => scores(image))));
        return sorted.Area(null) is { } area ? new(area, sorted, patients) : null;
    }

    internal override double? Resampled(int[] times) => images.Area(times);

    private static int[] TiesOf(float[] sorted)
    {
        var ends = new List<int>();
        for (var image = 1; image <= sorted.Length; image++)
        {
            if (image == sorted.Length || sorted[image] != sorted[image - 1])
                ends.Add(image);
        }

        return [.. ends];
    }

    private static Deviations? DeviationsOf(double area, SortedImages images, int patients)
    {
        var (ofPositives, ofNegatives) = (new double[patients], new double[patients]);
        var (hasPositives, hasNegatives) = (new bool[patients], new bool[patients]);
        double positives = images.Positive.Count(positive => positive), negatives = images.Positive.Length - positives;
        double positivesBelow = 0, negativesBelow = 0;
        var start = 0;
        foreach (var end in images.TieEnds)
        {
            double tiedPositives = images.Positive.AsSpan(start..end).Count(true), tiedNegatives = end - start - tiedPositives;
            for (; start < end; start++)
            {
                var patient = images.Patient[start];
                if (images.Positive[start])
                {
                    ofPositives[patient] += ((negativesBelow + tiedNegatives / 2) / negatives - area) / positives;
                    hasPositives[patient] = true;
                }
                else
                {
                    ofNegatives[patient] += ((positives - positivesBelow - tiedPositives / 2) / positives - area) / negatives;
                    hasNegatives[patient] = true;
                }
            }

            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
        }

        return Deviations.Of([ofPositives, ofNegatives], hasPositives.Count(has => has), hasNegatives.Count(has => has));
    }

    /// <summary>Images by ascending score: whose each is, whether it is positive, and where each run of equal scores ends.</summary>
    private sealed record SortedImages(int[] Patient, bool[] Positive, int[] TieEnds)
    {
        /// <summary>The area where each patient is there so many times, once where null.</summary>
        public double? Area(int[]? times)
        {
            // in whole numbers: within a tie each pair counts 1, a positive counts 2 for each negative below the tie
            long twiceU = 0, positives = 0, negatives = 0;
            var image = 0;
            foreach (var end in TieEnds)
            {
                long tiedPositives = 0, tiedNegatives = 0;
                for (; image < end; image++)
                {
                    var count = times is null ? 1 : times[Patient[image]];
                    if (Positive[image])
                        tiedPositives += count;
                    else
                        tiedNegatives += count;
                }

                twiceU += tiedPositives * (2 * negatives + tiedNegatives);
                positives += tiedPositives;
                negatives += tiedNegatives;
            }

            return positives == 0 || negatives == 0 ? null : twiceU / (2.0 * positives * negatives);
        }
    }
}
