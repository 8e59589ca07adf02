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
        // the list of figures, fourteen of them, the pictures of points, plotly.js and the page's own
        Assert.Equal(18, text.Split("<script").Length - 1);
        Assert.Equal(18, text.Split("</script>").Length - 1);
    }

    [Fact]
    public void A_page_that_cannot_be_written_leaves_the_old_one()
    {
        var before = Written([]);
        Assert.Throws<MedTransferException>(() => Page.write(folder["report.html/below.html"], "x", []));
        Assert.Equal(before, File.ReadAllText(folder["report.html"]));
    }

    public void Dispose() => folder.Dispose();

    private string Written(FSharpList<Report.Section> parts)
    {
        Page.write(folder["report.html"], "Report", parts);
        return File.ReadAllText(folder["report.html"]);
    }
}
