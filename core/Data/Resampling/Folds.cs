using System.Collections;
using MedTransfer.Numerics;

namespace MedTransfer.Data.Resampling;

/// <summary>Two disjoint parts of a set, as places in it, ascending.</summary>
/// <param name="Train">Images to learn from; of a bootstrap, an image as often as it was drawn.</param>
/// <param name="HeldOut">Images to be scored on, each once.</param>
public sealed record Fold(IReadOnlyList<int> Train, IReadOnlyList<int> HeldOut);

/// <summary>The folds of a set, each made when it is asked for. Every training part has every class (of findings: with any, and with none).</summary>
public sealed class Folds : IReadOnlyList<Fold>
{
    private readonly ResamplingOptions options;
    private readonly Strata strata;
    private readonly IReadOnlyList<Unit> units;
    private readonly IReadOnlyList<long>? patients;

    /// <summary>The folds of a split, by its labels and its patients; images that are the same pixel by pixel are on one side.</summary>
    /// <param name="classNames">How errors name classes; by number where null.</param>
    /// <exception cref="MedTransferException">An option is out of its range, or asks for more than the split has.</exception>
    public Folds(Split split, ResamplingOptions options, IReadOnlyList<string>? classNames = null)
        : this(split.Labels, options.Grouped ? split.Groups : null, ImageGroups.Of(split, options.Grouped), options, classNames)
    {
    }

    /// <summary>The folds of images with these labels.</summary>
    /// <param name="labels">As in <see cref="Split.Labels"/>.</param>
    /// <param name="groups">As in <see cref="Split.Groups"/>.</param>
    /// <param name="classNames">How errors name classes; by number where null.</param>
    /// <exception cref="MedTransferException">An option is out of its range, or asks for more than the images allow.</exception>
    public Folds(Labels labels, IReadOnlyList<long>? groups, ResamplingOptions options, IReadOnlyList<string>? classNames = null)
        : this(labels, options.Grouped ? groups : null, options.Grouped ? groups : null, options, classNames)
    {
    }

    // what lies on one side may be more than a patient's images
    private Folds(Labels labels, IReadOnlyList<long>? patients, IReadOnlyList<long>? groups, ResamplingOptions options, IReadOnlyList<string>? classNames)
    {
        this.options = options.Checked();
        strata = Strata.Of(labels, classNames);
        this.patients = patients;
        units = Units.Of(options.Stratified ? strata.Values : new int[strata.Values.Count], groups);
        Count = options.Scheme switch
        {
            ResamplingScheme.KFold => options.Folds * options.Repeats,
            ResamplingScheme.LeaveOneOut => units.Count,
            _ => options.Folds,
        };
        RequireEnough();
    }

    /// <summary>Why some fold of a split can't be made, in the words of the error; null where all can.</summary>
    public static string? Obstacle(Split split, ResamplingOptions options, IReadOnlyList<string>? classNames = null)
    {
        try
        {
            var folds = new Folds(split, options, classNames);
            for (var index = 0; index < folds.Count; index++) _ = folds[index];
            return null;
        }
        catch (MedTransferException error)
        {
            return error.Message;
        }
    }

    /// <summary>Number of folds: of k-fold, over all repeats.</summary>
    public int Count { get; }

    /// <summary>A fold, from 0; repeat r of k-fold has folds r k to r k + k - 1.</summary>
    /// <exception cref="MedTransferException">There is no such fold, or its training part would lack a class.</exception>
    public Fold this[int index]
    {
        get
        {
            if (index < 0 || index >= Count)
                throw Wrong($"There is no fold {index} of {Count}: folds are counted from 0");
            var fold = Cut(index);
            RequireBothSides(fold, index);
            return fold;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Fold> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// A fold whose training part has every class: the first image (patient) of one that it would lack is not held out. May hold out nothing.
    /// </summary>
    internal Fold WithEveryClass(int index)
    {
        var fold = Cut(index);
        var known = fold.Train.Select(image => strata.Values[image]).ToHashSet();
        var outside = fold.HeldOut.ToHashSet();
        foreach (var unit in units.Where(unit => outside.Contains(unit.Images[0]) && unit.Images.Any(image => !known.Contains(strata.Values[image]))))
        {
            outside.ExceptWith(unit.Images);
            known.UnionWith(unit.Images.Select(image => strata.Values[image]));
        }
        return new([.. fold.Train.Concat(fold.HeldOut.Where(image => !outside.Contains(image))).Order()], [.. fold.HeldOut.Where(outside.Contains)]);
    }

    private int HeldOutUnits => (int)Math.Round(options.HeldOut * units.Count, MidpointRounding.AwayFromZero);

    private Fold Cut(int index) => options.Scheme switch
    {
        ResamplingScheme.KFold => KFold(index),
        ResamplingScheme.MonteCarlo => MonteCarlo(index),
        ResamplingScheme.LeaveOneOut => Without(place => place == index),
        _ => Bootstrap(index),
    };

    private Fold KFold(int index)
    {
        var (repeat, part) = Math.DivRem(index, options.Folds);
        var parts = KFoldDeal.Deal(units, options.Folds, new SplitMix64(SeedOf(repeat)));
        return Without(place => parts[place] == part);
    }

    private Fold MonteCarlo(int index)
    {
        var drawn = StratifiedSample.Draw([.. units.Select(unit => unit.Stratum)], HeldOutUnits, unchecked((long)SeedOf(index))).ToHashSet();
        return Without(drawn.Contains);
    }

    // within each stratum, so that none is missed by chance
    private Fold Bootstrap(int index)
    {
        var random = new SplitMix64(SeedOf(index));
        var drawn = units.GroupBy(unit => unit.Stratum).OrderBy(group => group.Key).Select(group => group.ToArray())
            .SelectMany(members => members.Select(_ => members[random.Below(members.Length)])).ToList();
        var known = drawn.ToHashSet(ReferenceEqualityComparer.Instance);
        return new(Images(drawn), Images(units.Where(unit => !known.Contains(unit))));
    }

    private Fold Without(Func<int, bool> heldOut)
    {
        var sides = Enumerable.Range(0, units.Count).ToLookup(heldOut, place => units[place]);
        return new(Images(sides[false]), Images(sides[true]));
    }

    private static int[] Images(IEnumerable<Unit> units) => [.. units.SelectMany(unit => unit.Images).Order()];

    private ulong SeedOf(int draw)
    {
        var seeds = new SplitMix64(unchecked((ulong)options.Seed));
        for (var before = 0; before < draw; before++) seeds.Next();
        return seeds.Next();
    }

    private string UnitName => patients is not null ? "patients" : units.Count < strata.Values.Count ? "different images" : "images";

    private void RequireEnough()
    {
        var most = units.Count;
        if (most < 2)
        {
            throw Wrong(patients is null
                ? strata.Values.Count > 1
                    ? $"All {strata.Values.Count} images are the same, pixel by pixel, and can't be cut in two: look at how they were saved"
                    : "One image can't be cut in two: take more"
                : $"All {strata.Values.Count} images are of one patient, {patients[0]}, and can't be cut in two: take images of more patients");
        }
        if (options.Scheme == ResamplingScheme.KFold && options.Folds > most)
            throw Wrong($"There are {most} {UnitName}, too few for {options.Folds} folds: take more, or ask for 2 to {most} folds");
        if (options.Scheme != ResamplingScheme.MonteCarlo) return;
        var kinds = units.DistinctBy(unit => unit.Stratum).Count();
        if (HeldOutUnits < kinds || HeldOutUnits >= most)
        {
            throw Wrong(FormattableString.Invariant($"A share of {options.HeldOut} of {most} {UnitName} is {HeldOutUnits}, ")
                + $"but {kinds} to {most - 1} have to be held out: change the share, or take more images");
        }
    }

    private void RequireBothSides(Fold fold, int index)
    {
        if (fold.HeldOut.Count == 0)
            throw Wrong($"Fold {index} holds out none of {units.Count} {UnitName}, for all were drawn: take more images, or another seed");
        var known = fold.Train.Select(image => strata.Values[image]).ToHashSet();
        foreach (var missing in strata.Values.Where(stratum => !known.Contains(stratum)).Distinct().Order().Take(1))
            throw Wrong($"{WhyNoneIsLeft(missing, fold, index)}, so that none is left to learn from: {Remedy}");
    }

    private string WhyNoneIsLeft(int stratum, Fold fold, int index)
    {
        int[] images = [.. Enumerable.Range(0, strata.Values.Count).Where(image => strata.Values[image] == stratum)];
        var name = $"{(strata.AreFindings ? "" : "of ")}{strata.NameOf(stratum)}";
        if (patients is not null && images.Select(image => patients[image]).Distinct().Count() == 1)
            return $"Patient {patients[images[0]]} has every image {name} ({images.Length}), and fold {index} holds that patient out";
        return images is [var only] && fold.HeldOut.Contains(only)
            ? $"There is one image {name}, and fold {index} holds it out"
            : $"Fold {index} has all {images.Length} images {name} outside its training part";
    }

    private string Remedy => $"take more {UnitName} of that class{(options.Stratified ? "" : ", stratify")}{(strata.Values.Distinct().Count() > 2 ? ", or leave that class out" : "")}";

    private static MedTransferException Wrong(string message) => new($"{message}.") { IsUsage = true };
}
