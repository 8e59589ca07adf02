using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace MedTransfer.Tests.Scripts.Reports;

/// <summary>What a reader gets of a page, by mouse, keyboard, paper, in the dark and without a script.</summary>
public sealed partial class PageInBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private const string Visible = "const visible = selector => [...document.querySelectorAll(selector)].filter(element => element.checkVisibility());";

    /// <summary>Pixels between the margins of A4: 182 mm of 96 an inch.</summary>
    private const int Paper = 688;

    private readonly List<string> complaints = [];
    private readonly List<IPage> opened = [];

    // whatever a test does: nothing is fetched, logged or thrown
    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened)
            await page.Context.CloseAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Figures_are_drawn_within_their_places_once_they_are_seen_and_anew_in_the_dark()
    {
        var page = await OpenDrawn();
        var seen = new HashSet<string>();
        async Task Look()
        {
            await Settle(page);
            Assert.Empty(await page.EvaluateAsync<string[]>($$"""
                () => {
                    {{Visible}}
                    const ink = getComputedStyle(document.body).color;
                    return visible('div.figure').filter(figure => {
                        const place = figure.getBoundingClientRect();
                        const drawn = figure.querySelector('svg.main-svg')?.getBoundingClientRect();
                        return !(drawn?.width > 200 && drawn.height > 200 && drawn.right <= place.right + 1 && drawn.bottom <= place.bottom + 1)
                            || !figure.querySelector('.scatterlayer .trace path')
                            || [...figure.querySelectorAll('text')].some(text => getComputedStyle(text).fill !== ink);
                    }).map(figure => figure.ariaLabel);
                }
                """));
            seen.UnionWith(await page.EvaluateAsync<string[]>($"() => {{ {Visible} return visible('div.figure > div').map(figure => figure.id); }}"));
        }

        await Look();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Look();
        await Unfold(page);
        await Look();
        foreach (var second in await page.Locator(".switched input[value='1']").AllAsync())
            await second.CheckAsync();
        await Look();
        Assert.Equal(await page.Locator("div.figure").CountAsync(), seen.Count);
    }

    [Fact]
    public async Task A_point_shows_its_own_image_as_long_as_it_is_hovered()
    {
        var page = await OpenDrawn();
        var figure = page.Locator("div.figure[data-pictures]");
        await figure.ScrollIntoViewIfNeededAsync();
        // the fifth point of the second class: image 4 x 3 + 1
        var point = (await figure.Locator(".scatterlayer .trace").Nth(1).Locator("path.point").Nth(4).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(point.X + point.Width / 2, point.Y + point.Height / 2);
        var shown = page.Locator("img.magnifier");
        await shown.WaitForAsync();
        Assert.Equal($"data:image/png;base64,{Convert.ToBase64String(HandMadePage.Shade(13))}", await shown.GetAttributeAsync("src"));
        await page.Mouse.MoveAsync(5, 5);
        await shown.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_rule_of_accessibility_is_broken(int width, ColorScheme colours)
    {
        var page = await OpenDrawn(width: width, colours: colours);
        await Unfold(page);
        var found = await page.RunAxe();
        Assert.Empty(found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html}")));
    }

    [Theory]
    [InlineData(HandMadePage.Ordinary)]
    [InlineData(HandMadePage.Unbroken)]
    public async Task Nothing_is_wider_than_the_window(string name)
    {
        var page = await OpenDrawn(name, width: 390);
        await Unfold(page);
        foreach (var width in new[] { 390, 768, 1280, 1920, 2560 })
        {
            await page.SetViewportSizeAsync(width, 800);
            await Settle(page);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"the page is wider than {width}");
            Assert.Empty(await page.EvaluateAsync<string[]>($$"""
                () => {
                    {{Visible}}
                    return visible('.wide').filter(wide => wide.scrollWidth > wide.clientWidth).map(wide => wide.parentElement.dataset.name);
                }
                """));
        }
    }

    [Fact]
    public async Task The_first_screen_holds_verdict_trust_boxes_and_plot()
    {
        var page = await Open();
        foreach (var part in new[] { ".verdict", ".trust", ".boxes", ".estimation" })
        {
            var box = await page.Locator(part).BoundingBoxAsync();
            Assert.True(box!.Height > 0 && box.Y + box.Height <= 800, $"{part} ends at {box.Y + box.Height}");
        }
    }

    [Fact]
    public async Task Names_that_look_like_HTML_show_as_they_are_everywhere()
    {
        var page = await OpenDrawn(HandMadePage.Hostile);
        await Unfold(page);
        string[] parts =
        [
            "title", "h1", ".question", ".verdict", ".trust", ".boxes dd", ".warning", ".contents a", "h2", "main > p", "figcaption", "thead th", "tbody th", "td", ".tools label",
            ".gtitle", ".legendtext", ".pictures span", ".case h3", ".case p", ".folded > summary", "legend", ".switched label", "code",
        ];
        foreach (var part in parts)
            Assert.Contains(await page.Locator(part).AllTextContentsAsync(), text => text.Contains(HandMadePage.Hostile, StringComparison.Ordinal));
        Assert.Equal(0, await page.Locator("img:not([src^=data])").CountAsync());
    }

    [Fact]
    public async Task A_column_sorts_by_its_numbers_and_what_is_none_comes_last()
    {
        var page = await Open();
        var table = Grid(page, "sorted");
        async Task<string> Rows() => string.Concat(await table.Locator("tbody th").AllInnerTextsAsync());
        var less = table.GetByRole(AriaRole.Button, new() { Name = "less" });

        await less.ClickAsync();
        Assert.Equal("efdabc", await Rows());
        await less.ClickAsync();
        Assert.Equal("badfec", await Rows());
        // words, by the keyboard, from the column before
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("bacfde", await Rows());
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("defcab", await Rows());
        Assert.Equal(["", "", "ascending"], await table.Locator("thead th").EvaluateAllAsync<string[]>("heads => heads.map(head => head.ariaSort ?? '')"));
    }

    [Fact]
    public async Task Columns_that_do_not_fit_are_hidden_and_chosen_again_and_copied_all_the_same()
    {
        var page = await Open();
        var grid = Grid(page, "scores");
        var heads = grid.Locator("thead th:visible");
        var fitting = await heads.CountAsync();
        Assert.InRange(fitting, 4, 12);

        await grid.Locator("summary", new() { HasText = $"Columns ({13 - fitting} more)" }).ClickAsync();
        await grid.GetByLabel("test AUC of 10").CheckAsync();
        await grid.GetByLabel("test AUC of 0").UncheckAsync();
        await page.SetViewportSizeAsync(1000, 800);
        Assert.Equal(fitting, await heads.CountAsync());
        Assert.Contains("test AUC of 10", await heads.AllInnerTextsAsync());

        await grid.GetByText("Copy").ClickAsync();
        await grid.GetByText("copied").WaitForAsync();
        Assert.Equal(13, (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).Split('\n')[0].Split('\t').Length);
    }

    [Fact]
    public async Task A_table_is_copied_and_saved_with_all_its_cells()
    {
        var page = await Open();
        var grid = Grid(page, "sorted");
        await grid.GetByText("Copy").ClickAsync();
        await grid.GetByText("copied").WaitForAsync();
        Assert.Equal(
            "row\tless\tsaid, \"so\"\na\t+0.005 [-0.010, 0.020]\tnot shown\nb\t-0.02\tworse\nc\tundefined\tno verdict\nd\t0.1 (6 seeds)\tbetter\ne\t1,000\tbetter\nf\t20\tbetter, by less",
            await page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        var saved = await page.RunAndWaitForDownloadAsync(() => grid.GetByText("CSV").ClickAsync());
        Assert.Equal("sorted.csv", saved.SuggestedFilename);
        Assert.Equal(
            """"
            row,less,"said, ""so"""
            a,"+0.005 [-0.010, 0.020]",not shown
            b,-0.02,worse
            c,undefined,no verdict
            d,0.1 (6 seeds),better
            e,"1,000",better
            f,20,"better, by less"
            """",
            await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_switch_shows_one_of_its_views_and_leaves_others_as_they_are()
    {
        var page = await Open();
        await Unfold(page);
        var switches = page.Locator(".switched");
        await switches.First.GetByRole(AriaRole.Radio, new() { Name = "100 images" }).CheckAsync();
        Assert.Equal(["Seen with 100 images."], await switches.First.Locator("p:visible").AllInnerTextsAsync());
        Assert.Equal(["Seen with 50 images."], await switches.Last.Locator("p:visible").AllInnerTextsAsync());
        Assert.True(await switches.Last.GetByRole(AriaRole.Radio, new() { Name = "50 images" }).IsCheckedAsync());
    }

    [Fact]
    public async Task The_contents_mark_the_heading_that_is_read()
    {
        var page = await Open();
        Assert.Equal(0, await page.Locator(".contents [aria-current]").CountAsync());
        foreach (var heading in HandMadePage.Headings)
        {
            var link = page.Locator(".contents a", new() { HasText = heading });
            await link.ClickAsync();
            await Settle(page);
            Assert.Equal([await link.InnerTextAsync()], await page.Locator(".contents [aria-current]").AllInnerTextsAsync());
        }
    }

    [Fact]
    public async Task Everything_is_printed_in_colours_of_paper_and_then_as_it_was()
    {
        var page = await OpenDrawn(colours: ColorScheme.Dark);
        async Task<string> State() => await page.EvaluateAsync<string>($$"""
            () => {
                {{Visible}}
                return [
                    visible('main :is(p, th, td, h2, h3, li, figcaption, code)').length,
                    [...new Set(visible('.figure text').map(text => getComputedStyle(text).fill))],
                ].join();
            }
            """);
        var before = await State();
        // the last that hears of it sees what goes to paper
        await page.EvaluateAsync($$"""
            () => addEventListener('beforeprint', () => {
                {{Visible}}
                const text = 'main :is(p, th, td, h2, h3, li, figcaption, code)';
                window.printed = [
                    ...[...document.querySelectorAll(text)].filter(element => !element.checkVisibility()).map(element => `hidden: ${element.textContent}`),
                    ...visible('div.figure').filter(figure => !figure.querySelector('svg.main-svg')).map(figure => `not drawn: ${figure.ariaLabel}`),
                    ...visible('svg.main-svg').filter(svg => svg.clientWidth > {{Paper}}).map(svg => `${svg.clientWidth} px wide: ${svg.textContent}`),
                    ...new Set(visible('div.figure text').map(text => getComputedStyle(text).fill).filter(colour => colour !== 'rgb(29, 33, 38)')),
                ];
            })
            """);
        var pdf = Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true }));
        Assert.Empty(await page.EvaluateAsync<string[]>("window.printed"));
        Assert.InRange(PdfPage().Count(pdf), 10, 13);
        Assert.Equal(before, await State());
    }

    [Fact]
    public async Task No_table_is_wider_than_paper()
    {
        var page = await OpenDrawn();
        await page.SetViewportSizeAsync(Paper, 1000);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.InRange(await page.EvaluateAsync<int>("Math.max(...[...document.querySelectorAll('table, .figure')].map(part => part.getBoundingClientRect().right))"), 600, Paper);
    }

    [Fact]
    public async Task On_paper_captions_are_no_larger_than_text_and_tables_as_large_as_there_is_room_for()
    {
        var page = await OpenDrawn();
        // as if it had many more columns
        await page.AddStyleTagAsync(new() { Content = "[data-name=scores] .wide { width: 12rem }" });
        await page.SetViewportSizeAsync(Paper, 1000);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        // points, of 96 / 72 px
        async Task<double> Size(string part) => Math.Round(await page.EvaluateAsync<double>($"parseFloat(getComputedStyle(document.querySelector(`{part}`)).fontSize) * .75"), 2);

        Assert.Equal((10, 9), (await Size("main > p"), await Size("figure.grid figcaption")));
        Assert.Equal((8.5, 6.5), (await Size("[data-name=sorted] table"), await Size("[data-name=scores] table")));
        await page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        Assert.Equal(await Size("[data-name=sorted] table"), await Size("[data-name=scores] table"));
    }

    // two of each pair: one row must not end between them
    [Theory]
    [InlineData(390, 1)]
    [InlineData(600, 2)]
    [InlineData(1280, 2)]
    [InlineData(1920, 4)]
    public async Task Maps_stand_in_rows_of_whole_pairs(int width, int across)
    {
        var page = await OpenDrawn(width: width);
        var places = await page.Locator("figure:has-text('three pairs') .maps div.figure").EvaluateAllAsync<double[]>("figures => figures.map(figure => figure.getBoundingClientRect().top)");

        Assert.Equal(6, places.Length);
        Assert.Equal(across, places.Count(place => place == places[0]));
    }

    [Fact]
    public async Task Names_of_lines_stand_below_a_figure_that_is_narrow_and_beside_one_that_is_not()
    {
        var page = await OpenDrawn();
        var figure = page.Locator("div.figure", new() { Has = page.Locator(".ytitle:text-is('test AUC')") });
        async Task<(bool Below, bool Beside)> Legend()
        {
            var (legend, lines) = ((await figure.Locator(".legend").BoundingBoxAsync())!, (await figure.Locator(".plot").BoundingBoxAsync())!);
            return (legend.Y > lines.Y + lines.Height, legend.X > lines.X + lines.Width);
        }

        Assert.Equal((true, false), await Legend());
        // the row to itself
        await page.AddStyleTagAsync(new() { Content = ".charts > :not(:nth-child(2)) { display: none }" });
        await page.SetViewportSizeAsync(1300, 800);
        await Settle(page);
        Assert.Equal((false, true), await Legend());
    }

    [Fact]
    public async Task Without_its_script_all_is_read()
    {
        var page = await Open(withScript: false);
        foreach (var summary in await page.Locator(".folded > summary").AllAsync())
            await summary.ClickAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('main > :not(script), .view > *, .folded > *, td, th, .figure noscript')].filter(part => !part.checkVisibility()).map(part => part.textContent)
            """));
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PdfPage();

    private async Task<IPage> Open(string name = HandMadePage.Ordinary, int width = 1280, ColorScheme colours = ColorScheme.Light, bool withScript = true)
    {
        var page = await chromium.OpenAsync(name, complaints, width, colours, withScript);
        opened.Add(page);
        return page;
    }

    private async Task<IPage> OpenDrawn(string name = HandMadePage.Ordinary, int width = 1280, ColorScheme colours = ColorScheme.Light)
    {
        var page = await Open(name, width, colours);
        await page.WaitForFunctionAsync("document.documentElement.dataset.figures === 'drawn'");
        return page;
    }

    private static ILocator Grid(IPage page, string name) => page.Locator($"figure[data-name={name}]");

    private static async Task Unfold(IPage page)
    {
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        await Settle(page);
    }

    // what a click or a new size sets off is done once the next frame is
    private static async Task Settle(IPage page) => await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => setTimeout(done)))");
}
