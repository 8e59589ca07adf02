using MedTransfer.Evaluation;
using MedTransfer.Trials;
using MedTransfer.Trials.Artefacts;
using MedTransfer.Trials.Repetition;
using static MedTransfer.Trials.Repetition.RepetitionOutcome;

namespace MedTransfer.Tests.Trials.Repetition;

/// <summary>What becomes of a repeated trial, from what was found: by value, without any training.</summary>
public class TrialRepetitionTests
{
    private static readonly Trial Trial = new(new() { Data = new DataReference { Path = "a.npz", Digest = "0" } }, "trial");

    private static readonly FigureComparison
        Within = new(Metric.Accuracy, .8, .85, new(.75, .85)),
        Beyond = new(Metric.RocAuc, .8, .86, new(.75, .85)),
        Untold = new(Metric.RocAuc, .8, .86, null);

    [Fact]
    public void Same_bits_are_that_on_any_machine_and_under_any_name()
    {
        Assert.Equal((SameBits, true), Outcome(Of([])));
        Assert.Equal((SameBits, true), Outcome(Of([]) with { Machine = [new("libtorch", "1", "2")] }));
        Assert.Equal((SameBits, true), Outcome(Of([], folder: "my best")));
    }

    [Fact]
    public void Other_bits_without_a_reason_should_not_be_whatever_the_figures() =>
        Assert.Equal((Unexplained, false), Outcome(Of(["metrics.json"], Within)));

    [Fact]
    public void Other_bits_for_a_reason_are_judged_by_the_figures()
    {
        foreach (var reason in new Func<TrialRepetition, TrialRepetition>[]
        {
            repetition => repetition with { Machine = [new("libtorch", "1", "2")] },
            repetition => repetition with { OtherNeeds = ["0123456789abcdef"] },
            repetition => Of(repetition.OtherArtefacts, folder: "0123456789abcdef") with { Figures = repetition.Figures },
        })
        {
            Assert.Equal((FiguresAgree, true), Outcome(reason(Of(["weights.safetensors"], Within))));
            Assert.Equal((FiguresDiffer, false), Outcome(reason(Of(["weights.safetensors"], Within, Beyond))));
            Assert.Equal((FiguresDiffer, false), Outcome(reason(Of(["weights.safetensors"], Untold, Beyond))));
            Assert.Equal((FiguresUnknown, false), Outcome(reason(Of(["weights.safetensors"], Within, Untold))));
        }
    }

    [Fact]
    public void Damaged_original_is_nothing_to_compare_with_on_any_machine() => Assert.Equal(
        (Damaged, false),
        Outcome(Of(["predictions.csv"], Within) with { DamagedArtefacts = ["predictions.csv"], Machine = [new("libtorch", "1", "2")] }));

    [Theory]
    [InlineData(.8, .8, true, null)]
    [InlineData(.8, .75, true, -.05)]
    [InlineData(.8, .7499, false, -.0501)]
    [InlineData(.8, .8501, false, .0501)]
    [InlineData(.8, null, false, null)]
    [InlineData(null, .8, false, null)]
    [InlineData(null, null, true, null)]
    public void Figure_agrees_if_it_lies_within_the_interval_of_the_original(double? original, double? repeated, bool? agrees, double? difference)
    {
        var figure = new FigureComparison(Metric.Accuracy, original, repeated, new(.75, .85));
        Assert.Equal(agrees, figure.Agrees);
        Assert.Equal(difference ?? (original is null || repeated is null ? double.NaN : 0), figure.Difference ?? double.NaN, 1e-12);
    }

    [Fact]
    public void Figure_without_an_interval_is_not_judged_unless_it_is_the_same()
    {
        Assert.Null(Untold.Agrees);
        Assert.True(new FigureComparison(Metric.Mse, .1, .1, null).Agrees);
    }

    private static (RepetitionOutcome, bool) Outcome(TrialRepetition repetition) => (repetition.Outcome, repetition.Agrees);

    private static TrialRepetition Of(IReadOnlyList<string> others, params FigureComparison[] figures) => Of(others, Trial.Name) with { Figures = figures };

    // nobody reads metrics that are not compared
    private static TrialRepetition Of(IReadOnlyList<string> others, string folder)
    {
        TrialResult In(string name) => new(Trial, new TrialFolder("runs", name), null!, MachineDifferenceTests.Here, []);
        return new(new(In(folder), Trial), In(Trial.Name)) { OtherArtefacts = others, DamagedArtefacts = [], Machine = [], OtherNeeds = [], Figures = [], ProbabilityDifference = null };
    }
}
