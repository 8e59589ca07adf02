using MedTransfer.Evaluation;
using MedTransfer.Models;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.TwoViews;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

public sealed class TrialTests
{
    private static readonly TrialSpec Spec = new()
    {
        Data = new DataReference { Path = "data/a.npz", Digest = "0123456789abcdef0123456789abcdef", TrainImages = 300, SampleSeed = 4 },
        Transfer = new TransferPlan { Origin = new TrialOrigin("fedcba9876543210") },
        Seed = 3,
    };

    public static TheoryData<string, TrialSpec> Others => new()
    {
        { "digest", Spec with { Data = Spec.Target with { Digest = "1123456789abcdef0123456789abcdef" } } },
        { "excerpt", Spec with { Data = Spec.Target with { Excerpt = 64 } } },
        { "binarised", Spec with { Data = Spec.Target with { Binarised = true } } },
        { "uncertain", Spec with { Data = Spec.Target with { UncertainAs = 0 } } },
        { "positive class", Spec with { Data = Spec.Target with { PositiveClass = 0 } } },
        { "train images", Spec with { Data = Spec.Target with { TrainImages = null } } },
        { "sample seed", Spec with { Data = Spec.Target with { SampleSeed = 5 } } },
        { "fold", Spec with { Data = Spec.Target.WithFold(new(), 0) } },
        { "other fold", Spec with { Data = Spec.Target.WithFold(new(), 1) } },
        { "resampling", Spec with { Data = Spec.Target.WithFold(new() { Repeats = 2 }, 0) } },
        { "architecture", Spec with { Model = new() { Architecture = Architecture.PixelRegression } } },
        { "latent", Spec with { Model = new() { Latent = 65 } } },
        { "parent", Spec with { Transfer = new() { Origin = new TrialOrigin("0edcba9876543210") } } },
        { "weights", Spec with { Transfer = new() { Origin = new WeightsOrigin("a.safetensors", "00") } } },
        { "other weights", Spec with { Transfer = new() { Origin = new WeightsOrigin("a.safetensors", "01") } } },
        { "phases", Spec with { Transfer = TransferPlan.HeadFirst(Spec.Transfer.Origin!, 2) } },
        { "epochs of a phase", Spec with { Transfer = TransferPlan.HeadFirst(Spec.Transfer.Origin!, 3) } },
        { "rate factor", Spec with { Transfer = Spec.Transfer with { Phases = [new() { RateFactors = new Dictionary<string, double> { ["features"] = 0.1 } }] } } },
        { "head to its optimum", Spec with { Transfer = TransferPlan.HeadConverged with { Origin = Spec.Transfer.Origin } } },
        { "regulariser", Spec with { Transfer = Spec.Transfer with { Regulariser = new L2StartingPoint() } } },
        { "objective", Spec with { Objective = Objective.Reconstruction } },
        { "objective without labels", Spec with { Objective = new VicRegularisation() } },
        { "weight of an objective", Spec with { Objective = new VicRegularisation { VarianceWeight = 24 } } },
        { "width of a projection", Spec with { Objective = new VicRegularisation { ProjectionWidth = 64 } } },
        { "other objective", Spec with { Objective = new ContrastiveLearning() } },
        { "temperature", Spec with { Objective = new ContrastiveLearning { Temperature = 0.1 } } },
        { "no parent", Spec with { Transfer = new() } },
        { "trained", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Trained = ["head"] }] } } },
        { "solver", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Trained = ["head"] }] }, Fit = new() { Solver = Solver.LogisticRegression } } },
        { "epochs", Spec with { Fit = new() { Epochs = 21 } } },
        { "batch size", Spec with { Fit = new() { BatchSize = 65 } } },
        { "learning rate", Spec with { Fit = new() { LearningRate = 0.0011 } } },
        { "keep", Spec with { Fit = new() { Keep = KeptEpoch.Best } } },
        { "kept by", Spec with { Fit = new() { KeptBy = Metric.Loss } } },
        { "checkpoint every", Spec with { Fit = new() { CheckpointEvery = 2 } } },
        { "early stopping", Spec with { Fit = new() { EarlyStopping = new() } } },
        { "schedule", Spec with { Fit = new() { Schedule = new OneCycle() } } },
        { "dropout", Spec with { Model = new() { Dropout = 0.5 } } },
        { "augmentation", Spec with { Fit = new() { Augmentation = new() } } },
        { "shift", Spec with { Fit = new() { Augmentation = new() { Shift = 0.1 } } } },
        { "balance", Spec with { Fit = new() { Balance = ClassBalance.Loss } } },
        { "members", Spec with { Transfer = TransferPlan.Scratch, Members = ["0edcba9876543210"] } },
        { "weight decay", Spec with { Fit = new() { WeightDecay = 0.01 } } },
        { "through frozen layers", Spec with { Fit = new() { ThroughFrozenLayers = true } } },
        { "inverse penalty", Spec with { Fit = new() { InversePenalty = 2 } } },
        { "penalty choice", Spec with { Fit = new() { PenaltyChoice = new() } } },
        { "penalties to choose from", Spec with { Fit = new() { PenaltyChoice = new() { InversePenalties = [1, 2] } } } },
        { "folds of a penalty", Spec with { Fit = new() { PenaltyChoice = new() { Folds = 4 } } } },
        { "seed", Spec with { Seed = 2 } },
        { "device", Spec with { Device = "cuda" } },
        { "threads", Spec with { Threads = 2 } },
    };

    public static TheoryData<string, TrialSpec> Refused => new()
    {
        { "epochs", Spec with { Fit = new() { Epochs = 0 } } },
        { "patience", Spec with { Fit = new() { EarlyStopping = new() { Patience = 0 } } } },
        { "latent", Spec with { Model = new() { Latent = 0 } } },
        { "latent", Spec with { Model = new() { Latent = 65_537 } } },
        { "nothing", Spec with { Transfer = TransferPlan.Training([]) } },
        { "'haed'", Spec with { Transfer = TransferPlan.Training(["features", "haed"]) } },
        { "threads", Spec with { Threads = 0 } },
        { "sees no source images", Spec with { Data = new() { Target = Spec.Target, Source = Spec.Target } } },
        { "take all of the 5 epochs", Spec with { Transfer = TransferPlan.HeadFirst(Spec.Transfer.Origin!, 5), Fit = new() { Epochs = 5 } } },
        { "last phase", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Epochs = 3 }] } } },
        { "no number of epochs", Spec with { Transfer = Spec.Transfer with { Phases = [new(), new()] } } },
        { "rate factor of features", Spec with { Transfer = Spec.Transfer with { Phases = [new() { RateFactors = new Dictionary<string, double> { ["features"] = 0 } }] } } },
        { "'feature' to give a rate", Spec with { Transfer = Spec.Transfer with { Phases = [new() { RateFactors = new Dictionary<string, double> { ["feature"] = 0.5 } }] } } },
        { "a rate in a phase that does not train it", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Trained = ["head"], RateFactors = new Dictionary<string, double> { ["features.conv1"] = 0.5 } }] } } },
        { "rate factor of head", Spec with { Transfer = Spec.Transfer with { Phases = [new() { RateFactors = new Dictionary<string, double> { ["head"] = 1e39 } }] } } },
        { "an empty one", Spec with { Transfer = Spec.Transfer with { Phases = [null!] } } },
        { "no part ''", Spec with { Transfer = TransferPlan.Training([null!]) } },
        { "no name of a trial", Spec with { Transfer = TransferPlan.FineTuned(new TrialOrigin("../elsewhere")) } },
        { "take all of the 5 epochs", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Epochs = int.MaxValue }, new() { Epochs = int.MaxValue }, new()] }, Fit = new() { Epochs = 5 } } },
        { "excerpt of 0 images", Spec with { Data = Spec.Target with { Excerpt = 0 } } },
        { "alpha", Spec with { Transfer = Spec.Transfer with { Regulariser = new L2StartingPoint { Alpha = -1 } } } },
        { "give the plan an origin", Spec with { Transfer = new() { Regulariser = new L2StartingPoint() } } },
        { "in the first phase of several", Spec with { Transfer = TransferPlan.RandomFeatures with { Phases = [new() { Trained = ["head"], ToConvergence = true }] } } },
        { "in the first phase of several", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Epochs = 1 }, new() { Trained = ["head"], ToConvergence = true }, new()] } } },
        { "is of the head alone", Spec with { Transfer = Spec.Transfer with { Phases = [new() { ToConvergence = true }, new()] } } },
        { "is of the head alone", Spec with { Transfer = Spec.Transfer with { Phases = [new() { Trained = ["head"], ToConvergence = true, Epochs = 1 }, new()] } } },
        { "trains all of its parts", Spec with { Objective = Objective.Reconstruction, Transfer = TransferPlan.HeadConverged } },
        { "CNN has no batch norm", Spec with { Transfer = Spec.Transfer.KeepingStatistics() } },
        { "give the plan an origin", Spec with { Model = new() { Architecture = Architecture.ResNet18 }, Transfer = new() { KeepsStatistics = true } } },
        { "warm-up", Spec with { Fit = new() { Schedule = new ConstantRate { WarmUp = 1 } } } },
        { "warm-up", Spec with { Fit = new() { Schedule = new StepDecay { WarmUp = -0.1 } } } },
        { "leave the plan's regulariser", Spec with { Transfer = TransferPlan.RandomFeatures with { Origin = Spec.Transfer.Origin, Regulariser = new L2StartingPoint() }, Fit = new() { Solver = Solver.LogisticRegression } } },
        { "of one phase", Spec with { Transfer = TransferPlan.RandomFeatures with { Phases = [new() { Trained = ["head"], Epochs = 1 }, new() { Trained = ["head"] }] }, Fit = new() { Solver = Solver.LogisticRegression } } },
        { "name some of features, head, features.conv1, features.conv2, features.conv3, features.latent", Spec with { Transfer = TransferPlan.Training(["features.conv4"]) } },
        { "name some of features, head.", Spec with { Transfer = TransferPlan.Scratch.FrozenTo(1, new()), Model = new() { Architecture = Architecture.PixelRegression } } },
        { "Logistic regression", Spec with { Transfer = TransferPlan.Scratch.FrozenTo(3, new()), Fit = new() { Solver = Solver.LogisticRegression } } },
        { "Logistic regression", Spec with { Fit = new() { Solver = Solver.LogisticRegression } } },
    };

    // SHA-256 over the spec's compact JSON (without data.target.path, with the number of the numerics), first 16 digits: changes with the recipe and nothing else.
    // The number is hashlib.sha256 over that JSON in Python. A change orphans every finished trial.
    [Fact]
    public void Name_is_pinned() => Assert.Equal("73a6f5423b4e5e53", new Trial(Spec, "label").Name);

    [Fact]
    public void Name_follows_neither_the_path_nor_the_label() => Assert.Equal(
        new Trial(Spec, "one").Name, new Trial(Spec with { Data = Spec.Target with { Path = "elsewhere/b.npz" } }, "other").Name);

    [Theory]
    [MemberData(nameof(Others))]
    public void Name_changes_with(string option, TrialSpec other) => Assert.True(new Trial(Spec, "").Name != new Trial(other, "").Name, option);

    // all that there is, whoever adds it: a field that a name does not hold would pass another result for this one's
    [Fact]
    public void Name_changes_with_every_field_of_every_option()
    {
        LearningRateSchedule[] schedules = [new StepDecay(), new CosineDecay(), new OneCycle(), new ConstantRate()];
        TrialSpec[] bases =
        [
            .. schedules.Select(schedule => Spec with
            {
                Data = Spec.Target.WithFold(new(), 0),
                Transfer = Spec.Transfer.FrozenTo(2, new()),
                Fit = new() { Schedule = schedule, EarlyStopping = new(), Augmentation = new() },
            }),
            Spec,
            Spec with { Model = new() { Architecture = Architecture.ResNet18 } },   // for what batch norms keep
            Spec with { Transfer = TransferPlan.HeadFirst(Spec.Transfer.Origin!, 2) },
            Spec with { Transfer = TransferPlan.RandomFeatures },   // for logistic regression, and members
            Spec with { Transfer = TransferPlan.Scratch, Members = ["0edcba9876543210", "1edcba9876543210"] },   // for how they are taken together
        ];

        var fields = bases.SelectMany(start => FieldChanges.Of(start).Select(change => (change.Field, Name: NameOf(change.Changed), Before: NameOf(start))))
            .ToLookup(change => change.Field);

        Assert.All(fields, field =>
        {
            Assert.True(field.Any(change => change.Name is not null), $"{field.Key} has no other value that can be run: give FieldChanges one");
            Assert.All(field.Where(change => change.Name is not null), change =>
                Assert.True((change.Name == change.Before) == (field.Key == "Data.Target.Path"), field.Key));
        });
        Assert.Superset(
            new HashSet<string> { "Fit.EarlyStopping.Patience", "Fit.Augmentation.Flip", "Fit.Schedule.WarmUp", "Data.Target.Folds.Resampling.HeldOut", "Transfer.Phases.Trained", "Transfer.Phases.ToConvergence", "Transfer.KeepsStatistics", "Transfer.Origin.Trial", "Objective", "Model.Architecture", "Members", "Threads" },
            fields.Select(field => field.Key).ToHashSet());
    }

    private static string? NameOf(TrialSpec spec)
    {
        try
        {
            return new Trial(spec, "").Name;
        }
        catch (MedTransferException)
        {
            return null;   // options that do not go together
        }
    }

    [Fact]
    public void Name_changes_with_the_kind_and_the_shape_of_a_schedule()
    {
        LearningRateSchedule[] schedules = [new StepDecay(), new StepDecay { Milestones = [0.6] }, new CosineDecay(), new CosineDecay { WarmUp = 0.1 }, new OneCycle()];

        Assert.Equal(5, schedules.Select(schedule => new Trial(Spec with { Fit = new() { Schedule = schedule } }, "").Name).Distinct().Count());
    }

    [Fact]
    public void Name_is_that_of_the_defaults_written_out() => Assert.Equal(
        new Trial(new TrialSpec { Data = Spec.Data }, "").Name,
        new Trial(new TrialSpec { Data = Spec.Data, Fit = new() { Epochs = 20, LearningRate = 0.001 }, Model = new() { Latent = 64 }, Device = "cpu", Threads = 1 }, "").Name);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Spec_that_cannot_be_run_is_a_usage_error_that_says_why(string named, TrialSpec spec)
    {
        var error = Assert.Throws<MedTransferException>(() => new Trial(spec, ""));

        Assert.True(error.IsUsage);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
