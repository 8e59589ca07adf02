using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Models.Onnx;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>What a recipe makes of a network that others have trained, named in the place of a source.</summary>
[Collection(OneAtATime.Name)]
public sealed class BackboneTests : IDisposable
{
    private readonly TemporaryFolder sets = new();

    public void Dispose() => sets.Dispose();

    private static readonly string[] ImageNet = ["--source", "imagenet-resnet18"];

    [Theory]
    [InlineData(28, null, 64, "enlarged from 28 to 64 pixels a side")]
    [InlineData(28, "28", 28, "in their 28 x 28 pixels")]
    [InlineData(28, "224", 224, "enlarged from 28 to 224 pixels a side")]
    [InlineData(128, null, 128, "in their 128 x 128 pixels")]
    [InlineData(128, "96", 96, "shrunk from 128 to 96 pixels a side")]
    public void Small_images_are_enlarged_unless_a_size_is_asked_for(int own, string? asked, int size, string said)
    {
        using var lab = Lab(["--target", Set(own), .. asked is null ? [] : new[] { "--image-size", asked }, .. ImageNet]);
        var backbone = lab.Lab.Backbone!.Value;
        var info = lab.Lab.Load(lab.Lab.Target.All).Info;

        Assert.Equal(("imagenet-resnet18", size, 3), (backbone.Name, backbone.Model.SeenAs.SizeOn(info), backbone.Model.SeenAs.ChannelsOn(info)));
        Assert.Equal(PublishedOrigin.Of(PublishedBackbone.ImageNetResNet18), backbone.Origin!.Value);
        Assert.StartsWith($"Transferred: imagenet-resnet18, ResNet-18 (with one block more) trained on ImageNet: ML.NET's", Backbones.text(info, backbone), StringComparison.Ordinal);
        Assert.EndsWith($"it is given the images of chest{own} {said}, grey as red, green and blue, pixels of [0, 255] minus 123.2, 115.9, 103.1", Backbones.text(info, backbone), StringComparison.Ordinal);
    }

    [Fact]
    public void Ways_are_frozen_and_fine_tuned_beside_no_transfer_and_the_controls()
    {
        using var lab = Lab(["--target", Set(64), .. ImageNet]);

        var ways = Ways(lab);

        Assert.Equal(
            ["majority class", "pixel regression", "random features, logistic regression", "no transfer", "no transfer, ResNet-18", "frozen", "fine-tuned"],
            ways.Select(way => way.Name));
        Assert.Equal([true, true, true, false, false, false, false], ways.Select(way => way.IsControl));
        var of = ways.ToDictionary(way => way.Name, way => way.Trial.Spec);
        // the study's CNN sees 28 pixels, the same network from scratch what the backbone sees, but grey
        Assert.Equal((Architecture.ConvNet, 28), (of["no transfer"].Model.Architecture, of["no transfer"].Model.SeenAs.ImageSize));
        Assert.Equal((Architecture.ResNet18, new StageBlocks(2, 2, 2, 3), null, null), (of["no transfer, ResNet-18"].Model.Architecture, of["no transfer, ResNet-18"].Model.Blocks, of["no transfer, ResNet-18"].Model.SeenAs.ImageSize, of["no transfer, ResNet-18"].Model.SeenAs.Pixels));
        Assert.Equal(of["frozen"].Model, of["random features, logistic regression"].Model);
        Assert.Equal((Solver.LogisticRegression, Solver.LogisticRegression), (of["frozen"].Fit.Solver, of["random features, logistic regression"].Fit.Solver));
        Assert.Equal(((0, 0), (3, 3)), (((int)of["frozen"].Seed, (int)of["random features, logistic regression"].Seed), ((int)of["fine-tuned"].Seed, (int)of["no transfer"].Seed)));
        Assert.Equal([(1e-3, 64), (1e-3, 32), (1e-4, 32)], new[] { "no transfer", "no transfer, ResNet-18", "fine-tuned" }.Select(name => (of[name].Fit.LearningRate, of[name].Fit.BatchSize)));
        Assert.Equal((null, "imagenet-resnet18"), ((of["random features, logistic regression"].Transfer.Origin as PublishedOrigin)?.Name, (of["fine-tuned"].Transfer.Origin as PublishedOrigin)?.Name));
        Assert.Equal(("fine-tuned", "no transfer"), (lab.Lab.Primary.Way, lab.Lab.Primary.Reference));
    }

    [Theory]
    [InlineData("frozen", "28", "frozen", "")]
    [InlineData("frozen,lp-ft,frozen-to:layer3", "28", "frozen", "cifar 28")]
    [InlineData("lp-ft,fine-tuned", "64", "fine-tuned", "standard 64")]
    [InlineData("lp-ft", "96", "lp-ft", "")]
    public void Plans_and_size_decide_the_primary_comparison_and_whether_the_network_trains_from_scratch(string plans, string size, string primary, string scratch)
    {
        using var lab = Lab(["--plans", plans, "--image-size", size, .. ImageNet]);

        var ways = Ways(lab);

        Assert.Equal(primary, lab.Lab.Primary.Way);
        Assert.Equal(plans.Split(',').Select(plan => NamedPlan.Parse(plan).Title), ways.Where(way => way.Trial.Spec.Transfer.Origin is not null).Select(way => way.Name));
        var own = ways.SingleOrDefault(way => way.Name == "no transfer, ResNet-18")?.Trial.Spec.Model;
        Assert.Equal(scratch, own is null ? "" : $"{(own.Stem == ResNetStem.Cifar ? "cifar" : "standard")} {own.SeenAs.SizeOn(lab.Lab.Load(lab.Lab.Target.All).Info)}");
    }

    [Fact]
    public void Same_network_without_the_weights_stands_beside_every_way_that_has_them()
    {
        using var lab = Lab(["--plans", "frozen,fine-tuned", "--target-size", "50", .. ImageNet]);
        using var made = new HandMadeOutcomes();
        var auc = new Dictionary<string, double>
        {
            ["majority class"] = .5,
            ["pixel regression"] = .7,
            ["random features, logistic regression"] = .6,
            ["no transfer"] = .65,
            ["no transfer, ResNet-18"] = .55,
            ["frozen"] = .8,
            ["fine-tuned"] = .9,
        };
        var backbone = lab.Lab.Backbone!.Value;
        var outcomes = ListModule.OfSeq(Enumerable.Range(0, 5).SelectMany(seed => BackboneWays.ofSize(lab.Lab, backbone, TargetSize.NewImages(50), seed, seed).Select(way =>
        {
            var outcome = made.Outcome(way.Name, seed, new() { Test = HandMadeSplit.Of(.5, auc[way.Name]) });
            return new Outcome(way, outcome.Result, outcome.Parts, outcome.Patients, outcome.Inner);
        })));

        var sections = Scores.sameNetwork(lab.Lab, backbone, TargetSize.NewImages(50), outcomes);

        Assert.Equal(["same-network-50-1", "same-network-50-2"], sections.Tables());
        Assert.StartsWith("+0.2000 ", sections.TableOf("same-network-50-1").Cell("frozen", "ROC AUC minus random features, logistic regression"), StringComparison.Ordinal);
        Assert.StartsWith("+0.3500 ", sections.TableOf("same-network-50-2").Cell("fine-tuned", "ROC AUC minus no transfer, ResNet-18"), StringComparison.Ordinal);
        Assert.Contains(
            PrimaryComparison.paragraphs(lab.Lab, outcomes),
            sentence => sentence.StartsWith("Fine-tuned and no transfer differ in network, image size and training too: the same network without the weights of imagenet-resnet18 is no transfer, ResNet-18, and fine-tuned minus that is +0.350 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Plans_that_are_the_same_here_are_refused_as_one_would_count_twice()
    {
        using var lab = Lab(["--plans", "fine-tuned,frozen-to:layer4,frozen", .. ImageNet]);

        Assert.Equal(
            "--plans names frozen-to:layer4 and frozen, which are the same here: both train the head alone. Leave one of them out.",
            Assert.Throws<MedTransferException>(() => lab.Lab.Primary).Message);
    }

    [Fact]
    public void Sizes_are_few_images_unless_asked_for()
    {
        using var backbone = Lab(["--target", "phantom-pneumonia", .. ImageNet]);
        using var asked = Lab(["--target-size", "50,all", .. ImageNet]);
        using var source = HandMadeLab.OnPhantoms(ExperimentModule.task2);

        Assert.Equal(["300"], backbone.Lab.Sizes.Select(size => size.ToString()));
        Assert.Equal(["50", "all"], asked.Lab.Sizes.Select(size => size.ToString()));
        Assert.Equal(["300", "all"], source.Lab.Sizes.Select(size => size.ToString()));
    }

    [Fact]
    public void Encoder_of_a_file_is_only_frozen()
    {
        using var folder = new TemporaryFolder();
        var file = folder["encoder.onnx"];
        File.WriteAllBytes(file, SmallEncoders.Maps([1, 2, 3], 1, 1, 32, 32));
        using var lab = Lab(["--backbone", file]);

        Assert.Equal(["majority class", "pixel regression", "no transfer", "frozen"], Ways(lab).Select(way => way.Name));
        var model = lab.Lab.Backbone!.Value.Model;
        Assert.Equal((Architecture.OnnxEncoder, 32, PixelScale.Symmetric), (model.Architecture, model.SeenAs.ImageSize, model.SeenAs.Pixels));
        Assert.Equal("frozen", lab.Lab.Primary.Way);
        Assert.Equal(
            "--plans names fine-tuned, but an ONNX encoder never trains here: its only plan is frozen.",
            Assert.Throws<MedTransferException>(() => Lab(["--backbone", file, "--plans", "frozen,fine-tuned"]).Lab.Primary).Message);
    }

    [Fact]
    public void Weights_of_a_file_say_which_network_they_are_of()
    {
        using var folder = new TemporaryFolder();
        using var cnn = Classifier.Create(new() { Latent = 7 }, Squares.Info, 1);
        using var resNet = Classifier.Create(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 2) }, Squares.Info, 1);
        WeightFile.Save(cnn, folder["cnn.safetensors"]);
        WeightFile.Save(resNet, folder["resnet.safetensors"]);
        using var ofCnn = Lab(["--weights", folder["cnn.safetensors"]]);
        using var ofResNet = Lab(["--source", folder["resnet.safetensors"], "--normalisation", "0.4/0.2"]);
        using var colour = Classifier.Create(new() { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 2), Input = new() { Pixels = PixelScale.ImageNet } }, Squares.Info, 1);
        WeightFile.Save(colour, folder["colour.safetensors"]);

        var (small, large) = (ofCnn.Lab.Backbone!.Value, ofResNet.Lab.Backbone!.Value);

        Assert.Equal((Architecture.ConvNet, 7, (int?)null, PixelScale.Symmetric), (small.Model.Architecture, small.Model.Latent, small.Model.SeenAs.ImageSize, small.Model.SeenAs.Pixels));
        Assert.Equal("resnet.safetensors: 84 of 86 arrays taken; head.bias, head.weight left", large.Taken!.Value);
        Assert.Equal((Architecture.ResNet18, new StageBlocks(1, 1, 1, 2), (int?)64, new PixelScale([0.4], [0.2])), (large.Model.Architecture, large.Model.Blocks, large.Model.SeenAs.ImageSize, large.Model.SeenAs.Pixels));
        // torchvision's scale for a network that saw colour, that of our own for one that saw grey
        foreach (var (file, scale) in new[] { ("resnet", PixelScale.Symmetric), ("colour", PixelScale.ImageNet) })
        {
            using var lab = Lab(["--weights", folder[$"{file}.safetensors"]]);
            Assert.Equal(scale, lab.Lab.Backbone!.Value.Model.SeenAs.Pixels);
        }

        // the study's network trains as the study's, and stands beside itself without transfer once
        var ways = Ways(ofCnn).ToDictionary(way => way.Name, way => way.Trial.Spec);
        Assert.Equal(["majority class", "pixel regression", "random features, logistic regression", "no transfer", "frozen", "fine-tuned"], ways.Keys);
        Assert.Equal((1e-3, 64), (ways["fine-tuned"].Fit.LearningRate, ways["fine-tuned"].Fit.BatchSize));
        Assert.Equal((WeightsOrigin.Of(folder["cnn.safetensors"]), "resnet.safetensors"), (small.Origin!.Value, large.Name));
    }

    [Fact]
    public void Page_says_what_is_transferred_and_how_it_sees_images()
    {
        using var lab = Lab(["--plans", "frozen", .. ImageNet]);
        var way = Ways(lab).Single(way => way.Name == "frozen");
        using var trials = new HandMadeOutcomes();
        var made = trials.Outcome("frozen", 0, new());
        var results = new Results(ListModule.OfSeq<Outcome>([new(way, made.Result, made.Parts, made.Patients, made.Inner)]), FSharpList<LeftOut>.Empty, FSharpList<MedTransfer.Trials.TrialResult>.Empty);

        var method = Setting.method(lab.Lab, results).TableOf("method");

        Assert.Contains(Backbones.text(lab.Lab.Load(lab.Lab.Target.All).Info, lab.Lab.Backbone!.Value) + ".", ImageSets.section(lab.Lab).Texts());
        Assert.Equal(
            "ResNet-18: a residual network whose blocks have two 3 x 3 convolutions; blocks of its stages: 2, 2, 2, 3; images of 64 x 64, pixels of [0, 255] minus 123.2, 115.9, 103.1",
            method.Cell("frozen", "model"));
        Assert.Equal("features from imagenet-resnet18; head trained", method.Cell("frozen", "weights"));
    }

    [Theory]
    [InlineData("--source is 'imagenet-resnet50', but of ImageNet's networks there is imagenet-resnet18: name that, or another's weights with --weights.", "--source", "imagenet-resnet50")]
    [InlineData("--weights is empty, but must name a file.", "--weights", "")]
    [InlineData("--backbone is empty, but must name a file.", "--backbone", " ")]
    [InlineData("--source, --weights and --backbone all say what is transferred: name one of them.", "--source", "imagenet-resnet18", "--weights", "x.safetensors")]
    [InlineData("--source, --weights and --backbone all say what is transferred: name one of them.", "--backbone", "x.onnx", "--weights", "x.safetensors")]
    [InlineData("--source names a backbone that others have trained, which task1 has no use for: name a set, or use task2.", "task1", "--source", "imagenet-resnet18")]
    [InlineData("--normalisation is 'x', but must be imagenet, half or none, or means and deviations such as 0.485,0.456,0.406/0.229,0.224,0.225.", "--normalisation", "x")]
    [InlineData("--normalisation is '0.5,0.5/0.5,0.5', but must have one mean and one deviation above 0, or three of each: 0.5/0.5.", "--normalisation", "0.5,0.5/0.5,0.5")]
    [InlineData("--normalisation is about a backbone that others have trained, and none is named: leave it out.", "--source", "phantom-chest", "--normalisation", "half")]
    [InlineData("--output and --tokens are about an encoder of an ONNX file: name one with --backbone, or leave them out.", "--source", "imagenet-resnet18", "--tokens", "first")]
    [InlineData("--output and --tokens are about an encoder of an ONNX file: name one with --backbone, or leave them out.", "--source", "phantom-chest", "--output", "x")]
    [InlineData("--image-size is 2000, but must be 1024 at most.", "--image-size", "2000")]
    public void What_can_not_be_meant_is_refused(string message, params string[] words)
    {
        var refused = Assert.Throws<MedTransferException>(() => words[0] == "task1" ? HandMadeLab.Of(ExperimentModule.task1, words[1..]) : Lab(words));

        Assert.Equal((message, true), (refused.Message, refused.IsUsage));
    }

    [Fact]
    public void Images_of_the_study_s_network_are_enlarged_where_that_is_asked_for()
    {
        using var lab = HandMadeLab.OnPhantoms(ExperimentModule.task2, "--image-size", "40");

        ModelOptions Of(Architecture architecture) => lab.Lab.Trial("x", lab.Lab.Target.All, TransferPlan.RandomFeatures, new(), 0, architecture, null, null).Spec.Model;

        Assert.Equal((40, null), (Of(Architecture.ConvNet).SeenAs.ImageSize, Of(Architecture.PixelRegression).Input));
    }

    private HandMadeLab Lab(string[] words) =>
        HandMadeLab.Of(ExperimentModule.task2, words.Contains("--target") ? words : ["--target", Set(28), .. words]);

    // few images, of so many pixels a side
    private string Set(int size)
    {
        var path = sets[$"chest{size}.npz"];
        if (!File.Exists(path))
            SyntheticSets.Write(path, labels: 1, counts: [60, 20, 20], size: size);
        return path;
    }

    private static FSharpList<Way> Ways(HandMadeLab lab) => BackboneWays.ofSize(lab.Lab, lab.Lab.Backbone!.Value, TargetSize.NewImages(50), 3, 3);
}
