using System.Text.Json.Serialization;
using MedTransfer.Data;
using MedTransfer.Data.Resampling;

namespace MedTransfer.Trials;

/// <summary>The data that a trial names, by the role that each set has.</summary>
public sealed record TrialData
{
    /// <summary>What it learns from, chooses on and is scored on.</summary>
    public required DataReference Target { get; init; }

    /// <summary>Whose images its objective sees besides; null, the default, for none.</summary>
    public DataReference? Source { get; init; }

    /// <summary>Every set that it names.</summary>
    [JsonIgnore]
    public IEnumerable<DataReference> All => Source is null ? [Target] : [Target, Source];

    /// <summary>A target alone.</summary>
    public static implicit operator TrialData(DataReference target) => FromDataReference(target);

    /// <inheritdoc cref="op_Implicit"/>
    public static TrialData FromDataReference(DataReference target) => new() { Target = target };
}

/// <summary>Which images of which dataset.</summary>
public sealed record DataReference
{
    /// <summary>A dataset's name, or the path of an npz file. Not part of a trial's name: the digest says which data it was.</summary>
    [Whereabouts]
    public required string Path { get; init; }

    /// <summary>MD5 of the file.</summary>
    public required string Digest { get; init; }

    /// <summary>Whether findings are merged into healthy and disease; default no.</summary>
    public bool Binarised { get; init; }

    /// <summary>What uncertain labels (-1) are read as, 0 or 1; null where they are refused.</summary>
    public int? UncertainAs { get; init; }

    /// <summary>
    /// The most images of each split that there are to this trial, see <see cref="Dataset.Excerpt"/>, before anything else is drawn; null,
    /// the default, for all. A run on excerpts shows that everything works at any size of set and image, and nothing else.
    /// </summary>
    public int? Excerpt { get; init; }

    /// <summary>Of two classes the positive one, which the scores are of; null for the dataset's own.</summary>
    public int? PositiveClass { get; init; }

    /// <summary>Images in the stratified sample of the training split; null for all of it.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Draws the sample; not used without one.</summary>
    [Seed]
    public long SampleSeed { get; init; }

    /// <summary>
    /// The folds that are taken of the training split (of its sample), one within the training part of the one before; default none. The
    /// last one's held-out part takes the place of the test split, which such a trial never reads; validation stays the dataset's own.
    /// A parent trial that learned from this very set must have had the same folds, or it has seen what they hold out.
    /// </summary>
    public IReadOnlyList<FoldReference> Folds { get; init; } = [];

    /// <summary>
    /// Whether train and validation are learned from together, before any fold is taken, and the test split is not read: of a model that is to be used, whose worth is told
    /// from others of its kind; default no.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsForUse { get; init; }

    /// <summary>The same images, all but the test split's to learn from.</summary>
    public DataReference ForUse() => this with { IsForUse = true };

    /// <summary>The same images, findings merged into healthy and disease.</summary>
    public DataReference AsBinary() => this with { Binarised = true };

    /// <summary>The same images, uncertain labels read as that.</summary>
    public DataReference WithUncertainAs(int? label) => this with { UncertainAs = label };

    /// <summary>The same images, of two classes that one being positive.</summary>
    public DataReference WithPositiveClass(int label) => this with { PositiveClass = label };

    /// <summary>A stratified sample of the training split, drawn with the seed; validation and test stay whole.</summary>
    public DataReference Sample(int images, long seed) => this with { TrainImages = images, SampleSeed = seed };

    /// <summary>The same data, cut once more.</summary>
    public DataReference WithFold(ResamplingOptions resampling, int index) => this with { Folds = [.. Folds, new(resampling, index)] };

    /// <summary>The same, with a stratified sample of the last fold's training part, drawn with the seed.</summary>
    public DataReference WithFoldSample(int images, long seed) => this with { Folds = [.. Folds.SkipLast(1), Folds[^1] with { TrainImages = images, SampleSeed = seed }] };

    /// <summary>The images it means of the dataset it names: the sample drawn, then the folds taken. The caller disposes of it.</summary>
    /// <param name="whole">The dataset, or already its excerpt.</param>
    /// <exception cref="MedTransferException">There are too few images for that.</exception>
    public Dataset Draw(Dataset whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        if (Folds.SkipLast(1).Any(fold => fold.Resampling.Scheme == ResamplingScheme.Bootstrap))
            throw new MedTransferException("A bootstrap has images more than once, which folds of it would put on both sides: make it the last fold.") { IsUsage = true };
        using var excerpt = Excerpt is { } most ? whole.Excerpt(most) : whole.Share();
        using var given = IsForUse ? excerpt.ForUse() : excerpt.Share();
        var drawn = TrainImages is { } images ? given.WithTrainSample(images, SampleSeed) : given.Share();
        foreach (var fold in Folds)
        {
            using var before = drawn;
            drawn = before.WithFold(new Data.Resampling.Folds(before.Train, fold.Resampling, before.Info.LabelNames)[fold.Index]);
            if (fold.TrainImages is not { } some)
                continue;
            using var all = drawn;
            drawn = all.WithTrainSample(some, fold.SampleSeed);
        }

        return drawn;
    }

    /// <summary>Whether both mean the same images: folds are compared one by one.</summary>
    public bool Equals(DataReference? other) => other is not null
        && (Path, Digest, Binarised, UncertainAs, PositiveClass, Excerpt, TrainImages, SampleSeed, IsForUse)
            == (other.Path, other.Digest, other.Binarised, other.UncertainAs, other.PositiveClass, other.Excerpt, other.TrainImages, other.SampleSeed, other.IsForUse)
        && Folds.SequenceEqual(other.Folds);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Path, Digest, Binarised, UncertainAs, PositiveClass, Excerpt, TrainImages, HashCode.Combine(SampleSeed, Folds.Count));
}

/// <summary>One of the folds that a training split is cut into.</summary>
/// <param name="Resampling">How it is cut.</param>
/// <param name="Index">Which fold, from 0.</param>
public sealed record FoldReference(ResamplingOptions Resampling, int Index)
{
    /// <summary>Images in a stratified sample of the fold's training part; null, the default, for all of it. What is held out stays whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainImages { get; init; }

    /// <summary>Draws the sample; not used without one.</summary>
    [Seed]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SampleSeed { get; init; }
}
