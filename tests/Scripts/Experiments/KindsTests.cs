using MedTransfer.Data.Checks;
using MedTransfer.Data.Formats;
using MedTransfer.Inference.TrainedModels;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Training;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>Kinds of transfer among the ways of anybody's images: the trainings, what is left out, and the model that they leave.</summary>
[Collection(OneAtATime.Name)]
public sealed class KindsTests : IDisposable
{
    private const string Every = "pooled,importance,tradaboost,coral,mmd,dann,relational,soup,vicreg,simclr";

    private readonly TemporaryFolder folder = new();

    public KindsTests()
    {
        SyntheticSets.Write(folder["source.npz"], labels: 2, counts: [60, 20, 20]);
        SyntheticSets.Write(folder["split.npz"], labels: 1, counts: [40, 100, 100], seed: 9);
        SyntheticSets.Write(folder["whole.npz"], labels: 1, counts: [50, 0, 0], seed: 8);
    }

    public void Dispose() => folder.Dispose();

    // of the same spec, so that what one recipe has trained the other reads
    [Fact]
    public void Kinds_are_the_trainings_that_methods_compares()
    {
        using var methods = HandMadeLab.Of(ExperimentModule.methods, "--source", folder["source.npz"], "--target", folder["split.npz"], "--target-size", "all", "--seeds", "2");
        var known = FamilyWays.ofSize(methods.Lab, FamilyWays.pretrained(methods.Lab), TargetSize.AllImages, 1, 1).ToDictionary(way => way.Name);

        Run([folder["split.npz"], "--source", folder["source.npz"], "--ways", Every, "--seeds", "2"], lab =>
        {
            var ways = Transfers.ways(lab, Sources.all(lab)).Ways.Where(way => way.Seed == 1 && way.Name.StartsWith("source, ", StringComparison.Ordinal) && !way.IsControl).ToList();

            Assert.Equal(
                ["pooled", "importance weighting", "TrAdaBoost", "CORAL", "MMD", "DANN", "relational distillation", "greedy soup", "VICReg, frozen", "VICReg, fine-tuned", "SimCLR, frozen", "SimCLR, fine-tuned"],
                ways.Select(way => Kind(way)));
            Assert.All(ways.Where(way => !Kind(way).EndsWith("frozen", StringComparison.Ordinal)), way => Assert.Equal(known[Kind(way)].Trial.Name, way.Trial.Name));
            // a head on weights that serve all seeds serves them too
            Assert.All(ways.Where(way => Kind(way).EndsWith("frozen", StringComparison.Ordinal)), way => Assert.Equal(known[Kind(way)].Trial.Spec.Transfer.Origin, way.Trial.Spec.Transfer.Origin));
        });

        static string Kind(Way way) => way.Name["source, ".Length..];
    }

    [Fact]
    public void What_cannot_be_run_of_a_source_is_said_once_for_all_kinds_with_the_same_reason()
    {
        NpzWriter.Write(folder["unlabelled.npz"], [new("train_images", Squares.Pixels(60))]);
        string[] words = [folder["whole.npz"], "--source", "imagenet-resnet18", "--source", folder["unlabelled.npz"], "--source", folder["source.npz"], "--ways", "frozen,coral,dann,relational,soup,vicreg", "--seeds", "1"];

        Run(words, lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));

            Assert.Equal(
                [
                    ("imagenet-resnet18, CORAL; imagenet-resnet18, DANN; imagenet-resnet18, VICReg", "it learns from images of a source set, and imagenet-resnet18 is weights alone: name a set or a folder as --source"),
                    ("imagenet-resnet18, greedy soup; source, greedy soup", "it chooses its members by validation images, and whole has none"),
                    ("unlabelled, CORAL; unlabelled, DANN; unlabelled, relational distillation; unlabelled, greedy soup", "it takes weights or relations that labels of the source have taught, and unlabelled has none"),
                ],
                planned.LeftOut.GroupBy(left => left.Reason).Select(of => (string.Join("; ", of.Select(left => left.Way)), of.Key)));
            Assert.Equal(
                ["imagenet-resnet18, frozen", "imagenet-resnet18, relational distillation", "unlabelled, frozen", "unlabelled, VICReg, frozen", "unlabelled, VICReg, fine-tuned",
                    "source, frozen", "source, CORAL", "source, DANN", "source, relational distillation", "source, VICReg, frozen", "source, VICReg, fine-tuned"],
                planned.Ways.Where(way => !way.IsControl && way.Name != Transfers.none).Select(way => way.Name).Distinct());
            // the student is the network of no transfer, whatever its teacher is
            var student = planned.Ways.First(way => way.Name == "imagenet-resnet18, relational distillation").Trial.Spec;
            Assert.Equal(planned.Ways.First(way => way.Name == Transfers.none).Trial.Spec.Model, student.Model);
            Assert.Equal("resNet18", student.Teacher!.Model.Architecture.Name, ignoreCase: true);
        });
    }

    // without a test split, four fifths of a source are learned from: by its weights, without labels, and beside the target
    [Fact]
    public void Source_without_a_test_split_lends_the_same_four_fifths_to_all()
    {
        SyntheticSets.Write(folder["cut.npz"], labels: 1, counts: [60, 0, 0], seed: 5);

        Run([folder["whole.npz"], "--source", folder["cut.npz"], "--ways", "coral,vicreg", "--seeds", "2"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var bySeed = planned.Pretraining.Where(trial => trial.Label == "pretraining on cut").ToDictionary(trial => trial.Spec.Seed);

            Assert.Equal([0L, 1L], bySeed.Keys.Order());
            Assert.All(planned.Ways.Where(way => way.Name == "cut, CORAL"), way => Assert.Equal(bySeed[way.Seed].Spec.Target, way.Trial.Spec.Data.Source));
            Assert.Single(Assert.Single(planned.Pretraining, trial => trial.Label == "VICReg of cut").Spec.Target.Folds);
        });
    }

    [Theory]
    [InlineData("coral,soup", "No way of --ways could be recommended. imagenet-resnet18, CORAL: it learns from images of a source set, and imagenet-resnet18 is weights alone: name a set or a folder as --source. A greedy soup is compared, and not recommended: ")]
    [InlineData("dann", "No way of --ways could be recommended. imagenet-resnet18, DANN: ")]
    public void Ways_of_which_none_could_be_recommended_are_refused(string ways, string start) =>
        Run([folder["split.npz"], "--ways", ways], lab =>
        {
            var error = Assert.Throws<MedTransferException>(() => Transfers.ways(lab, Sources.all(lab)));
            Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
            Assert.True(error.IsUsage);
        });

    [Fact]
    public void Kind_without_a_source_is_refused() =>
        Run([folder["split.npz"], "--source", "none", "--ways", "frozen,coral"], lab => Assert.Equal(
            "--ways names coral, which needs a source, and --source is none: name a set or a folder as --source.",
            Assert.Throws<MedTransferException>(() => Transfers.ways(lab, Sources.all(lab))).Message));

    [Fact]
    public void Soup_is_compared_and_not_recommended()
    {
        var errors = Run([folder["split.npz"], "--source", folder["source.npz"], "--ways", "frozen,soup", "--seeds", "1", "--epochs", "2"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var outcomes = lab.Run(planned.Pretraining, planned.Ways).Outcomes;
            var tested = Transfers.tested(lab, outcomes);

            Assert.NotNull(tested.Single(one => one.Way == "source, greedy soup").Tested.Score("rocAuc"));
            Assert.Equal("source, frozen", Recommendations.ofWays(lab, outcomes, tested)!.Value.Way);
            // the soup itself may be the best by validation
            var alone = ListModule.OfSeq(outcomes.Where(outcome => outcome.Way.Name != "source, frozen"));
            Assert.Null(Recommendations.ofWays(lab, alone, Transfers.tested(lab, alone)));
        });

        Assert.Contains("A greedy soup is compared, and not recommended: ", errors, StringComparison.Ordinal);
    }

    // by folds, from a source of another size: each leaves a model that says whose images it has learned from
    [Fact]
    public void Each_kind_leaves_a_model_for_use_that_names_its_source()
    {
        SyntheticSets.Write(folder["large.npz"], labels: 1, counts: [60, 20, 20], size: 36, seed: 4);

        Run([folder["whole.npz"], "--source", folder["large.npz"], "--ways", "tradaboost,coral,relational,vicreg", "--seeds", "1", "--epochs", "2", "--pretraining-epochs", "2"], lab =>
        {
            Assert.Equal(TestScheme.Folds, lab.TestScheme);
            var planned = Transfers.ways(lab, Sources.all(lab));
            Assert.Empty(planned.LeftOut);
            var results = lab.Run(planned.Pretraining, planned.Ways);
            Assert.Empty(results.LeftOut);
            Assert.All(results.Outcomes, outcome => Assert.Empty(outcome.Result.Metrics.NotTransferred));
            var tested = Transfers.tested(lab, results.Outcomes);
            Assert.All(tested, one => Assert.Equal(Enumerable.Range(0, 50), one.Tested.Parts.SelectMany(part => part.Predictions.FileIndices!).Order()));

            foreach (var (way, pretrained, beside, taught) in new (string, string[], string[]?, string[]?)[]
            {
                ("large, TrAdaBoost", ["large"], ["large"], null), ("large, CORAL", ["large"], ["large"], null),
                ("large, relational distillation", [], null, ["large"]), ("large, VICReg, fine-tuned", ["large"], null, null),
            })
            {
                var model = FinalModels.train(lab, results.Outcomes, way);
                var described = TransferModel.write(lab, model, tested, null);

                var from = described.LearnedFrom;
                Assert.Equal((way, 50), (from.Way, from.Images));
                Assert.Equal(pretrained, from.PretrainedOn);
                Assert.Equal(beside, from.LearnedBeside);
                Assert.Equal(taught, from.TaughtBy);
                using var read = ModelFolder.Open(folder["reports/transfer/model"]);
                Assert.Equal(beside, read.Description.LearnedFrom.LearnedBeside);
                var card = File.ReadAllText(folder["reports/transfer/model/README.md"]);
                Assert.Equal(beside is not null, card.Contains("\n- images of large took part in its training\n", StringComparison.Ordinal));
                Assert.Equal(taught is not null, card.Contains("\n- taught by a network that was pretrained on large\n", StringComparison.Ordinal));
                // 50 images of its own, 80 of the source
                Assert.Equal(130, read.Known.Pixels.Count);
            }
        });
    }

    [Fact]
    public void Budget_measures_and_runs_kinds_as_other_ways()
    {
        Run([folder["split.npz"], "--source", folder["source.npz"], "--ways", "frozen,tradaboost,coral,relational,soup,vicreg", "--seeds", "1", "--epochs", "2", "--budget", "2h"], lab =>
        {
            var planned = Transfers.ways(lab, Sources.all(lab));
            var (results, steps) = Budget.orAll(lab, planned);

            Assert.Equal(planned.Ways.Select(way => way.Trial.Name), results.Outcomes.Select(outcome => outcome.Way.Trial.Name));
            Assert.All(steps, step => Assert.True(step.IsTaken));
            Assert.All(steps.Where(step => step.What.StartsWith("source, ", StringComparison.Ordinal)), step => Assert.True(step.Seconds > 0));
        });
    }

    [Fact]
    public void Page_says_what_a_source_lends_besides_its_weights()
    {
        Run([folder["split.npz"], "--source", folder["source.npz"], "--ways", "coral,dann,relational,soup,simclr", "--seeds", "1"], lab =>
        {
            var sources = Sources.all(lab);
            List<string> Texts(IEnumerable<string> ways) => [.. TransferTables.sources(lab, sources, ListModule.OfSeq(ways)).OfType<Report.Section.Text>().Select(text => text.Item)];

            var texts = Texts(Transfers.ways(lab, sources).Ways.Select(way => way.Name));
            // a way that a budget left out lends nothing
            Assert.Equal([texts[0], texts[1].Replace("CORAL, DANN", "DANN", StringComparison.Ordinal)], Texts(["no transfer", "source, DANN"]));

            Assert.Equal(
                [
                    "source: the study's CNN learns its labels first, once a seed.",
                    "source, CORAL, DANN: the images that its weights learned from take part in every training on split, which begins with these weights. Where labels of source are learned from beside those of split, 'healthy' as '0', 'disease' as '1' is taken: they need not mean the same.",
                    "source, SimCLR: the study's CNN learns its images without labels, once for all seeds: what another such training would be worth is in no interval.",
                    "source, relational distillation: the CNN of no transfer begins with random weights; of the source it takes relations between the images, no weight.",
                    $"source: {Transfers.soupRemark}",
                ],
                texts);
        });
    }

    private string Run(string[] words, Action<Lab> body)
    {
        var run = CapturedRun.Of(ExperimentModule.transfer, [.. words, "--workers", "1", "--offline", "--out", folder.Path], body);
        Assert.True(run.Code == 0, run.Errors);
        return run.Errors;
    }
}
