using MedTransfer.Data;
using MedTransfer.Models;
using MedTransfer.Runtime;
using MedTransfer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedTransfer.Trials;

/// <summary>Several trained trials as one model, whose probabilities are the mean of theirs: for the real test split, once every choice has been made.</summary>
/// <param name="Members">Finished trials with the same outputs, at least one.</param>
public sealed record FoldEnsemble(IReadOnlyList<TrialResult> Members)
{
    /// <summary>Below it a probability's logarithm is not taken, so that one image on which all are sure and wrong does not make the loss infinite.</summary>
    private const float LeastProbability = 1e-7f;

    /// <summary>Loss, probabilities and scores of the mean on a split.</summary>
    /// <param name="data">The dataset the members learned from, as the runner loads it.</param>
    /// <param name="name">Which of its splits; of the training split, members have seen their parts.</param>
    public Assessment Assess(Dataset data, SplitName name)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Members.Count == 0)
            throw new InvalidOperationException("There are no members.");
        var loss = new LabelLoss(data.Info.Task ?? throw new MedTransferException($"{data.Info.Name} has no labels to score predictions by: name a labelled set."));
        using var scope = NewDisposeScope();
        // summed in double, in the order given: the same members give the same bits
        var sum = Members.Select(member => Probabilities(member, data, name, loss)).Aggregate((a, b) => a + b);
        var mean = (sum / Members.Count).to(ScalarType.Float32);
        var clamped = mean.clamp(LeastProbability, 1 - LeastProbability);
        var logits = loss.Task == LabelTask.MultiLabel ? clamped.logit() : clamped.log();
        var labels = data[name].Labels;
        var probabilities = mean.ToMatrix();
        return new Assessment(loss.Of(logits, loss.Targets(labels, CPU)).item<float>(), probabilities, loss.Scores(probabilities, labels));
    }

    private static Tensor Probabilities(TrialResult member, Dataset data, SplitName name, LabelLoss loss)
    {
        var device = ComputeDevice.Open(member.Trial.Spec.Device);
        using var model = Trained(member, data.Info);
        model.to(device);
        using var images = LabelledImages.On(device, data[name], loss);
        var probabilities = new Predictor(model).Assess(images, loss).Probabilities;
        return tensor(probabilities.Cast<float>().ToArray()).reshape(probabilities.GetLength(0), probabilities.GetLength(1)).to(ScalarType.Float64);
    }

    private static Classifier Trained(TrialResult member, DatasetInfo info)
    {
        var model = Classifier.Create(member.Trial.Spec.Model, info, member.Trial.Spec.Seed);
        using var noGradient = no_grad();
        var weights = member.Folder.ReadWeights();
        foreach (var (name, own) in model.state_dict())
        {
            if (weights.GetValueOrDefault(name) is not { } stored || !stored.Shape.SequenceEqual(own.shape))
                throw new MedTransferException($"{member.Folder.WeightsPath} has no {name} of shape ({string.Join(", ", own.shape)}): {info.Name} is not what it was trained on.");
            using var given = stored.ToTensor();
            own.copy_(given);
        }

        return model;
    }
}
