using MedTransfer.Data.Checks;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Choice = MedTransfer.Recipes.ChecklistItem.Choice;
using Facts = MedTransfer.Recipes.ChecklistItem.Facts;
using Finding = MedTransfer.Recipes.ChecklistItem.Finding;
using Item = MedTransfer.Recipes.ChecklistItem;

namespace MedTransfer.Tests.Scripts.Sections.Checklist;

/// <summary>What a checklist may say of a run: each sentence by what the run knows of itself.</summary>
[Collection(OneAtATime.Name)]
public sealed class ChecklistSentencesTests
{
    private static readonly Facts Folds = HandMadeFacts.Of(TestScheme.Folds, Choice.ByOtherFolds);

    [Fact]
    public void Test_images_are_those_of_the_scheme()
    {
        foreach (var number in new[] { "CLAIM 19", "CLAIM 32" })
        {
            Assert.StartsWith("The set's own splits; the test split is read once", Done(number, HandMadeFacts.Of()), StringComparison.Ordinal);
            Assert.Equal("Five folds a seed: every image is tested once by a model that did not learn from it.", Done(number, Folds));
            Assert.Equal("A fifth of the training images is held out, and tested once.", Done(number, HandMadeFacts.Of(TestScheme.HeldOutFold, Choice.ByInnerFolds)));
        }

        Assert.Equal("Folds of the same images, stratified by label.", Done("TRIPOD 16", Folds));
        Assert.Equal("Patients: all images of one are in the same fold.", Done("CLAIM 20", HandMadeFacts.Of(TestScheme.Folds, Choice.ByOtherFolds, knowsPatients: true)));
        Assert.Contains("so that folds may share patients", Done("CLAIM 20", Folds), StringComparison.Ordinal);
    }

    [Fact]
    public void How_a_way_was_chosen_is_said_as_it_was()
    {
        Assert.StartsWith("Ways are named beforehand, and none is chosen by test images", Done("CLAIM 26", HandMadeFacts.Of()), StringComparison.Ordinal);
        Assert.StartsWith("For each fold the way that is best in the others", Done("CLAIM 26", Folds), StringComparison.Ordinal);
        Assert.StartsWith("The way with the highest validation AUC", Done("CLAIM 26", HandMadeFacts.Of(choice: Choice.ByValidation)), StringComparison.Ordinal);
        Assert.EndsWith("The model for use is trained by it, on all images that are not test; by no transfer where transfer does worse.", Done("CLAIM 26", HandMadeFacts.Of(choice: Choice.ByInnerFolds)), StringComparison.Ordinal);
        Assert.StartsWith("The way with the highest AUC in five folds", Done("CLAIM 26", HandMadeFacts.Of(choice: Choice.ByInnerFolds)), StringComparison.Ordinal);
        var nothing = HandMadeFacts.Of(TestScheme.Folds, Choice.NothingToChoose);
        Assert.StartsWith("No way is chosen, as nothing was transferred", Done("CLAIM 26", nothing), StringComparison.Ordinal);
        Assert.Equal("The question; nothing was transferred, so that nothing is compared.", Done("CLAIM 4", nothing));
        Assert.Equal("A temperature of the model for use, where one was found; what it changes is not measured.", Done("TRIPOD 24", nothing));
        Assert.Contains("named before anything was run", Done("CLAIM 4", HandMadeFacts.Of()), StringComparison.Ordinal);
        Assert.Equal("The question; which way is compared is chosen by the other folds, and it is judged on images that did not choose it.", Done("CLAIM 4", Folds));
        Assert.EndsWith("a temperature that was fitted on the other folds.", Done("TRIPOD 24", Folds), StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_are_claimed_where_there_are_some_alone()
    {
        var none = HandMadeFacts.Of(noInterval: FSharpOption<string>.Some("5 seeds are the least (--seeds 5)"));
        foreach (var number in new[] { "CLAIM 29", "CLAIM 38", "TRIPOD 23a" })
        {
            Assert.Contains("95 % intervals", Done(number, HandMadeFacts.Of()), StringComparison.Ordinal);
            var undone = Assert.IsType<Finding.Undone>(Find(number, none));
            Assert.Equal("No score of a way, and no difference, has an interval: 5 seeds are the least (--seeds 5).", undone.Item);
        }

        Assert.StartsWith("95 % intervals that count in seeds, samples and test images; where verdicts are given", Done("CLAIM 29", HandMadeFacts.Of(hasSamples: true)), StringComparison.Ordinal);
        Assert.Equal("95 % intervals that count in seeds and test images; each difference by itself.", Done("CLAIM 29", Folds));
    }

    [Fact]
    public void Samples_ensembles_thresholds_and_a_model_for_use_are_claimed_where_there_are_some()
    {
        var plain = HandMadeFacts.Of();
        Assert.Equal("every training learns from all images that are there to learn from", Assert.IsType<Finding.NotOfIt>(Find("CLAIM 10", plain)).Item);
        Assert.StartsWith("Sizes of samples", Done("CLAIM 10", HandMadeFacts.Of(hasSamples: true)), StringComparison.Ordinal);
        Assert.IsType<Finding.NotOfIt>(Find("CLAIM 27", plain));
        Assert.IsType<Finding.NotOfIt>(Find("TRIPOD 27a", plain));
        Assert.Contains("predict.fsx warns", Done("TRIPOD 27a", Folds), StringComparison.Ordinal);
        Assert.Equal("A probability of each class; the likeliest is called.", Done("TRIPOD 15", HandMadeFacts.Of(hasTwoClasses: false)));
        Assert.Equal("no prediction was recalibrated", Assert.IsType<Finding.NotOfIt>(Find("TRIPOD 12f", HandMadeFacts.Of(hasTwoClasses: false))).Item);
        Assert.StartsWith("The test images that one model", Done("CLAIM 39", plain), StringComparison.Ordinal);
        Assert.StartsWith("Images whose label is doubted", Done("CLAIM 39", Folds), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLAIM 31", "predict.fsx maps where its model looks.")]
    [InlineData("CLAIM 33", "predict.fsx -- --external scores its model on another, on a page of its own.")]
    [InlineData("TRIPOD 12d", "predict.fsx -- --external scores its model on a set of each site.")]
    [InlineData("TRIPOD 23b", "predict.fsx -- --external scores its model on a set of each site.")]
    public void What_no_run_does_is_not_done_with_what_would_do_it(string number, string what)
    {
        Assert.EndsWith(what, Assert.IsType<Finding.Undone>(Find(number, Folds)).Item, StringComparison.Ordinal);
        Assert.EndsWith(what.Replace("its model", "the model that transfer.fsx leaves", StringComparison.Ordinal), Assert.IsType<Finding.Undone>(Find(number, HandMadeFacts.Of())).Item, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_knows_its_seeds_samples_and_ensembles()
    {
        using var made = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var data = lab.Lab.Load(lab.Lab.Target.All);
        Facts Of(params IEnumerable<Outcome> outcomes) =>
            ChecklistFacts.ofRun(lab.Lab, data, new(ListModule.OfSeq(outcomes), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty));

        (double, double) seed = (0.75, 0.8);
        var few = Of(made.Way("no transfer", seed, seed).Concat(made.Way("fine-tuned", seed, seed, seed)));
        Assert.Equal((2, 3), (few.Seeds.Item1, few.Seeds.Item2));
        Assert.Equal("5 seeds are the least (--seeds 5)", few.NoInterval?.Value);
        Assert.Equal((false, false, false), (few.HasSamples, few.HasEnsembles, few.Balances));
        Assert.Equal((TestScheme.TestSplit, Choice.NamedBefore, true), (few.Scheme, few.Choice, few.HasTwoClasses));

        var enough = Of(made.Way("no transfer", seed, seed, seed, seed, seed));
        Assert.Null(enough.NoInterval);
        // four negatives and four positives are too few for an interval, whatever the number of seeds
        var small = new HandMade { Test = HandMadeSplit.Of([(0, 0.1f), (0, 0.6f), (0, 0.2f), (0, 0.3f), (1, 0.9f), (1, 0.5f), (1, 0.7f), (1, 0.4f)]) };
        Assert.Equal("10 test images or patients of each class are the least", Of(made.Way("small", small, small, small, small, small)).NoInterval?.Value);

        var parts = new HandMade { Size = TargetSize.NewImages(40), Parts = [new HandMade(), new HandMade()] };
        Assert.True(Of(made.Way("folds", parts)) is { HasSamples: true, HasEnsembles: true });
    }

    private static Finding Find(string item, Facts run)
    {
        var (guideline, number) = (item.Split(' ')[0], item.Split(' ')[1]);
        var items = guideline == "CLAIM" ? ClaimItems.items : TripodItems.items;
        return Assert.IsType<Item.Answer.OfRun>(items.Single(one => one.Number == number).Answer).Item2.Invoke(run);
    }

    private static string Done(string item, Facts run) => Assert.IsType<Finding.Done>(Find(item, run)).Item;
}

/// <summary>What a run knows of itself: two classes, five seeds, all images, ways that are named beforehand, but where said otherwise.</summary>
internal static class HandMadeFacts
{
    public static Facts Of(
        TestScheme scheme = TestScheme.TestSplit, Choice? choice = null, bool knowsPatients = false, bool hasTwoClasses = true, bool hasSamples = false, FSharpOption<string>? noInterval = null) =>
        new(
            scheme, choice ?? Choice.NamedBefore, knowsPatients, lacksLabels: false, uncertainAs: null, pixels: null, countsLeftOut: false, hasTwoClasses, isMultiLabel: false,
            hasSamples, new(5, 5), noInterval, hasEnsembles: false, balances: false, "SOFTWARE");
}
