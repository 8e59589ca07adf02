using MathNet.Numerics.Statistics;
using MedTransfer.Data.Resampling;
using MedTransfer.Inference;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using MedTransfer.Tasks;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Chooses the C of a logistic regression by the held-out loss of folds of its training images: the strongest penalty that comes within a
/// standard error of the lowest (Breiman, Friedman, Olshen and Stone 1984), as few images tell penalties apart poorly, and test images are
/// seldom quite like those of training. All folds are solved at once, from the strongest
/// penalty to the weakest, each from the solution before. Columns are standardised once, over all training images, as they are in the fit.
/// </summary>
/// <param name="choice">What is tried.</param>
/// <param name="balance">Whether classes weigh in the losses, of the images held out too, by their numbers in the fold's training part.</param>
internal sealed class PenaltySearch(PenaltyChoice choice, ClassBalance balance)
{
    /// <summary>A loss is lower if it is by more than this share, however alike the folds.</summary>
    private const double Lower = 1e-4;

    /// <summary>What a fold's mean loss may be above its minimum: far less than what tells penalties apart.</summary>
    private const double Tolerance = 1e-8;

    /// <summary>The choice; null where no column varies, so that there is nothing to penalise.</summary>
    /// <param name="features">(N, D), float64, standardised.</param>
    /// <exception cref="MedTransferException">A fold's minimum was not reached.</exception>
    public ChosenPenalty? Choose(Tensor features, LabelledImages train, int outputs, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var coordinates = PrincipalCoordinates.Of(features);
        if (coordinates.Variances.shape[0] == 0)
            return null;
        var folds = FoldsOf(train);
        if (folds.Count == 0)
            return new(choice.InversePenalties[0], 0, [.. choice.InversePenalties.Select(tried => new TriedPenalty(tried, null, null))]);

        var problems = train.Task is FindingsTask ? Findings(train, folds, outputs) : Classes(train, folds, outputs);
        var batch = new LogisticBatch(coordinates, problems.Targets, problems.Learned);
        var tried = new List<TriedPenalty>();
        // of findings a fold may hold out none that the others know both kinds of
        bool[] scored = [.. problems.HeldOut.sum([0L]).reshape(folds.Count, -1).sum([1L]).gt(Scalars.Kept(0)).cpu().data<bool>().ToArray()];
        if (!scored.Contains(true))
            return new(choice.InversePenalties[0], 0, [.. choice.InversePenalties.Select(one => new TriedPenalty(one, null, null))]);
        foreach (var inverse in choice.InversePenalties)
        {
            using var inner = NewDisposeScope();
            if (!batch.Solve(problems.Penalties / tensor(inverse, device: features.device), Tolerance, cancellation))
                throw new MedTransferException(FormattableString.Invariant($"A fold's head did not converge at C = {inverse}: choose among stronger penalties (smaller C)."));
            // a column a fold, or a fold and finding
            double[] losses = [.. (batch.Losses() * problems.HeldOut).sum([0L]).reshape(folds.Count, -1).sum([1L]).cpu().data<double>().ToArray().Where((_, fold) => scored[fold]).Select(share => share * folds.Count)];
            tried.Add(new(inverse, losses.Average(), losses.Length > 1 ? losses.StandardDeviation() / Math.Sqrt(losses.Length) : null));
        }

        var lowest = tried.MinBy(one => one.HeldOutLoss)!;
        var most = lowest.HeldOutLoss!.Value + Math.Max(lowest.StandardError ?? 0, lowest.HeldOutLoss.Value * Lower);
        return new(tried.First(one => one.HeldOutLoss <= most).InversePenalty, scored.Count(one => one), tried);
    }

    // those that hold out anything, once each has every class in its training part
    private List<Fold> FoldsOf(LabelledImages train)
    {
        var units = train.Groups is { } groups ? groups.Distinct().Count() : train.Count;
        if (units < 2)
            return [];
        var folds = new Folds(train.Labels, train.Groups, new ResamplingOptions { Folds = Math.Min(choice.Folds, units) });
        return [.. Enumerable.Range(0, folds.Count).Select(folds.WithEveryClass).Where(fold => fold.HeldOut.Count > 0)];
    }

    /// <param name="Targets">As <see cref="LogisticBatch"/> wants them.</param>
    /// <param name="Learned">(N, P): weights of the losses in the fit.</param>
    /// <param name="HeldOut">(N, P): weights of the held-out losses, which sum to the task's mean loss, over folds.</param>
    /// <param name="Penalties">(P): lambda at C = 1.</param>
    private sealed record Problems(Tensor Targets, Tensor Learned, Tensor HeldOut, Tensor Penalties);

    // a problem a fold; the softmax of two classes is the logistic of the difference of their logits, of which the penalty is half
    private Problems Classes(LabelledImages train, List<Fold> folds, int outputs)
    {
        var (learned, heldOut) = (Members(folds, fold => fold.Train, train), Members(folds, fold => fold.HeldOut, train));
        var penalties = learned.sum([0L]).reciprocal_();
        if (LossWeights(train, folds, outputs) is { } weights)
        {
            var ofImages = weights.index_select(1, train.Targets).t();
            learned.mul_(ofImages);
            heldOut.mul_(ofImages);
        }

        var targets = nn.functional.one_hot(train.Targets, outputs).to(ScalarType.Float64).unsqueeze(1);
        return new(
            outputs == 2 ? targets.slice(2, 1, 2, 1) : targets,
            learned.div_(learned.sum([0L])), heldOut.div_(heldOut.sum([0L])).div_(Scalars.Kept(folds.Count)),
            outputs == 2 ? penalties.div_(Scalars.Kept(2)) : penalties);
    }

    // a problem a fold and finding, as in the fit; where the training part does not know both kinds of a finding there is none, and nothing is held out
    private Problems Findings(LabelledImages train, List<Fold> folds, int outputs)
    {
        var known = FindingsTask.Known(train.Targets).to(ScalarType.Float64).unsqueeze(1);
        var present = train.Targets.to(ScalarType.Float64).clamp_min_(Scalars.Kept(0)).unsqueeze(1);
        var members = Members(folds, fold => fold.Train, train);
        var learned = members.unsqueeze(2) * known;
        var heldOut = Members(folds, fold => fold.HeldOut, train).unsqueeze(2) * known;
        var all = learned.sum([0L, 2L]).unsqueeze(1);
        var positive = (learned * present).sum([0L]);
        var both = positive.gt(Scalars.Kept(0)).logical_and(positive.lt(learned.sum([0L]))).to(ScalarType.Float64);
        heldOut.mul_(both);
        heldOut.div_(heldOut.sum([0L, 2L], keepdim: true).clamp_min_(Scalars.One)).div_(Scalars.Kept(folds.Count));
        learned.mul_(both);
        if (LossWeights(train, folds, outputs) is { } weights)
        {
            // weights do not count in the divisors of the means
            var ofImages = (present * weights.sub(Scalars.Kept(1))).add_(Scalars.One, Scalars.One);
            learned.mul_(ofImages);
            heldOut.mul_(ofImages);
        }

        var sums = learned.sum([0L]);
        sums.masked_fill_(both.eq(Scalars.Kept(0)), Scalars.One);
        return new(
            present.expand(-1, folds.Count, -1).reshape(train.Count, -1, 1), learned.div_(sums).reshape(train.Count, -1),
            heldOut.reshape(train.Count, -1), (all / sums / members.sum([0L]).unsqueeze(1)).reshape(-1));
    }

    // (N, F): 1 for the images of a fold's part
    private static Tensor Members(List<Fold> folds, Func<Fold, IReadOnlyList<int>> part, LabelledImages train)
    {
        var members = new double[train.Count * folds.Count];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            foreach (var image in part(folds[fold])) members[image * folds.Count + fold] = 1;
        }

        return tensor(members, device: train.Targets.device).reshape(train.Count, folds.Count);
    }

    // (F, K)
    private Tensor? LossWeights(LabelledImages train, List<Fold> folds, int outputs) => balance == ClassBalance.Loss
        ? stack([.. folds.Select(fold => tensor(train.Task.LossWeights(train.Labels.Rows(fold.Train), outputs), device: train.Targets.device))])
        : null;
}
