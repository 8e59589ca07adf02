using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Training;
using MedTransfer.Training.Schedules;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Outcome = MedTransfer.Recipes.Outcome;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class SettingTests
{
    private static readonly TrialEnvironment Here = new()
    {
        MedTransfer = "1.0.0",
        TorchSharp = "0.107.0",
        Libtorch = "2.10.0",
        Runtime = ".NET 10",
        System = "Linux X64",
        Processor = new("AuthenticAMD", "AMD EPYC", "avx2"),
        Device = "cuda",
        Threads = 1,
        DataPath = "a.npz",
        DataDigest = "0",
        Finished = DateTimeOffset.UnixEpoch,
        TrainingSeconds = 1,
        TotalSeconds = 2,
    };

    [Fact]
    public void Machine_is_named_by_what_decides_the_bits()
    {
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0 on libtorch 2.10.0, .NET 10 on Linux X64, AMD EPYC (AuthenticAMD avx2); cuda, compute threads: 1.",
            Setting.machine(Here));
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0, .NET 10 on Linux X64; cuda, compute threads: 1.",
            Setting.machine(Here with { Libtorch = null, Processor = null }));
    }

    [Fact]
    public void Repeatability_is_said_where_it_was_measured()
    {
        Assert.Null(Said(null, null));
        Assert.Equal("The first steps of each of 2 trainings were done twice and gave the same bits.", Said(true, null, true));
        Assert.Equal(
            "The first steps of each of 3 trainings were done twice; those of 2 gave other bits: on this device the same training does not give the same numbers to the last digit.",
            Said(false, true, false, null));
    }

    [Fact]
    public void Method_has_a_row_a_way_and_one_for_all_pretrainings_where_there_are_any()
    {
        using var trials = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var ways = ListModule.OfSeq(trials.Way("no transfer", (0.8, 0.9), (0.7, 0.8)));
        Results Of(params IEnumerable<TrialResult> pretraining) => new(ways, FSharpList<LeftOut>.Empty, ListModule.OfSeq(pretraining));

        var with = Setting.method(lab.Lab, Of(trials.Result("pretraining", 0, new()), trials.Result("pretraining", 1, new()))).TableOf("method");

        Assert.Equal(["pretraining", "no transfer"], with.RowKeys);
        Assert.Equal("initial weights at random; features and head trained", with.Cell("no transfer", "weights"));
        Assert.Equal(["no transfer"], Setting.method(lab.Lab, Of()).TableOf("method").RowKeys);
    }

    [Fact]
    public void Method_says_which_plan_and_what_of_training_was_asked_for()
    {
        using var trials = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var network = new ModelOptions { Architecture = Architecture.ResNet18 };
        (string Weights, string Training) Of(string plan, bool kept, FitOptions fit)
        {
            var outcome = trials.Way("way", (0.8, 0.9), (0.7, 0.8)).First();
            var transfer = NamedPlan.Parse(plan).On(new TrialOrigin("elsewhere"), network, fit.Epochs);
            var spec = outcome.Way.Trial.Spec with { Model = network, Fit = fit, Transfer = kept ? transfer.KeepingStatistics() : transfer };
            var way = WayModule.trained("way", outcome.Way.Size, 0, new Trial(spec, "way"));
            var results = new Results(ListModule.OfSeq([new Outcome(way, outcome.Result, outcome.Parts, outcome.Patients)]), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty);
            var table = Setting.method(lab.Lab, results).TableOf("method");
            return (table.Cell("way", "weights"), table.Cell("way", "training"));
        }

        Assert.Equal(
            ("features from the pretraining; head trained to its optimum by logistic regression, then features and head trained, batch norms keep the statistics of the source",
                "Adam, learning rate 0.001, a constant rate, after a linear rise over 0.1 of the steps, weight decay 0.01, batch 64, 20 epochs, the last epoch kept, rare classes weigh more in the loss"),
            Of("lp-ft", kept: true, new() { Schedule = new ConstantRate { WarmUp = 0.1 }, WeightDecay = 0.01, Balance = ClassBalance.Loss }));
        Assert.Equal(
            ("features from the pretraining; head trained for 3 epochs, then features.layer4 and head trained for 3 epochs, then features.layer3 and features.layer4 and head trained for 3 epochs, "
                + "then features.layer2 and features.layer3 and features.layer4 and head trained for 3 epochs, then features.layer1 and features.layer2 and features.layer3 and features.layer4 and head trained for 3 epochs, "
                + "then features and head trained",
                "Adam, learning rate 0.001, one cycle of the rate, up over 0.3 of the steps and then down, batch 64, 20 epochs, the last epoch kept, rare classes drawn more often"),
            Of("gradual", kept: false, new() { Schedule = new OneCycle(), Balance = ClassBalance.Sampling }));
        Assert.Equal(
            ("features from the pretraining; features and head trained, features.bn1 at 0.00842 times the rate, features.conv1 at 0.00842 times the rate, features.layer1 at 0.0219 times the rate, "
                + "features.layer2 at 0.0569 times the rate, features.layer3 at 0.148 times the rate, features.layer4 at 0.385 times the rate",
                "Adam, learning rate 0.001, the rate times 0.1 at 0.5 and 0.75 of the steps, after a linear rise over 0.2 of the steps, batch 64, 20 epochs, the last epoch kept"),
            Of("discriminative", kept: false, new() { Schedule = new StepDecay { WarmUp = 0.2 } }));
        Assert.Equal("Adam, learning rate 0.001, the rate falling along half a cosine to 0 of it, batch 64, 20 epochs, the last epoch kept", Of("fine-tuned", kept: false, new() { Schedule = new CosineDecay() }).Training);
        Assert.EndsWith("with C = 1, rare classes weigh more in the loss", Of("frozen", kept: false, new() { Solver = Solver.LogisticRegression, Balance = ClassBalance.Loss }).Training, StringComparison.Ordinal);
    }

    private static string? Said(params IEnumerable<bool?> repeats) =>
        Setting.repeatability(ListModule.OfSeq(repeats.Select(one => Here with { Repeats = one }))) is { } text && FSharpOption<string>.get_IsSome(text) ? text.Value : null;
}
