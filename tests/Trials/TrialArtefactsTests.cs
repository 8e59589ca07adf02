using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Models.Weights;
using MedTransfer.Runtime;
using MedTransfer.Runtime.Native;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

/// <summary>What a finished trial leaves in its folder, and how it is read back.</summary>
[Collection(OneAtATime.Name)]
public sealed class TrialArtefactsTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Finished_trial_has_every_artefact_and_nothing_else()
    {
        var result = data.Run(data.Trial)[0];

        Assert.Equal(Path.Combine(data.Runs, data.Trial.Name), result.Folder.FullPath);
        Assert.Equal(
            ["embeddings-test.npy", "embeddings-train.npy", "environment.json", "history.csv", "metrics.json", "predictions.csv", "spec.json", "weights.safetensors"],
            Directory.GetFileSystemEntries(result.Folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(data.Trial.Name, new Trial(TrialSpec.Read(Path.Combine(result.Folder.FullPath, "spec.json")), "").Name);
        Assert.Equal(data.Source.Md5, result.Environment.DataDigest);
        Assert.Equal((2, 2), (result.Metrics.Epochs, result.Metrics.KeptEpoch));
    }

    [Fact]
    public void Predictions_are_read_from_their_file_once()
    {
        var result = data.Run(data.Trial)[0];
        var first = result.Predictions(SplitName.Test);
        File.Delete(result.Folder.PredictionsPath);

        Assert.Same(first, result.Predictions(SplitName.Test));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predictions_of_other_test_images_are_damage(bool cut)
    {
        var path = data.Run(data.Trial)[0].Folder.PredictionsPath;
        using var images = data.Source.Load();
        new TrialFolder(data.Runs, data.Trial.Name).Read(data.Trial).RequireTestLabels(images.Test.Labels);
        var rows = File.ReadAllLines(path);
        if (cut)
            rows = rows[..^1];
        else
            rows[^1] = string.Join(',', rows[^1].Split(',').Select((cell, column) => column == 2 ? (cell == "0" ? "1" : "0") : cell));
        File.WriteAllLines(path, rows);

        var changed = new TrialFolder(data.Runs, data.Trial.Name).Read(data.Trial);

        Assert.StartsWith(
            $"The trial in {changed.Folder.FullPath} is damaged, delete that folder and run again: the test labels in predictions.csv are not those of the data ({images.Test.Count - (cut ? 1 : 0)} rows for {images.Test.Count} images)",
            Assert.Throws<MedTransferException>(() => changed.RequireTestLabels(images.Test.Labels)).Message, StringComparison.Ordinal);
    }

    // what a fold held out is known by its number alone
    [Fact]
    public void Predictions_of_a_fold_that_are_cut_are_damage()
    {
        var onFold = new Trial(data.Trial.Spec with { Data = data.Trial.Spec.Target with { Folds = [new(new() { Folds = 3 }, 0)] } }, "a fold");
        var path = data.Run(onFold)[0].Folder.PredictionsPath;
        using var images = data.Source.Load();
        File.WriteAllLines(path, File.ReadAllLines(path)[..^2]);

        var changed = new TrialFolder(data.Runs, onFold.Name).Read(onFold);

        Assert.StartsWith($"The trial in {changed.Folder.FullPath} is damaged, ", Assert.Throws<MedTransferException>(() => changed.RequireTestLabels(images.Test.Labels)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics.json", "{\"train\":")]
    [InlineData("metrics.json", "null")]
    [InlineData("metrics.json", "{}")]
    [InlineData("environment.json", "")]
    [InlineData("environment.json", null)]
    [InlineData("history.csv", "")]
    [InlineData("history.csv", "epoch,learning_rate,train_loss,validation_loss,validation_accuracy,validation_balanced_accuracy,validation_auc\n1,0.001,x,0,0,0,0\n")]
    [InlineData("history.csv", "epoch,learning_rate,train_loss,validation_loss,validation_accuracy,validation_balanced_accuracy,validation_auc\n1,0.001\n")]
    [InlineData("history.csv", null)]
    public void Damaged_file_of_a_finished_trial_is_named(string file, string? content)
    {
        var path = Path.Combine(data.Run(data.Trial)[0].Folder.FullPath, file);
        File.Delete(path);
        if (content is not null)
            File.WriteAllText(path, content);

        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("run again", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("split,index,label,p0,p1\ntest,0,0,1,0\n")]
    public void Damaged_predictions_are_named(string content)
    {
        var result = data.Run(data.Trial)[0];
        File.WriteAllText(result.Folder.PredictionsPath, content);

        var error = Assert.Throws<MedTransferException>(() => result.Embeddings(SplitName.Test));

        Assert.Contains(result.Folder.PredictionsPath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_weights_and_embeddings_are_to_be_made_again_not_fetched()
    {
        var result = data.Run(data.Trial)[0];
        File.WriteAllText(result.Folder.WeightsPath, "broken");
        File.WriteAllText(result.Folder.EmbeddingsPath(SplitName.Test), "broken");

        foreach (var read in new Action[] { () => result.Folder.ReadWeights(), () => result.Embeddings(SplitName.Test) })
        {
            var error = Assert.Throws<MedTransferException>(read);
            Assert.Contains(result.Folder.FullPath, error.Message, StringComparison.Ordinal);
            Assert.Contains("delete that folder and run again", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("step")]
    [InlineData("cosine")]
    [InlineData("oneCycle")]
    public void Spec_with_every_option_is_read_as_it_was_written(string kind)
    {
        var spec = data.Spec with
        {
            Fit = new()
            {
                Schedule = kind switch { "step" => new StepDecay { Milestones = [0.2, 0.9] }, "cosine" => new CosineDecay { WarmUp = 0.1 }, _ => new OneCycle { Rise = 0.2 } },
                EarlyStopping = new() { Metric = Metric.BalancedAccuracy, Patience = 7, MinChange = 0.01 },
                Keep = KeptEpoch.Best,
            },
        };
        var folder = new TrialFolder(data.Runs, "written");
        folder.Begin(spec);
        var path = Path.Combine(folder.FullPath, "spec.json");

        Assert.Equal(new Trial(spec, "").Name, new Trial(TrialSpec.Read(path), "").Name);
        Assert.Contains($"\"kind\": \"{kind}\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_names_what_decides_the_bits()
    {
        var environment = data.Run(data.Trial)[0].Environment;

        Assert.Equal(Processor.Here, environment.Processor);
        Assert.Equal(NativeTorch.Version(), environment.Libtorch);
        Assert.Null(environment.Repeats);   // on the CPU it is no question
    }

    [Fact]
    public void Environment_of_an_older_version_is_read()
    {
        var path = Path.Combine(data.Run(data.Trial)[0].Folder.FullPath, "environment.json");
        var older = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.All(["processor", "libtorch", "repeats"], field => Assert.True(older.Remove(field), field));
        File.WriteAllText(path, older.ToJsonString());

        var environment = data.Run(data.Trial)[0].Environment;

        Assert.Equal((null, null, null), (environment.Processor, environment.Libtorch, environment.Repeats));
    }

    [Fact]
    public void Chosen_penalty_is_kept_where_there_is_one()
    {
        Trial Regression(PenaltyChoice? choice) => new(
            data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression, PenaltyChoice = choice } }, "regression");

        var (chosen, usual) = (data.Run(Regression(new() { Folds = 4 }))[0], data.Run(Regression(null))[0]);

        Assert.Null(usual.Metrics.ChosenPenalty);
        Assert.DoesNotContain("chosenPenalty", File.ReadAllText(Path.Combine(usual.Folder.FullPath, "metrics.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("penaltyChoice", File.ReadAllText(Path.Combine(usual.Folder.FullPath, "spec.json")), StringComparison.Ordinal);
        var read = data.Run(Regression(new() { Folds = 4 }))[0].Metrics.ChosenPenalty!;
        Assert.Equal(chosen.Metrics.ChosenPenalty!.Tried, read.Tried);
        Assert.Equal(4, read.Folds);
        Assert.Equal(new PenaltyChoice().InversePenalties, read.Tried.Select(tried => tried.InversePenalty));
        var lowest = read.Tried.MinBy(tried => tried.HeldOutLoss)!;
        Assert.Equal(read.InversePenalty, read.Tried.First(tried => tried.HeldOutLoss <= lowest.HeldOutLoss + lowest.StandardError).InversePenalty);
    }

    [Fact]
    public void History_is_read_as_it_was_trained()
    {
        var told = new List<EpochRecord>();
        using var runner = data.Runner();

        var result = runner.Run(
            [data.Trial, new Trial(data.Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "regression")],
            progress => told.AddRange(new[] { progress.Epoch }.OfType<EpochRecord>()), TestContext.Current.CancellationToken);

        var read = data.Run(result.Select(ran => ran.Trial));
        Assert.Equal(3, told.Count);
        Assert.Null(told[2].LearningRate);
        Assert.Equal(told, [.. read[0].History, .. read[1].History]);
    }

    [Fact]
    public void Predictions_have_a_row_an_image_and_give_the_scores()
    {
        var result = data.Run(data.Trial)[0];

        var rows = Rows(result);
        Assert.Equal("split,index,label,p0,p1", File.ReadLines(result.Folder.PredictionsPath).First());
        foreach (var (split, count, metrics) in new[] { ("train", 40, result.Metrics.Train), ("val", 20, result.Metrics.Validation!), ("test", 20, result.Metrics.Test!) })
        {
            var ofSplit = rows.Where(row => row[0] == split).ToList();
            Assert.Equal(Enumerable.Range(0, count), ofSplit.Select(row => Whole(row[1])));
            Assert.All(ofSplit, row => Assert.Equal(Whole(row[1]) % 2, Whole(row[2])));
            Assert.All(ofSplit, row => Assert.Equal(1, Number(row[3]) + Number(row[4]), 1e-6));
            Assert.Equal(metrics.Scores!.Accuracy, ofSplit.Average(row => (Number(row[4]) > Number(row[3]) ? 1 : 0) == Whole(row[2]) ? 1.0 : 0));
            Assert.Equal(metrics.Loss, ofSplit.Average(row => -Math.Log(Number(row[3 + Whole(row[2])]))), 1e-5);
        }
    }

    [Fact]
    public void Sample_keeps_the_indices_of_the_file()
    {
        var spec = data.Spec with { Data = data.Spec.Target with { TrainImages = 10, SampleSeed = 7 } };

        var result = data.Run(new Trial(spec, "sampled"))[0];

        var classes = SquaresTrials.TrainLabels.Cast<byte>().Select(label => (int)label).ToList();
        var rows = Rows(result).Where(row => row[0] == "train").ToList();
        var drawn = StratifiedSample.Draw(classes, 10, 7);
        Assert.Equal(drawn, rows.Select(row => Whole(row[1])));
        Assert.NotEqual(Enumerable.Range(0, 10), drawn);
        Assert.Equal(drawn.Select(index => classes[index]), rows.Select(row => Whole(row[2])));
        var embeddings = result.Embeddings(SplitName.Train);
        Assert.Equal((10, 8), (embeddings.Points.GetLength(0), embeddings.Points.GetLength(1)));
        Assert.Equal(drawn.Select(index => classes[index]), embeddings.Classes);
        Assert.Equal(20, Rows(result).Count(row => row[0] == "test"));
    }

    [Fact]
    public void Saved_weights_give_the_saved_predictions()
    {
        var result = data.Run(data.Trial)[0];
        using var model = Classifier.Create(data.Spec.Model, Squares.Info, 9);
        foreach (var (name, value) in model.state_dict())
        {
            using var saved = Weights(result)[name].ToTensor();
            value.bytes = saved.bytes;
        }

        using var test = Squares.On(Squares.Pixels(20, first: 2), Squares.Labels(20), Squares.Task);
        var probabilities = new Predictor(model).Assess(test).Probabilities;

        var rows = Rows(result).Where(row => row[0] == "test").ToList();
        Assert.All(rows, row => Assert.Equal(probabilities[Whole(row[1]), 1], Number(row[4]), 1e-6));
        Assert.Equal(result.Metrics.Parameters, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(64, model.Bits().Length);
    }

    [Fact]
    public void Findings_are_trained_sampled_and_read_back()
    {
        byte[,] Findings(int count)
        {
            var findings = new byte[count, 2];
            for (var image = 1; image < count; image += 2)
                findings[image, image / 2 % 2] = 1;
            return findings;
        }

        NpzWriter.Write(data["findings.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("train_labels", Findings(40)),
            new("val_images", Squares.Pixels(20, first: 1)), new("val_labels", Findings(20)),
            new("test_images", Squares.Pixels(20, first: 2)), new("test_labels", Findings(20)),
        ]);
        var source = DatasetSource.Find(data["findings.npz"], new DataFolders([]));
        var several = data.Spec with { Data = new DataReference { Path = source.Path, Digest = source.Md5, TrainImages = 20 } };
        var merged = several with { Data = several.Target with { Binarised = true } };
        using var runner = new TrialRunner(data.Runs, [source]);

        var results = runner.Run([new Trial(several, "findings"), new Trial(merged, "merged")], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal("split,index,label0,label1,p0,p1", File.ReadLines(results[0].Folder.PredictionsPath).First());
        Assert.Equal("split,index,label,p0,p1", File.ReadLines(results[1].Folder.PredictionsPath).First());
        var classes = Enumerable.Range(0, 20).Select(image => image % 2);
        Assert.Equal(classes, results[0].Embeddings(SplitName.Test).Classes);
        Assert.Equal(classes, results[1].Embeddings(SplitName.Test).Classes);
    }

    [Fact]
    public void Spec_that_is_none_is_refused_by_name()
    {
        const string Data = "{\"data\":{\"source\":\"a\",\"digest\":\"b\"}";
        foreach (var content in new[]
        {
            "", "{}", "{\"data\":null}", Data + ",\"fit\":null}", Data + ",\"sed\":1}",
            Data + ",\"fit\":{\"schedule\":{}}}", Data + ",\"fit\":{\"schedule\":{\"kind\":\"other\"}}}", Data + ",\"fit\":{\"schedule\":{\"floor\":0,\"kind\":\"cosine\"}}}",
        })
        {
            File.WriteAllText(data["spec.json"], content, Encoding.UTF8);

            var error = Assert.Throws<MedTransferException>(() => TrialSpec.Read(data["spec.json"]));

            Assert.Contains(data["spec.json"], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Spec_that_lacks_what_it_must_say_is_refused_by_name()
    {
        var folder = new TrialFolder(data.Runs, "written");
        folder.Begin(data.Spec with { Transfer = TransferPlan.FineTuned(new WeightsOrigin("file.safetensors", "0")) });
        var path = Path.Combine(folder.FullPath, "spec.json");
        var spec = JsonNode.Parse(File.ReadAllText(path))!;
        spec["transfer"]!["origin"]!.AsObject().Remove("digest");
        File.WriteAllText(path, spec.ToJsonString());

        var error = Assert.Throws<MedTransferException>(() => TrialSpec.Read(path));

        Assert.StartsWith($"{path} is no trial's spec: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("digest", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static IReadOnlyDictionary<string, SafeTensor> Weights(TrialResult result) => WeightFile.Load(result.Folder.WeightsPath);

    private static List<string[]> Rows(TrialResult result) => [.. File.ReadLines(result.Folder.PredictionsPath).Skip(1).Select(line => line.Split(','))];

    private static int Whole(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
