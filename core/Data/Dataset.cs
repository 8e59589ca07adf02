using MedTransfer.Data.Reading;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Data;

/// <summary>Three splits of images and labels, and what the labels mean.</summary>
/// <param name="Info">Name, task, channels, size, label names.</param>
/// <param name="Digest">MD5 of the file the images came from, 32 lower-case hexadecimal digits.</param>
public sealed record Dataset(DatasetInfo Info, string Digest, Split Train, Split Validation, Split Test) : IDisposable
{
    /// <summary>The split of that name.</summary>
    public Split this[SplitName name] => name switch
    {
        SplitName.Train => Train,
        SplitName.Validation => Validation,
        _ => Test,
    };

    /// <summary>What is known of it beside its arrays; null where nobody wrote that down.</summary>
    public DatasetCard? Card { get; init; }

    /// <summary>What the reader did that one might not expect, and what its card says of how it came to be, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>Images of each class, or known to have each finding, in a split; in the order of the label names.</summary>
    public int[] LabelCounts(SplitName name)
    {
        var labels = this[name].Labels;
        var counts = new int[Info.Outputs];
        for (var row = 0; row < labels.Count; row++)
        {
            for (var column = 0; column < labels.Columns; column++)
            {
                if (Info.Task != LabelTask.MultiLabel) counts[labels[row, column]]++;
                else if (labels[row, column] == 1) counts[column]++;
            }
        }
        return counts;
    }

    /// <summary>Images of a split whose class is known, or of which it is known whether they have each finding; in the order of the label names.</summary>
    public int[] KnownCounts(SplitName name)
    {
        var labels = this[name].Labels;
        return [.. Enumerable.Range(0, Info.Outputs).Select(label => Info.Task == LabelTask.MultiLabel
            ? Enumerable.Range(0, labels.Count).Count(image => !labels.IsMissing(image, label))
            : labels.Count)];
    }

    /// <summary>
    /// A multi-label dataset as healthy (no finding, 0) against disease (any finding, 1), of the same images, which are not copied.
    /// Each of the two datasets is disposed of by itself.
    /// </summary>
    /// <exception cref="MedTransferException">
    /// It has no findings, a split is all healthy or all disease, or an image has none that is present and some that are not known.
    /// </exception>
    public Dataset Binarised()
    {
        if (Info.Task != LabelTask.MultiLabel)
        {
            throw new MedTransferException($"{Info.Name}: only a multi-label dataset can be made healthy against disease; "
                + $"its task is {Info.Task?.ToString() ?? "none"}");
        }
        var labels = Array.ConvertAll(SplitNames.All, AnyFinding);
        foreach (var name in SplitNames.All)
        {
            if (labels[(int)name].Count == 0 || labels[(int)name].Flat.ContainsAnyExcept(labels[(int)name][0, 0])) continue;
            var only = labels[(int)name][0, 0] == 0 ? "healthy" : "disease";
            throw new MedTransferException($"{Info.Name}: all images of {name.Text()} are {only}, so that nothing can be told apart");
        }
        return new(
            Info.AsBinary(),
            Digest,
            Train.Share() with { Labels = labels[0] },
            Validation.Share() with { Labels = labels[1] },
            Test.Share() with { Labels = labels[2] })
        {
            Notes = Notes,
            // names of findings are none of these classes
            Card = Card is null ? null : Card with { Labels = null, Positive = null },
        };
    }

    /// <summary>
    /// The dataset with <paramref name="most"/> images of each split at most, or one a class if that is more: a stratified sample, always the
    /// same one, of a split that has more. Each of the two datasets is disposed of by itself.
    /// </summary>
    public Dataset Excerpt(int most)
    {
        Split Of(Split split) => ExcerptOf(split.Labels, most) is { } drawn ? split.Subset(drawn) : split.Share();
        return this with { Train = Of(Train), Validation = Of(Validation), Test = Of(Test) };
    }

    /// <summary>Which images of a split an excerpt has, ascending; null for all of them.</summary>
    internal static int[]? ExcerptOf(Labels labels, int most)
    {
        var strata = Strata.Of(labels).Values;
        var count = Math.Max(most, strata.Distinct().Count());
        return strata.Count > count ? StratifiedSample.Draw(strata, count, seed: 0) : null;
    }

    /// <summary>
    /// A dataset of two classes in which the given one is positive, of the same images, which are not copied. Each of the two datasets is
    /// disposed of by itself.
    /// </summary>
    public Dataset WithPositiveClass(int positive)
    {
        if (!Info.HasTwoClasses)
            throw new MedTransferException($"{Info.Name}: does not have two classes, of which one could be positive; leave the positive class out");
        if (positive is not (0 or 1))
            throw new MedTransferException($"{Info.Name}: has no class {positive} that could be positive; name 0 or 1");
        return Share() with { Info = Info with { PositiveClass = positive } };
    }

    /// <summary>
    /// The dataset with <paramref name="n"/> training images, drawn so that each class keeps its share (for findings: those with any and
    /// those with none); validation and test stay. Each of the two datasets is disposed of by itself.
    /// </summary>
    public Dataset WithTrainSample(int n, long seed)
    {
        var drawn = StratifiedSample.Draw(Strata.Of(Train.Labels).Values, n, seed);
        return this with { Train = Train.Subset(drawn), Validation = Validation.Share(), Test = Test.Share() };
    }

    /// <summary>
    /// The dataset in which a fold of the training split takes the place of train and test: train is its training part, test the part it
    /// holds out, with indices into the training split of the file. Validation stays; the test split is not in it. Each of the two datasets
    /// is disposed of by itself.
    /// </summary>
    public Dataset WithFold(Fold fold) =>
        this with { Train = Train.Subset(fold.Train), Validation = Validation.Share(), Test = Train.Subset(fold.HeldOut) };

    /// <summary>
    /// The dataset whose train and validation are one split to learn from, validation's images numbered after those of train, with neither validation nor test. Each of the two
    /// datasets is disposed of by itself.
    /// </summary>
    public Dataset ForUse() => this with
    {
        Train = Validation.Count == 0 ? Train.Share() : Split.Joined(Train, Validation),
        Validation = Train.Subset([]),
        Test = Train.Subset([]),
    };

    /// <summary>The same images, without a copy, under another owner.</summary>
    internal Dataset Share() => this with { Train = Train.Share(), Validation = Validation.Share(), Test = Test.Share() };

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }

    private Labels AnyFinding(SplitName split)
    {
        var findings = this[split].Labels;
        var any = new byte[findings.Count, 1];
        var (first, unknown) = (0, 0);
        for (var row = findings.Count - 1; row >= 0; row--)
        {
            any[row, 0] = (byte)(findings.AnyPresent(row) ? 1 : 0);
            if (any[row, 0] == 0 && findings.AnyMissing(row)) (first, unknown) = (row, unknown + 1);
        }
        return unknown == 0 ? Labels.Of(any) : throw new MedTransferException(FormattableString.Invariant(
            $"{Info.Name}: whether {unknown:N0} of {findings.Count:N0} images of {split.Text()} are healthy can't be told, as none of their findings is present and some are missing (image {first} is the first): ")
            + "leave those images out, or fill in their findings");
    }
}
