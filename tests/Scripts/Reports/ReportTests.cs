using System.Diagnostics;
using MedTransfer.Recipes;
using MedTransfer.Tests.Runtime;
using Microsoft.FSharp.Collections;

namespace MedTransfer.Tests.Scripts.Reports;

public sealed class ReportTests : IDisposable
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Labels_show_as_text_and_figures_are_drawn_without_a_network()
    {
        var page = Written();
        var chromium = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);
        if (chromium is null)
            Assert.Skip("no Chromium is installed: the page was written, but not opened");

        var (dom, log) = Open(chromium, page);
        Assert.DoesNotContain("CONSOLE", log);
        Assert.DoesNotContain("<img src=\"x\"", dom);
        Assert.Equal(1, Count(dom, "class=\"js-plotly-plot\""));
        // title, caption, heading, row and two classes
        Assert.True(Count(dom, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") >= 6, dom[^Math.Min(dom.Length, 2000)..]);
    }

    [Fact]
    public void A_page_holds_its_scripts_and_names_nothing_elsewhere()
    {
        var text = File.ReadAllText(Written());
        Assert.Contains("plotly.js v2", text);
        Assert.DoesNotContain("<script src", text);
        Assert.DoesNotContain("<link", text);
        // plotly.js, one figure, and no script that a label could have begun or ended
        Assert.Equal(2, Count(text, "<script>"));
    }

    [Fact]
    public void A_page_that_cannot_be_written_leaves_the_old_one()
    {
        var page = Written();
        var before = File.ReadAllText(page);
        Assert.Throws<MedTransferException>(() => Page.write(Path.Combine(page, "below.html"), "x", ListModule.Empty<Report.Section>()));
        Assert.Equal(before, File.ReadAllText(page));
    }

    public void Dispose() => folder.Dispose();

    private string Written()
    {
        var points = new float[,] { { 0, 0 }, { 1, 1 }, { 2, 0 }, { 3, 1 } };
        var map = Figures.map(Hostile, [Hostile, Hostile], points, [0, 1, 0, 1]);
        var frame = Table.ofRows(ListModule.OfSeq(["column"]), ListModule.OfSeq([Tuple.Create(Hostile, ListModule.OfSeq([Hostile]))]));
        var page = folder["report.html"];
        Page.write(page, Hostile, ListModule.OfSeq(
        [
            Report.Section.NewHeading(Hostile),
            Report.Section.NewTable("name", Hostile, frame),
            Report.Section.NewCharts(Hostile, ListModule.OfSeq([map])),
        ]));
        return page;
    }

    private (string Dom, string Log) Open(string chromium, string page)
    {
        var start = new ProcessStartInfo(chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={folder["profile"]}", "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=10000", "--dump-dom", new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        var log = browser.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var dom = browser.StandardOutput.ReadToEnd();
        browser.WaitForExit();
        return (dom, log.Result);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
