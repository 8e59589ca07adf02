using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Tests.Trials;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Scripts.Reports;

/// <summary>What pages and terminal say of a trial that learns from two views.</summary>
[Collection(OneAtATime.Name)]
public sealed class SpecWordingTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Loss_views_and_projector_are_named()
    {
        var vicreg = SpecWording.ofSpec(data.Spec with { Objective = new VicRegularisation() });
        var simclr = SpecWording.ofSpec(data.Spec with { Objective = new ContrastiveLearning { Views = new() { Shift = 0.25 } } });

        Assert.Contains("a projector of two layers of 128 units", vicreg[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "VICReg, weights 25 of invariance, 25 of variance and 1 of covariance, without labels, of two views of each image, augmented (shift 0.1, rotation 10 degrees, scale 0.15, brightness 0.1, contrast 0.2)",
            vicreg[2], StringComparison.Ordinal);
        Assert.Contains("SimCLR, temperature 0.5, without labels, of two views of each image, augmented (shift 0.25,", simclr[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_trial_is_described_by_its_loss_and_listed_without_scores()
    {
        var result = data.Run(new Trial(data.Spec with { Objective = new ContrastiveLearning() }, "views"))[0];

        Assert.Contains(FormattableString.Invariant($"test loss {result.Metrics.Test!.Loss:F4}"), Describe.result(result), StringComparison.Ordinal);
        var run = Assert.Single(RunList.find(data.Runs, RunList.named(data.Runs, Microsoft.FSharp.Collections.FSharpList<string>.Empty)).Item1);
        Assert.Null(run.Auc);
    }
}
