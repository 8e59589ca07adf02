using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using LeftOut = MedTransfer.Recipes.LeftOut;
using TransferPlan = MedTransfer.Transfer.TransferPlan;
using Trial = MedTransfer.Trials.Trial;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>Ways that can't be run are left out before anything trains, and said on screen and page, as is what did not fit of those that can.</summary>
[Collection(OneAtATime.Name)]
public sealed class LeftOutTests : IDisposable
{
    private const string LatentMisfit = "features.latent: weight is (64, 256), not (64, 576)";

    private readonly TemporaryFolder folder = new();

    public LeftOutTests()
    {
        Write("target.npz", 28, 1);
        Write("small.npz", 16, 1);
        Write("colour.npz", 28, 3);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Frozen_encoder_of_other_images_is_left_out_and_the_rest_runs()
    {
        Results? results = null;
        var (code, screen, errors) = Run("small.npz", [], lab =>
        {
            var parent = lab.Autoencoder("autoencoder", lab.Source.All, null);
            results = lab.Run(List(parent), List(Ways(lab, parent)));
            Publication.publish(lab, "A title", HandMadeOpening.Of("A question?"), results, ListModule.Empty<Report.Section>());
        });

        Assert.True(code == 0, errors);
        Assert.Equal(["no transfer", "fine-tuned"], results!.Outcomes.Select(outcome => outcome.Way.Name));
        Assert.Equal(["frozen", "frozen, logistic regression"], results.LeftOut.Select(left => left.Way));
        Assert.All(results.LeftOut, left => Assert.Contains(LatentMisfit, left.Reason, StringComparison.Ordinal));
        var said = errors.Split('\n').Where(line => line.StartsWith("Left out: ", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("Left out: frozen; frozen, logistic regression: ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("fine-tune instead", said[0], StringComparison.Ordinal);
        // before anything trained
        Assert.True(errors.IndexOf("Left out: ", StringComparison.Ordinal) < errors.IndexOf("autoencoder", StringComparison.Ordinal), errors);

        var page = File.ReadAllText(folder["reports/task2/report.html"]);
        Assert.Contains("Left out: frozen; frozen, logistic regression: ", screen, StringComparison.Ordinal);
        Assert.Contains($"fine-tuned: {LatentMisfit}", screen, StringComparison.Ordinal);
        Assert.Matches("class=\"warning\"[^>]*>Left out[^<]*frozen; frozen, logistic regression", page);
        Assert.Contains(LatentMisfit, page, StringComparison.Ordinal);
        Assert.StartsWith("row,reason\n\"frozen; frozen, logistic regression\",", File.ReadAllText(folder["reports/task2/left-out.csv"]), StringComparison.Ordinal);
        Assert.Equal($"row,layers\nfine-tuned,\"{LatentMisfit}\"\n", File.ReadAllText(folder["reports/task2/not-transferred.csv"]).Replace(", bias is (64), not (64)", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Ways_that_have_a_reason_in_common_share_a_line()
    {
        Results? results = null;
        var (code, screen, errors) = Run("small.npz", [], lab =>
        {
            var plain = Ways(lab, null).Take(1);
            results = lab.Run(ListModule.Empty<Trial>(), List(plain), List([new LeftOut("a", "none fits."), new LeftOut("b, frozen", "it is late."), new LeftOut("c", "none fits.")]));
            Publication.publish(lab, "A title", HandMadeOpening.Of("A question?"), results, ListModule.Empty<Report.Section>());
        });

        Assert.True(code == 0, errors);
        string[] expected = ["Left out: a; c: none fits.", "Left out: b, frozen: it is late."];
        Assert.Equal(expected, errors.Split('\n').Where(line => line.StartsWith("Left out: ", StringComparison.Ordinal)));
        Assert.Equal(expected, screen.Split('\n').Where(line => line.StartsWith("Left out: ", StringComparison.Ordinal)));
        Assert.Equal("row,reason\n\"a; c\",\"none fits.\"\n\"b, frozen\",\"it is late.\"\n", File.ReadAllText(folder["reports/task2/left-out.csv"]));
        Assert.Equal(["a", "b, frozen", "c"], AnswerFile.read(folder["reports/task2"]).ResultValue.LeftOut.Select(left => left.Way));
    }

    [Fact]
    public void Run_goes_on_where_no_way_of_transfer_is_left()
    {
        Results? results = null;
        var (code, _, errors) = Run("small.npz", [], lab =>
        {
            var parent = Trial(lab, "pixels", lab.Source.All, TransferPlan.Scratch, Architecture.PixelRegression);
            results = lab.Run(List(parent), List(Ways(lab, parent)));
        });

        Assert.True(code == 0, errors);
        Assert.Equal(["no transfer"], results!.Outcomes.Select(outcome => outcome.Way.Name));
        Assert.Equal(["fine-tuned", "frozen", "frozen, logistic regression"], results.LeftOut.Select(left => left.Way).Order(StringComparer.Ordinal));
        Assert.Single(results.Pretraining);
    }

    [Fact]
    public void Recipe_can_leave_a_way_out_for_a_reason_of_its_own_and_it_is_said_once()
    {
        Results? results = null;
        var (code, screen, errors) = Run("small.npz", ["--folds", "0"], lab =>
        {
            var leftOut = lab.LeftOutWithoutFolds(TargetSize.AllImages, List<string>("folds"));
            results = lab.Run(ListModule.Empty<Trial>(), List(Ways(lab, null).Take(1)), ListModule.Append(leftOut, lab.LeftOutWithoutFolds(TargetSize.AllImages, List<string>("folds"))));
            Publication.publish(lab, "A title", HandMadeOpening.Of("A question?"), results, ListModule.Empty<Report.Section>());
        });

        Assert.True(code == 0, errors);
        Assert.Equal([new LeftOut("folds", "It needs folds, and --folds is 0.")], results!.LeftOut);
        Assert.Single(errors.Split('\n'), line => line == "Left out: folds: It needs folds, and --folds is 0.");
        Assert.Contains("Left out: folds: It needs folds, and --folds is 0.", screen, StringComparison.Ordinal);
        Assert.Contains("It needs folds, and --folds is 0.", File.ReadAllText(folder["reports/task2/report.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("colour.npz", "0", "1", "2", "3")]
    [InlineData("small.npz", "0", "1", "2", "3")]
    public void Layers_that_took_something_are_frozen_depths_to_choose(string source, params string[] depths) => Assert.Equal(depths, Depths(source, new(), new()));

    // conv1 of another size; layer2.1 missing, behind conv1, bn1, layer1.0 and layer2.0
    [Theory]
    [InlineData(ResNetStem.Cifar, 2, "0")]
    [InlineData(ResNetStem.Standard, 1, "0", "1", "2", "3", "4")]
    public void Layers_that_took_nothing_are_no_frozen_depth_to_choose(ResNetStem stem, int second, params string[] depths)
    {
        ModelOptions Of(int blocks, ResNetStem begin) => new() { Architecture = Architecture.ResNet18, Blocks = new(1, blocks, 1, 1), Stem = begin };
        Assert.Equal(depths, Depths("colour.npz", Of(second, stem), Of(2, ResNetStem.Standard)));
    }

    [Fact]
    public void Controls_ensembles_and_what_can_not_be_run_are_not_tuned()
    {
        IReadOnlyList<string> tuned = [];
        var (code, _, errors) = Run("small.npz", ["--tune", "1", "--folds", "2"], lab =>
        {
            var parent = lab.Autoencoder("autoencoder", lab.Source.All, null);
            var ways = Ways(lab, parent).ToDictionary(way => way.Name);
            var (plain, frozen) = (ways["no transfer"], ways["frozen"]);
            var control = WayModule.control("control", plain.Size, 0, plain.Trial);
            var fold = Trial(lab, "fold", lab.Target.All.WithFold(new() { Folds = 2 }, 0), TransferPlan.Scratch);
            var ensemble = WayModule.ensemble("ensemble", plain.Size, 0, List(fold), plain.Trial);

            var choices = Tuning.choose(lab, List(parent), List([control, plain, frozen, ensemble]));

            tuned = [.. choices.Select(choice => choice.Way)];
            Assert.Equal(plain.Trial.Name, Tuning.apply(choices, control).Trial.Name);
        });

        Assert.True(code == 0, errors);
        Assert.Equal(["no transfer"], tuned);
    }

    // those that are tried of a fine-tuning that starts from a training on the source
    private IEnumerable<string> Depths(string source, ModelOptions pretrained, ModelOptions tuned)
    {
        IEnumerable<string> tried = [];
        var (code, _, errors) = Run(source, [], lab =>
        {
            var parent = new Trial(Trial(lab, "pretraining", lab.Source.All, TransferPlan.Scratch).Spec with { Model = pretrained }, "pretraining");
            var child = Ways(lab, parent).Single(way => way.Name == "fine-tuned").Trial.Spec with { Model = tuned };
            tried = [.. Tuning.candidates(lab, List(parent), Search.Grid, child).Select(candidate => candidate.Label.Split("frozen depth ")[1]).Distinct()];
        });

        Assert.True(code == 0, errors);
        return tried;
    }

    private static IEnumerable<Way> Ways(Lab lab, Trial? parent)
    {
        var size = TargetSize.AllImages;
        Way Of(string name, Trial trial) => WayModule.trained(name, size, 0, trial);
        yield return Of("no transfer", Trial(lab, "no transfer", lab.Target.All, TransferPlan.Scratch));
        if (parent is null)
            yield break;
        yield return Of("frozen", Trial(lab, "frozen", lab.Target.All, TransferPlan.Frozen(parent.AsOrigin)));
        var regression = lab.Trial("regression", lab.Target.All, TransferPlan.Frozen(parent.AsOrigin), new() { Solver = MedTransfer.Training.Solver.LogisticRegression }, 0, null, null, FSharpOption<ModelOptions>.Some(new()));
        yield return Of("frozen, logistic regression", regression);
        yield return Of("fine-tuned", Trial(lab, "fine-tuned", lab.Target.All, TransferPlan.FineTuned(parent.AsOrigin)));
    }

    // on images in their own size, so that what was pretrained on others does not fit
    private static Trial Trial(Lab lab, string label, DataReference data, TransferPlan plan, Architecture? architecture = null) =>
        lab.Trial(label, data, plan, lab.Epochs(1, null, null, null, null, null, null, null), 0, null, null, FSharpOption<ModelOptions>.Some(new() { Architecture = architecture ?? Architecture.ConvNet }));

    private static FSharpList<T> List<T>(params IEnumerable<T> values) => ListModule.OfSeq(values);

    private (int Code, string Screen, string Errors) Run(string source, string[] words, Action<Lab> body)
    {
        string[] all = ["--smoke", "--workers", "1", "--source", folder[source], "--target", folder["target.npz"], "--out", folder.Path, .. words];
        var (screen, errors) = (Console.Out, Console.Error);
        using StringWriter shown = new(), said = new();
        Console.SetOut(shown);
        Console.SetError(said);
        try
        {
            var code = Recipe.run(ExperimentModule.task2, List(all), TestContext.Current.CancellationToken, FuncConvert.FromAction(body));
            return (code, shown.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(screen);
            Console.SetError(errors);
        }
    }

    // classes differ in brightness
    private void Write(string name, int size, int channels)
    {
        // no image is one of another split
        Array Images(int count, int first)
        {
            var shape = channels == 1 ? new[] { count, size, size } : [count, size, size, channels];
            var images = Array.CreateInstance(typeof(byte), shape);
            var bytes = Enumerable.Range(0, images.Length).Select(i => (byte)((i + first * 11) * 7 % 50 + i / (images.Length / count) % 2 * 100 + i / (images.Length / count))).ToArray();
            Buffer.BlockCopy(bytes, 0, images, 0, bytes.Length);
            return images;
        }

        NpzWriter.Write(folder[name],
        [
            new("train_images", Images(24, 0)), new("train_labels", Squares.Labels(24)),
            new("val_images", Images(8, 1)), new("val_labels", Squares.Labels(8)),
            new("test_images", Images(8, 2)), new("test_labels", Squares.Labels(8)),
        ]);
    }
}
