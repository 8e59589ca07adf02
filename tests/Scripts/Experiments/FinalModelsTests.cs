using System.Globalization;
using MedTransfer.Data;
using MedTransfer.Data.Checks;
using MedTransfer.Inference.TrainedModels;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>The model that transfer leaves, and what predict makes of it.</summary>
[Collection(OneAtATime.Name)]
public sealed class FinalModelsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FinalModelsTests()
    {
        SyntheticSets.Write(folder["source.npz"], labels: 1, counts: [60, 20, 20]);
        SyntheticSets.Write(folder["whole.npz"], labels: 1, counts: [50, 0, 0], seed: 8);
    }

    private string Model => folder["reports/transfer/model"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Set_without_splits_leaves_a_model_of_all_images_that_predicts_and_is_scored_elsewhere()
    {
        Transfer(folder["whole.npz"], lab =>
        {
            var (model, tested, recommended) = Trained(lab, seeds: 2);
            Assert.Equal("source, frozen", model.Way);
            Assert.Equal(10, model.OutOfFold.Length);
            Assert.Null(model.Result.Metrics.Test);
            Assert.Equal(50, model.Result.Predictions(SplitName.Train).Labels.Count);
            var described = TransferModel.write(lab, model, tested, recommended);
            var sections = ListModule.OfSeq([.. TransferModel.section(lab, model, described, recommended), .. LabelReview.section(lab, model)]);
            Publication.publish(lab, "t", HandMadeOpening.Of("q"), new Results(ListModule.Empty<Outcome>(), ListModule.Empty<LeftOut>(), ListModule.Empty<TrialResult>()), sections);
        });

        // the model says of an image what its training said, softened by the temperature
        using var read = ModelFolder.Open(Model);
        Assert.Equal((50, "source, frozen", "source"), (read.Description.LearnedFrom.Images, read.Description.LearnedFrom.Way, Assert.Single(read.Description.LearnedFrom.PretrainedOn)));
        var trial = TrialFolderOf(read).Read();
        using var whole = MedTransfer.Data.Catalogue.DatasetSource.Find(folder["whole.npz"], new([])).Load();
        var own = read.Scaled(trial.Predictions(SplitName.Train).Probabilities);
        Assert.Equal(0, own.Cast<float>().Zip(read.Answer(whole.Train, TestContext.Current.CancellationToken).Probabilities.Cast<float>(), (p, q) => Math.Abs(p - q)).Max(), 1e-5f);

        var card = File.ReadAllText(Path.Combine(Model, "README.md"));
        Assert.StartsWith("---\nlicense: unknown\nlibrary_name: onnx\npipeline_tag: image-classification\n", card, StringComparison.Ordinal);
        Assert.Contains("\nFor research only. It is no medical device, and was not tested as one.\n", card, StringComparison.Ordinal);
        Assert.Contains("- source, frozen, trained on 50 images of whole (0: 25, 1: 25), all that are not test\n- network: CNN, three convolutions of 16, 32 and 64 channels and a latent layer, which sees 28 x 28 pixels\n- pretrained on source\n", card, StringComparison.Ordinal);
        Assert.Contains("They are not figures of this very model, which learned from more images than those, and was not tested itself.", card, StringComparison.Ordinal);

        var review = File.ReadAllLines(folder["reports/transfer/review.csv"]);
        Assert.Equal("why,image,split,index,label,suggested,probability of the label,margin,suspected,distance", review[0]);
        Assert.Equal(Enumerable.Range(0, 50), review.Skip(1).Take(50).Select(row => int.Parse(row.Split(',')[3], CultureInfo.InvariantCulture)).Order());
        Assert.Equal(20, review.Count(row => row.StartsWith("lies apart,train ", StringComparison.Ordinal)));
        Assert.Contains("Images go by their split and place in it, from 0", File.ReadAllText(folder["reports/transfer/review.html"]), StringComparison.Ordinal);

        PredictsImages(whole);
        IsScoredElsewhere();
    }

    // validation joins what is learned from, and folds of both stand in for it
    [Fact]
    public void Set_with_splits_leaves_a_model_that_has_not_seen_its_test_images()
    {
        SyntheticSets.Write(folder["split.npz"], labels: 1, counts: [40, 100, 100], seed: 9);
        Transfer(folder["split.npz"], lab =>
        {
            Assert.Equal(TestScheme.TestSplit, lab.TestScheme);
            var (model, tested, recommended) = Trained(lab, seeds: 1);
            Assert.Equal(Enumerable.Range(0, 140), model.Result.Predictions(SplitName.Train).FileIndices);
            Assert.Equal(Enumerable.Range(0, 140), model.OutOfFold.SelectMany(fold => fold.Predictions(SplitName.Test).FileIndices!).Order());
            Assert.False(model.Result.IsScoredOnTest);
            // the threshold is the highest with which as many of the positive images are called as were asked for
            var point = Assert.Single(model.Points)!.Value;
            var scaled = model.OutOfFold.SelectMany(fold => Positive(fold, model)).ToList();
            Assert.Equal(70, scaled.Count);
            Assert.InRange(scaled.Count(p => p >= point.Threshold), 67, 70);   // 66.5 of 70
            Assert.Equal(point.Threshold, scaled.OrderByDescending(p => p).ElementAt(66));

            var described = TransferModel.write(lab, model, tested, recommended);
            Publication.publish(lab, "t", HandMadeOpening.Of("q"), new Results(ListModule.Empty<Outcome>(), ListModule.Empty<LeftOut>(), ListModule.Empty<TrialResult>()), LabelReview.section(lab, model));
            Assert.False(described.IsPreparationKnown);
        });

        var rows = File.ReadAllLines(folder["reports/transfer/review.csv"]).Where(row => row.StartsWith("label,", StringComparison.Ordinal)).Select(row => row.Split(',')).ToList();
        Assert.Equal(Enumerable.Range(0, 40), rows.Where(row => row[2] == "train").Select(row => int.Parse(row[3], CultureInfo.InvariantCulture)).Order());
        Assert.Equal(Enumerable.Range(0, 100), rows.Where(row => row[2] == "validation").Select(row => int.Parse(row[3], CultureInfo.InvariantCulture)).Order());
        Assert.All(rows, row => Assert.Equal($"{row[2]} {row[3]}", row[1]));
        // labels are those of the file: 0 and 1 by turns
        Assert.All(rows, row => Assert.Equal((int.Parse(row[3], CultureInfo.InvariantCulture) % 2).ToString(CultureInfo.InvariantCulture), row[4]));
        Assert.Contains("of its own only the size is known", File.ReadAllText(Path.Combine(Model, "README.md")), StringComparison.Ordinal);

        static IEnumerable<float> Positive(TrialResult fold, FinalModels.FinalModel model)
        {
            var predictions = fold.Predictions(SplitName.Test);
            var probabilities = model.Temperature?.Value.Apply(predictions.Probabilities) ?? predictions.Probabilities;
            return Enumerable.Range(0, predictions.Labels.Count).Where(image => predictions.Labels[image, 0] == 1).Select(image => probabilities[image, 1]);
        }
    }

    [Fact]
    public void Set_of_findings_leaves_a_model_with_a_threshold_for_each()
    {
        SyntheticSets.Write(folder["findings.npz"], labels: 2, counts: [60, 0, 0], seed: 14);
        Transfer(folder["findings.npz"], lab =>
        {
            var (model, tested, recommended) = Trained(lab, seeds: 1);
            Assert.Null(model.Temperature);
            Assert.Equal(2, model.Points.Length);
            Assert.All(model.Points, point => Assert.True(point!.Value.Counts.Sensitivity >= .95));
            var described = TransferModel.write(lab, model, tested, recommended);
            Assert.Equal(model.Points.Select(point => (double?)point!.Value.Threshold), described.Thresholds);
            Publication.publish(lab, "t", HandMadeOpening.Of("q"), new Results(ListModule.Empty<Outcome>(), ListModule.Empty<LeftOut>(), ListModule.Empty<TrialResult>()), LabelReview.section(lab, model));
        });

        // a row for each finding of each image
        Assert.Equal(120, File.ReadAllLines(folder["reports/transfer/review.csv"]).Count(row => row.StartsWith("label,", StringComparison.Ordinal)));
        using var read = ModelFolder.Open(Model);
        Assert.InRange(read.Description.Onnx!.LargestDifference, 0, 1e-5);
    }

    [Theory]
    [InlineData("No image is named: give files or folders of images")]
    [InlineData("a.npz is a set, not an image: score the model on its labels with --external a.npz, or name files.", "a.npz")]
    [InlineData("Images and --external b are named: leave one of both out", "a.png", "--external", "b")]
    [InlineData("--wrong is no option; see dotnet fsi scripts/predict.fsx -- --help", "--wrong", "a.png")]
    [InlineData("--frame is '0', but must be a whole number", "a.png", "--frame", "0")]
    public void Wrong_usage_is_refused_in_one_line(string start, params string[] words) =>
        Assert.StartsWith(start, Assert.Throws<MedTransferException>(() => PredictOptions.parse("project", ListModule.OfSeq(words))).Message, StringComparison.Ordinal);

    [Fact]
    public void Model_is_looked_for_where_transfer_left_it()
    {
        Assert.Equal(Path.Combine("project", "reports", "transfer", "model"), PredictOptions.parse("project", ListModule.OfSeq(["a.png"])).Model);
        Assert.Equal(Path.Combine("o", "reports", "transfer", "model"), PredictOptions.parse("project", ListModule.OfSeq(["a.png", "--out", "o"])).Model);
        Assert.Equal("m", PredictOptions.parse("project", ListModule.OfSeq(["a.png", "--out", "o", "--model", "m"])).Model);
    }

    private void PredictsImages(Dataset whole)
    {
        Directory.CreateDirectory(folder["images"]);
        File.WriteAllBytes(folder["images/known.png"], whole.Train.Png(0));
        File.WriteAllBytes(folder["images/black.png"], MedTransfer.Data.Formats.Png.Encode(new byte[40 * 20], 40, 20, 1));
        File.WriteAllBytes(folder["images/broken.png"], whole.Train.Png(1)[..60]);

        var run = Predict(folder["images"]);

        Assert.True(run.Code == 0, run.Errors);
        Assert.Contains("For research only: this is no medical device, and nothing here is a diagnosis.", run.Screen, StringComparison.Ordinal);
        Assert.Contains("left out: " + folder["images/broken.png"] + ": ", run.Errors, StringComparison.Ordinal);
        var rows = File.ReadAllLines(folder["reports/predict/predictions.csv"]);
        Assert.Equal(["file,\"p 0\",\"p 1\",called,warnings".Replace("\"", "", StringComparison.Ordinal)], rows.Take(1).Select(row => row.Replace("\"", "", StringComparison.Ordinal)));
        Assert.Equal(3, rows.Length);
        Assert.Contains("Unusual brightness: none of 50 images that the model learned from is as far out.", rows[1], StringComparison.Ordinal);
        Assert.Contains("The model learned from this very image, or was pretrained on it: what it says of it is no prediction.", rows[2], StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllText(folder["reports/predict/report.html"]).Split("<img src=\"data:image/png;base64,").Length - 1);   // a picture and a map each

        var missing = Predict(folder["none.png"]);
        Assert.Equal((1, $"error: {folder["none.png"]}: is not there: name an image or a folder of images.\n"), (missing.Code, missing.Errors));
        Assert.Equal(2, Predict().Code);
    }

    private void IsScoredElsewhere()
    {
        SyntheticSets.Write(folder["other.npz"], labels: 1, counts: [30, 30, 40], seed: 21);

        var run = Predict("--external", folder["other.npz"]);

        Assert.True(run.Code == 0, run.Errors);
        var answer = File.ReadAllText(folder["reports/external/answer.txt"]);
        Assert.StartsWith("On 100 images of other the model's ROC AUC is ", answer, StringComparison.Ordinal);
        Assert.Contains("The images of other were scored once, with 1 configuration, by predict", run.Screen, StringComparison.Ordinal);
        Assert.Contains("The images of other were scored 2 times, with 1 configuration, by predict", Predict("--external", folder["other.npz"]).Screen, StringComparison.Ordinal);

        var predictions = File.ReadAllLines(folder["reports/external/predictions.csv"]);
        Assert.Equal(("image,label,\"p 0\",\"p 1\",called,unlike".Replace("\"", "", StringComparison.Ordinal), 101), (predictions[0].Replace("\"", "", StringComparison.Ordinal), predictions.Length));
        // accuracy is of what is called
        var right = predictions.Skip(1).Select(row => row.Split(',')).Count(row => row[1] == row[4]) / 100.0;
        Assert.StartsWith($"ACC,\"{right:F3} [", File.ReadAllLines(folder["reports/external/scores.csv"])[2], StringComparison.Ordinal);

        // what it learned from is no other hospital
        var learned = Predict("--external", folder["whole.npz"]);
        Assert.Equal((1, "error: whole: the model learned from 50 of its 50 images, or was pretrained on them, and the others tell nothing apart: name images that it has not seen.\n"), (learned.Code, learned.Errors));
        Assert.Contains("80 images are left out, as the model learned from them, or was pretrained on them.", Predict("--external", folder["source.npz"]).Screen, StringComparison.Ordinal);
    }

    private static (FinalModels.FinalModel Model, FSharpList<Transfers.TestedTransfer> Tested, Microsoft.FSharp.Core.FSharpOption<Recommendations.Recommendation>? Recommended) Trained(Lab lab, int seeds)
    {
        Assert.Equal(seeds, lab.Seeds.Length);
        var planned = Transfers.ways(lab, Sources.all(lab));
        var outcomes = lab.Run(planned.Pretraining, planned.Ways).Outcomes;
        var tested = Transfers.tested(lab, outcomes);
        var recommended = Recommendations.ofWays(lab, outcomes, tested);
        return (FinalModels.train(lab, outcomes, FinalModels.way(lab, recommended)), tested, recommended);
    }

    private MedTransfer.Trials.Artefacts.TrialFolder TrialFolderOf(TrainedModel model) => new(folder["runs"], model.Description.LearnedFrom.Trial);

    private void Transfer(string target, Action<Lab> body)
    {
        var seeds = target.EndsWith("whole.npz", StringComparison.Ordinal) ? "2" : "1";
        var run = CapturedRun.Of(ExperimentModule.transfer, [target, "--source", folder["source.npz"], "--ways", "frozen", "--seeds", seeds, "--epochs", "1", "--workers", "1", "--offline", "--out", folder.Path], body);
        Assert.True(run.Code == 0, run.Errors);
    }

    private CapturedRun Predict(params string[] words) =>
        CapturedRun.Of(() => MedTransfer.Recipes.Predict.run(ListModule.OfSeq([.. words, "--out", folder.Path]), TestContext.Current.CancellationToken));
}
