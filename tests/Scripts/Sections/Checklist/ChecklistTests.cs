using System.Text.Json;
using System.Text.RegularExpressions;
using MedTransfer.Data.Reading;
using MedTransfer.Recipes;
using MedTransfer.Recipes.Sections;
using MedTransfer.Tests.Training;
using MedTransfer.Trials;
using Microsoft.FSharp.Collections;
using Item = MedTransfer.Recipes.ChecklistItem;
using State = MedTransfer.Recipes.ChecklistState.State;

namespace MedTransfer.Tests.Scripts.Sections.Checklist;

[Collection(OneAtATime.Name)]
public sealed partial class ChecklistTests
{
    private const string Hostile = "</td><script>alert(1)</script>";

    // of TRIPOD+AI the numbers with letters: how many each has
    private static readonly Dictionary<int, int> Lettered = new() { [3] = 3, [5] = 2, [6] = 3, [8] = 3, [9] = 3, [12] = 7, [18] = 6, [20] = 3, [23] = 2, [27] = 3 };

    [Fact]
    public void No_item_of_either_guideline_is_missing()
    {
        Assert.Equal(Enumerable.Range(1, 44).Select(number => $"{number}"), ClaimItems.items.Select(item => item.Number));
        Assert.Equal(
            Enumerable.Range(1, 27).SelectMany(number => Lettered.TryGetValue(number, out var letters) ? Enumerable.Range(0, letters).Select(i => $"{number}{(char)('a' + i)}") : [$"{number}"]),
            TripodItems.items.Select(item => item.Number));
    }

    [Fact]
    public void Every_key_that_is_asked_for_is_one_of_a_card_and_the_other_way_round()
    {
        var asked = ChecklistState.items.Select(item => item.Answer).OfType<Item.Answer.Yours>().Select(answer => answer.Item1.Name);
        var known = typeof(Provenance).GetProperties().Where(property => property.CanWrite && property.Name != "EqualityContract").Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        Assert.Equal(known.Order(StringComparer.Ordinal), asked.Distinct().Order(StringComparer.Ordinal));
        var about = new Provenance { Funding = "a grant" };
        Assert.Equal("a grant", State(Checked(about), "44").Item1);
        Assert.Equal("a grant", State(Checked(about), "18a").Item1);
    }

    [Fact]
    public void An_item_is_filled_where_the_page_has_its_part_needs_a_person_is_not_done_or_does_not_apply()
    {
        var page = Checked(new() { Limitations = "  " }, "Data", "set, 300 training images", "Learning curves");
        Assert.Equal(
            [("Data", "report.html#data")],
            Assert.IsType<State.Filled>(ChecklistState.state(page, Claim("35"))).links.Select(link => (link.Item1, link.Item2)));
        Assert.Equal(
            ["report.html#learning-curves", "report.html#set-300-training-images", "report.html#data"],
            Assert.IsType<State.Filled>(ChecklistState.state(page, Claim("30"))).links.Select(link => link.Item2));
        Assert.Equal("No label is missing.", Assert.IsType<State.Filled>(ChecklistState.state(page, Claim("12"))).text);
        var needs = Assert.IsType<State.NeedsYou>(ChecklistState.state(page, Claim("40")));
        Assert.Equal(("limitations", "report.html"), (needs.key, needs.links[0].Item2));
        Assert.Equal("This page has no part on it.", Assert.IsType<State.NotDone>(ChecklistState.state(page, Claim("23"))).text);
        Assert.Contains("drawn", Assert.IsType<State.DoesNotApply>(ChecklistState.state(new(page.Target, true, page.Headings, page.Facts, page.About), Claim("40"))).reason, StringComparison.Ordinal);
        Assert.Equal("pixels are measured, not judged", Assert.IsType<State.DoesNotApply>(ChecklistState.state(page, TripodItems.items.Single(item => item.Number == "9c"))).reason);
    }

    [Fact]
    public void What_a_person_wrote_is_text_on_the_page_and_what_is_left_can_be_copied()
    {
        var page = Checked(new() { Funding = Hostile }, "Data");
        var html = ChecklistPage.text("my.json", "my.npz", page);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.Contains("claims no compliance", html, StringComparison.Ordinal);
        Assert.Contains("<code>my.json</code> beside my.npz", html, StringComparison.Ordinal);
        var left = JsonDocument.Parse(ChecklistState.template(page)).RootElement.GetProperty("about");
        Assert.False(left.TryGetProperty("funding", out _));
        Assert.Equal("", left.GetProperty("limitations").GetString());
        Assert.DoesNotContain("What needs you", ChecklistPage.text("x", "y", new(page.Target, true, page.Headings, page.Facts, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_report_every_link_leads_to_a_heading_that_is_there()
    {
        using var made = new HandMadeOutcomes();
        using var lab = HandMadeLab.OnFiles(ExperimentModule.task2);
        var target = lab.Lab.Target.File.Path;
        var outcomes = ListModule.OfSeq(made.Way("no transfer", (0.5, 0.6), (0.75, 0.9)).Concat(made.Way("fine-tuned", (0.6, 0.7), (0.8, 0.9))));
        var results = new Results(outcomes, FSharpList<LeftOut>.Empty, FSharpList<TrialResult>.Empty);
        Publication.publish(lab.Lab, "title", HandMadeOpening.Of("question"), results, ListModule.OfSeq(
        [
            .. PrimaryComparison.section(lab.Lab, outcomes), .. ImageSets.section(lab.Lab), .. Setting.method(lab.Lab, results),
            .. Scores.bySize(lab.Lab, Microsoft.FSharp.Core.FuncConvert.FromFunc<TargetSize, FSharpList<Report.Section>>(size => Scores.tables(lab.Lab, MapModule.Empty<string, Table.Study>(), Times.none, "no transfer", size, outcomes))),
            .. Setting.environment(lab.Lab, results),
        ]));

        var report = File.ReadAllText(Path.Combine(lab.Lab.ReportFolder, "report.html"));
        var checklist = File.ReadAllText(Path.Combine(lab.Lab.ReportFolder, "checklist.html"));
        var links = Link().Matches(checklist).Select(link => link.Groups[1].Value).Distinct().ToList();

        Assert.Contains("href=\"checklist.html\"", report, StringComparison.Ordinal);
        Assert.All(links, anchor => Assert.Contains($"id=\"{anchor}\"", report, StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "primary-comparison", "data", "method", "environment" }, links.ToHashSet());
        Assert.Contains(links, link => link.StartsWith("target-", StringComparison.Ordinal));
        Assert.Contains("who is shown is not known", checklist, StringComparison.Ordinal);
        Assert.Contains("No label is missing.", checklist, StringComparison.Ordinal);
        // two seeds on all images
        Assert.Contains("2 seeds, each of which decides initial weights and order of images; epochs", checklist, StringComparison.Ordinal);
        Assert.Contains("<td>not done</td><td>No score of a way, and no difference, has an interval: 5 seeds are the least (--seeds 5).", checklist, StringComparison.Ordinal);
        Assert.Contains("<td>not applicable</td><td>no way of this run is a mean of several models.</td>", checklist, StringComparison.Ordinal);
        Assert.Contains("MedTransfer 0.0.0", checklist, StringComparison.Ordinal);
        Assert.Contains("<code>target.json</code> beside target.npz", checklist, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(target)!, checklist, StringComparison.Ordinal);
    }

    private static Item.Item Claim(string number) => ClaimItems.items.Single(item => item.Number == number);

    private static (string Item1, FSharpList<Tuple<string, string>> Item2) State(ChecklistState.Checked page, string number)
    {
        var filled = Assert.IsType<State.Filled>(ChecklistState.state(page, ChecklistState.items.Single(item => item.Number == number)));
        return (filled.text, filled.links);
    }

    private static ChecklistState.Checked Checked(Provenance about, params string[] headings) => new("set", false, ListModule.OfSeq(headings), HandMadeFacts.Of(), about);

    [GeneratedRegex("href=\"report\\.html#([^\"]+)\"")]
    private static partial Regex Link();
}
