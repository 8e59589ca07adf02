using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>What a run may say, by whose images it is on.</summary>
[Collection(OneAtATime.Name)]
public sealed class LabTests : IDisposable
{
    private readonly SyntheticSets sets = new();

    [Theory]
    [InlineData("own", "own", false, true, "")]
    [InlineData("own", "own", true, false, "Smoke run")]
    [InlineData("phantom-chest", "own", false, true, "Source: phantoms")]
    [InlineData("own", "phantom-pneumonia", false, false, "Target: phantoms")]
    [InlineData("phantom-chest", "phantom-pneumonia", false, false, "On phantoms")]
    [InlineData("phantom-chest", "own", true, false, "Source: phantoms|Smoke run")]
    public void Verdicts_follow_from_real_targets_in_full_runs_and_remarks_say_what_is_drawn(
        string source, string target, bool isSmoke, bool hasVerdicts, string remarks) => With(source, target, isSmoke, lab =>
    {
        var said = lab.Evidence.Remarks;
        Assert.Equal((hasVerdicts, remarks), (lab.HasVerdicts, string.Join('|', said.Select(remark => remark.Item1))));
        // a sentence names the set that is drawn, where one of two is
        if (said.Length == 1 && !isSmoke && source != target && (source == "own" || target == "own"))
            Assert.Contains(source == "own" ? $"the target, {lab.Target.Name}, is images drawn" : $"The source, {lab.Source.Name}, is phantoms", said.Head.Item2, StringComparison.Ordinal);
    });

    [Fact]
    public void Drawn_sources_among_others_are_named()
    {
        using var lab = HandMadeLab.Of(ExperimentModule.methods, "--source", sets.Source, "--source", "phantom-chest", "--source", "phantom-pneumonia", "--target", sets.Target);
        using var trained = HandMadeLab.Of(ExperimentModule.transfer, sets.Target, "--source", "phantom-chest", "--source", "imagenet-resnet18");
        using var alone = HandMadeLab.Of(ExperimentModule.transfer, sets.Target, "--source", "phantom-chest");

        Assert.Equal(
            ("Phantoms among the sources", "Of the sources, phantom-chest, phantom-pneumonia are phantoms, images drawn by a program; the target, target, is not. Weights from these have seen drawings and no patient."),
            (Assert.Single(lab.Lab.Evidence.Remarks).Item1, Assert.Single(lab.Lab.Evidence.Remarks).Item2));
        Assert.Equal("source, phantom-chest, phantom-pneumonia", lab.Lab.SourceName);
        Assert.Equal(["Phantoms among the sources", "Source: phantoms"], new[] { trained, alone }.Select(of => Assert.Single(of.Lab.Evidence.Remarks).Item1));
    }

    [Theory]
    [InlineData("own", "own", false, false)]
    [InlineData("phantom-chest", "own", false, true)]
    [InlineData("own", "phantom-pneumonia", true, false)]
    [InlineData("phantom-chest_64", "phantom-pneumonia_64", true, true)]
    [InlineData("phantom-pneumonia", "phantom-chest", false, false)]
    public void Figures_of_the_study_stand_beside_its_own_sets_and_what_stands_in_for_them(string source, string target, bool ofTarget, bool ofSource) =>
        With(source, target, false, lab => Assert.Equal((ofTarget, ofSource), (lab.ShowsStudy, lab.ShowsStudyOfSource)));

    [Fact]
    public void Smoke_has_a_few_images_of_every_split_of_both_sets() => With("phantom-chest", "phantom-pneumonia", true, lab =>
    {
        foreach (var set in new[] { lab.Source, lab.Target })
        {
            var data = lab.Load(set.All);
            Assert.Equal((64, 64, 64), (data.Train.Count, data.Validation.Count, data.Test.Count));
        }

        Assert.Equal([TargetSize.NewImages(48)], lab.Sizes);
        Assert.Equal((64, 48), (lab.Target.Sample(lab.Sizes.Head, 1).Excerpt, lab.Target.Sample(lab.Sizes.Head, 1).TrainImages));
    });

    [Fact]
    public void Smoke_has_as_many_as_it_is_asked_to_learn_from_and_a_full_run_all() => With("own", "own", true, lab =>
    {
        Assert.Equal((100, 40), (lab.Load(lab.Target.All).Train.Count, lab.Load(lab.Target.All).Test.Count));
        With("own", "own", false, full => Assert.Equal((null, 120), (full.Target.Excerpt?.Value, full.Load(full.Target.All).Train.Count)));
    }, "--target-size", "100");

    [Fact]
    public void A_sample_of_as_many_images_as_there_are_is_all_of_them()
    {
        using var both = HandMadeLab.OnFiles(ExperimentModule.task2, "--target-size", "50,120,all");
        Assert.Equal([TargetSize.NewImages(50), TargetSize.AllImages], both.Lab.Sizes);
        using var alone = HandMadeLab.OnFiles(ExperimentModule.task2, "--target-size", "50,120");
        Assert.Equal([TargetSize.NewImages(50), TargetSize.NewImages(120)], alone.Lab.Sizes);
    }

    [Fact]
    public void Patience_that_can_not_be_lost_is_warned_of_where_it_is_an_option()
    {
        using HandMadeLab task1 = HandMadeLab.OnFiles(ExperimentModule.task1, "--epochs", "1"), task2 = HandMadeLab.OnFiles(ExperimentModule.task2, "--epochs", "1");
        const string Warning = "Patience 5 is never lost within 3 epochs: early stopping only keeps the best one.";
        Assert.Contains(Warning, task1.Lab.Warnings);
        Assert.DoesNotContain(Warning, task2.Lab.Warnings);
    }

    public void Dispose() => sets.Dispose();

    private void With(string source, string target, bool isSmoke, Action<Lab> look, params string[] words)
    {
        string[] all = ["--offline", "--source", source == "own" ? sets.Source : source, "--target", target == "own" ? sets.Target : target,
            "--out", sets.Folder, .. isSmoke ? ["--smoke"] : Array.Empty<string>(), .. words];
        Exception? failure = null;
        var code = Recipe.run(ExperimentModule.task2, ListModule.OfSeq(all), TestContext.Current.CancellationToken, FuncConvert.FromAction<Lab>(lab =>
            failure = Record.Exception(() => look(lab))));
        Assert.Null(failure);
        Assert.Equal(0, code);
    }
}
