using MedTransfer.Evaluation.Intervals;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class AnswerFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void What_is_written_is_read_back_with_the_plot_it_was_drawn_from()
    {
        var answer = HandMadeAnswer.Of("Verdict <b>");
        AnswerFile.write(folder.Path, answer);
        Assert.Equal(answer, AnswerFile.read(folder.Path).ResultValue);
        Assert.Equal(HandMadeAnswer.Plot, AnswerFile.estimation(answer)?.Value);
        Assert.Contains("\"verdict\": \"Verdict <b>\"", File.ReadAllText(folder["answer.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "it has no answer.json")]
    [InlineData("{", "its answer.json can't be read (")]
    [InlineData("null", "its answer.json is empty")]
    [InlineData("{\"recipe\": \"task2\"}", "its answer.json can't be read (")]
    [InlineData("PLOT", "its answer.json has a plot without scores")]
    public void What_can_be_no_answer_is_said_in_one_clause(string? text, string reason)
    {
        AnswerFile.write(folder.Path, HandMadeAnswer.Of("x"));
        var path = folder["answer.json"];
        var whole = File.ReadAllText(path);
        File.Delete(path);
        if (text is not null)
            File.WriteAllText(path, text == "PLOT" ? System.Text.RegularExpressions.Regex.Replace(whole, "\"ways\": \\[.*?\\n    \\]", "\"ways\": []", System.Text.RegularExpressions.RegexOptions.Singleline) : text);
        var said = AnswerFile.read(folder.Path).ErrorValue;
        Assert.StartsWith(reason, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>An answer that no recipe gave.</summary>
internal static class HandMadeAnswer
{
    public static readonly Report.Estimation Plot = new(
        "test ROC AUC",
        ListModule.OfSeq([Way("no transfer", 0.8, 0.82), Way("fine-tuned", 0.85, 0.9)]),
        ListModule.OfSeq<Tuple<string, double, FSharpOption<Interval>?>>(
            [new("fine-tuned minus no transfer", 0.065, FSharpOption<Interval>.Some(new(0.01, 0.12))), new("other", 0.1, FSharpOption<Interval>.None)]),
        0.02);

    public static AnswerFile.Answer Of(string verdict, params string[] remarks) => AnswerFile.ofOpening(
        "task2",
        "Task 2: title",
        ListModule.OfSeq(remarks),
        ListModule.OfSeq<AnswerFile.WayNote>([new("frozen", "no weights fit.")]),
        ListModule.OfSeq<AnswerFile.WayNote>([new("fine-tuned", "conv1 (3 channels, here 1)")]),
        ListModule.OfSeq<AnswerFile.AnswerSet>([new("source", "phantom-chest", true), new("target", "pneumoniamnist", false)]),
        FSharpOption<DateTimeOffset>.Some(new(2026, 11, 27, 2, 13, 0, TimeSpan.Zero)),
        new("Question?", "Images of nobody.", verdict, ListModule.OfSeq(["With 50 images, more."]), "not yet", "reasons", ListModule.OfSeq<Report.Box>([new("of", "figure", "note")]), FSharpOption<Report.Estimation>.Some(Plot), ListModule.OfSeq(["beware"])));

    private static Tuple<string, FSharpList<Tuple<int, double>>> Way(string name, params double[] scores) =>
        Tuple.Create(name, ListModule.OfSeq(scores.Select((score, seed) => Tuple.Create(seed, score))));
}
