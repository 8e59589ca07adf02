using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Tests.Trials;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class PublishedOriginTests : IDisposable
{
    private static readonly PublishedBackbone _resNet18 = PublishedBackbone.ImageNetResNet18;

    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void A_trial_takes_all_of_the_network()
    {
        var trial = Frozen(_resNet18.Model with { Input = _resNet18.Model.SeenAs with { ImageSize = 32 } }, PublishedOrigin.Of(_resNet18));

        var result = data.Run(trial)[0];

        Assert.Empty(result.Metrics.NotTransferred);
        Assert.Equal("frozen, logistic regression", trial.Spec.Describe());
        Assert.Equal(_resNet18.Read()["features.layer4.2.conv2.weight"].Data.ToArray(), result.Folder.ReadWeights()["features.layer4.2.conv2.weight"].Data.ToArray());
        Assert.Equal(trial.Spec.Transfer.Origin, TrialSpec.Read(Path.Combine(result.Folder.FullPath, "spec.json")).Transfer.Origin);
    }

    [Fact]
    public void Name_and_digest_are_part_of_a_trials_name()
    {
        var origin = PublishedOrigin.Of(_resNet18);

        Assert.Equal(3, new[] { origin, origin with { Name = "other" }, origin with { Digest = "00" } }.Select(other => Frozen(_resNet18.Model, other).Name).Distinct().Count());
    }

    [Fact]
    public void Another_network_can_not_take_them_which_is_said_before_any_trains()
    {
        var error = Assert.Throws<MedTransferException>(() => data.Run(Frozen(new() { Latent = 8 }, PublishedOrigin.Of(_resNet18)))).Message;

        Assert.Contains("nothing can be taken over from imagenet-resnet18 (", error, StringComparison.Ordinal);
        Assert.EndsWith("Take the model that they are weights of, a ResNet-18.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_the_weights_do_not_have_would_stay_random()
    {
        var error = Assert.Throws<MedTransferException>(() => data.Run(Frozen(_resNet18.Model with { Blocks = new(2, 2, 3, 3) }, PublishedOrigin.Of(_resNet18)))).Message;

        Assert.Contains("features.layer3.2.conv1", error, StringComparison.Ordinal);
        Assert.EndsWith("Take the model that they are weights of, or fine-tune instead.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_and_digests_are_errors()
    {
        var origin = PublishedOrigin.Of(_resNet18);

        Assert.Equal("There are no published weights 'other': take imagenet-resnet18.", Assert.Throws<MedTransferException>((origin with { Name = "other" }).Find).Message);
        Assert.Equal("The weights 'imagenet-resnet18' that were named are others than those that are known (their SHA-256 is another): name them anew.",
            Assert.Throws<MedTransferException>((origin with { Digest = "00" }).Find).Message);
    }

    private Trial Frozen(ModelOptions model, PublishedOrigin origin) =>
        new(data.Spec with { Model = model, Transfer = TransferPlan.Frozen(origin), Fit = new() { Solver = Solver.LogisticRegression } }, "frozen");
}
