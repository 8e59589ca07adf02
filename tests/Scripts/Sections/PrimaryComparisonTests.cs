using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Evaluation.Cases;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Sections;

public sealed class PrimaryComparisonTests : IDisposable
{
    private readonly HandMadeOutcomes made = new();
    private readonly HandMadeLab files = HandMadeLab.OnFiles(ExperimentModule.task2);

    public void Dispose()
    {
        made.Dispose();
        files.Dispose();
    }

    // ten seeds of the study whose difference MRMCaov knows, its second way the one that is compared
    private FSharpList<Outcome> Study(int seeds) => ListModule.OfSeq(new[] { "fine-tuned", "no transfer" }.SelectMany((way, i) => Enumerable.Range(0, seeds).Select(seed =>
        made.Outcome(way, seed, new HandMade
        {
            Test = HandMadeSplit.Of([.. Enumerable.Range(0, ReaderStudy.Images).Select(image =>
            (ReaderStudy.Labels[image, 0], ReaderStudy.Rating(1 - i, seed, image) / 256f))])
        }))));

    [Fact]
    public void All_that_is_known_of_it_is_said()
    {
        var paragraphs = PrimaryComparison.paragraphs(files.Lab, Study(10));

        // MRMCaov 0.3.0: .0427; standard error .01062, what patients vary these ten trainings
        Assert.Equal("Named before anything was run: test ROC AUC of fine-tuned minus no transfer, all training images: +0.043 [+0.021, +0.065], p < 0.001. Verdict, with a margin of 0.02: better.", paragraphs[0]);
        // seeds: var(d) / 10 = .0000656 of the ten differences, R 4.2.2, over .0106218^2
        Assert.StartsWith("The interval counts in seeds, which add 58 % of its variance, and test images, which add 42 % and which no number of seeds would shrink. ", paragraphs[1], StringComparison.Ordinal);
        Assert.Matches(@" Seeds alone, on these very test images \(Student's t, with fewer degrees of freedom\): \[\+0\.024, \+0\.061\]\. Seeds and test images drawn anew \(crossed bootstrap, .*\): \[\+0\.0[0-9]{2}, \+0\.0[0-9]{2}\]\. P", paragraphs[1]);
        // nine of ten, and Wilson's interval of that
        Assert.EndsWith(" P(fine-tuned beats no transfer), with the same seed and sample: 0.90 [0.60, 0.98].", paragraphs[1], StringComparison.Ordinal);
        Assert.Equal("Every other comparison on this page is exploratory.", Assert.Single(paragraphs.Skip(2)));
    }

    [Fact]
    public void Few_seeds_have_no_verdict_and_phantoms_no_word()
    {
        Assert.Equal(
            [
                "Named before anything was run: test ROC AUC of fine-tuned minus no transfer, all training images: +0.056 (4 seeds: no interval). Verdict, with a margin of 0.02: no verdict below 5 seeds.",
                "P(fine-tuned beats no transfer), with the same seed and sample: 1.00.",
                "Every other comparison on this page is exploratory.",
            ],
            PrimaryComparison.paragraphs(files.Lab, Study(4)));
        using var phantoms = HandMadeLab.OnPhantoms(ExperimentModule.task2);
        Assert.DoesNotContain(PrimaryComparison.paragraphs(phantoms.Lab, Study(10)), paragraph => paragraph.Contains("Verdict", StringComparison.Ordinal));
    }

    [Fact]
    public void What_would_decide_is_said_where_nothing_is_decided()
    {
        // no difference but by chance, of seeds alone: patients are all alike
        var outcomes = ListModule.OfSeq(made.Way("no transfer", (0.7, 0.70), (0.7, 0.70), (0.7, 0.70), (0.7, 0.70), (0.7, 0.70))
            .Concat(made.Way("fine-tuned", (0.7, 0.76), (0.7, 0.70), (0.7, 0.76), (0.7, 0.70), (0.7, 0.73))));
        var paragraphs = PrimaryComparison.paragraphs(files.Lab, outcomes);
        Assert.EndsWith(" Verdict, with a margin of 0.02: no difference shown.", paragraphs[0], StringComparison.Ordinal);
        // mean .03, standard deviation .03: 6 seeds have .03 sqrt(1 / 6) t(.975, 5) = .0315, 7 have .0277
        Assert.EndsWith(" If the difference and what varies it stay as measured, about 7 seeds on these test patients would tell better from worse, or show equivalence, in half of all repetitions. More test patients alone would not tell, whatever their number.", paragraphs[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Way_that_was_left_out_is_undefined()
    {
        var paragraphs = PrimaryComparison.paragraphs(files.Lab, ListModule.OfSeq(made.Way("no transfer", (0.7, 0.7))));
        Assert.EndsWith("all training images: undefined. Verdict, with a margin of 0.02: not tested.", paragraphs[0], StringComparison.Ordinal);
    }
}
