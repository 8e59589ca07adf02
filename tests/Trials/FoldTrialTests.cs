using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Data.Resampling;
using MedTransfer.Evaluation;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Models;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

[Collection(OneAtATime.Name)]
public sealed class FoldTrialTests : IDisposable
{
    private static readonly ResamplingOptions Quarters = new() { Folds = 4, Seed = 3 };
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void Trial_on_a_fold_learns_from_its_training_part_and_is_scored_on_the_rest()
    {
        var result = data.Run(OnFold(1))[0];

        var fold = new Folds(Labels.Of(SquaresTrials.TrainLabels), null, Quarters)[1];
        Assert.Equal(fold.Train, result.Predictions(SplitName.Train).FileIndices);
        Assert.Equal(fold.HeldOut, result.Predictions(SplitName.Test).FileIndices);
        Assert.Equal(fold.HeldOut.Select(image => image % 2), result.Predictions(SplitName.Test).Labels.Values.Cast<byte>().Select(label => (int)label));
        Assert.Equal((30, 20, 10), (result.Metrics.Train.Scores!.Images, result.Metrics.Validation!.Scores!.Images, result.Metrics.Test!.Scores!.Images));
    }

    [Fact]
    public void Trial_on_a_fold_never_reads_the_test_split()
    {
        var result = data.Run(OnFold(0))[0];
        NpzWriter.Write(data["other.npz"],
        [
            new("train_images", Squares.Pixels(40)), new("train_labels", SquaresTrials.TrainLabels),
            new("val_images", Squares.Pixels(20, first: 1)), new("val_labels", Squares.Labels(20)),
            new("test_images", Squares.Pixels(6, first: 9)), new("test_labels", new byte[,] { { 1 }, { 1 }, { 1 }, { 0 }, { 1 }, { 0 } }),
        ]);
        var other = DatasetSource.Find(data["other.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [other]);

        var again = runner.Run(
            [new Trial(OnFold(0).Spec with { Data = OnFold(0).Spec.Target with { Path = other.Path, Digest = other.Md5 } }, "")], cancellation: TestContext.Current.CancellationToken)[0];

        // the spec names the file's digest
        Assert.Equal(
            SquaresTrials.Artefacts(result.Folder.FullPath).Where(artefact => artefact.Name != "spec.json"),
            SquaresTrials.Artefacts(again.Folder.FullPath).Where(artefact => artefact.Name != "spec.json"));
    }

    [Fact]
    public void Trial_on_a_fold_needs_neither_a_validation_nor_a_test_split_of_the_set()
    {
        NpzWriter.Write(data["train.npz"], [new("train_images", Squares.Pixels(40)), new("train_labels", SquaresTrials.TrainLabels)]);
        var set = DatasetSource.Find(data["train.npz"], new DataFolders([]));
        using var runner = new TrialRunner(data.Runs, [set]);
        TrialSpec On(TrialSpec spec) => spec with { Data = spec.Target with { Path = set.Path, Digest = set.Md5 } };
        var cancellation = TestContext.Current.CancellationToken;
        var head = OnFold(0).Spec with { Transfer = TransferPlan.RandomFeatures, Fit = new FitOptions().ToConvergence() };

        foreach (var result in runner.Run([new Trial(On(OnFold(0).Spec), ""), new Trial(On(head), "")], cancellation: cancellation))
        {
            Assert.Equal((30, 10), (result.Metrics.Train.Scores.Images, result.Metrics.Test!.Scores.Images));
            Assert.Null(result.Metrics.Validation);
            Assert.All(result.History, epoch => Assert.Equal((null, 0), (epoch.ValidationLoss, epoch.Validation.Count)));
            Assert.Equal(result.History, result.Folder.Read(result.Trial).History);
        }

        Assert.StartsWith(
            "train has no validation images, by which an epoch is to be chosen: ",
            Assert.Throws<MedTransferException>(() => runner.Run([new Trial(On(OnFold(0).Spec with { Fit = OnFold(0).Spec.Fit with { EarlyStopping = new() } }), "")], cancellation: cancellation)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "train has no test images, on which what was learnt is measured: ",
            Assert.Throws<MedTransferException>(() => runner.Run([new Trial(On(data.Spec), "")], cancellation: cancellation)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fold_within_a_fold_of_a_sample_keeps_the_indices_of_the_file()
    {
        var inner = new ResamplingOptions { Folds = 2, Seed = 5 };
        var spec = data.Spec with { Data = data.Spec.Target with { TrainImages = 24, SampleSeed = 7 } };

        var result = data.Run(new Trial(spec with { Data = spec.Target.WithFold(Quarters, 2).WithFold(inner, 1) }, "inner"))[0];

        var sample = StratifiedSample.Draw([.. SquaresTrials.TrainLabels.Cast<byte>().Select(label => (int)label)], 24, 7);
        var outer = new Folds(OddImages(sample), null, Quarters)[2].Train.Select(place => sample[place]).ToArray();
        var fold = new Folds(OddImages(outer), null, inner)[1];
        Assert.Equal(fold.Train.Select(place => outer[place]), result.Predictions(SplitName.Train).FileIndices);
        Assert.Equal(fold.HeldOut.Select(place => outer[place]), result.Predictions(SplitName.Test).FileIndices);
    }

    [Fact]
    public void Fold_there_is_not_is_said_before_anything_runs()
    {
        var error = Assert.Throws<MedTransferException>(() => data.Run(data.Trial, OnFold(4)));

        Assert.Contains("no fold 4 of 4", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Runs));
    }

    [Fact]
    public void Spec_with_folds_is_read_as_it_was_written()
    {
        var trial = new Trial(data.Spec with { Data = data.Spec.Target.WithFold(Quarters, 2).WithFold(new() { Scheme = ResamplingScheme.LeaveOneOut }, 9) }, "");
        var folder = new TrialFolder(data.Runs, trial.Name);
        folder.Begin(trial.Spec);

        Assert.Equal("no transfer, fold 3.10", trial.Spec.Describe());
        var read = TrialSpec.Read(Path.Combine(folder.FullPath, "spec.json"));

        Assert.Equal(trial.Spec.Target, read.Target);
        Assert.NotEqual(trial.Spec.Target, trial.Spec.Target with { Folds = [] });
        Assert.Equal(trial.Name, new Trial(read, "").Name);
    }

    [Fact]
    public void Held_out_predictions_are_put_together_and_averaged_where_folds_repeat()
    {
        var halves = new ResamplingOptions { Folds = 2, Repeats = 2 };
        var folds = data.Run(Enumerable.Range(0, 4).Select(fold => new Trial(data.Spec with { Data = data.Spec.Target.WithFold(halves, fold) }, $"{fold}")));

        var together = OutOfFold.Of(folds);

        Assert.Equal(Enumerable.Range(0, 40), together.FileIndices);
        Assert.Equal(SquaresTrials.TrainLabels, together.Labels.Values);
        Assert.All(together.TimesHeldOut, times => Assert.Equal(2, times));
        Assert.Equal(folds.Select(fold => fold.Metrics.Test), together.Folds);
        var ofImage7 = folds.Select(fold => fold.Predictions(SplitName.Test))
            .SelectMany(split => split.FileIndices!.Select((image, row) => (image, split.Probabilities[row, 1]))).Where(row => row.image == 7).Select(row => row.Item2).ToList();
        Assert.Equal(2, ofImage7.Count);
        Assert.NotEqual(ofImage7[0], ofImage7[1]);
        Assert.Equal(ofImage7.Average(), together.Probabilities[7, 1], 1e-6);
        Assert.Equal(Squares.Task.Scores(together.Probabilities, together.Labels), together.Scores);

        // pooled, models of different folds are ranked together; averaged, each fold by itself
        var patients = Patients.OfImages(40);
        Assert.Equal(together.Scores.RocAuc!.Value, together.Pooled(Metric.RocAuc, patients)!.Value, 1e-12);
        Assert.Equal(folds.Average(fold => fold.Metrics.Test!.Scores.RocAuc!.Value), together.FoldAveraged(Metric.RocAuc, patients)!.Value, 1e-12);
        Assert.Equal(folds.Average(fold => fold.Metrics.Test!.Scores.Accuracy), together.FoldAveraged(Metric.Accuracy, patients)!.Value, 1e-12);
        Assert.Equal(40, together.FoldAveraged(Metric.RocAuc, patients)!.Patients.Count);
    }

    [Fact]
    public void Scores_are_of_the_positive_class_that_the_data_names()
    {
        var halves = new ResamplingOptions { Folds = 2 };
        var spec = data.Spec with { Model = new() { Architecture = Architecture.MeanBrightness }, Fit = new() { Epochs = 1 } };
        Trial On(int? positive, int fold) => new(spec with { Data = (spec.Target with { PositiveClass = positive }).WithFold(halves, fold) }, $"{positive}, {fold}");

        var all = data.Run(On(null, 0), On(null, 1), On(0, 0), On(0, 1));

        var (own, other) = (all[0].Metrics.Validation!.Scores!, all[2].Metrics.Validation!.Scores!);
        Assert.Equal((1, 0), (own.PositiveClass, other.PositiveClass));
        Assert.NotEqual(own.Sensitivity, own.Specificity);
        Assert.Equal((own.Sensitivity, own.Specificity), (other.Specificity, other.Sensitivity));
        Assert.Equal(all[0].Predictions(SplitName.Validation).Probabilities, all[2].Predictions(SplitName.Validation).Probabilities);
        Assert.Equal(0, OutOfFold.Of([all[2], all[3]]).Scores.PositiveClass);
        Assert.Contains("no class 2", Assert.Throws<MedTransferException>(() => data.Run(On(2, 0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_that_are_not_folds_of_one_set_are_not_put_together()
    {
        var (whole, fold) = (data.Run(data.Trial)[0], data.Run(OnFold(0))[0]);
        var sampled = fold with { Trial = new Trial(data.Spec with { Data = (data.Spec.Target with { TrainImages = 20 }).WithFold(Quarters, 1) }, "") };

        Assert.Contains("(scratch) is not on a fold", Assert.Throws<MedTransferException>(() => OutOfFold.Of([fold, whole])).Message, StringComparison.Ordinal);
        Assert.Contains("different sets", Assert.Throws<MedTransferException>(() => OutOfFold.Of([fold, sampled])).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<MedTransferException>(() => OutOfFold.Of([fold, fold])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_of_one_is_that_trial()
    {
        var alone = data.Run(data.Trial)[0];

        var ensemble = data.Run(EnsembleOf(data.Trial))[0];

        Assert.Equal(alone.Metrics.Test!.Scores!, ensemble.Metrics.Test!.Scores!);
        Assert.Equal(alone.Metrics.Test!.Loss, ensemble.Metrics.Test!.Loss, 1e-5);
    }

    [Fact]
    public void Ensemble_keeps_no_copy_of_its_members_embeddings_and_names_where_they_are()
    {
        var results = data.Run(EnsembleOf(data.Trial), data.Trial);

        Assert.DoesNotContain(Directory.GetFiles(results[0].Folder.FullPath), file => Path.GetFileName(file).StartsWith("embeddings", StringComparison.Ordinal));
        Assert.Contains(data.Trial.Name, Assert.Throws<MedTransferException>(() => results[0].Embeddings(SplitName.Test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensemble_of_folds_gives_the_mean_of_their_probabilities_on_the_test_split()
    {
        var ensemble = data.Run(EnsembleOf(OnFold(0), OnFold(1)), OnFold(0), OnFold(1))[0];

        var alone = data.Run(EnsembleOf(OnFold(0)), EnsembleOf(OnFold(1))).Select(one => one.Predictions(SplitName.Test).Probabilities).ToArray();
        var together = ensemble.Predictions(SplitName.Test).Probabilities;
        Assert.Equal(20, ensemble.Metrics.Test!.Scores!.Images);
        for (var image = 0; image < 20; image++)
            Assert.Equal((alone[0][image, 1] + alone[1][image, 1]) / 2, together[image, 1], 1e-6f);
        Assert.Equal(Enumerable.Range(0, 20).Average(image => -Math.Log(together[image, image % 2])), ensemble.Metrics.Test!.Loss, 1e-5);
        Assert.Equal(0, ensemble.Metrics.TrainableParameters);
    }

    private Trial EnsembleOf(params Trial[] members) => new(data.Spec with { Members = [.. members.Select(member => member.Name)] }, "ensemble");

    private Trial OnFold(int index) => new(data.Spec with { Data = data.Spec.Target.WithFold(Quarters, index) }, $"fold {index}");

    // they are of class 1
    private static Labels OddImages(int[] images)
    {
        var labels = new byte[images.Length, 1];
        for (var row = 0; row < images.Length; row++)
            labels[row, 0] = (byte)(images[row] % 2);
        return Labels.Of(labels);
    }
}
