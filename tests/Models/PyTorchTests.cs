using System.Diagnostics;
using System.Runtime.CompilerServices;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Transfer;
using static TorchSharp.torch;

namespace MedTransfer.Tests.Models;

/// <summary>The same weights give the same outputs in PyTorch (Debian's python3-torch 1.13 and python3-numpy), whichever of the two wrote them.</summary>
[Collection(OneAtATime.Name)]
public sealed class PyTorchTests : IDisposable
{
    private const int Side = 64;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int, string> Networks => new()
    {
        { "cnn", 1, "" },
        { "basic:1,2,1,1", 3, "resNet18" },
        { "bottleneck:1,2,1,1", 3, "resNet50" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Weights_of_ours_give_the_same_outputs_there(string network, int channels, string architecture)
    {
        using var images = Images(channels);
        using var model = Classifier.Create(OptionsOf(network, architecture), Squares.Info with { ImageSize = Side, Channels = channels }, seed: 3);
        model.train();
        model.call(images).Dispose();   // running means of their own
        WeightFile.Save(model, folder["weights.safetensors"]);

        await Run("outputs", folder["weights.safetensors"], folder["images.safetensors"], folder["outputs.safetensors"]);

        AssertSameOutputs(model, images, withHead: true);
    }

    [Theory]
    [InlineData("cnn", "F64", "module.", "prefix 'module.', F64 converted to F32")]
    [InlineData("basic:2,1,1,1", "F16", "module.backbone.", "prefix 'module.backbone.', F16 converted to F32")]
    [InlineData("bottleneck:1,1,1,2", "BF16", "encoder.", "prefix 'encoder.', BF16 converted to F32")]
    public async Task Weights_of_theirs_give_the_same_outputs_here(string network, string type, string prefix, string adapted)
    {
        using var images = Images(channels: 3);
        await Run("draw", network, type, prefix, folder["theirs.safetensors"], folder["images.safetensors"], folder["outputs.safetensors"]);
        var data = Squares.Info with { ImageSize = Side, Channels = 3 };

        var options = StateDict.ArchitectureOf(folder["theirs.safetensors"]);
        using var model = Classifier.Create(options, data, seed: 3);
        var weights = WeightFile.Load(folder["theirs.safetensors"]);
        var outcome = FeatureTransfer.Apply(model, weights);

        Assert.Equal((weights.Count - 2, weights.Count), (outcome.TakenArrays, outcome.Given));
        Assert.Equal(adapted, string.Join(", ", outcome.Adapted));
        Assert.Equal([$"{prefix}fc.bias", $"{prefix}fc.weight"], outcome.Unused.Order(StringComparer.Ordinal));
        Assert.Empty(outcome.Left);
        AssertSameOutputs(model, images, withHead: false);
    }

    [Fact]
    public async Task Pickle_is_refused_with_a_line_that_makes_the_same_weights_of_it()
    {
        using var model = Classifier.Create(new() { Latent = 8 }, Squares.Info, seed: 3);
        WeightFile.Save(model, folder["weights.safetensors"]);
        await Run("pickle", folder["weights.safetensors"], folder["net.pt"]);

        var refusal = Assert.Throws<MedTransferException>(() => WeightsOrigin.Of(folder["net.pt"])).Message;
        await Run("run", refusal[refusal.IndexOf("import torch", StringComparison.Ordinal)..]);

        var (before, after) = (WeightFile.Load(folder["weights.safetensors"]), WeightFile.Load(folder["net.safetensors"]));
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, weight => Assert.Equal(weight.Value.Data.ToArray(), after[weight.Key].Data.ToArray()));
    }

    private static ModelOptions OptionsOf(string network, string architecture)
    {
        if (architecture.Length == 0)
            return new() { Latent = 8 };
        var counts = network.Split(':')[1].Split(',').Select(int.Parse).ToArray();
        return new() { Architecture = Architecture.TryFind(architecture)!, Blocks = new(counts[0], counts[1], counts[2], counts[3]) };
    }

    private Tensor Images(int channels)
    {
        manual_seed(7);
        var images = rand(6, channels, Side, Side).mul(2).sub(1);
        Safetensors.Write(folder["images.safetensors"], [new("images", images.ToStored())]);
        return images;
    }

    private void AssertSameOutputs(Classifier model, Tensor images, bool withHead)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        model.eval();
        var theirs = WeightFile.Load(folder["outputs.safetensors"]);
        var embeddings = model.Features.call(images);
        AssertEqual(theirs["embeddings"], embeddings);
        if (withHead)
            AssertEqual(theirs["logits"], model.Head.call(embeddings));
    }

    private static void AssertEqual(SafeTensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.shape);
        var largest = expected.ToTensor().abs().max().item<float>();
        Assert.InRange(largest, 0.01f, 100f);
        Assert.InRange(expected.ToTensor().sub(actual).abs().max().item<float>() / largest, 0, 1e-5f);
    }

    // not another python that comes first in PATH
    private static async Task Run(params string[] words)
    {
        const string Python = "/usr/bin/python3";
        const int NoTorch = 3;
        Assert.SkipUnless(File.Exists(Python), $"There is no {Python}");
        using var process = Process.Start(new ProcessStartInfo(Python, [Script(), .. words]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(process.ExitCode == NoTorch, "There is no python3-torch or python3-numpy");
        Assert.True(process.ExitCode == 0, errors);
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "state_dict.py");
}
