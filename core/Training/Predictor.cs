using MedTransfer.Models;
using static TorchSharp.torch;

namespace MedTransfer.Training;

/// <summary>What a model says of a set of images, in file order, without gradients and in evaluation mode.</summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
public sealed record Predictor(Classifier Model)
{
    /// <summary>Large enough to fill the cores, small enough for the feature maps of 224-pixel images.</summary>
    private const int BatchSize = 512;

    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images, LabelLoss loss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var logits = OverBatches(images.Images, Model.forward);
        var probabilities = loss.Probabilities(logits).ToMatrix();
        return new Assessment(loss.Of(logits, images.Images.Targets).item<float>(), probabilities, loss.Scores(probabilities, images.Labels));
    }

    /// <summary>Embeddings of the first <paramref name="limit"/> images, of all without a limit: float32 (n, D).</summary>
    public Tensor Embeddings(ImageSet images, int? limit = null) => OverBatches(images, Model.Features.call, limit);

    private Tensor OverBatches(ImageSet images, Func<Tensor, Tensor> map, int? limit = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Model.eval();
        var count = Math.Min(images.Count, limit ?? int.MaxValue);
        var parts = new List<Tensor>();
        for (var start = 0; start < count; start += BatchSize)
        {
            using var batch = NewDisposeScope();
            parts.Add(map(images.Images(start, Math.Min(start + BatchSize, count))).MoveToOuterDisposeScope());
        }

        return cat(parts).MoveToOuterDisposeScope();
    }
}
