using System.Text.Json.Nodes;
using MedTransfer.Data;
using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Resampling;
using MedTransfer.Models;
using MedTransfer.Models.Onnx;
using MedTransfer.Tests.Models.Onnx;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Repetition;

namespace MedTransfer.Tests.Trials.Repetition;

/// <summary>Trials read back from their folders, trained anew and compared.</summary>
[Collection(OneAtATime.Name)]
public sealed class RepetitionPlanTests : IDisposable
{
    private readonly SquaresTrials data = new();

    public void Dispose() => data.Dispose();

    private Trial Frozen => new(data.Spec with { Transfer = TransferPlan.Frozen(data.Trial.AsOrigin) }, "frozen");

    private Trial OfFile => new(data.Spec with { Transfer = TransferPlan.Frozen(WeightsOrigin.Of(data["given.safetensors"])) }, "of a file");

    private Trial Fold(int index) => new(data.Spec.On(data.Spec.Target.WithFold(new ResamplingOptions { Folds = 2, Seed = 3 }, index)), "fold");

    private Trial Ensemble => new(data.Spec with { Members = [Fold(0).Name, Fold(1).Name], Fit = new() }, "ensemble");

    [Fact]
    public void What_a_trial_needs_comes_before_it_and_once()
    {
        data.Run(data.Trial, Frozen, Fold(0), Fold(1), Ensemble);

        var plan = Plan([], Ensemble, Frozen, data.Trial, Ensemble);

        Assert.Equal([Fold(0).Name, Fold(1).Name, Ensemble.Name, data.Trial.Name, Frozen.Name], plan.Trials.Select(trial => trial.Trial.Name));
        Assert.All(plan.Trials, trial => Assert.False(trial.HasOtherName));
        Assert.Equal([data.Source], plan.Data);
    }

    [Fact]
    public void Repetition_has_the_same_bits_in_every_artefact_of_every_kind_of_trial()
    {
        var autoencoder = new Trial(data.Spec with { Objective = Objective.Reconstruction }, "autoencoder");
        data.Run(data.Trial, Frozen, Fold(0), Fold(1), Ensemble, autoencoder);
        var before = SquaresTrials.Artefacts(Path.Combine(data.Runs, Frozen.Name));

        var repetitions = Repeat(Plan([], Ensemble, Frozen, autoencoder));

        Assert.Equal(6, repetitions.Count);
        Assert.All(repetitions, repetition => Assert.Equal(RepetitionOutcome.SameBits, repetition.Outcome));
        Assert.Equal(before, SquaresTrials.Artefacts(Path.Combine(data.Runs, Frozen.Name)));
    }

    [Fact]
    public void Artefact_that_was_changed_or_is_missing_is_named_and_one_that_is_no_artefact_is_not()
    {
        data.Run(data.Trial);
        var folder = new TrialFolder(data.Runs, data.Trial.Name);
        Flip(folder.WeightsPath);
        File.Delete(folder.EmbeddingsPath(SplitName.Train));
        File.AppendAllText(Path.Combine(folder.FullPath, "spec.json"), "\n");
        File.WriteAllText(Path.Combine(folder.FullPath, "timing.json"), "mine");
        File.WriteAllText(Path.Combine(folder.FullPath, "notes.txt"), "mine");

        var repetition = Assert.Single(Repeat(Plan([], data.Trial)));

        Assert.Equal(["embeddings-train.npy", "weights.safetensors"], repetition.OtherArtefacts);
        Assert.Equal(["embeddings-train.npy", "weights.safetensors"], repetition.DamagedArtefacts);
        Assert.Equal(RepetitionOutcome.Damaged, repetition.Outcome);
        Assert.Equal((true, 0.0), (repetition.Figures.All(figure => figure.Agrees == true), repetition.ProbabilityDifference));
    }

    [Fact]
    public void Trial_that_starts_from_other_bits_has_that_reason()
    {
        data.Run(data.Trial, Frozen);
        var (parent, child) = (new TrialFolder(data.Runs, data.Trial.Name), new TrialFolder(data.Runs, Frozen.Name));
        Flip(parent.WeightsPath);
        // other bytes of the same numbers
        File.AppendAllText(child.PredictionsPath, "\n");

        var repetitions = Repeat(Plan([], Frozen));

        Assert.Equal([RepetitionOutcome.Damaged, RepetitionOutcome.FiguresAgree], repetitions.Select(repetition => repetition.Outcome));
        Assert.Equal([data.Trial.Name], repetitions[1].OtherNeeds);
    }

    [Fact]
    public void Trial_whose_name_is_not_its_specs_is_repeated_under_its_new_one_and_so_is_what_needs_it()
    {
        data.Run(data.Trial, Frozen);
        ChangeSpec(data.Trial, spec => spec["seed"] = 7);

        var plan = Plan([], Frozen);

        Assert.All(plan.Trials, trial => Assert.True(trial.HasOtherName));
        Assert.Equal(plan.Trials[0].Trial.Name, plan.Trials[1].Trial.Spec.Transfer.Parent);
        Assert.NotEqual(data.Trial.Name, plan.Trials[0].Trial.Name);
        Assert.All(Repeat(plan), repetition => Assert.NotEqual(RepetitionOutcome.Unexplained, repetition.Outcome));
    }

    [Fact]
    public void Data_and_weights_that_moved_are_found_by_their_digests()
    {
        data.Run(data.Trial);
        File.Copy(new TrialFolder(data.Runs, data.Trial.Name).WeightsPath, data["given.safetensors"]);
        data.Run(OfFile);
        var asked = OfFile;
        Directory.CreateDirectory(data["elsewhere"]);
        File.Move(data.Source.Path, Path.Combine(data["elsewhere"], "renamed.npz"));
        File.Move(data["given.safetensors"], Path.Combine(data["elsewhere"], "weights.safetensors"));

        var lost = Assert.Throws<MedTransferException>(() => Plan([], asked)).Message;
        var repetition = Assert.Single(Repeat(Plan([data["elsewhere"]], asked)));

        Assert.Contains($"{data.Source.Path} (MD5 {data.Source.Md5}), which the trial in", lost, StringComparison.Ordinal);
        Assert.Equal(RepetitionOutcome.SameBits, repetition.Outcome);
        Assert.Equal(Path.Combine(data["elsewhere"], "renamed.npz"), repetition.Repeated.Trial.Spec.Target.Path);
        File.Delete(Path.Combine(data["elsewhere"], "weights.safetensors"));
        Assert.Contains("given.safetensors (SHA-256 ", Assert.Throws<MedTransferException>(() => Plan([data["elsewhere"]], asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_that_moved_is_found_by_its_digest()
    {
        File.WriteAllBytes(data["rows.onnx"], SmallEncoders.Rows());
        var model = OnnxOptions.Model(data["rows.onnx"], PixelScale.Symmetric);
        var trial = new Trial(data.Spec with { Model = model, Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "encoder");
        data.Run(trial);
        Directory.CreateDirectory(data["elsewhere"]);
        File.Move(data["rows.onnx"], Path.Combine(data["elsewhere"], "renamed.onnx"));

        Assert.Contains($"{data["rows.onnx"]} (SHA-256 {model.Onnx!.Digest}), which the trial in", Assert.Throws<MedTransferException>(() => Plan([], trial)).Message, StringComparison.Ordinal);
        var repetition = Assert.Single(Repeat(Plan([data["elsewhere"]], trial)));
        Assert.Equal((RepetitionOutcome.SameBits, Path.Combine(data["elsewhere"], "renamed.onnx")), (repetition.Outcome, repetition.Repeated.Trial.Spec.Model.Onnx!.Path));
    }

    [Fact]
    public void Damage_of_weights_that_trials_share_is_damage_of_the_trial()
    {
        var network = new ModelOptions { Architecture = Architecture.ResNet18, Blocks = new(1, 1, 1, 1), Input = new() { ImageSize = 28 } };
        var trial = new Trial(data.Spec with { Model = network, Transfer = TransferPlan.RandomFeatures, Fit = new() { Solver = Solver.LogisticRegression } }, "random features");
        data.Run(trial);
        Flip(Assert.Single(Directory.GetFiles(Path.Combine(data.Runs, "weights"))));

        var repetition = Assert.Single(Repeat(Plan([], trial)));

        Assert.Equal((RepetitionOutcome.Damaged, "weights.safetensors"), (repetition.Outcome, Assert.Single(repetition.DamagedArtefacts)));
    }

    [Fact]
    public void Phantom_is_drawn_and_looked_for_nowhere()
    {
        var phantom = DatasetSource.Find("phantom-chest", new DataFolders([]));
        data.Run(data.Trial);
        ChangeSpec(data.Trial, spec =>
        {
            spec["data"]!["target"]!["path"] = phantom.Path;
            spec["data"]!["target"]!["digest"] = phantom.Md5;
        });

        Assert.Equal([phantom], Plan([], data.Trial).Data);
    }

    [Fact]
    public void What_cannot_be_repeated_is_one_line_that_says_why()
    {
        data.Run(data.Trial, Frozen);
        var folder = new TrialFolder(data.Runs, data.Trial.Name).FullPath;
        string Said(Trial trial) => Assert.Throws<MedTransferException>(() => Plan([], trial)) is { IsUsage: false } error && !error.Message.Contains('\n', StringComparison.Ordinal) ? error.Message : "";

        ChangeSpec(data.Trial, spec => spec["threads"] = 0);
        Assert.StartsWith($"The spec of the trial in {folder} can't be run: The number of threads is 0", Said(data.Trial), StringComparison.Ordinal);
        ChangeSpec(data.Trial, spec => spec["members"] = new JsonArray(data.Trial.Name));
        ChangeSpec(data.Trial, spec => spec["threads"] = 1);
        Assert.Equal($"The trial in {folder} needs itself: its spec.json is damaged.", Said(data.Trial));
        File.WriteAllText(Path.Combine(folder, "spec.json"), "{");
        Assert.StartsWith($"{Path.Combine(folder, "spec.json")} is no trial's spec", Said(data.Trial), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "metrics.json"));
        Assert.Equal($"The trial in {folder} is not finished: run its recipe again, which goes on from there.", Said(data.Trial));
        Assert.Equal(
            $"{Path.Combine(data.Runs, Frozen.Name)} needs trial {data.Trial.Name}, which is not finished in {folder}: bring its folder there, or leave that trial out.", Said(Frozen));
        Directory.Delete(folder, recursive: true);
        Assert.Equal($"{folder} holds no trial: name the folder of one, or of a report.", Said(data.Trial));
    }

    private RepetitionPlan Plan(IReadOnlyList<string> folders, params IEnumerable<Trial> trials) =>
        RepetitionPlan.Of(trials.Select(trial => TrialFolder.At(Path.Combine(data.Runs, trial.Name) + Path.DirectorySeparatorChar)), new DataFolders(folders));

    private IReadOnlyList<TrialRepetition> Repeat(RepetitionPlan plan)
    {
        using var runner = new TrialRunner(data["again"], plan.Data);
        runner.Run(plan.Trials.Select(trial => trial.Trial), cancellation: TestContext.Current.CancellationToken);
        return plan.Compare(data["again"], runner.Load);
    }

    private void ChangeSpec(Trial trial, Action<JsonNode> change)
    {
        var path = Path.Combine(data.Runs, trial.Name, "spec.json");
        var spec = JsonNode.Parse(File.ReadAllText(path))!;
        change(spec);
        File.WriteAllText(path, spec.ToJsonString());
    }

    // the last bits of the last weight
    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^4] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
