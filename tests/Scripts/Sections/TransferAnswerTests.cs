using MedTransfer.Data;
using MedTransfer.Data.Formats;
using MedTransfer.Evaluation.Cases;
using MedTransfer.Evaluation.Curves;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tasks;
using MedTransfer.Tests.Runtime;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Testing;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Sections;

/// <summary>The answer's words, from scores made by hand: two folds of fifty images, half of them positive, five seeds.</summary>
public sealed class TransferAnswerTests : IDisposable
{
    private const int Each = 50;

    private static readonly Patients All = Patients.OfImages(2 * Each);

    private readonly TemporaryFolder folder = new();
    private readonly HandMadeLab lab;

    public TransferAnswerTests()
    {
        var (images, labels) = (new byte[2 * Each, 28, 28], new byte[2 * Each, 1]);
        var random = new Random(1);
        for (var image = 0; image < 2 * Each; image++)
        {
            labels[image, 0] = (byte)(image % 2);
            for (var pixel = 0; pixel < 28 * 28; pixel++)
                images[image, pixel / 28, pixel % 28] = (byte)random.Next(256);
        }

        NpzWriter.Write(folder["own.npz"], [new("train_images", images), new("train_labels", labels)]);
        lab = HandMadeLab.Of(ExperimentModule.transfer, folder["own.npz"]);
    }

    public void Dispose()
    {
        lab.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(0.92, 0.7, 0.6, "Transfer helps: s, frozen. Trust it? Yes, because its interval counts in seeds and images, and decides.", "Test ROC AUC: s, frozen 0.920; no transfer 0.700, difference +0.220 [", "Highest of all that were run: s, frozen, 0.920.")]
    [InlineData(0.92, 0.6, 0.88, "Transfer does better than no transfer, but is not shown to do better than pixel regression, which needs none. Trust it? Not yet, because over the best control the interval rules out a loss that would matter (0.02 and more), and leaves open whether there is a gain that would.", "Test ROC AUC: s, frozen 0.920; no transfer 0.600, difference +0.320 [", "Highest of all that were run: s, frozen, 0.920.")]
    [InlineData(0.7, 0.68, 0.6, "Whether transfer helps is not shown. Trust it? Not yet, because the interval rules out a loss that would matter (0.02 and more), and leaves open whether there is a gain that would.", "Test ROC AUC: s, frozen 0.700; no transfer 0.680, difference +0.020 [", "Highest of all that were run: s, frozen, 0.700.")]
    [InlineData(0.68, 0.7, 0.6, "S, frozen does not help by 0.02 or more. Trust it? Not yet, because the interval rules out a gain that would matter (0.02 and more), and leaves open whether there is a loss that would.", "Test ROC AUC: s, frozen 0.680; no transfer 0.700, difference -0.020 [", "Highest of all that were run: no transfer, 0.700.")]
    [InlineData(0.6, 0.92, 0.6, "Transfer does not help: s, frozen scores lower than no transfer. Trust it? Yes, because its interval counts in seeds and images, and decides.", "Test ROC AUC: s, frozen 0.600; no transfer 0.920, difference -0.320 [", "Highest of all that were run: no transfer, 0.920.")]
    [InlineData(0.92, 0.4, 0.6, "Transfer helps: s, frozen. Trust it? Yes, because its interval counts in seeds and images, and decides.", "Test ROC AUC: s, frozen 0.920; no transfer 0.400, difference +0.520 [", "No transfer has learnt nothing (0.400 is no better than guessing): a gain over it means nothing; read the one over the control, or train longer (--epochs).")]
    public void Answer_is_what_the_figures_carry(double way, double none, double control, string answer, string figures, string remark)
    {
        var (tested, recommended) = Tested(way, none, control);

        var text = TransferAnswer.paragraphs(lab.Lab, tested, recommended, null, ListModule.OfSeq(["s, fine-tuned"]));

        Assert.Equal(4, text.Length);
        Assert.Equal(answer, text[0]);
        Assert.Equal("But beware: Who is shown is not known of any image: images of one patient may be in two splits, and intervals count images where they should count patients.", text[1]);
        Assert.StartsWith(figures, text[2], StringComparison.Ordinal);
        Assert.Contains($"; pixel regression {control:0.000}, difference ", text[2], StringComparison.Ordinal);
        Assert.Contains($" {remark} ", text[2], StringComparison.Ordinal);
        Assert.EndsWith(" Not run: s, fine-tuned.", text[2], StringComparison.Ordinal);
        Assert.Equal("There is no test split: each of the 100 images was tested once a seed by a model that had not seen it, by five folds (stratified), 5 seeds.", text[3]);
    }

    [Fact]
    public void The_first_screen_says_the_answer_with_its_figures()
    {
        var (tested, recommended) = Tested(0.92, 0.7, 0.6);

        var opening = TransferOpening.ofRecommendation(lab.Lab, "Does it?", tested, recommended, FSharpOption<Curves.Curve>.Some(Curve((0.6, 0.76, 0.92, 0.96), (0.8, 0.82, 0.83, 0.84))));

        Assert.Matches(@"^Transfer helps: s, frozen\. Test ROC AUC \+0\.220 \[\+0\.[0-9]{3}, \+0\.[0-9]{3}\], s, frozen minus no transfer\.$", opening.Verdict);
        Assert.Equal(("yes", "its interval counts in seeds and images, and decides"), (opening.Trust, opening.Because));
        Assert.Equal(("s, frozen", "Gain over no transfer"), (opening.Boxes[0].Figure, opening.Boxes[1].Of));
        Assert.StartsWith("test ROC AUC 0.920 ± 0.000 [", opening.Boxes[0].Note, StringComparison.Ordinal);
        Assert.StartsWith("+0.220 [", opening.Boxes[1].Figure, StringComparison.Ordinal);
        Assert.StartsWith("and over the best control, pixel regression: +0.320 [", opening.Boxes[1].Note, StringComparison.Ordinal);
        Assert.Matches(@"^28 \[[^]]*\], for 80$", opening.Boxes[2].Figure);
        Assert.Contains("for the AUC that s, frozen has with 80", opening.Boxes[2].Note, StringComparison.Ordinal);
        Assert.EndsWith(": whether it saves or costs images is not shown", opening.Boxes[2].Note, StringComparison.Ordinal);
        Assert.Equal("own (0, 1), 28 x 28 pixels. There is no test split: each of the 100 images was tested once a seed by a model that had not seen it, by five folds (stratified), 5 seeds.", opening.Setting);
        Assert.Equal(["no transfer", "s, frozen", "pixel regression"], opening.Estimation!.Value.Ways.Select(way => way.Item1));
        Assert.Equal([0.7, 0.92, 0.6], opening.Estimation!.Value.Ways.Select(way => Math.Round(way.Item2.Average(seed => seed.Item2), 12)));
        Assert.Equal(["s, frozen minus no transfer", "s, frozen minus pixel regression"], opening.Estimation!.Value.Differences.Select(difference => difference.Item1));
    }

    // one that is chosen fold by fold by the others would score lower than either of them
    [Fact]
    public void The_control_is_the_one_that_scores_highest()
    {
        var tested = ListModule.OfSeq([
            .. Way("s, frozen", 0.92), .. Way("no transfer", 0.7), .. Way("pixel regression", 0.6, isControl: true), .. Way("mean brightness", 0.64, isControl: true),
        ]);

        var known = Recommendations.ofWays(lab.Lab, ListModule.Empty<Outcome>(), tested)!.Value;

        Assert.Equal("mean brightness", known.Control);
        Assert.Equal(0.64, known.OverControl!.Second, 12);
    }

    [Fact]
    public void Nothing_transferred_is_said_on_the_first_screen()
    {
        var opening = TransferOpening.ofRecommendation(lab.Lab, "Does it?", ListModule.Empty<Transfers.TestedTransfer>(), null, null);
        Assert.Equal(("No way is recommended: nothing was transferred.", "no"), (opening.Verdict, opening.Trust));
        Assert.Null(opening.Estimation);
        Assert.Empty(opening.Boxes);
    }

    [Fact]
    public void Table_of_ways_has_each_score_and_its_difference_to_no_transfer()
    {
        var (tested, _) = Tested(0.92, 0.7, 0.6);

        var table = TransferTables.ways(lab.Lab, tested).TableOf("ways");

        Assert.Equal(["s, frozen", "no transfer", "pixel regression"], table.RowKeys);
        // no two seeds differ
        Assert.StartsWith("0.920 ± 0.000 [", table.Cell("s, frozen", "ROC AUC"), StringComparison.Ordinal);
        Assert.StartsWith("+0.220 [", table.Cell("s, frozen", "AUC minus no transfer"), StringComparison.Ordinal);
        Assert.Equal("", table.Cell("no transfer", "AUC minus no transfer"));
        Assert.StartsWith("-0.100 [", table.Cell("pixel regression", "AUC minus no transfer"), StringComparison.Ordinal);
    }

    // halfway between 20 and 40 images on the logarithmic axis, sqrt(20 40) = 28; and beyond ten times 80
    [Fact]
    public void Curves_tell_how_many_images_another_way_needs_and_what_twice_as_many_bring()
    {
        string[] Said((double, double, double, double) none, (double, double, double, double) way) =>
            [.. TransferCurve.sentences("images", FSharpOption<Curves.Curve>.Some(Curve(none, way)), Tested(0.92, 0.7, 0.6).Recommended!.Value)];

        var within = Said((0.6, 0.76, 0.92, 0.96), (0.8, 0.82, 0.83, 0.84));
        Assert.StartsWith("By their learning curves, no transfer needs 28 images [", within[0], StringComparison.Ordinal);
        Assert.EndsWith("] for the AUC that s, frozen has with 80.", within[0], StringComparison.Ordinal);
        Assert.Matches("^Twice as many, 160, would bring s, frozen to 0[.]8[45][0-9] [[]0[.][0-9]{3}, 0[.][0-9]{3}[]], [+]0[.]0[01][0-9] [[].*[]] more[.] [(]What is said of more than 80 images is extrapolated; brackets hold 95 % of draws of seeds and images[.][)]$", within[1]);

        var never = Said((0.5, 0.52, 0.52, 0.52), (0.8, 0.9, 0.92, 0.94));
        Assert.Equal("By their learning curves, no transfer needs more than 800 images for the AUC that s, frozen has with 80.", never[0]);
        Assert.StartsWith("By their learning curves, no transfer needs at most 10 images [at most 10, ", Said((0.9, 0.92, 0.94, 0.96), (0.5, 0.6, 0.6, 0.6))[0], StringComparison.Ordinal);
        Assert.Empty(TransferCurve.sentences("images", null, Tested(0.92, 0.7, 0.6).Recommended!.Value));
    }

    [Fact]
    public void How_rough_the_curves_are_is_said_with_them()
    {
        string Caption((double, double, double, double) none) =>
            TransferCurve.section(FSharpOption<Curves.Curve>.Some(Curve(none, (0.8, 0.8, 0.8, 0.8)))).CaptionOf("curve");

        Assert.Contains(" The curves pass by the measured means by up to 0.000. Images of folds are tested and learned from: the ranges count in the first alone, and are somewhat too short. ", Caption((0.72, 0.72, 0.72, 0.72)), StringComparison.Ordinal);
        // up, down and up again, as no curve goes
        Assert.Matches(@" pass by the measured means by up to 0\.[1-3][0-9]{2}\. ", Caption((0.52, 0.92, 0.52, 0.92)));
    }

    private (FSharpList<Transfers.TestedTransfer> Tested, FSharpOption<Recommendations.Recommendation>? Recommended) Tested(double way, double none, double control)
    {
        var tested = ListModule.OfSeq([.. Way("s, frozen", way), .. Way("no transfer", none), .. Way("pixel regression", control, isControl: true)]);
        return (tested, Recommendations.ofWays(lab.Lab, ListModule.Empty<Outcome>(), tested));
    }

    private static Curves.Curve Curve((double, double, double, double) none, (double, double, double, double) way)
    {
        static double[] Scores((double, double, double, double) scores) => [scores.Item1, scores.Item2, scores.Item3, scores.Item4];
        int[] sizes = [10, 20, 40, 80];
        var all = sizes.Select((images, place) => (images, Tested: ListModule.OfSeq([.. Way("no transfer", Scores(none)[place]), .. Way("s, frozen", Scores(way)[place])]))).ToList();
        var byWay = new[] { "no transfer", "s, frozen" }.ToDictionary(
            name => name,
            name => (IReadOnlyList<CurveTraining>)[.. all.SelectMany(size => size.Tested.Where(one => one.Way == name).Select(one => new CurveTraining(size.images, one.Seed, one.Tested.Score("rocAuc")!)))]);
        return new(ListModule.OfSeq(["no transfer", "s, frozen"]), ListModule.OfSeq(all.Select(size => Tuple.Create(size.images, size.Tested))), FSharpOption<LearningCurves>.Some(LearningCurves.Of(byWay, 200)!));
    }

    private static IEnumerable<Transfers.TestedTransfer> Way(string name, double auc, bool isControl = false) =>
        Enumerable.Range(0, 5).Select(seed => new Transfers.TestedTransfer(name, isControl, false, TargetSize.AllImages, seed, $"{name} {seed}", new TestedWay([Part(0, auc), Part(1, auc)])));

    // negatives at 0, 1, ..., 24; every positive lies above as many of them as the AUC says
    private static TestedPart Part(int fold, double auc)
    {
        var (probabilities, labels) = (new float[Each, 2], new byte[Each, 1]);
        for (var image = 0; image < Each; image++)
        {
            var score = image % 2 == 0 ? image / 2 + 0.5f : (float)(auc * Each / 2);
            (labels[image, 0], probabilities[image, 1]) = ((byte)(image % 2), score / 40);
            probabilities[image, 0] = 1 - probabilities[image, 1];
        }

        int[] places = [.. Enumerable.Range(fold * Each, Each)];
        return new(LearningTask.Of(LabelTask.BinaryClass), new SplitPredictions(SplitName.Test, places, Labels.Of(labels), probabilities), All.Subset(places));
    }
}
