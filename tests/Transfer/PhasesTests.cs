using MedTransfer.Inference;
using MedTransfer.Models;
using MedTransfer.Tests.Models;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Training.Checkpoints;
using MedTransfer.Training.Objectives;
using MedTransfer.Transfer;

namespace MedTransfer.Tests.Transfer;

[Collection(OneAtATime.Name)]
public sealed class PhasesTests : IDisposable
{
    private static readonly TransferPlan HeadFirst = TransferPlan.HeadFirst(new TrialOrigin("elsewhere"), 2);
    private static readonly FitOptions Four = new() { Epochs = 4, BatchSize = 16, LearningRate = 0.01 };

    private readonly TemporaryFolder folder = new();
    private readonly LabelledImages train = Squares.Train();
    private readonly LabelledImages validation = Squares.Validation();

    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Features_get_their_share_of_the_rate_once_everything_trains()
    {
        var phases = TransferPlan.HeadFirst(new TrialOrigin("elsewhere"), 2, featuresRate: 0.1).Phases;

        Assert.Equal((1, 1), (phases[0].RateFactor("head.weight"), phases[1].RateFactor("head.weight")));
        Assert.Equal(0.1, phases[1].RateFactor("features.conv1.weight"));
        Assert.Equal(new Phase().Trained, phases[1].Trained);
    }

    [Fact]
    public void Head_trains_alone_first_then_everything()
    {
        using var model = Model();
        var features = new List<string> { model.Features.Bits() };
        var heads = new List<string> { model.Head.Bits() };

        var fit = Fit(model, HeadFirst, Four, onEpoch: _ =>
        {
            features.Add(model.Features.Bits());
            heads.Add(model.Head.Bits());
        });

        Assert.Equal(4, fit.History.Count);
        Assert.Equal([true, true, false, false], features.Zip(features.Skip(1), (before, after) => before == after));
        Assert.Equal(5, heads.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]   // within the first phase
    [InlineData(2)]   // between the two
    [InlineData(3)]   // within the second
    public void Training_that_was_stopped_in_a_phase_ends_with_the_same_bits(int after)
    {
        using var whole = Model();
        Fit(whole, HeadFirst, Four);

        using (var stopped = Model())
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Fit(stopped, HeadFirst, Four, Checkpoint, epoch =>
            {
                if (epoch.Epoch == after)
                    stop.Cancel();
            }, stop.Token));
        }

        using var resumed = Model();
        var told = new List<int>();
        Fit(resumed, HeadFirst, Four, Checkpoint, epoch => told.Add(epoch.Epoch));

        Assert.Equal(Enumerable.Range(after + 1, 4 - after), told);
        Assert.Equal(whole.Bits(), resumed.Bits());
    }

    // what it remembers are the weights of the beginning, not those of the checkpoint
    [Fact]
    public void Regulariser_holds_a_resumed_training_to_where_the_whole_one_began()
    {
        var plan = TransferPlan.FineTuned(new TrialOrigin("elsewhere")) with { Regulariser = new L2StartingPoint { Alpha = 5 } };
        using var whole = Model();
        Fit(whole, plan, Four);
        using (var stopped = Model())
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Fit(stopped, plan, Four, Checkpoint, _ => stop.Cancel(), stop.Token));
        }

        using var resumed = Model();
        Fit(resumed, plan, Four, Checkpoint);

        Assert.Equal(whole.Bits(), resumed.Bits());
    }

    // batch norm above the frozen layers has to learn from its batches in the first epoch too
    [Fact]
    public void Layers_that_train_are_in_training_mode_from_the_first_batch_on()
    {
        using var model = Model();
        var modes = new List<bool>();
        var latent = (TorchSharp.Modules.Linear)model.Features.named_children().Single(layer => layer.name == "latent").module;
        latent.register_forward_pre_hook((layer, values) =>
        {
            modes.Add(layer.training);
            return values;
        });

        Fit(model, TransferPlan.Training("features.latent", "head"), new() { Epochs = 1, BatchSize = 30 });

        Assert.Equal([true, true, false], modes);   // two batches, then validation
    }

    [Fact]
    public void Best_epoch_is_one_of_the_last_phase()
    {
        using var model = Model();

        var fit = Fit(model, HeadFirst, Four with { Keep = KeptEpoch.Best });

        Assert.InRange(fit.KeptEpoch, 3, 4);
    }

    [Fact]
    public void Patience_counts_from_the_last_phase_on()
    {
        using var model = Model();

        var fit = Fit(model, HeadFirst, Four with { Epochs = 20, LearningRate = 1e-7, EarlyStopping = new() { Patience = 2, MinChange = 0.5 } });

        Assert.Equal(2 + 1 + 2, fit.History.Count);
    }

    [Fact]
    public void Schedule_begins_anew_with_each_phase()
    {
        using var model = Model();

        var fit = Fit(model, HeadFirst, Four with { Schedule = new MedTransfer.Training.Schedules.CosineDecay() });

        Assert.Equal(fit.History[0].LearningRate!.Value, fit.History[2].LearningRate!.Value, 1e-12);
        Assert.True(fit.History[1].LearningRate < fit.History[0].LearningRate);
    }

    // Adam's first step moves every weight by the step size, whatever its gradient
    [Fact]
    public void Rate_factor_of_the_longest_name_multiplies_the_first_step()
    {
        using var model = Model();
        var before = model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.detach().clone());
        var plan = TransferPlan.Scratch with
        {
            Phases = [new() { RateFactors = new Dictionary<string, double> { ["features"] = 0.5, ["features.conv1"] = 0.1 } }],
        };

        Fit(model, plan, new() { Epochs = 1, BatchSize = 60, LearningRate = 0.01 });

        double Moved(string name) => (model.state_dict()[name].detach() - before[name]).abs().max().item<float>();
        Assert.Equal(0.001, Moved("features.conv1.weight"), 1e-5);
        Assert.Equal(0.005, Moved("features.conv2.weight"), 1e-5);
        Assert.Equal(0.01, Moved("head.weight"), 1e-5);
    }

    [Fact]
    public void Rate_factors_of_one_change_nothing()
    {
        using var plain = Model();
        using var rated = Model();

        Fit(plain, TransferPlan.Scratch, Four);
        Fit(rated, TransferPlan.Scratch with { Phases = [new() { RateFactors = new Dictionary<string, double> { ["features"] = 1 } }] }, Four);

        Assert.Equal(plain.Bits(), rated.Bits());
    }

    // a weight that no gradient moves shrinks by (1 - rate factor decay) a step
    [Fact]
    public void Weight_decay_follows_the_rate_factor()
    {
        using var weights = TorchSharp.torch.ones(3);
        var parameter = new TorchSharp.Modules.Parameter(weights.clone());
        using var adam = new FlatAdam([parameter], weightDecay: 0.5, [0.1]);

        adam.ZeroGradients();
        adam.Step(0.2);

        Assert.All(parameter.detach().data<float>().ToArray(), value => Assert.Equal(1 - 0.2 * 0.1 * 0.5, value, 1e-6));
    }

    private Checkpoint Checkpoint => new(folder["checkpoint"]) { Interval = TimeSpan.Zero };

    private FitResult Fit(
        Classifier model, TransferPlan plan, FitOptions options, Checkpoint? checkpoint = null, Action<EpochRecord>? onEpoch = null, CancellationToken? cancellation = null)
    {
        using var embedder = new Embedder(store: null, "here");
        using var learner = new ClassifierLearner(model, train, validation) { Embedder = embedder };
        return new Trainer(options, 1) { Plan = plan, Transferred = Architecture.ConvNet.FeatureLayerNames, Checkpoint = checkpoint }.Fit(learner, onEpoch, cancellation ?? TestContext.Current.CancellationToken);
    }

    private static Classifier Model() => Classifier.Create(new() { Latent = 8, Dropout = 0.2 }, Squares.Info, 1);
}
