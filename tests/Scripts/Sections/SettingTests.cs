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
            Setting.machine(ListModule.OfSeq([Here])));
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0, .NET 10 on Linux X64; cuda, compute threads: 1.",
            Setting.machine(ListModule.OfSeq([Here with { Libtorch = null, Processor = null }])));
        Assert.Equal(
            "MedTransfer 1.0.0, TorchSharp 0.107.0 on libtorch 2.10.0, ONNX Runtime 1.2.3, .NET 10 on Linux X64, AMD EPYC (AuthenticAMD avx2); cuda, compute threads: 1.",
            Setting.machine(ListModule.OfSeq([Here, Here with { OnnxRuntime = "1.2.3" }])));
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
            var results = new Results(ListModule.OfSeq([new Outcome(way, outcome.Result, outcome.Parts, outcome.Patients, outcome.Inner)]), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty);
            var table = Setting.method(lab.Lab, results).TableOf("method");
            return (table.Cell("way", "weights"), table.Cell("way", "training"));
        }

        Assert.Equal(
            ("features from the pretraining; head trained to its optimum by logistic regression, C chosen on folds of the training images, then features and head trained, batch norms keep the statistics of the source",
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

    [Fact]
    public void Chosen_penalties_stand_by_way_and_size()
    {
        using var trials = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        HandMade Chose(double chosen, TargetSize size, int folds = 5) => new()
        {
            Size = size,
            Penalty = new(chosen, folds, [new(0.001, 0.6, 0.1), new(0.01, 0.5, 0.1), new(0.03, 0.4, 0.1), new(1, 0.4, 0.1)]),
        };
        var (few, all) = (TargetSize.NewImages(50), TargetSize.AllImages);
        var outcomes = trials.Way("no transfer", (0.8, 0.9))
            .Concat(trials.Way("frozen", Chose(0.01, few), Chose(0.03, few), Chose(0.001, few), Chose(0.001, few, folds: 0)))
            .Concat(trials.Way("frozen", Chose(1, all), Chose(1, all)))
            .Concat(trials.Way("random", Chose(0.03, all)));

        var sections = Setting.method(lab.Lab, new(ListModule.OfSeq(outcomes), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty));

        var table = sections.TableOf("penalties");
        Assert.Equal(["frozen", "random"], table.RowKeys);
        Assert.Equal(["50 training images", "all training images"], table.ColumnKeys);
        Assert.Equal(["0.0055 (0.001 to 0.03); 1 at the strongest tried; 1 at the strongest for want of folds", "1; 2 at the weakest tried"], table.Row("frozen"));
        Assert.Equal(["", "0.03"], table.Row("random"));
        Assert.DoesNotContain("penalties", Setting.method(lab.Lab, new(ListModule.OfSeq(trials.Way("no transfer", (0.8, 0.9))), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty)).Tables());
    }

    [Theory]
    [InlineData(false, "head alone to the minimum on standardised embeddings, mean loss + |W|^2 / (2 C n) with C = 1")]
    [InlineData(true, "head alone to the minimum on standardised embeddings, mean loss + |W|^2 / (2 C n), C chosen of 11 values from 0.0001 to 10, tried in this order until two in a row lose clearly, by 5 folds of the training images: the strongest penalty within one standard error of the lowest mean held-out loss")]
    public void Method_says_how_the_penalty_of_a_converged_head_came_about(bool chosen, string said)
    {
        using var trials = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var made = trials.Outcome("frozen", 0, new());
        var fit = new FitOptions { Solver = Solver.LogisticRegression, PenaltyChoice = chosen ? new() : null };
        var way = new Way("frozen", false, TargetSize.AllImages, 0, new Trial(made.Way.Trial.Spec with { Fit = fit, Transfer = TransferPlan.RandomFeatures }, "frozen"), made.Way.Parts, made.Way.Inner);

        var method = Setting.method(lab.Lab, new(ListModule.OfSeq<Outcome>([new(way, made.Result, made.Parts, made.Patients, made.Inner)]), FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty));

        Assert.Equal(said, method.TableOf("method").Cell("frozen", "training"));
    }

    private static string? Said(params IEnumerable<bool?> repeats) =>
        Setting.repeatability(ListModule.OfSeq(repeats.Select(one => Here with { Repeats = one }))) is { } text && FSharpOption<string>.get_IsSome(text) ? text.Value : null;
}
