using MedTransfer.Numerics;

namespace MedTransfer.Data.Checks;

/// <summary>Labels that a single number about an image predicts, so that a model may learn that number instead of what is to be seen.</summary>
internal static class Shortcuts
{
    /// <summary>The area under the ROC curve from which it is said.</summary>
    public const double LeastAuc = 0.8;

    /// <summary>What follows from it.</summary>
    public const string Meaning = "a model may learn that instead of what is to be seen";

    // an AUC of few images, or of few patients, is above 0.8 by chance; in null standard errors (Mann and Whitney 1947), as many properties and labels are tried
    private const double LeastErrors = 4;

    /// <summary>A sentence for each property of the training images that tells a label from the rest.</summary>
    /// <param name="properties">Names, as a sentence begins with them, and one number an image.</param>
    /// <param name="meaning">What follows, a clause.</param>
    /// <param name="labels">Of the same images.</param>
    /// <param name="patients">Of the same images; null where they are not known, and each image counts as one.</param>
    /// <param name="names">Of the classes or findings.</param>
    public static IEnumerable<string> Notes(
        IEnumerable<(string Name, float[] Values)> properties, Labels labels, IReadOnlyList<long>? patients, IReadOnlyList<string> names, string meaning)
    {
        if (labels.Columns == 0) yield break;
        var areFindings = labels.Columns > 1;
        // of two classes one says what the other does
        var tried = areFindings || names.Count != 2 ? Enumerable.Range(0, names.Count) : [1];
        var groups = tried.Select(label => (Name: names[label], Group: Group.Of(labels, patients, label, areFindings))).ToList();
        foreach (var (property, values) in properties)
        {
            var told = groups.Select(label => (label.Name, Auc: label.Group.Auc(values))).Where(label => label.Auc > LeastAuc).OrderByDescending(label => label.Auc).ToList();
            if (told.Count == 0) continue;
            var others = told.Count == 1 ? "" : FormattableString.Invariant($", and {Counts.Of(told.Count - 1, areFindings ? "other finding" : "other class", areFindings ? "other findings" : "other classes")} with more than {LeastAuc:0.0}");
            var (from, what) = !areFindings && names.Count == 2 ? (OneLine.Quote(names[0]), OneLine.Quote(names[1])) : ("the rest", OneLine.Quote(told[0].Name));
            yield return FormattableString.Invariant($"{property} alone tells {what} from {from} in train with an AUC of {told[0].Auc:0.00}{others}: {meaning}.");
        }
    }

    /// <summary>The images of which a label is known, and whether each has it.</summary>
    /// <param name="Error">The standard error of an AUC of 0.5: of as many cases as there are patients with the label, and without.</param>
    private sealed record Group(int[] Images, bool[] Has, double Error)
    {
        public static Group Of(Labels labels, IReadOnlyList<long>? patients, int label, bool areFindings)
        {
            int[] known = [.. Enumerable.Range(0, labels.Count).Where(image => !areFindings || !labels.IsMissing(image, label))];
            var has = Array.ConvertAll(known, image => areFindings ? labels[image, label] == 1 : labels[image, 0] == label);
            long Cases(bool kind) => known.Where((_, place) => has[place] == kind).Select(image => patients?[image] ?? image).Distinct().Count();
            var (with, without) = (Cases(true), Cases(false));
            return new(known, has, Math.Sqrt((with + without + 1) / (12.0 * with * without)));
        }

        /// <summary>The AUC whichever way round, 0.5 to 1; 0 where chance may give as much.</summary>
        public double Auc(float[] values)
        {
            if (MannWhitney.Superiority(Array.ConvertAll(Images, image => values[image]), Has) is not { } auc) return 0;
            return Math.Abs(auc - 0.5) < LeastErrors * Error ? 0 : Math.Max(auc, 1 - auc);
        }
    }
}
