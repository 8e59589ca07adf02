using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>Ways of sources whose weights alone are transferred, beside those of the families.</summary>
[Collection(OneAtATime.Name)]
public sealed class OtherSourcesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OtherSourcesTests()
    {
        SyntheticSets.Write(folder["first.npz"], labels: 2, counts: [60, 20, 20]);
        SyntheticSets.Write(folder["large.npz"], labels: 1, counts: [60, 20, 20], size: 32, seed: 9);
        SyntheticSets.Write(folder["target.npz"], labels: 1, counts: [120, 40, 40], seed: 8);
    }

    public void Dispose() => folder.Dispose();

    private HandMadeLab Lab(params string[] sources) =>
        HandMadeLab.Of(ExperimentModule.methods, [.. sources.SelectMany(source => new[] { "--source", source }), "--target", folder["target.npz"], "--seeds", "2"]);

    [Fact]
    public void Set_is_pretrained_on_for_each_seed_and_published_weights_bring_their_control()
    {
        using var lab = Lab(folder["first.npz"], folder["large.npz"], "imagenet-resnet18");
        var sources = Sources.others(lab.Lab);
        var transferred = OtherSources.ofSeeds(lab.Lab, sources);

        var ways = OtherSources.ofSize(lab.Lab, transferred, TargetSize.NewImages(100), 1, 1).ToList();

        Assert.Equal(["large, frozen", "large, fine-tuned", "imagenet-resnet18, random features", "imagenet-resnet18, frozen", "imagenet-resnet18, fine-tuned"], ways.Select(way => way.Name));
        Assert.Equal([false, false, true, false, false], ways.Select(way => way.IsControl));
        Assert.Equal(2, OtherSources.trials(transferred).Length);   // a seed each
        Assert.Equal(OtherSources.trials(transferred)[1].AsOrigin, ways[1].Trial.Spec.Transfer.Origin);
        Assert.Equal(32, ways[1].Trial.Spec.Model.SeenAs.ImageSize);   // as its weights were made
        Assert.Equal(Architecture.ResNet18, ways[4].Trial.Spec.Model.Architecture);
        Assert.All(ways, way => Assert.Null(way.Trial.Spec.Data.Source));
        Assert.Equal(ways.Select(way => way.Name).Order(), OtherSources.described(lab.Lab, sources).Select(way => way.Way).Order());
    }

    [Fact]
    public void Family_is_that_of_what_taught_the_weights()
    {
        ImagesAlone(folder["unlabelled.npz"]);
        using var lab = Lab(folder["first.npz"], folder["unlabelled.npz"], "imagenet-resnet18");

        var families = OtherSources.described(lab.Lab, Sources.others(lab.Lab)).ToDictionary(way => way.Way, way => way.Family.ToString());

        Assert.Equal(("without labels", "without labels"), (families["unlabelled, frozen"], families["unlabelled, fine-tuned"]));
        Assert.Equal(("parameters", "none"), (families["imagenet-resnet18, frozen"], families["imagenet-resnet18, random features"]));
    }

    [Fact]
    public void Sources_of_one_name_are_refused() =>
        Assert.Equal(
            "2 sources are called first: give their files other names, so that tables can tell them apart.",
            Assert.Throws<MedTransferException>(() =>
            {
                Directory.CreateDirectory(folder["other"]);
                SyntheticSets.Write(folder["other/first.npz"], labels: 1, counts: [60, 20, 20], seed: 11);
                using var lab = Lab(folder["first.npz"], folder["other/first.npz"]);
                Sources.others(lab.Lab);
            }).Message);

    [Fact]
    public void Target_is_no_source_of_itself()
    {
        using var lab = Lab(folder["first.npz"], folder["target.npz"]);

        Assert.StartsWith("--source is target, the set that is asked about", Assert.Throws<MedTransferException>(() => Sources.others(lab.Lab)).Message, StringComparison.Ordinal);
    }

    private static void ImagesAlone(string path) => MedTransfer.Data.Formats.NpzWriter.Write(path,
        [.. new[] { ("train", 60), ("val", 20), ("test", 20) }.Select((split, place) => new KeyValuePair<string, Array>($"{split.Item1}_images", Squares.Pixels(split.Item2, place)))]);
}
