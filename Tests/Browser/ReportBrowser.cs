using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Reports;
using Microsoft.Playwright;
using Xunit;

namespace LocalDeblur.Tests.Browser;

/// <summary>A Chromium that is installed, with a report to open. Nothing is downloaded: where there is none, <see cref="Missing"/> says so and the tests skip.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    /// <summary>What a name may hold at worst.</summary>
    public const string Hostile = "</title></script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">.mrc";

    // A machine that is busy draws slowly.
    private const float Patience = 120_000;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("localdeblur-report-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there is no browser; null where there is.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            Missing = $"no Chromium is installed ({string.Join(", ", Names)} are looked for on the PATH; LOCALDEBLUR_CHROMIUM names one elsewhere)";
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();

            // No graphics card: its rays are traced by the processor. Root has no sandbox to itself.
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = path,
                Args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
                Timeout = Patience,
            });
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            Missing = $"'{path}' does not start: {failure.Message.Split('\n')[0]}";
            return;
        }

        CryoPhantom phantom = CryoPhantom.Draw(new PhantomOptions { Size = 48 });
        var halves = new Reconstruction(Named(phantom.HalfMap1, Hostile), Named(phantom.HalfMap2, Hostile));
        SharpeningReport report = SharpeningReport.Run(halves, phantom.Mask, new SharpeningReportOptions
        {
            LocalResolution = phantom.LocalResolution,
            Model = phantom.Model,
            Title = Hostile,
        });
        report.Write(Page, overwrite: true);
    }

    private string Page => Path.Combine(_folder.FullName, "report.html");

    /// <summary>Opens the report.</summary>
    /// <param name="options">Of the browser's window.</param>
    /// <param name="isLive">Whether to wait until the viewers are drawn.</param>
    public async Task<OpenPage> OpenAsync(BrowserNewContextOptions? options = null, bool isLive = true)
    {
        Assert.SkipWhen(Missing is not null, $"The report is not tried in a browser: {Missing}.");
        IBrowserContext context = await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions());
        context.SetDefaultTimeout(Patience);
        var page = new OpenPage(await context.NewPageAsync());
        await page.Page.GotoAsync(new Uri(Page).AbsoluteUri);
        if (isLive)
        {
            await page.Page.WaitForSelectorAsync("body[data-ready]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        }

        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("LOCALDEBLUR_CHROMIUM");
        IEnumerable<string> candidates =
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            from name in Names
            from suffix in (string[])(OperatingSystem.IsWindows() ? [".exe"] : [string.Empty])
            select Path.Combine(folder, name + suffix);
        return named ?? candidates.FirstOrDefault(File.Exists);
    }

    private static CryoMap Named(CryoMap map, string name) => new(map.Grid, [.. map.AsSpan()], name, map.History);
}

/// <summary>A page, with all that it complained of and loaded.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => AddWhen(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            Complaints.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => AddWhen(!request.Url.StartsWith("data:", StringComparison.Ordinal) && request.Url != page.Url && Loaded++ > 0, $"loads {request.Url}");
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    private int Loaded { get; set; }

    /// <summary>What an expression of JavaScript is.</summary>
    public Task<T> ValueAsync<T>(string expression) => Page.EvaluateAsync<T>(expression);

    /// <summary>Waits until an expression is true.</summary>
    public Task UntilAsync(string expression) => Page.WaitForFunctionAsync($"() => {expression}");

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void AddWhen(bool isTrue, string complaint)
    {
        if (isTrue)
        {
            Complaints.Add(complaint);
        }
    }
}
