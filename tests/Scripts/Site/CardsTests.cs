using Giraffe.ViewEngine;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using MedTransfer.Tests.Scripts.Reports;

namespace MedTransfer.Tests.Scripts.Site;

public sealed class CardsTests : IDisposable
{
    private readonly TemporaryFolder reports = new();

    [Fact]
    public void Reports_are_cards_and_every_other_folder_is_a_line()
    {
        Report("task2", "{verdict}");
        Directory.CreateDirectory(reports["predict"]);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(reports["damaged"]).FullName, "report.html"), "");
        File.WriteAllText(Path.Combine(reports["damaged"], "answer.json"), "{");
        Directory.CreateDirectory(reports[".aside"]);

        var (cards, lines) = Cards.find(reports.Path);

        Assert.Equal(["task2"], cards.Select(card => card.Folder));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("Left out: reports/damaged, as its answer.json can't be read", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Left out: reports/predict, as it has no report.html", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.DoesNotContain(reports.Path, line, StringComparison.Ordinal));
        Assert.Empty(Cards.find(reports["nowhere"]).Item1);
    }

    [Fact]
    public void A_card_says_what_when_of_which_data_and_that_it_is_drawn_and_a_smoke_run()
    {
        var html = RenderView.AsString.htmlNode(Cards.render(new("my task", HandMadeAnswer.Of("<img src=x>", "Source: phantoms", "Smoke run"))));
        Assert.All(
            ["href=\"my%20task/report.html\"", "Task 2: title", "&lt;img src=x&gt;", "Trust it? Not yet", ", because reasons.", "class=\"trust not-yet\"",
                "<p class=\"warning\">Source: phantoms</p>", "<p class=\"warning\">Smoke run</p>", "<svg", "2026-11-27 02:13 UTC", "Left out: frozen: no weights fit.", "Not transferred, initial weights kept: fine-tuned: conv1 (3 channels, here 1)", "source phantom-chest (drawn); target pneumoniamnist"],
            part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stamp_is_another_where_a_report_came_went_or_changed()
    {
        Report("task2", "a");
        string Stamped() => Stamp.ofParts(Cards.stamp(reports.Path));
        var before = Stamped();
        Assert.Equal(before, Stamped());
        Report("task1", "a");
        var more = Stamped();
        Directory.Delete(reports["task1"], recursive: true);
        Assert.NotEqual(before, more);
        Assert.Equal(before, Stamped());
        Report("task2", "another");
        Assert.NotEqual(before, Stamped());
    }

    public void Dispose() => reports.Dispose();

    private void Report(string name, string verdict)
    {
        var folder = Directory.CreateDirectory(reports[name]).FullName;
        File.WriteAllText(Path.Combine(folder, "report.html"), "");
        AnswerFile.write(folder, HandMadeAnswer.Of(verdict));
    }
}
