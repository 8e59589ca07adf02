using MedTransfer.Evaluation;

namespace MedTransfer.Trials.Testing;

/// <summary>
/// "Take the best way" as a way of its own. For each fold the way is chosen that scores highest on the other folds, so that the fold's labels have no part in its choice, and its
/// score is of choosing and training together: the best of many ways, read off the folds that show it, is better there than it is (Varma and Simon 2006).
/// </summary>
/// <remarks>
/// The models of the other folds have learned from this fold's images, as in any cross-validation; what they are chosen by are their scores on images that they did not
/// learn from. Inner folds of each training part would avoid that, for five times the work.
/// </remarks>
/// <param name="Names">The way of each fold.</param>
/// <param name="Tested">The chosen ways' models, each on its fold.</param>
public sealed record ChosenWay(IReadOnlyList<string> Names, TestedWay Tested)
{
    /// <summary>Chooses among ways with the same seed and folds.</summary>
    /// <param name="ways">One or more, of two folds or more; of equals the one with the higher accuracy, then the first is taken: a score that is full decides nothing.</param>
    /// <param name="metric">Of which more is better.</param>
    public static ChosenWay Of(IReadOnlyList<(string Name, TestedWay Tested)> ways, string metric)
    {
        ArgumentNullException.ThrowIfNull(ways);
        var folds = ways[0].Tested.Parts.Count;
        if (folds < 2 || ways.Any(way => way.Tested.Parts.Count != folds))
            throw new ArgumentException("Ways are chosen among by two folds or more, the same for all", nameof(ways));
        var chosen = Enumerable.Range(0, folds).Select(fold => ways.MaxBy(way => (Without(way.Tested, fold, metric), Without(way.Tested, fold, Metric.Accuracy)))).ToList();
        return new([.. chosen.Select(way => way.Name)], new([.. chosen.Select((way, fold) => way.Tested.Parts[fold])]));

        static double Without(TestedWay tested, int fold, string score) => tested.ScoreWithout(fold, score) ?? double.NegativeInfinity;
    }
}
