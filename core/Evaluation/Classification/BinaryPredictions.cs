namespace MedTransfer.Evaluation.Classification;

/// <summary>What was said of the images of a split where there are two classes, one of them positive, and what they are.</summary>
/// <param name="Probabilities">Of the positive class, one an image.</param>
/// <param name="Positive">Whether the image is of it, in the same order.</param>
/// <param name="Right">Whether the more probable class is the image's, of equally probable ones class 0 being the answer.</param>
public sealed record BinaryPredictions(float[] Probabilities, bool[] Positive, bool[] Right)
{
    /// <summary>Number of images.</summary>
    public int Count => Positive.Length;

    /// <summary>Of both classes' probabilities.</summary>
    /// <param name="probabilities">(N, 2): the softmax of each image.</param>
    /// <param name="labels">(N, 1): the class of each image, 0 or 1.</param>
    /// <param name="positive">The class that is positive, 0 or 1.</param>
    public static BinaryPredictions Of(float[,] probabilities, byte[,] labels, int positive)
    {
        LabelledPredictions.RequireClasses(probabilities, labels);
        LabelledPredictions.RequireOneOfTwo(positive);
        if (probabilities.GetLength(1) != 2)
            throw new ArgumentException($"Two classes have two columns of probabilities, not {probabilities.GetLength(1)}", nameof(probabilities));
        var images = Enumerable.Range(0, labels.GetLength(0)).ToArray();
        return new(
            Array.ConvertAll(images, i => probabilities[i, positive]),
            Array.ConvertAll(images, i => labels[i, 0] == positive),
            Array.ConvertAll(images, i => LabelledPredictions.Answer(probabilities, i) == labels[i, 0]));
    }

    /// <summary>The images of these indices, 0 to Count - 1, in their order and as often as they are named.</summary>
    public BinaryPredictions Drawn(int[] images) =>
        new(Array.ConvertAll(images, i => Probabilities[i]), Array.ConvertAll(images, i => Positive[i]), Array.ConvertAll(images, i => Right[i]));
}
