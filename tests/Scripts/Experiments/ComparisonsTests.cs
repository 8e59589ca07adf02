using MedTransfer.Data.Formats;
using MedTransfer.Evaluation.Verdicts;
using MedTransfer.Models;
using MedTransfer.Recipes;
using MedTransfer.Tests.Training;
using MedTransfer.Training;
using MedTransfer.Transfer;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Experiments;

/// <summary>Which trainings are compared with which, and what is said of it. Patients who are all alike make intervals Student's.</summary>
[Collection(OneAtATime.Name)]
public sealed class ComparisonsTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    private FSharpList<Outcome> Three() => ListModule.OfSeq<Outcome>([
        .. made.Way("no transfer", (0.7, 0.70), (0.7, 0.71), (0.7, 0.72), (0.7, 0.70), (0.7, 0.72)),
        // ttest_rel of SciPy 1.10.1: p = .0395, and .0235 against another way beside it
        .. made.Way("frozen", (0.7, 0.72), (0.7, 0.71), (0.7, 0.75), (0.7, 0.73), (0.7, 0.73)),
        .. made.Way("frozen, logistic regression", (0.7, 0.73), (0.7, 0.72), (0.7, 0.73), (0.7, 0.73), (0.7, 0.77)),
        .. made.Way("fine-tuned", (0.7, 0.74), (0.7, 0.71), (0.7, 0.76), (0.7, 0.74), (0.7, 0.73)),
    ]);

    [Fact]
    public void Primary_comparison_stands_alone_and_the_others_are_adjusted_for_their_number()
    {
        var judged = Comparisons.family(files.Lab, Outcomes.aucScore, "no transfer", Three()).ToDictionary(way => way.Way);
        double Own(string way) => judged[way].Comparison!.PValue!.Value;
        Assert.Equal(["frozen", "frozen, logistic regression", "fine-tuned"], judged.Keys);
        Assert.Equal([false, false, true], judged.Values.Select(way => way.IsPrimary));
        Assert.Null(judged["fine-tuned"].AdjustedP);
        // two others: the smaller p twice, the larger once, but at least that
        var (smaller, larger) = (Math.Min(Own("frozen"), Own("frozen, logistic regression")), Math.Max(Own("frozen"), Own("frozen, logistic regression")));
        var adjusted = judged.Values.Where(way => !way.IsPrimary).Select(way => way.AdjustedP!.Value).Order().ToArray();
        Assert.Equal([2 * smaller, Math.Max(2 * smaller, larger)], adjusted.Select((p, _) => p), (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.True(larger < 0.05 && 2 * smaller > 0.05, $"{smaller}, {larger}");
        Assert.All(judged.Values.Where(way => !way.IsPrimary), way => Assert.Equal(WayVerdict.NoDifferenceShown, way.Verdict));
        Assert.StartsWith("no difference shown (Holm's p = 0.0", Comparisons.verdictText(files.Lab, judged["frozen"]), StringComparison.Ordinal);
        // in the family wherever it is asked for; alone, it would be better
        Assert.Equal(judged["frozen"].AdjustedP, Comparisons.judged(files.Lab, Outcomes.aucScore, "frozen", "no transfer", Three()).AdjustedP);
        Assert.Equal(WayVerdict.Better, Comparisons.judged(files.Lab, Outcomes.aucScore, "frozen", "no transfer", Without("frozen, logistic regression")).Verdict);
    }

    private FSharpList<Outcome> Without(string way) => ListModule.OfSeq(Three().Where(outcome => outcome.Way.Name != way));

    [Fact]
    public void Accuracy_and_other_sizes_are_not_the_primary_comparison()
    {
        Assert.All(Comparisons.family(files.Lab, Outcomes.accuracyScore, "no transfer", Three()), way => Assert.False(way.IsPrimary));
        var fifty = TargetSize.NewImages(50);
        var small = ListModule.OfSeq(made.Way("no transfer", new HandMade { Size = fifty }).Concat(made.Way("fine-tuned", new HandMade { Size = fifty })));
        Assert.False(Assert.Single(Comparisons.family(files.Lab, Outcomes.aucScore, "no transfer", small)).IsPrimary);
        Assert.Equal("test ROC AUC of fine-tuned minus no transfer, all training images", Wording.primary(files.Lab.Primary));
    }

    [Theory]
    [InlineData(1, "+0.100 (one seed: no interval)", "no verdict below 5 seeds")]
    [InlineData(4, "+0.100 (4 seeds: no interval)", "no verdict below 5 seeds")]
    [InlineData(5, "+0.100 (the same in every training: no interval)", "not tested")]
    public void Few_seeds_and_ways_that_do_not_vary_have_no_interval(int seeds, string text, string verdict)
    {
        var outcomes = ListModule.OfSeq(made.Way("no transfer", Enumerable.Repeat(new HandMade { Test = HandMadeSplit.Of(0.7, 0.7) }, seeds))
            .Concat(made.Way("frozen", Enumerable.Repeat(new HandMade { Test = HandMadeSplit.Of(0.7, 0.8) }, seeds))));
        var judged = Comparisons.judged(files.Lab, Outcomes.aucScore, "frozen", "no transfer", outcomes);
        Assert.Equal((text, verdict), (Comparisons.text(3, judged), Comparisons.verdictText(files.Lab, judged)));
    }

    [Fact]
    public void Few_patients_of_a_class_are_said()
    {
        HandMadeSplit Split(double shift) => HandMadeSplit.Of([.. Enumerable.Range(0, 30).Select(image => ((byte)(image % 4 == 0 ? 1 : 0), (float)((image * 7 % 30 + shift) / 40)))]);
        var outcomes = ListModule.OfSeq(Enumerable.Range(0, 5).SelectMany(seed => new[]
        {
            made.Outcome("no transfer", seed, new HandMade { Test = Split(seed) }),
            made.Outcome("frozen", seed, new HandMade { Test = Split(9 - seed) }),
        }));
        Assert.EndsWith("(fewer than 10 patients decide it: no interval)", Comparisons.text(3, Comparisons.judged(files.Lab, Outcomes.aucScore, "frozen", "no transfer", outcomes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Margin_of_the_command_line_decides_equivalence()
    {
        using var wide = HandMadeLab.OnFiles(ExperimentModule.task2, "--margin", "0.1");
        Assert.StartsWith("better, by less than 0.1, 90 % interval [+0.006, +", Comparisons.verdictText(wide.Lab, Comparisons.judged(wide.Lab, Outcomes.aucScore, "frozen", "no transfer", Without("frozen, logistic regression"))));
        Assert.Equal("better", Comparisons.verdictText(files.Lab, Comparisons.judged(files.Lab, Outcomes.aucScore, "frozen", "no transfer", Without("frozen, logistic regression"))));
    }

    [Fact]
    public void Draws_cross_every_seed_with_every_sample_and_pair_both()
    {
        using var crossed = HandMadeLab.OnFiles(ExperimentModule.task2, "--draws", "5", "--seeds", "3", "--target-size", "50,all");
        var lab = crossed.Lab;
        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)], lab.Repetitions(TargetSize.NewImages(50)).Take(6).Select(of => (of.Item1, of.Item2)));
        Assert.Equal(15, lab.Repetitions(TargetSize.NewImages(50)).Length);
        Assert.Equal([(0, 0), (1, 1), (2, 2)], lab.Repetitions(TargetSize.AllImages).Select(of => (of.Item1, of.Item2)));
        Assert.Equal([(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)], files.Lab.Repetitions(TargetSize.NewImages(50)).Select(of => (of.Item1, of.Item2)));

        Way Way(string name, int draw, int seed) => WayModule.trained(
            name, TargetSize.NewImages(50), seed, lab.Trial(name, lab.Target.Sample(TargetSize.NewImages(50), draw), TransferPlan.Scratch, new FitOptions(), seed, FSharpOption<Architecture>.None, FSharpOption<double>.None, null));
        var outcomes = ListModule.OfSeq(from name in new[] { "a", "b" }
                                        from draw in new[] { 0, 1 }
                                        from seed in new[] { 0, 1, 2 }
                                        select made.Outcome(name, seed, new HandMade { Test = HandMadeSplit.Of(0.5 + 0.1 * draw + (name == "a" ? 0.01 * seed : 0), 0.7) }) is var outcome
                                            ? new Outcome(Way(name, draw, seed), outcome.Result, outcome.Parts, outcome.Patients, outcome.Inner)
                                            : null!);
        var pairs = Outcomes.pairs(Outcomes.testAccuracy, Outcomes.ofWay("a", outcomes), Outcomes.ofWay("b", outcomes));
        Assert.Equal([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)], pairs.Select(pair => (pair.Seed, pair.Draw)));
        Assert.All(pairs, pair => Assert.Equal(0.01 * pair.Seed, pair.Values!.Value.Item1 - pair.Values.Value.Item2, 1e-12));
        // seeds differ, draws do not: the variance is that of three seeds, .01^2 / 3, and not of six trainings
        Assert.Equal(0.01 / Math.Sqrt(3), Outcomes.difference(pairs).Difference!.Value.StandardError!.Value, 1e-9);
        Assert.Equal("3 seeds on each of 2 samples, mean ± standard deviation", Wording.seeds(outcomes));
    }

    [Fact]
    public void Test_patients_are_those_of_the_file()
    {
        using var sets = new SyntheticSets();
        var path = Path.Combine(sets.Folder, "patients.npz");
        var random = new Random(5);
        NpzWriter.Write(path, [.. new[] { ("train", 40), ("val", 20), ("test", 24) }.SelectMany(split => new KeyValuePair<string, Array>[]
        {
            new($"{split.Item1}_images", Images(split.Item2)),
            new($"{split.Item1}_labels", Labels(split.Item2)),
            new($"{split.Item1}_patients", Enumerable.Range(0, split.Item2).Select(image => (split.Item2 * 1000L) + image / 2).ToArray()),
        })]);
        using var lab = HandMadeLab.OnFile(ExperimentModule.task2, path);
        var control = lab.Lab.Trial("majority class", lab.Lab.Target.All, TransferPlan.RandomFeatures, new FitOptions { Solver = Solver.LogisticRegression }, 0, Architecture.MajorityClass, FSharpOption<double>.None, null);
        var results = lab.Lab.Run(ListModule.Empty<Trial>(), ListModule.OfSeq([WayModule.control("majority class", TargetSize.AllImages, 0, control)]));
        var patients = Assert.Single(results.Outcomes).Patients;
        Assert.Equal((12, 24, true), (patients.Count, patients.Images, patients.AreKnown));
        Assert.Equal("test patients", Wording.cases(results.Outcomes));
        Assert.Equal("test images", Wording.cases(ListModule.Empty<Outcome>()));

        byte[,,] Images(int count)
        {
            var images = new byte[count, 28, 28];
            for (var i = 0; i < count; i++)
            {
                for (var y = 0; y < 28; y++)
                {
                    for (var x = 0; x < 28; x++)
                        images[i, y, x] = (byte)random.Next(256);
                }
            }

            return images;
        }

        static byte[,] Labels(int count)
        {
            var labels = new byte[count, 1];
            for (var i = 0; i < count; i++)
                labels[i, 0] = (byte)(i / 2 % 2);
            return labels;
        }
    }
}
