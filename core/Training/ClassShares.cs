using MedTransfer.Data;

namespace MedTransfer.Training;

/// <summary>How the training labels are distributed, turned into weights that balance them.</summary>
/// <param name="Task">What the labels ask for.</param>
/// <param name="Labels">(N, 1) class indices, or (N, L) findings.</param>
/// <param name="Outputs">K, the classes or findings that the model tells.</param>
internal sealed record ClassShares(LabelTask Task, byte[,] Labels, int Outputs)
{
    private int Images => Labels.GetLength(0);

    /// <summary>
    /// (K): N / (K n_k) for class k, 0 for one without images; n_without / n_with for a finding, 1 for one that all images have or none.
    /// </summary>
    public double[] LossWeights() => Task == LabelTask.MultiLabel
        ? [.. Enumerable.Range(0, Outputs).Select(PositiveWeight)]
        : Array.ConvertAll(Counts(), count => count == 0 ? 0 : (double)Images / (Outputs * (double)count));

    /// <summary>(N): 1 over the number of images that share the image's class, or, of findings, that also have any, or also none.</summary>
    public float[] DrawWeights()
    {
        var counts = Counts();
        return [.. Enumerable.Range(0, Images).Select(image => 1f / counts[Group(image)])];
    }

    private double PositiveWeight(int finding)
    {
        var with = Enumerable.Range(0, Images).Count(image => Labels[image, finding] != 0);
        return with == 0 || with == Images ? 1 : (Images - with) / (double)with;
    }

    private int[] Counts()
    {
        var counts = new int[Task == LabelTask.MultiLabel ? 2 : Outputs];
        for (var image = 0; image < Images; image++)
            counts[Group(image)]++;
        return counts;
    }

    private int Group(int image) => Task != LabelTask.MultiLabel ? Labels[image, 0]
        : Enumerable.Range(0, Outputs).Any(finding => Labels[image, finding] != 0) ? 1 : 0;
}
