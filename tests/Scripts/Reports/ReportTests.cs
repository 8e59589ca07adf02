using System.Text.RegularExpressions;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void What_draws_figures_stands_behind_all_that_is_read_first()
    {
        var text = Written(HandMadePage.Sections(HandMadePage.Ordinary));
        Assert.InRange(text.IndexOf("The end.", StringComparison.Ordinal), 1, text.IndexOf("id=\"plotly\"", StringComparison.Ordinal));
        Assert.InRange(text.Length, 1_000_000, 3_000_000);
    }

    [Fact]
    public void A_page_without_figures_is_small()
    {
        var parts = HandMadePage.Sections(HandMadePage.Ordinary).Where(part => !part.IsCharts && !part.IsFolded && !part.IsSwitched);
        Assert.InRange(Written(ListModule.OfSeq(parts)).Length, 10_000, 200_000);
    }

    [Fact]
    public void A_page_names_nothing_elsewhere_and_no_name_begins_or_ends_a_script()
    {
        var text = Written(HandMadePage.Sections(HandMadePage.Hostile));
        Assert.DoesNotContain("<script src", text);
        Assert.DoesNotContain("<link", text);
        // the list of figures, twenty of them, the pictures of points, plotly.js and the page's own
        Assert.Equal(24, text.Split("<script").Length - 1);
        Assert.Equal(24, text.Split("</script>").Length - 1);
    }

    [Fact]
    public void A_page_that_cannot_be_written_leaves_the_old_one()
    {
        var before = Written([]);
        Assert.Throws<MedTransferException>(() => Page.write(folder["report.html/below.html"], "x", []));
        Assert.Equal(before, File.ReadAllText(folder["report.html"]));
    }

    [Fact]
    public void Headings_of_the_same_words_have_anchors_of_their_own_which_the_contents_lead_to()
    {
        var text = Page.text("Report",
        [
            Report.Section.NewHeading("Latent space"), Report.Section.NewFolded("more", [Report.Section.NewHeading("Latent space")]),
            Report.Section.NewHeading("Latent space 2"), Report.Section.NewHeading("Latent space"), Report.Section.NewHeading("End"),
        ]);

        Assert.Equal(["latent-space", "latent-space-2", "latent-space-2-2", "latent-space-3", "end"], Regex.Matches(text, "<h2 id=\"([^\"]+)\"").Select(found => found.Groups[1].Value));
        Assert.Equal(["latent-space", "latent-space-2-2", "latent-space-3", "end"], Regex.Matches(text, "<li><a href=\"#([^\"]+)\"").Select(found => found.Groups[1].Value));
    }

    [Fact]
    public void An_option_in_running_text_is_one_word_and_what_only_has_hyphens_is_not()
    {
        var text = Page.text("Report", [Report.Section.NewText("Say --include-images, or (--margin); a-b, a--b and a -- b are as they are.")]);

        Assert.Contains("<p>Say <span class=\"option\">--include-images</span>, or (<span class=\"option\">--margin</span>); a-b, a--b and a -- b are as they are.</p>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_stands_where_words_stand()
    {
        var files = Table.ofRows(
            ["MD5", "images"],
            [Row("a", "2616abae74280f818032be0245572730", "981"), Row("b", "b2b348f18a812318c26dd8348468b5db", "169")]);

        var text = Page.text("Report", [Report.Section.NewTable("files", "Files", files)]);

        Assert.Contains("<td class=\"text\">2616abae74280f818032be0245572730</td><td><span class=\"figure\">981</span></td>", text, StringComparison.Ordinal);
    }

    private static Tuple<string, FSharpList<string>> Row(string key, params FSharpList<string> cells) => Tuple.Create(key, cells);

    public void Dispose() => folder.Dispose();

    private string Written(FSharpList<Report.Section> parts)
    {
        Page.write(folder["report.html"], "Report", parts);
        return File.ReadAllText(folder["report.html"]);
    }
}
