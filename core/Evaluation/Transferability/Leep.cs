namespace MedTransfer.Evaluation.Transferability;

/// <summary>
/// LEEP, the log expected empirical prediction (Nguyen et al., "LEEP: a new measure to evaluate transferability of learned representations", ICML 2020): how well target labels y are
/// guessed from the classes z that the source's own head, theta, sees in the target's images, mean over images of log sum_z P(y|z) theta(x)_z, P being counted over the same images.
/// </summary>
public static class Leep
{
    private const string Name = "LEEP";

    /// <summary>How far probabilities of an image may be from 1 in sum; a softmax in single precision is off by less.</summary>
    private const double RoundingAllowance = 1e-3;

    /// <summary>
    /// In nats, 0 at most, where the head's classes tell those of the target apart; a head that says the same of every image has minus the entropy of the labels.
    /// </summary>
    /// <param name="probabilities">(N, Z), the source head's softmax over its own classes, a target image a row.</param>
    /// <param name="labels">N class numbers of the target, any whole numbers, of two classes or more.</param>
    /// <exception cref="MedTransferException">Labels are not one an image or of one class; rows are not probabilities that add up to 1.</exception>
    public static double Of(float[,] probabilities, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        var (count, sources) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (labels.Count != count || count == 0)
            throw new MedTransferException($"{Name} got probabilities of {count} images and {labels.Count} labels: give one label an image, of one image at least.");
        EmbeddingChecks.RequireSeveral(labels, Name);
        RequireSoftmax(probabilities);

        var numbers = labels.Distinct().Order().ToArray();
        int[] classes = [.. labels.Select(label => Array.BinarySearch(numbers, label))];
        var (joint, marginal) = (new double[numbers.Length, sources], new double[sources]);   // N P(y, z) and N P(z)
        for (var i = 0; i < count; i++)
        {
            for (var z = 0; z < sources; z++)
            {
                joint[classes[i], z] += probabilities[i, z];
                marginal[z] += probabilities[i, z];
            }
        }

        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            double expected = 0;
            for (var z = 0; z < sources; z++)
            {
                if (probabilities[i, z] > 0) expected += joint[classes[i], z] / marginal[z] * probabilities[i, z];
            }

            sum += Math.Log(expected);
        }

        return sum / count;
    }

    private static void RequireSoftmax(float[,] probabilities)
    {
        for (var i = 0; i < probabilities.GetLength(0); i++)
        {
            double sum = 0;
            for (var z = 0; z < probabilities.GetLength(1); z++)
            {
                var p = probabilities[i, z];
                if (!(p is >= 0 and <= (float)(1 + RoundingAllowance)))
                    throw new MedTransferException(FormattableString.Invariant($"{Name} got {p} in row {i}, column {z} (from 0), not a probability: give the source head's softmax."));
                sum += p;
            }

            if (Math.Abs(sum - 1) > RoundingAllowance)
                throw new MedTransferException(FormattableString.Invariant($"{Name} got probabilities of image {i} (from 0) that add up to {sum:0.###}, not 1: give the source head's softmax."));
        }
    }
}
