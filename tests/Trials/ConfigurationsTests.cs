using MedTransfer.Tests.Runtime;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;

namespace MedTransfer.Tests.Trials;

public sealed class ConfigurationsTests : IDisposable
{
    private static readonly TrialSpec Spec = new()
    {
        Data = new DataReference { Path = "data/a.npz", Digest = "0123456789abcdef0123456789abcdef", TrainImages = 300, SampleSeed = 4 },
        Seed = 3,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // SHA-256 over the spec's compact JSON without data.target.path, data.target.sampleSeed and seed, first 16 digits: hashlib.sha256 in Python
    [Fact]
    public void Configuration_is_pinned() => Assert.Equal("586ea02c760fa32b", Of(Spec));

    // all that there is, whoever adds it: a new seed that is not marked would make each draw a configuration
    [Fact]
    public void Configuration_changes_with_every_field_but_seeds_and_whereabouts()
    {
        TrialSpec[] bases =
        [
            Spec with
            {
                Data = Spec.Target.WithFold(new(), 0),
                Transfer = TransferPlan.Scratch.FrozenTo(2, new()),
                Fit = new() { Schedule = new OneCycle(), EarlyStopping = new(), Augmentation = new() },
            },
            Spec with { Members = [Done(Spec), Done(Spec with { Threads = 2 })] },
            Spec with { Transfer = TransferPlan.FineTuned(new TrialOrigin(Done(Spec))) },
        ];

        var same = bases.SelectMany(start => FieldChanges.Of(start).Where(change => Of(change.Changed) == Of(start)).Select(change => change.Field));

        Assert.Equal(["Data.Target.Folds.Resampling.Seed", "Data.Target.Folds.SampleSeed", "Data.Target.Path", "Data.Target.SampleSeed", "Seed"], same.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parents_and_members_that_differ_in_seeds_alone_make_no_other_configuration()
    {
        string Child(TrialSpec parent) => Of(Spec with { Transfer = TransferPlan.Frozen(new TrialOrigin(Done(parent))) });
        string Mean(params TrialSpec[] members) => Of(Spec with { Members = [.. members.Select(Done)] });
        var (other, longer) = (Spec with { Seed = 4 }, Spec with { Fit = new() { Epochs = 21 } });
        TrialSpec Grandchild(TrialSpec of) => Spec with { Transfer = TransferPlan.FineTuned(new TrialOrigin(Done(of))) };

        Assert.Equal(Child(Spec), Child(other));
        Assert.NotEqual(Child(Spec), Child(longer));
        Assert.Equal(Child(Grandchild(Spec)), Child(Grandchild(other)));
        Assert.NotEqual(Child(Grandchild(Spec)), Child(Grandchild(longer)));
        Assert.Equal(Mean(Spec, longer), Mean(other, longer));
        Assert.NotEqual(Mean(Spec, Spec), Mean(Spec, longer));
    }

    [Fact]
    public void Parent_that_is_gone_is_known_by_its_name()
    {
        string Child(string parent) => Of(Spec with { Transfer = TransferPlan.Frozen(new TrialOrigin(parent)) });

        Assert.Equal(Child("0edcba9876543210"), Child("0edcba9876543210"));
        Assert.NotEqual(Child("0edcba9876543210"), Child("1edcba9876543210"));
    }

    private string Of(TrialSpec spec) => new Configurations(folder.Path).Of(spec);

    /// <summary>The name of a trial whose spec is written.</summary>
    private string Done(TrialSpec spec)
    {
        var trial = new Trial(spec, "");
        new TrialFolder(folder.Path, trial.Name).Begin(spec);
        return trial.Name;
    }
}
