using MedTransfer.Data;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>The ways of each family as trials, and which are left out where sets do not go together.</summary>
[Collection(OneAtATime.Name)]
public sealed class FamiliesTests
{
    private static Way[] Ways(Lab lab) => [.. FamilyWays.ofSize(lab, FamilyWays.pretrained(lab), TargetSize.NewImages(100), 1, 1)];

    // two findings of the source, merged as the target has two classes
    [Fact]
    public void Every_way_is_described_and_begins_where_its_family_says()
    {
        using var files = HandMadeLab.OnFiles(ExperimentModule.methods, "--seeds", "2");
        var ways = Ways(files.Lab).ToDictionary(way => way.Name, way => way.Trial.Spec);
        var pretraining = FamilyWays.pretrained(files.Lab).OfSeed[1];

        Assert.Equal(Families.all.Select(way => way.Way), ways.Keys);
        Assert.All(Families.all, way => Assert.Equal(way.Needs.SourceImages, ways[way.Way].Data.Source is not null));
        Assert.All(ways.Where(way => way.Value.Data.Source is not null), way =>
        {
            Assert.True(way.Value.Data.Source!.Binarised);
            Assert.Equal(pretraining.AsOrigin, way.Value.Transfer.Origin);
        });
        Assert.Equal([null, null], new[] { "no transfer", "relational distillation" }.Select(way => ways[way].Transfer.Origin));
        Assert.Equal(pretraining.AsOrigin, ways["relational distillation"].Teacher!.Origin);
        var unsupervised = Families.all.Where(way => !way.Needs.TargetLabels).Select(way => way.Way).ToList();
        Assert.Equal(["source alone", "unsupervised CORAL", "unsupervised DANN"], unsupervised);
        Assert.All(ways.Where(way => way.Value.Objective is DomainAdaptation), way => Assert.Equal(!unsupervised.Contains(way.Key), ((DomainAdaptation)way.Value.Objective).UsesTargetLabels));
    }

    // the first of them is the way that stands beside it; the others differ by the order of images alone
    [Fact]
    public void Soup_is_of_trainings_from_one_start()
    {
        using var files = HandMadeLab.OnFiles(ExperimentModule.methods, "--seeds", "2");
        var ways = Ways(files.Lab).ToDictionary(way => way.Name);

        var soup = ways["greedy soup"];

        Assert.Equal(Families.soupMembers, soup.Parts.Length);
        Assert.Equal(ways["lp-ft"].Trial.Name, soup.Parts[0].Name);
        Assert.Equal(soup.Parts.Select(part => part.Name), soup.Trial.Spec.Members);
        Assert.Equal(MemberCombination.GreedySoup, soup.Trial.Spec.Combination);
        Assert.All(soup.Parts, part => Assert.Equal(soup.Parts[0].Spec, part.Spec with { Seed = soup.Parts[0].Spec.Seed, Transfer = soup.Parts[0].Spec.Transfer, Fit = soup.Parts[0].Spec.Fit, Data = soup.Parts[0].Spec.Data, Model = soup.Parts[0].Spec.Model, Members = soup.Parts[0].Spec.Members }));
        Assert.Equal(Families.soupMembers, soup.Parts.Select(part => part.Spec.Seed).Distinct().Count());
    }

    // networks see both in the source's size, as one with its weights does
    [Fact]
    public void Source_of_another_size_takes_part_in_training()
    {
        using var folder = new TemporaryFolder();
        SyntheticSets.Write(folder["source.npz"], labels: 2, counts: [60, 20, 20], size: 32);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["source.npz"], "--target", folder["target.npz"], "--seeds", "2");

        Assert.Empty(FamilyWays.leftOut(lab.Lab));
        Assert.All(Ways(lab.Lab).Where(way => way.Trial.Spec.Data.Source is not null), way => Assert.Equal(32, way.Trial.Spec.Model.SeenAs.ImageSize));
        Assert.Equal(32, Assert.Single(Ways(lab.Lab), way => way.Trial.Spec.Teacher is not null).Trial.Spec.Teacher!.Model.SeenAs.ImageSize);   // as its weights were made
    }

    [Fact]
    public void Source_in_other_colours_takes_no_part_in_training()
    {
        using var folder = new TemporaryFolder();
        MedTransfer.Data.Formats.NpzWriter.Write(folder["source.npz"],
        [
            .. new[] { ("train", 60), ("val", 20), ("test", 20) }.SelectMany(split => new KeyValuePair<string, Array>[]
            {
                new($"{split.Item1}_images", new byte[split.Item2, 28, 28, 3]), new($"{split.Item1}_labels", Squares.Labels(split.Item2)),
            }),
        ]);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["source.npz"], "--target", folder["target.npz"], "--seeds", "2");

        var left = FamilyWays.leftOut(lab.Lab);

        Assert.Equal(Families.all.Where(way => way.Needs.SourceImages).Select(way => way.Way), left.Select(way => way.Way));
        Assert.All(left, way => Assert.Equal("it sees images of both sets, and those of source are in colour, those of target grey", way.Reason));
        Assert.DoesNotContain(Ways(lab.Lab), way => way.Trial.Spec.Data.Source is not null);
    }

    // a target with findings of its own is merged into healthy and disease; three classes are not two
    [Fact]
    public void Source_with_other_labels_is_aligned_with_by_its_images_alone()
    {
        using var folder = new TemporaryFolder();
        ThreeClasses(folder["source.npz"]);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["source.npz"], "--target", folder["target.npz"], "--seeds", "2");

        var ways = Ways(lab.Lab).Where(way => way.Trial.Spec.Data.Source is not null).ToList();

        Assert.Equal(["CORAL", "MMD", "DANN"], ways.Select(way => way.Name));
        Assert.All(ways, way => Assert.False(((DomainAdaptation)way.Trial.Spec.Objective).UsesSourceLabels));
        Assert.All(["CORAL", "MMD", "DANN"], way => Assert.False(Families.describe(Families.sharedLabels(lab.Lab, lab.Lab.Source), ListModule.Empty<Families.Described>(), way).Needs.SourceLabels));
        Assert.Equal("target has 2 of them, source 3", ((Families.SharedLabels.Apart)Families.sharedLabels(lab.Lab, lab.Lab.Source)).reason);
    }

    // two findings without another split; and findings that every image has
    [Theory]
    [InlineData(false, true, "")]
    [InlineData(true, false, "findings: all images of train are disease, so that nothing can be told apart")]
    public void Findings_are_merged_where_they_make_two_classes(bool always, bool areShared, string reason)
    {
        using var folder = new TemporaryFolder();
        var labels = new byte[60, 2];
        for (var image = 0; image < 60; image++) (labels[image, 0], labels[image, 1]) = ((byte)(always || image % 2 == 0 ? 1 : 0), (byte)(image % 3 == 0 ? 1 : 0));
        MedTransfer.Data.Formats.NpzWriter.Write(folder["findings.npz"], [new("train_images", Squares.Pixels(60, 1)), new("train_labels", labels)]);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
        using var lab = HandMadeLab.Of(ExperimentModule.transfer, folder["target.npz"], "--source", folder["findings.npz"]);

        var shared = Families.sharedLabels(lab.Lab, Assert.Single(lab.Lab.SourceSets).Item2);

        Assert.Equal((areShared, reason), (shared.IsShared, shared is Families.SharedLabels.Apart apart ? apart.reason : ""));
    }

    [Fact]
    public void Boosting_of_two_classes_is_left_out_where_there_are_three()
    {
        using var folder = new TemporaryFolder();
        ThreeClasses(folder["source.npz"]);
        ThreeClasses(folder["target.npz"], seed: 3);
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["source.npz"], "--target", folder["target.npz"], "--seeds", "2", "--target-size", "30");

        Assert.Equal(("TrAdaBoost", "it tells two classes apart, and target has 3"), Assert.Single(FamilyWays.leftOut(lab.Lab)) is var left ? (left.Way, left.Reason) : default);
    }

    [Theory]
    [InlineData(LabelTask.BinaryClass, 2, 1, null)]
    [InlineData(LabelTask.BinaryClass, 2, 0, "of b class 1 is positive, of a class 0")]
    [InlineData(LabelTask.MultiClass, 3, 1, "b has 2 of them, a 3")]
    [InlineData(LabelTask.MultiLabel, 2, 1, "one of b and a has findings, the other classes")]
    [InlineData(null, 0, 1, "a has no labels")]
    public void Labels_are_shared_where_they_mean_the_same_as_far_as_can_be_told(LabelTask? task, int outputs, int positive, string? reason)
    {
        DatasetInfo Of(string name, LabelTask? asked, int count, int of) => new(name, asked, 1, 28, [.. Enumerable.Range(0, count).Select(label => $"{name} {label}")]) { PositiveClass = of };

        Assert.Equal(reason, SourceObjective.WhyLabelsDiffer(Of("b", LabelTask.BinaryClass, 2, 1), Of("a", task, outputs, positive)));
    }

    private static void ThreeClasses(string path, int seed = 0)
    {
        byte[,] Labels(int count)
        {
            var labels = new byte[count, 1];
            for (var image = 0; image < count; image++) labels[image, 0] = (byte)(image % 3);
            return labels;
        }

        MedTransfer.Data.Formats.NpzWriter.Write(path,
        [
            .. new[] { ("train", 60), ("val", 20), ("test", 20) }.SelectMany((split, first) => new KeyValuePair<string, Array>[]
            {
                new($"{split.Item1}_images", Squares.Pixels(split.Item2, seed + first)), new($"{split.Item1}_labels", Labels(split.Item2)),
            }),
        ]);
    }
}
