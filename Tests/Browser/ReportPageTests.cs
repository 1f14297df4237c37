using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace LocalDeblur.Tests.Browser;

/// <summary>The page of a report in a browser, as its readers have it.</summary>
public sealed class ReportPageTests(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    // Of the pixels of the surface, those that are not paper.
    private const string SurfacePixels = """
        (() => {
          const canvas = document.getElementById("surface-canvas");
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const pixels = copy.getImageData(0, 0, canvas.width, canvas.height).data;
          let count = 0;
          for (let i = 0; i < pixels.length; i += 4) {
            count += pixels[i] + pixels[i + 1] + pixels[i + 2] < 750 ? 1 : 0;
          }
          return count / (pixels.length / 4);
        })()
        """;

    // Few tests of several steps each: where there is no browser, so many are skipped.
    [Fact]
    public async Task TheViewersComeAliveAndDoWhatIsAsked()
    {
        await ItComesAliveWithoutAComplaintAndNothingInANameRunsAsync();
        await SlidersKeysAndClicksMoveTheSlicesAsync();
        await OneClickSwapsBothMapsAsync();
        await TheSurfaceIsDrawnTurnedSwappedAndCutHigherAsync();
    }

    [Fact]
    public async Task OnPaperWithoutAScriptAndOnSmallAndDarkScreensItIsRead()
    {
        await PicturesStandForTheViewersAsync(isPrinted: false);
        await PicturesStandForTheViewersAsync(isPrinted: true);
        await NothingIsWiderThanTheScreenInTheDarkEitherAsync(360);
        await NothingIsWiderThanTheScreenInTheDarkEitherAsync(1280);
    }

    // As axe finds it: contrast, names of what can be used, order of headings, places to jump to …
    [Fact]
    public async Task NoOneIsShutOutInLightInTheDarkOrOnAPhone()
    {
        List<string> violations = [];
        await using OpenPage open = await browser.OpenAsync();
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(part => part.open = true)");
        foreach ((ColorScheme colors, int width) in ((ColorScheme, int)[])[(ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Dark, 360)])
        {
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = colors });
            await open.Page.SetViewportSizeAsync(width, 740);
            AxeResult found = await open.Page.RunAxe();

            Assert.True(found.Passes.Length > 20, $"{found.Passes.Length} rules were tried");
            violations.AddRange(
                from violation in found.Violations
                from node in violation.Nodes
                select $"{colors}, {width}: {violation.Impact} {violation.Id}, {violation.Help}: {node.Html}");

            // Their tables have a thousand cells, each with one contrast: once is enough.
            await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(part => part.open = false)");
        }

        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    private async Task ItComesAliveWithoutAComplaintAndNothingInANameRunsAsync()
    {
        await using OpenPage open = await browser.OpenAsync();

        Assert.Empty(open.Complaints);
        Assert.Equal(ReportBrowser.Hostile, await open.Page.TitleAsync());
        Assert.Equal(ReportBrowser.Hostile, await open.Page.InnerTextAsync("h1"));
        Assert.Equal(1, await open.ValueAsync<int>("document.querySelectorAll('script:not([type])').length"));
        Assert.True(await open.Page.IsVisibleAsync("#slices"));
        Assert.False(await open.Page.IsVisibleAsync("#slices-picture"));
    }

    private async Task SlidersKeysAndClicksMoveTheSlicesAsync()
    {
        await using OpenPage open = await browser.OpenAsync();
        string[] before = (await open.ValueAsync<string>("document.body.dataset.slices")).Split(' ');
        Assert.Equal("z", before[0]);

        await open.Page.FocusAsync("#place-z");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.UntilAsync($"document.body.dataset.slices.split(' ')[3] === '{int.Parse(before[3], System.Globalization.CultureInfo.InvariantCulture) + 1}'");
        await open.Page.FocusAsync("#slice-left");
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        await open.UntilAsync($"document.body.dataset.slices.split(' ')[1] === '{int.Parse(before[1], System.Globalization.CultureInfo.InvariantCulture) - 1}'");
        await open.Page.CheckAsync("#axis-x");
        await open.UntilAsync("document.body.dataset.slices.startsWith('x ')");

        string values = await open.Page.InnerTextAsync("#values");
        Assert.Matches(@"^Voxel x \d+, y \d+, z \d+ \(.* Å\): Before .* σ\), After .* σ\), (no )?local resolution.*, (in|out)side the mask\.$", values);
        Assert.Empty(open.Complaints);
    }

    private async Task OneClickSwapsBothMapsAsync()
    {
        await using OpenPage open = await browser.OpenAsync();
        const string Pictures = "['slice-left', 'slice-right'].map(id => document.getElementById(id).toDataURL())";
        string[] before = await open.ValueAsync<string[]>(Pictures);
        Assert.NotEqual(before[0], before[1]);

        await open.Page.ClickAsync("#swap-slices");
        await open.UntilAsync("document.body.dataset.slices.endsWith(' after')");
        string[] after = await open.ValueAsync<string[]>(Pictures);
        Assert.Equal([before[1], before[0]], after);
        Assert.StartsWith("After, XY", await open.Page.InnerTextAsync("#caption-left"), StringComparison.Ordinal);
        Assert.Equal("true", await open.Page.GetAttributeAsync("#swap-slices", "aria-pressed"));

        await open.Page.CheckAsync("#show-resolution");
        await open.UntilAsync($"document.getElementById('slice-left').toDataURL() !== '{after[0]}'");
    }

    private async Task TheSurfaceIsDrawnTurnedSwappedAndCutHigherAsync()
    {
        await using OpenPage open = await browser.OpenAsync();
        Assert.SkipUnless(await open.Page.IsVisibleAsync("#surface"), $"The surface is not tried: {await open.Page.InnerTextAsync("#viewer-note")}");
        double share = await open.ValueAsync<double>(SurfacePixels);
        Assert.InRange(share, 0.01, 0.9);
        string text = await open.Page.InnerTextAsync("#contour-text");
        Assert.Matches(@"^[\d.]+ σ, [\d.e−]+; encloses [\d.]+ kDa, \d+ Å³$", text);

        await open.Page.FocusAsync("#surface-canvas");
        string picture = await open.ValueAsync<string>("document.getElementById('surface-canvas').toDataURL()");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.UntilAsync($"document.getElementById('surface-canvas').toDataURL() !== '{picture}'");

        await open.Page.ClickAsync("#swap-surface");
        await open.UntilAsync("document.getElementById('surface-canvas').dataset.shown === 'before'");
        Assert.Equal("Show after sharpening", await open.Page.InnerTextAsync("#swap-surface"));
        Assert.Equal(Enclosed(text), Enclosed(await open.Page.InnerTextAsync("#contour-text")), 0.05 * Enclosed(text));

        await open.Page.FillAsync("#contour", "700");
        await open.UntilAsync(FormattableString.Invariant($"document.getElementById('contour-text').textContent !== '{text}' && {SurfacePixels} < {share} / 2"));
        Assert.Empty(open.Complaints);

        static double Enclosed(string text) =>
            double.Parse(text.Split("encloses ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task PicturesStandForTheViewersAsync(bool isPrinted)
    {
        await using OpenPage open = await browser.OpenAsync(new BrowserNewContextOptions { JavaScriptEnabled = isPrinted }, isLive: isPrinted);
        if (isPrinted)
        {
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
            await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(part => part.open = true)");
            Assert.Equal(0, await open.ValueAsync<int>("[...document.querySelectorAll('.scroll, .numbers')].filter(part => getComputedStyle(part).overflow !== 'visible').length"));
            Assert.Equal("none", await open.ValueAsync<string>("getComputedStyle(document.querySelector('summary')).listStyleType"));
            byte[] paper = await open.Page.PdfAsync(new PagePdfOptions { Format = "A4", PreferCSSPageSize = true });
            Assert.InRange(paper.Length, 10_000, 10_000_000);
        }

        foreach (string viewer in (string[])["slices", "surface"])
        {
            Assert.False(await open.Page.IsVisibleAsync($"#{viewer}"));
            Assert.True(await open.Page.IsVisibleAsync($"#{viewer}-picture img >> nth=0"));
        }

        Assert.Empty(open.Complaints);
    }

    private async Task NothingIsWiderThanTheScreenInTheDarkEitherAsync(int width)
    {
        await using OpenPage open = await browser.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 740 },
            ColorScheme = ColorScheme.Dark,
        });

        Assert.Equal(width, await open.ValueAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal("rgb(21, 24, 28)", await open.ValueAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }
}
