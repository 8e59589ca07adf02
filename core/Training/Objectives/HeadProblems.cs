using MedTransfer.Data.Resampling;
using MedTransfer.Inference;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Heads on parts of the same images, as <see cref="LogisticBatch"/> solves them: of classes a problem a part, of findings one a part and finding, as the mean over what is known of findings
/// is a sum of their own. The softmax of two classes is the logistic of the difference of their logits, of which the penalty is half, as it shares that difference equally.
/// </summary>
/// <param name="Targets">As <see cref="LogisticBatch"/> wants them.</param>
/// <param name="Learned">(N, P): weights of the losses in the fit.</param>
/// <param name="HeldOut">(N, P): weights of the held-out losses, which sum to the task's mean loss, over parts.</param>
/// <param name="Penalties">(P): lambda at C = 1.</param>
internal sealed record HeadProblems(Tensor Targets, Tensor Learned, Tensor HeldOut, Tensor Penalties)
{
    /// <summary>Of several parts, each with images that are held out.</summary>
    public static HeadProblems Of(LabelledImages train, IReadOnlyList<Fold> parts, int outputs, ClassBalance balance) =>
        train.Task is FindingsTask ? Findings(train, parts, outputs, balance) : Classes(train, parts, outputs, balance);

    /// <summary>Of all images.</summary>
    public static HeadProblems Of(LabelledImages train, int outputs, ClassBalance balance) =>
        Of(train, [new([.. Enumerable.Range(0, train.Count)], [])], outputs, balance);

    /// <summary>The head that minima are: (K, D + 1).</summary>
    /// <param name="minima">As <see cref="LogisticBatch.Minima"/> gives them, of all images.</param>
    public static Tensor HeadOf(Tensor minima, LearningTask task)
    {
        if (task is FindingsTask)
            return minima.squeeze(1);
        if (minima.shape[1] > 1)
            return minima[0] - minima[0].mean([0L], keepdim: true);   // the same to all logits says nothing
        var half = minima[0].div(Scalars.Kept(2));
        return cat([-half, half]);
    }

    private static HeadProblems Classes(LabelledImages train, IReadOnlyList<Fold> parts, int outputs, ClassBalance balance)
    {
        var (learned, heldOut) = (Members(parts, part => part.Train, train), Members(parts, part => part.HeldOut, train));
        var penalties = learned.sum([0L]).reciprocal_();
        if (LossWeights(train, parts, outputs, balance) is { } weights)
        {
            var ofImages = weights.index_select(1, train.Targets).t();
            learned.mul_(ofImages);
            heldOut.mul_(ofImages);
        }

        var targets = nn.functional.one_hot(train.Targets, outputs).to(ScalarType.Float64).unsqueeze(1);
        return new(
            outputs == 2 ? targets.slice(2, 1, 2, 1) : targets,
            learned.div_(learned.sum([0L])), Shares(heldOut, [0L], parts.Count),
            outputs == 2 ? penalties.div_(Scalars.Kept(2)) : penalties);
    }

    // where the training part does not know both kinds of a finding, nothing is held out
    private static HeadProblems Findings(LabelledImages train, IReadOnlyList<Fold> parts, int outputs, ClassBalance balance)
    {
        var known = FindingsTask.Known(train.Targets).to(ScalarType.Float64).unsqueeze(1);
        var present = train.Targets.to(ScalarType.Float64).clamp_min_(Scalars.Kept(0)).unsqueeze(1);
        var members = Members(parts, part => part.Train, train);
        var learned = members.unsqueeze(2) * known;
        var heldOut = Members(parts, part => part.HeldOut, train).unsqueeze(2) * known;
        var all = learned.sum([0L, 2L]).unsqueeze(1);
        var positive = (learned * present).sum([0L]);
        heldOut.mul_(positive.gt(Scalars.Kept(0)).logical_and(positive.lt(learned.sum([0L]))));
        heldOut = Shares(heldOut, [0L, 2L], parts.Count);
        if (LossWeights(train, parts, outputs, balance) is { } weights)
        {
            // weights do not count in the divisors of the means
            var ofImages = (present * weights.sub(Scalars.Kept(1))).add_(Scalars.One, Scalars.One);
            learned.mul_(ofImages);
            heldOut.mul_(ofImages);
        }

        var sums = learned.sum([0L]);
        sums.masked_fill_(sums.eq(Scalars.Kept(0)), Scalars.One);
        return new(
            present.expand(-1, parts.Count, -1).reshape(train.Count, -1, 1), learned.div_(sums).reshape(train.Count, -1),
            heldOut.reshape(train.Count, -1), (all / sums / members.sum([0L]).unsqueeze(1)).reshape(-1));
    }

    // of what each part holds out, over the parts; none of nothing
    private static Tensor Shares(Tensor heldOut, long[] dimensions, int parts)
    {
        var sums = heldOut.sum(dimensions, keepdim: true);
        return heldOut.div_(sums.masked_fill_(sums.eq(Scalars.Kept(0)), Scalars.One)).div_(Scalars.Kept(parts));
    }

    // (N, F): 1 for the images of a part
    private static Tensor Members(IReadOnlyList<Fold> parts, Func<Fold, IReadOnlyList<int>> which, LabelledImages train)
    {
        var members = new double[train.Count * parts.Count];
        for (var part = 0; part < parts.Count; part++)
        {
            foreach (var image in which(parts[part])) members[image * parts.Count + part] = 1;
        }

        return tensor(members, device: train.Targets.device).reshape(train.Count, parts.Count);
    }

    // (F, K)
    private static Tensor? LossWeights(LabelledImages train, IReadOnlyList<Fold> parts, int outputs, ClassBalance balance) => balance == ClassBalance.Loss
        ? stack([.. parts.Select(part => tensor(train.Task.LossWeights(train.Labels.Rows(part.Train), outputs), device: train.Targets.device))])
        : null;
}
