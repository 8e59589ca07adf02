using MedTransfer.Tests.Training;
using MedTransfer.Transfer.Adaptation;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Transfer.Adaptation;

[Collection(OneAtATime.Name)]
public sealed class TrAdaBoostTests
{
    private const int Targets = 30, Sources = 200;

    // two classes two apart along the first column; the second half of the source has its labels turned round
    private static (Tensor Embeddings, Tensor Classes) Poisoned()
    {
        manual_seed(1);
        var classes = arange(Targets + Sources).remainder(2).to(ScalarType.Float64);
        var embeddings = randn(Targets + Sources, 2, dtype: ScalarType.Float64);
        embeddings.select(1, 0).add_(classes * 4 - 2);
        var half = classes.narrow(0, Targets + Sources / 2, Sources / 2);
        half.copy_(1 - half);
        return (embeddings, classes);
    }

    [Fact]
    public void Poisoned_source_images_are_left_out()
    {
        using var scope = NewDisposeScope();
        var (embeddings, classes) = Poisoned();

        var result = TrAdaBoost.Fit(embeddings, classes, Targets, rounds: 20, inversePenalty: 1, TestContext.Current.CancellationToken);

        var (sound, poisoned) = (result.SourceWeights.narrow(0, 0, Sources / 2).mean().item<double>(), result.SourceWeights.narrow(0, Sources / 2, Sources / 2).mean().item<double>());
        Assert.True(poisoned < 0.05 * sound, $"{poisoned} of {sound}");
        var right = (embeddings.mv(result.Head.narrow(0, 0, 2)) + result.Head[2]).gt(0).eq(classes.gt(0)).narrow(0, 0, Targets + Sources / 2);
        Assert.True(right.to(ScalarType.Float64).mean().item<double>() > 0.95);
    }

    // with n source images and N rounds, what a wrong one loses a round is 1 / (1 + root(2 ln n / N))
    [Fact]
    public void Source_image_that_is_always_wrong_loses_as_the_paper_says()
    {
        using var scope = NewDisposeScope();
        var (embeddings, classes) = Poisoned();

        var weights = TrAdaBoost.Fit(embeddings, classes, Targets, rounds: 3, inversePenalty: 1, TestContext.Current.CancellationToken).SourceWeights;

        var loss = 1 / (1 + Math.Sqrt(2 * Math.Log(Sources) / 3));
        Assert.Equal(loss * loss, weights.min().item<double>(), 1e-12);   // two updates before the last of three rounds
        Assert.Equal(1, weights.max().item<double>(), 1e-12);
    }

    // both target images lie where the source's classes meet: each regression gets one of them wrong. With a vote, however small, the wrong one would weigh more and move the bias
    [Fact]
    public void Regression_that_errs_on_half_of_the_target_has_no_vote()
    {
        using var scope = NewDisposeScope();
        var embeddings = tensor(new double[] { 0, 0, -1, 1, -1, 1 }).reshape(6, 1);
        var classes = tensor(new double[] { 0, 1, 0, 1, 0, 1 });

        var result = TrAdaBoost.Fit(embeddings, classes, targets: 2, rounds: 4, inversePenalty: 1, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Head[1].item<double>(), 1e-9);
        Assert.InRange(result.Head[0].item<double>(), 0.1, 100);
        Assert.Equal([1.0, 1, 1, 1], result.SourceWeights.data<double>().ToArray());
    }

    // ten times as many source images whose labels are all turned round: every regression follows them and errs on most of the target, so that none has a vote: there is a head all the same
    [Fact]
    public void Where_no_regression_beats_guessing_there_is_still_a_head()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const int Count = 330;
        var classes = arange(Count).remainder(2).to(ScalarType.Float64);
        var embeddings = randn(Count, 2, dtype: ScalarType.Float64);
        embeddings.select(1, 0).add_(classes * 4 - 2);
        var ofSource = classes.narrow(0, Targets, Count - Targets);
        ofSource.copy_(1 - ofSource);

        var head = TrAdaBoost.Fit(embeddings, classes, Targets, rounds: 6, inversePenalty: 1, TestContext.Current.CancellationToken).Head;

        Assert.True(head.isfinite().all().item<bool>());
        Assert.True(head[0].item<double>() < -0.5, "it follows the source");
    }
}
