using MedTransfer.Models;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Inference;

/// <summary>What a model says of a set of images, in file order, without gradients and in evaluation mode.</summary>
/// <param name="Model">The model; its mode is left as evaluation.</param>
public sealed record Predictor(Classifier Model)
{
    /// <summary>Keeps what comes out of the first <see cref="Depth"/> layers; null to pass all of them.</summary>
    internal Embedder? Embedder { get; init; }

    /// <summary>Layers whose output the embedder may know, because they did not train.</summary>
    internal int Depth { get; init; }

    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Assessment.Of(Model.Logits(Embeddings(images.Images)), images);
    }

    /// <summary>The same with embeddings of the first images, from one pass.</summary>
    /// <param name="mostEmbeddings">So many at most; 0 for none.</param>
    public SplitOutput Pass(LabelledImages images, int mostEmbeddings)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var embeddings = Embeddings(images.Images);
        var assessed = Assessment.Of(Model.Logits(embeddings), images);
        var kept = mostEmbeddings == 0 ? null : embeddings.slice(0, 0, Math.Min(mostEmbeddings, images.Count), 1).ToMatrix();
        return new(assessed.Loss, assessed.Scores, assessed.Probabilities, kept);
    }

    /// <summary>Probabilities (N, K) of images whose labels may not be known, a row an image.</summary>
    public float[,] Probabilities(ImageSet images, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return task.Probabilities(Model.Logits(Embeddings(images))).ToMatrix();
    }

    /// <summary>Embeddings of all images: float32 (N, D).</summary>
    public Tensor Embeddings(ImageSet images)
    {
        Model.eval();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layers = Model.Layers;
        if (Embedder is null || Depth == 0 || Embedder.Of(layers, Depth, images) is not { } known)
            return ForwardPass.Map(layers, images, layers.call).MoveToOuterDisposeScope();
        // its own handle: what the embedder keeps is not the caller's to dispose of
        return (Depth == layers.Depth ? known.alias() : ForwardPass.Map(layers, images, known, values => layers.Through(values, Depth, layers.Depth))).MoveToOuterDisposeScope();
    }
}

/// <summary>What several classifiers say together: the mean of their probabilities.</summary>
public sealed record EnsemblePredictor(Ensemble Ensemble)
{
    /// <summary>A probability's logarithm is taken no lower, so that one image on which all are sure and wrong does not make the loss infinite.</summary>
    private const float LeastProbability = 1e-7f;

    /// <summary>Loss, probabilities and scores of labelled images.</summary>
    public Assessment Assess(LabelledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var task = images.Task;
        // summed in double, in the members' order: the same members give the same bits
        var sum = Ensemble.Members.Select(member => task.Probabilities(member.Logits(ForwardPass.Map(member.Layers, images.Images, member.Layers.call))).to(ScalarType.Float64)).Aggregate((a, b) => a.add(b, Scalars.One));
        var mean = sum.div(Scalars.Kept(Ensemble.Members.Count)).to(ScalarType.Float32);
        return Assessment.Of(task.LogitsOf(mean.clamp(Scalars.Kept(LeastProbability), Scalars.Kept(1 - LeastProbability))), mean, images);
    }
}
