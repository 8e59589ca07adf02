using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Training;
using MedTransfer.Tests.Trials;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class WeightsOriginTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Weights_of_a_file_are_taken_as_those_of_the_trial_that_wrote_it()
    {
        var parent = data.Run(data.Trial)[0];
        File.Copy(parent.Folder.WeightsPath, data["copy.safetensors"]);

        var results = data.Run(On(TransferPlan.FineTuned(data.Trial.AsOrigin)), On(TransferPlan.FineTuned(WeightsOrigin.Of(data["copy.safetensors"]))));

        Assert.Equal(results[0].Metrics.WeightsDigest, results[1].Metrics.WeightsDigest);
        Assert.NotEqual(parent.Metrics.WeightsDigest, results[1].Metrics.WeightsDigest);
        Assert.Equal(Architecture.ConvNet.FeatureLayerNames, results[1].Metrics.Transferred);
    }

    [Fact]
    public void Name_follows_the_digest_and_not_the_place()
    {
        var parent = data.Run(data.Trial)[0];
        File.Copy(parent.Folder.WeightsPath, data["copy.safetensors"]);
        Trial Of(string path) => On(TransferPlan.Frozen(WeightsOrigin.Of(path)));

        Assert.Equal(Of(parent.Folder.WeightsPath).Name, Of(data["copy.safetensors"]).Name);
        Assert.Equal(data["copy.safetensors"], ((WeightsOrigin)Reread(Of(data["copy.safetensors"])).Transfer.Origin!).Path);
    }

    [Fact]
    public void File_that_has_changed_since_is_said_before_anything_trains()
    {
        var parent = data.Run(data.Trial)[0];
        File.Copy(parent.Folder.WeightsPath, data["copy.safetensors"]);
        var child = On(TransferPlan.Frozen(WeightsOrigin.Of(data["copy.safetensors"])));
        using (var other = Classifier.Create(data.Spec.Model, Squares.Info, 9))
            WeightFile.Save(other, data["copy.safetensors"]);

        var error = Assert.Throws<MedTransferException>(() => data.Run(child));

        Assert.Contains($"{data["copy.safetensors"]}: is not the file of weights that was named", error.Message, StringComparison.Ordinal);
        Assert.False(new MedTransfer.Trials.Artefacts.TrialFolder(data.Runs, child.Name).IsDone);
    }

    [Fact]
    public void Missing_file_is_named() =>
        Assert.Contains("none.safetensors", Assert.Throws<MedTransferException>(() => WeightsOrigin.Of(data["none.safetensors"])).Message, StringComparison.Ordinal);

    [Fact]
    public void State_dict_is_foretold_and_taken_alike()
    {
        var parent = data.Run(data.Trial)[0];
        var theirs = parent.Folder.ReadWeights().ToDictionary(weight => $"module.{weight.Key}".Replace(".features", ""), weight => weight.Value);
        Safetensors.Write(data["theirs.safetensors"], theirs);

        var results = data.Run(On(TransferPlan.Frozen(data.Trial.AsOrigin)), On(TransferPlan.Frozen(WeightsOrigin.Of(data["theirs.safetensors"]))));

        Assert.Equal(results[0].Metrics.WeightsDigest, results[1].Metrics.WeightsDigest);
        Assert.Equal(["prefix 'module.'"], results[1].Metrics.Adapted);
        Assert.Null(results[0].Metrics.Adapted);
    }

    public static TheoryData<string[], string> Others => new()
    {
        {
            ["cls_token", "pos_embed", "blocks.0.attn.qkv.weight"],
            "(it has blocks.0.attn.qkv.weight, cls_token, pos_embed, as a vision transformer has; the network wants weights of conv1, conv2, conv3, latent). Name a state dict of that network under torchvision's names."
        },
        {
            [.. Enumerable.Range(0, 7).Select(i => $"unknown.{i}")],
            "(it has unknown.0, unknown.1, unknown.2, unknown.3 and 3 more; the network wants weights of conv1, conv2, conv3, latent). Name a state dict of that network under torchvision's names."
        },
        {
            ["backbone.conv1.weight", "backbone.conv2.weight"],
            "(features.conv1: weight is (1), not (16, 1, 3, 3), bias is not among the transferred weights; features.conv2: weight is (1), not (32, 16, 3, 3), bias is not among the transferred weights; "
                + "features.conv3: weight is not among the transferred weights, bias is not among the transferred weights; "
                + "features.latent: weight is not among the transferred weights, bias is not among the transferred weights). Name a file of weights of the same network."
        },
        {
            [.. new[] { "student.", "teacher." }.SelectMany(who => new[] { "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias" }.Select(name => who + name))],
            "(it has them more than once, under 'student.' and 'teacher.'). Keep one of them in the file."
        },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void File_of_another_network_stops_all_before_any_trains(string[] names, string said)
    {
        Safetensors.Write(data["theirs.safetensors"], names.Select(name => KeyValuePair.Create(name, new SafeTensor(SafeTensorType.F32, [1], new byte[4]))));

        var error = Assert.Throws<MedTransferException>(() => data.Run(On(TransferPlan.FineTuned(WeightsOrigin.Of(data["theirs.safetensors"])))));

        Assert.EndsWith($"nothing can be taken over from {data["theirs.safetensors"]} {said}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parents_weights_that_were_changed_are_not_taken()
    {
        var parent = data.Run(data.Trial)[0];
        using (var other = Classifier.Create(data.Spec.Model, Squares.Info, 9))
            WeightFile.Save(other, parent.Folder.WeightsPath);

        var error = Assert.Throws<MedTransferException>(() => data.Run(On(TransferPlan.Frozen(data.Trial.AsOrigin))));

        Assert.Contains("was changed since it was written", error.Message, StringComparison.Ordinal);
    }

    private Trial On(TransferPlan plan) => new(data.Spec with { Transfer = plan, Seed = 2 }, "child");

    private TrialSpec Reread(Trial trial)
    {
        var folder = new MedTransfer.Trials.Artefacts.TrialFolder(data.Runs, trial.Name);
        folder.Begin(trial.Spec);
        return TrialSpec.Read(Path.Combine(folder.FullPath, "spec.json"));
    }
}
