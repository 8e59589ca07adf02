using MathNet.Numerics.Statistics;
using MedTransfer.Data.Resampling;
using MedTransfer.Inference;
using MedTransfer.Numerics;
using MedTransfer.Runtime;
using static TorchSharp.torch;

namespace MedTransfer.Training.Objectives;

/// <summary>
/// Chooses the C of a logistic regression by the held-out loss of folds of its training images: the strongest penalty that comes within a
/// standard error of the lowest (Breiman, Friedman, Olshen and Stone 1984), as few images tell penalties apart poorly, and test images are
/// seldom quite like those of training. All folds are solved at once, from the strongest
/// penalty to the weakest, each from the solution before; weaker ones are not tried once two in a row come out by more than a standard error above the
/// lowest, the second above the first, as a held-out loss falls and then rises on the way, and the weakest take the longest. Columns are standardised once, over all training images, as they are in the fit.
/// </summary>
/// <param name="choice">What is tried.</param>
/// <param name="balance">Whether classes weigh in the losses, of the images held out too, by their numbers in the fold's training part.</param>
internal sealed class PenaltySearch(PenaltyChoice choice, ClassBalance balance)
{
    /// <summary>A loss is lower if it is by more than this share, however alike the folds.</summary>
    private const double Lower = 1e-4;

    /// <summary>What a fold's mean loss may be above its minimum, as the gradient and the Hessian's diagonal tell: far less than what tells penalties apart.</summary>
    private const double Tolerance = 1e-8;

    /// <summary>The choice; null where no column varies, so that there is nothing to penalise.</summary>
    /// <param name="coordinates">Of the standardised columns.</param>
    /// <exception cref="MedTransferException">A fold's minimum was not reached.</exception>
    public ChosenPenalty? Choose(PrincipalCoordinates coordinates, LabelledImages train, int outputs, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        if (coordinates.Variances.shape[0] == 0)
            return null;
        var folds = FoldsOf(train);
        if (folds.Count == 0)
            return new(choice.InversePenalties[0], 0, [.. choice.InversePenalties.Select(tried => new TriedPenalty(tried, null, null))]);

        var problems = HeadProblems.Of(train, folds, outputs, balance);
        var batch = new LogisticBatch(coordinates, problems.Targets, problems.Learned);
        var tried = new List<TriedPenalty>();
        // of findings a fold may hold out none that the others know both kinds of
        bool[] scored = [.. problems.HeldOut.sum([0L]).reshape(folds.Count, -1).sum([1L]).gt(Scalars.Kept(0)).cpu().data<bool>().ToArray()];
        if (!scored.Contains(true))
            return new(choice.InversePenalties[0], 0, [.. choice.InversePenalties.Select(one => new TriedPenalty(one, null, null))]);
        foreach (var inverse in choice.InversePenalties.TakeWhile(_ => !IsPastLowest(tried)))
        {
            using var inner = NewDisposeScope();
            if (!batch.Solve(problems.Penalties / tensor(inverse, device: coordinates.Rows.device), Tolerance, cancellation))
                throw new MedTransferException(FormattableString.Invariant($"A fold's head did not converge at C = {inverse}: choose among stronger penalties (smaller C)."));
            // a column a fold, or a fold and finding
            double[] losses = [.. (batch.Losses() * problems.HeldOut).sum([0L]).reshape(folds.Count, -1).sum([1L]).cpu().data<double>().ToArray().Where((_, fold) => scored[fold]).Select(share => share * folds.Count)];
            tried.Add(new(inverse, losses.Average(), losses.Length > 1 ? losses.StandardDeviation() / Math.Sqrt(losses.Length) : null));
        }

        return new(tried.First(one => one.HeldOutLoss <= MostNearLowest(tried)).InversePenalty, scored.Count(one => one), tried);
    }

    // a standard error above the lowest loss
    private static double MostNearLowest(List<TriedPenalty> tried)
    {
        var lowest = tried.MinBy(one => one.HeldOutLoss)!;
        return lowest.HeldOutLoss!.Value + Math.Max(lowest.StandardError ?? 0, lowest.HeldOutLoss.Value * Lower);
    }

    private static bool IsPastLowest(List<TriedPenalty> tried) =>
        tried is [.., _, var before, var last] && before.HeldOutLoss > MostNearLowest(tried) && last.HeldOutLoss > before.HeldOutLoss;

    // those that hold out anything, once each has every class in its training part
    private List<Fold> FoldsOf(LabelledImages train)
    {
        var units = train.Groups is { } groups ? groups.Distinct().Count() : train.Count;
        if (units < 2)
            return [];
        var folds = new Folds(train.Labels, train.Groups, new ResamplingOptions { Folds = Math.Min(choice.Folds, units) });
        return [.. Enumerable.Range(0, folds.Count).Select(folds.WithEveryClass).Where(fold => fold.HeldOut.Count > 0)];
    }
}
