using MedTransfer.Data;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts;

public sealed class HandMadeOutcomesTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();

    [Fact]
    public void Given_predictions_and_embeddings_are_read_back_with_their_figures()
    {
        var outcome = made.Outcome("way", 3, new HandMade
        {
            Test = HandMadeSplit.Of([(0, 0.25f), (1, 0.75f), (1, 0.125f), (0, 0.5f)]),
            TestEmbeddings = new float[,] { { 1 }, { 2 }, { 3 }, { 4 } },
        });
        Assert.Equal(0.75, outcome.Result.Metrics.Scores(SplitName.Test).Accuracy);
        Assert.Equal(0.5, outcome.Result.Metrics.Scores(SplitName.Test).RocAuc);
        Assert.Equal(0.125f, outcome.Result.Predictions(SplitName.Test).Probabilities[2, 1]);
        Assert.Equal([0, 1, 1, 0], outcome.Result.Embeddings(SplitName.Test).Classes);
        Assert.Equal(3, outcome.Way.Seed);
    }

    [Fact]
    public void Ways_sizes_and_seeds_are_trials_of_their_own_unless_one_serves_all()
    {
        var two = made.Way("a", (0.5, 0.5), (0.6, 0.6)).Concat(made.Way("b", (0.5, 0.5)))
            .Append(made.Outcome("b", 0, new HandMade { Size = TargetSize.NewImages(50) })).ToList();
        Assert.Equal(4, two.DistinctBy(outcome => outcome.Way.Trial.Name).Count());
        var control = new HandMade { IsControl = true, OneTrial = true };
        Assert.Single(made.Way("control", control, control).DistinctBy(outcome => outcome.Way.Trial.Name));
    }

    [Fact]
    public void Sections_show_hand_made_figures_on_files_and_on_phantoms()
    {
        var outcomes = ListModule.OfSeq(made.Way("no transfer", (0.5, 0.6), (0.75, 0.9)));
        foreach (var (lab, hasVerdicts) in new[] { (HandMadeLab.OnFiles(ExperimentModule.task2), true), (HandMadeLab.OnPhantoms(ExperimentModule.task2), false) })
        {
            using var _ = lab;
            Assert.Equal(hasVerdicts, lab.Lab.HasVerdicts);
            var sections = Scores.tables(lab.Lab, MapModule.Empty<string, Table.Study>(), Times.none, "no transfer", TargetSize.AllImages, outcomes);
            Assert.Equal("0.625 ± 0.177", sections.TableOf("table3-all").Cell("no transfer", "test ACC"));
        }
    }

    public void Dispose() => made.Dispose();
}
