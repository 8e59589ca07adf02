using MedTransfer.Recipes;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

public sealed class PositiveClassTests : IDisposable
{
    private readonly SyntheticSets sets = new();

    [Theory]
    [InlineData("0", 0)]
    // its own: the trials are the same as without a word
    [InlineData("1", null)]
    public void The_option_names_the_positive_class_of_the_target(string text, int? positive)
    {
        using IDisposable _ = Lab(ExperimentModule.task2, sets.Target, out var lab, "--positive", text);
        Assert.Equal(positive, lab.Target.All.PositiveClass);
        Assert.Equal(positive, lab.Target.Sample(TargetSize.NewImages(50), 0).PositiveClass);
        Assert.Equal(positive ?? 1, lab.Load(lab.Target.All).Info.PositiveClass);
        Assert.Null(lab.Source.All.PositiveClass);
    }

    [Fact]
    public void Disease_against_healthy_can_be_turned_round()
    {
        using IDisposable _ = Lab(ExperimentModule.task1, sets.Source, out var lab, "--positive", "Healthy");
        Assert.Equal((true, 0), (lab.Target.All.Binarised, lab.Target.All.PositiveClass));
        Assert.Equal("Sensitivity, specificity, precision and F1 are of healthy.", Wording.scored(lab));
    }

    [Fact]
    public void Findings_have_means_and_no_positive_class()
    {
        using (Lab(ExperimentModule.task2, sets.Source, out var lab))
            Assert.Equal("Sensitivity, specificity, precision and F1 are means over the findings for which they are defined: a finding never called has no precision.", Wording.scored(lab));

        var error = Assert.Throws<MedTransferException>(() => Lab(ExperimentModule.task2, sets.Source, out _, "--positive", "1"));
        Assert.True(error.IsUsage);
        Assert.Contains("does not have two classes", error.Message);
    }

    public void Dispose() => sets.Dispose();

    private Lab Lab(Experiment experiment, string target, out Lab lab, params string[] words)
    {
        var all = ListModule.OfSeq<string>(["--offline", "--source", target == sets.Source ? sets.Target : sets.Source, "--target", target, "--out", sets.Folder, .. words]);
        return lab = new Lab(experiment, "", CommandLine.parse(experiment, sets.Folder, all), TestContext.Current.CancellationToken);
    }
}
