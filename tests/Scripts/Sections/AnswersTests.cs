using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class AnswersTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    // accuracies and AUCs of test: frozen is worse by .1 and .2, fine-tuned better by .05 and .1; the images of ten patients who are all alike
    private FSharpList<Outcome> Ways() => ListModule.OfSeq<Outcome>([
        .. made.Way("no transfer", (0.70, 0.70), (0.72, 0.71), (0.71, 0.72), (0.70, 0.70), (0.72, 0.72)),
        .. made.Way("frozen", (0.60, 0.50), (0.63, 0.52), (0.60, 0.51), (0.60, 0.50), (0.62, 0.52)),
        .. made.Way("fine-tuned", (0.75, 0.80), (0.77, 0.81), (0.77, 0.83), (0.75, 0.80), (0.77, 0.82)),
    ]);

    private static HandMade Trained(double train, double test, double auc) => new() { Train = HandMadeSplit.Of(train, 0.9), Test = HandMadeSplit.Of(test, auc) };

    [Fact]
    public void Transfer_is_each_way_less_none() => Assert.Equal(
        [
            "frozen minus no transfer: test ACC -0.100 [-0.109, -0.091], p < 0.001: worse (Holm's p < 0.001); test AUC -0.200 [-0.209, -0.191], p < 0.001: worse.",
            "fine-tuned minus no transfer: test ACC +0.052 [+0.046, +0.058], p < 0.001: better (Holm's p < 0.001); test AUC +0.102 [+0.096, +0.108], p < 0.001: better (primary).",
        ],
        Answers.transfer(files.Lab, "no transfer", "frozen", "fine-tuned", Ways()).Sentences.Take(2));

    [Fact]
    public void Freezing_is_frozen_less_fine_tuned_and_says_what_time_it_takes_less()
    {
        var times = HandMadeTimes.Of(("frozen", 4, [0.24, 0.25, 0.26]), ("frozen, through all layers", 4, [0.49, 0.5, 0.51]), ("fine-tuned", 4, [1, 1, 1]));
        var converged = made.Way("converged", (0.70, 0.70), (0.72, 0.71), (0.71, 0.72), (0.70, 0.70), (0.72, 0.72));
        Assert.Equal(
            [
                "frozen minus fine-tuned: test ACC -0.152 [-0.166, -0.138], p < 0.001: worse; test AUC -0.302 [-0.316, -0.288], p < 0.001: worse.",
                "frozen takes 75 % [72, 77] less time than fine-tuned, as what its frozen layers make of an image is computed once; 50 % [47, 52] less where every batch passes all layers.",
            ],
            [.. Answers.freezing(files.Lab, times, "frozen", "left out", "fine-tuned", TargetSize.AllImages, Ways()).Sentences]);
        Assert.StartsWith(
            "With a head that is trained to its optimum (converged) minus fine-tuned: test AUC ",
            Answers.freezing(files.Lab, Times.none, "frozen", "converged", "fine-tuned", TargetSize.AllImages, ListModule.OfSeq(Ways().Concat(converged))).Sentences[1],
            StringComparison.Ordinal);
        Assert.Single(Answers.freezing(files.Lab, Times.none, "frozen", "left out", "fine-tuned", TargetSize.AllImages, Ways()).Sentences);
    }

    [Fact]
    public void Positive_mean_with_an_interval_over_0_shows_no_difference()
    {
        var outcomes = ListModule.OfSeq(made.Way("no transfer", (0.70, 0.70), (0.72, 0.71), (0.71, 0.72), (0.70, 0.70), (0.72, 0.72)).Concat(made.Way("frozen", (0.72, 0.70), (0.70, 0.75), (0.75, 0.75), (0.70, 0.70), (0.72, 0.75))));
        Assert.StartsWith(
            "frozen minus no transfer: test ACC +0.008 [-0.020, +0.036], p = 0.477: no difference shown; test AUC +0.020 [-0.003, +0.043], p = 0.075: no difference shown.",
            Answers.transfer(files.Lab, "no transfer", "frozen", "left out", outcomes).Sentences[0]);
    }

    [Fact]
    public void One_seed_is_not_tested_and_phantoms_have_no_words()
    {
        var one = ListModule.OfSeq(made.Way("no transfer", (0.7, 0.7)).Concat(made.Way("frozen", (0.6, 0.8))));
        Assert.Equal(
            "frozen minus no transfer: test ACC -0.100 (one seed: no interval): no verdict below 5 seeds; test AUC +0.100 (one seed: no interval): no verdict below 5 seeds.",
            Answers.transfer(files.Lab, "no transfer", "frozen", "fine-tuned", one).Sentences[0]);
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        Assert.Equal(
            "frozen minus no transfer: test ACC -0.100 [-0.109, -0.091], p < 0.001; test AUC -0.200 [-0.209, -0.191], p < 0.001.",
            Answers.transfer(phantoms.Lab, "no transfer", "frozen", "fine-tuned", Ways()).Sentences[0]);
    }

    [Fact]
    public void Smart_training_sorts_ways_by_what_their_intervals_say()
    {
        var outcomes = ListModule.OfSeq<Outcome>([
            .. made.Way("plain", Trained(0.9, 0.60, 0.70), Trained(0.9, 0.62, 0.71), Trained(0.9, 0.61, 0.72), Trained(0.9, 0.60, 0.70), Trained(0.9, 0.62, 0.72)),
            .. made.Way("helps", Trained(0.7, 0.60, 0.80), Trained(0.7, 0.62, 0.82), Trained(0.7, 0.61, 0.83), Trained(0.7, 0.60, 0.81), Trained(0.7, 0.62, 0.83)),
            .. made.Way("harms", Trained(0.9, 0.60, 0.50), Trained(0.9, 0.63, 0.52), Trained(0.9, 0.60, 0.53), Trained(0.9, 0.60, 0.50), Trained(0.9, 0.62, 0.52)),
            .. made.Way("wavers", Trained(0.9, 0.60, 0.70), Trained(0.9, 0.60, 0.76), Trained(0.9, 0.60, 0.72), Trained(0.9, 0.60, 0.70), Trained(0.9, 0.60, 0.75)),
            .. made.Way("same", Trained(0.9, 0.60, 0.71), Trained(0.9, 0.62, 0.71), Trained(0.9, 0.61, 0.72), Trained(0.9, 0.60, 0.70), Trained(0.9, 0.62, 0.71)),
            .. made.Way("once", Trained(0.9, 0.60, 0.70)),
        ]);
        var names = ListModule.OfSeq(["helps", "harms", "wavers", "same", "once", "left out"]);

        var sentences = Answers.smartTraining(files.Lab, "plain", names, outcomes).Sentences;

        Assert.Equal("Trained plainly it has ACC 0.900 ± 0.000 on its training images and 0.610 ± 0.010 on test.", sentences[0]);
        // the gap of "helps" is smaller by the same .2 for every seed, which is no test
        Assert.Equal("The gap between the two is smaller over seeds with: none.", sentences[1]);
        Assert.Equal(
            "By test AUC (0.710 ± 0.010 plainly) these are better: helps; worse: harms; equivalent within 0.02: same; no difference shown: wavers; not tested: once.",
            sentences[2]);
        Assert.Equal(3, sentences.Length);
    }

    [Fact]
    public void Smaller_gap_alone_is_said_to_be_no_gain()
    {
        var outcomes = ListModule.OfSeq<Outcome>([
            .. made.Way("plain", Trained(0.9, 0.60, 0.70), Trained(0.9, 0.62, 0.71), Trained(0.9, 0.61, 0.72), Trained(0.9, 0.60, 0.70), Trained(0.9, 0.62, 0.72)),
            .. made.Way("lazy", Trained(0.7, 0.60, 0.70), Trained(0.7, 0.62, 0.71), Trained(0.71, 0.61, 0.72), Trained(0.7, 0.60, 0.70), Trained(0.7, 0.62, 0.72)),
        ]);
        var sentences = Answers.smartTraining(files.Lab, "plain", ListModule.OfSeq(["lazy"]), outcomes).Sentences;
        Assert.Equal("The gap between the two is smaller over seeds with: lazy.", sentences[1]);
        Assert.StartsWith("A smaller gap alone is no gain", sentences[3]);
    }

    [Fact]
    public void Autoencoder_is_each_way_of_its_encoder_less_none()
    {
        var outcomes = ListModule.OfSeq<Outcome>([
            .. made.Way("none", Trained(0.90, 0.60, 0.70), Trained(0.92, 0.61, 0.71), Trained(0.90, 0.62, 0.72), Trained(0.90, 0.60, 0.70), Trained(0.92, 0.62, 0.72)),
            .. made.Way("tuned", Trained(0.80, 0.65, 0.60), Trained(0.80, 0.67, 0.62), Trained(0.80, 0.67, 0.61), Trained(0.81, 0.66, 0.60), Trained(0.80, 0.68, 0.62)),
        ]);
        var change = new Trainability.Change(0, 0, FSharpOption<double>.Some(0.2), FSharpOption<double>.Some(-0.1));
        Assert.Equal(
            [
                "tuned minus none: test ACC +0.056 [+0.049, +0.063], p < 0.001: better; test AUC -0.100 [-0.109, -0.091], p < 0.001: worse; gap between train and test -0.162 [-0.182, -0.142], p < 0.001: lower over seeds.",
                "Training accuracy; tuned: -0.106 [-0.123, -0.089], p < 0.001: lower over seeds.",
                "Silhouette of the test map, fine-tuned minus frozen: PCA 0.200, t-SNE -0.100; size of PCA's change minus that of t-SNE's +0.100 (one seed: no interval).",
            ],
            Answers.autoencoder(files.Lab, "none", "frozen", "tuned", ListModule.OfSeq([change]), outcomes).Sentences);
    }
}
