using MedTransfer.Tests.Runtime;
using Microsoft.Playwright;

namespace MedTransfer.Tests.Scripts.Reports;

/// <summary>The Chromium that is installed, and the pages that a class of tests opens in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        var path = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);
        if (path is null) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path });
    }

    /// <summary>The hand-made page of a name.</summary>
    /// <param name="complaints">Takes what the page fetches, logs and throws.</param>
    public Task<IPage> OpenAsync(string name, List<string> complaints, int width, ColorScheme colours, bool withScript)
    {
        var path = folder[$"{(uint)name.GetHashCode(StringComparison.Ordinal)}.html"];
        if (browser is not null && !File.Exists(path))
            HandMadePage.Write(path, name);
        return OpenAsync(new Uri(path), complaints, width, colours, withScript);
    }

    /// <summary>A page that is a file.</summary>
    /// <inheritdoc cref="OpenAsync(string, List{string}, int, ColorScheme, bool)"/>
    public async Task<IPage> OpenAsync(Uri file, List<string> complaints, int width = 1280, ColorScheme colours = ColorScheme.Light, bool withScript = true)
    {
        Assert.SkipWhen(browser is null, "no Chromium is installed");
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 },
            ColorScheme = colours,
            JavaScriptEnabled = withScript,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = await context.NewPageAsync();
        var address = file.AbsoluteUri.Split('#')[0];
        page.Request += (_, request) =>
        {
            if (request.Url.Split('#')[0] != address && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                complaints.Add($"fetched {request.Url}");
        };
        page.Console += (_, message) => complaints.Add($"logged {message.Text}");
        page.PageError += (_, error) => complaints.Add($"threw {error}");
        page.Dialog += (_, dialog) =>
        {
            complaints.Add($"asked {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        await page.GotoAsync(file.AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.CloseAsync();
        playwright?.Dispose();
        folder.Dispose();
    }
}
