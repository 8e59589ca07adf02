using MedTransfer.Data.Catalogue;
using MedTransfer.Data.Formats;
using MedTransfer.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Objectives;
using MedTransfer.Training.Objectives.Adaptation;
using MedTransfer.Transfer;
using MedTransfer.Trials;

namespace MedTransfer.Tests.Trials;

/// <summary>Whole trials that see a source or a teacher: their folders, what is refused before any runs, and going on after a stop.</summary>
[Collection(OneAtATime.Name)]
public sealed class AdaptationTrialTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DatasetSource target, source, unlabelled, large;

    public AdaptationTrialTests()
    {
        target = Write("target", left: 10, size: Squares.Size);
        source = Write("source", left: 4, size: Squares.Size);
        unlabelled = Write("unlabelled", left: 4, size: Squares.Size, labels: false);
        large = Write("large", left: 4, size: 32);
    }

    public void Dispose() => folder.Dispose();

    public static TheoryData<Objective> Kinds =>
    [
        new PooledTraining(), new CorrelationAlignment(), new DiscrepancyAlignment { UsesTargetLabels = false }, new AdversarialAlignment { Hidden = 7 }, new ImportanceWeighting(), new TransferBoosting { Rounds = 4 }, new RelationalDistillation(),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trial_leaves_the_same_artefacts_each_time_and_its_spec_is_read_as_it_was(Objective objective)
    {
        var trial = new Trial(Spec(objective, source), "adapted");

        var result = Run("runs", trial);
        var again = Run("again", trial);

        Assert.Equal(SquaresTrials.Artefacts(result.Folder.FullPath), SquaresTrials.Artefacts(again.Folder.FullPath));
        Assert.Equal(objective is ImportanceWeighting, result.Metrics.EffectiveSource is > 1 and <= 40);
        var read = result.Folder.ReadSpec();
        Assert.Equal(objective, read.Objective);
        Assert.Equal(trial.Name, new Trial(read, "").Name);
    }

    // the domain classifier goes on too: it is in the checkpoint, as what it is strengthened by is in the number of steps
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Stopped_training_goes_on_to_the_same_bits(Objective objective)
    {
        var trial = new Trial(Spec(objective, source), "adapted");
        var whole = Run("runs", trial);
        if (trial.Spec.Teacher is not null)
            Run("stopped", Teacher);
        using var stop = new CancellationTokenSource();
        using (var runner = Runner("stopped"))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => runner.Run([trial], told =>
            {
                if (told.Stage is TrialStage.Trained) stop.Cancel();
            }, stop.Token));
        }

        var resumed = Run("stopped", trial);

        Assert.Equal(SquaresTrials.Artefacts(whole.Folder.FullPath), SquaresTrials.Artefacts(resumed.Folder.FullPath));
    }

    [Fact]
    public void Images_alone_of_a_source_without_labels_can_be_aligned_with()
    {
        var result = Run("runs", new Trial(Spec(new CorrelationAlignment { UsesSourceLabels = false }, unlabelled), "aligned"));

        Assert.Equal(20, result.Metrics.Test!.Scores.Images);
    }

    // what is seen of both is what the network is given of each alone
    [Fact]
    public void Source_of_another_size_takes_part_where_the_network_sees_both_in_one()
    {
        Objective[] all = [new PooledTraining(), new ImportanceWeighting(), new TransferBoosting { Rounds = 4 }];

        foreach (var spec in all.Select(objective => Spec(objective, large)))
        {
            var result = Run("runs", new Trial(spec with { Model = new() { Latent = 8, Input = new() { ImageSize = 32 } } }, "sized"));

            Assert.Equal(20, result.Metrics.Test!.Scores.Images);
        }
    }

    public static TheoryData<string, Objective, string> Refused => new()
    {
        { "unlabelled has no labels", new CorrelationAlignment(), "unlabelled" },
        { "bring both to one size", new CorrelationAlignment(), "large" },
        { "unlabelled has no labels", new TransferBoosting(), "unlabelled" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Source_that_can_not_take_part_is_refused_before_any_runs(string part, Objective objective, string set)
    {
        using var runner = Runner("runs");

        var error = Assert.Throws<MedTransferException>(() => runner.Run([new Trial(Spec(objective, set == "large" ? large : unlabelled), "adapted")], cancellation: TestContext.Current.CancellationToken));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["runs"]) && Directory.EnumerateDirectories(folder["runs"]).Any(at => File.Exists(Path.Combine(at, "spec.json"))));
    }

    public static TheoryData<string, Objective, FitOptions> WrongOptions => new()
    {
        { "sees images of a source", new CorrelationAlignment(), new() },
        { "weight of CORAL", new CorrelationAlignment { Weight = 0 }, new() },
        { "no labels to learn from", new DiscrepancyAlignment { UsesTargetLabels = false, UsesSourceLabels = false }, new() },
        { "not balanced by sampling", new PooledTraining(), new() { Balance = ClassBalance.Sampling } },
        { "keep the last epoch", new AdversarialAlignment { UsesTargetLabels = false }, new() { Keep = KeptEpoch.Best } },
        { "hidden layer", new AdversarialAlignment { Hidden = 0 }, new() },
        { "let it use their labels", new ImportanceWeighting { UsesSourceLabels = false }, new() },
        { "trains the head alone", new TransferBoosting(), new() },
        { "learns from a teacher", new RelationalDistillation(), new() },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_that_do_not_go_together_are_refused(string part, Objective objective, FitOptions fit)
    {
        var data = new TrialData { Target = Reference(target), Source = objective.SeesSource && part != "sees images of a source" ? Reference(source) : null };

        var error = Assert.Throws<MedTransferException>(() => new Trial(new TrialSpec { Data = data, Objective = objective, Fit = fit }, ""));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUsage);
    }

    [Fact]
    public void Teacher_is_run_first_and_must_be_the_named_network()
    {
        Trial Taught(int latent) => new(Spec(new RelationalDistillation(), null) with { Teacher = new(Teacher.AsOrigin, new() { Latent = latent }) }, "taught");
        using var runner = Runner("runs");

        var results = runner.Run([Taught(6), Teacher], cancellation: TestContext.Current.CancellationToken);
        var error = Assert.Throws<MedTransferException>(() => runner.Run([Taught(5)], cancellation: TestContext.Current.CancellationToken));

        Assert.Equal([Teacher.Name], Taught(6).Spec.Needs);
        Assert.Empty(results[0].Metrics.Transferred);
        Assert.Contains("the weights of the teacher are not those of a CNN", error.Message, StringComparison.Ordinal);
    }

    private Trial Teacher => new(new TrialSpec { Data = Reference(source), Model = new() { Latent = 6 }, Fit = new() { Epochs = 1, BatchSize = 16 } }, "teacher");

    private TrialSpec Spec(Objective objective, DatasetSource? other) => new()
    {
        Data = new() { Target = Reference(target), Source = other is null || !objective.SeesSource ? null : Reference(other) },
        Teacher = objective.SeesTeacher ? new(Teacher.AsOrigin, Teacher.Spec.Model) : null,
        Model = new ModelOptions { Latent = 8 },
        Objective = objective,
        Transfer = objective is TransferBoosting ? TransferPlan.RandomFeatures : TransferPlan.Scratch,
        Fit = new FitOptions { Epochs = 3, BatchSize = 16, Solver = objective is TransferBoosting ? Solver.LogisticRegression : Solver.Adam },
        Seed = 1,
    };

    private TrialResult Run(string runs, Trial trial)
    {
        using var runner = Runner(runs);
        return runner.Run(trial.Spec.Teacher is null ? [trial] : [trial, Teacher], cancellation: TestContext.Current.CancellationToken)[0];
    }

    private TrialRunner Runner(string runs) => new(folder[runs], [target, source, unlabelled, large]);

    private static DataReference Reference(DatasetSource set) => new() { Path = set.Path, Digest = set.Md5 };

    private DatasetSource Write(string name, int left, int size, bool labels = true)
    {
        var path = folder[$"{name}.npz"];
        List<KeyValuePair<string, Array>> arrays = [];
        foreach (var (split, count, first) in new[] { ("train", 40, 0), ("val", 20, 1), ("test", 20, 2) })
        {
            arrays.Add(new($"{split}_images", size == Squares.Size ? Squares.Pixels(count, first, left) : new byte[count, size, size]));
            if (labels)
                arrays.Add(new($"{split}_labels", Squares.Labels(count)));
        }

        NpzWriter.Write(path, arrays);
        return DatasetSource.Find(path, new DataFolders([]));
    }
}
