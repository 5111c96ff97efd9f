package dev.snoozy.curate.map;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page in a browser, from a file, as people open it. */
class MapBrowserTest {
    @TempDir private static Path folder;
    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void start() {
        Optional<Path> program = Chromium.find();
        if (program.isEmpty()) {
            System.err.println(
                    "SKIPPED: the test of the map's page needs Chromium; cure: install it, or name it in"
                            + " SNOOZY_CHROMIUM");
        }
        Assumptions.assumeTrue(program.isPresent(), "no Chromium");
        playwright = Chromium.playwright();
        browser =
                Chromium.launch(
                        playwright,
                        program.get(),
                        List.of("--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
    }

    private record Opened(Page page, List<String> complaints) {}

    private static Opened open(MapRows rows, String name, String before) throws Exception {
        Path file = folder.resolve(name);
        Files.writeString(file, MapPageTest.page("Map of " + name, rows, DataMapTest.map(rows, 2)));
        Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1100, 700));
        List<String> complaints = new ArrayList<>();
        page.onConsoleMessage(m -> {
            // What a driver says of its own speed is no complaint about the page.
            if (!m.text().startsWith("[.WebGL")) {
                complaints.add(m.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(r -> {
            if (!r.url().startsWith("file:") && !r.url().startsWith("blob:")) {
                complaints.add("request " + r.url());
            }
        });
        page.addInitScript(before);
        page.navigate(file.toUri().toString());
        return new Opened(page, complaints);
    }

    private static String text(Page page, String selector) {
        return page.locator(selector).textContent();
    }

    @Test
    void rowsAreFoundReadMarkedAndExported() throws Exception {
        Opened opened = open(new SyntheticRows(400, 8), "plain.html", "");
        Page page = opened.page;
        assertThat(text(page, "#count")).isEqualTo("400 rows");
        page.locator("#search").fill("telescope comet");
        page.waitForFunction(
                "() => document.getElementById('count').textContent.includes('shown')");
        page.locator("#next").evaluate("b => b.click()");
        assertThat(text(page, "#row-prompt") + text(page, "#row-response"))
                .contains("telescope", "comet");
        page.locator("#search").fill("");
        page.waitForFunction(
                "() => !document.getElementById('count').textContent.includes('shown')");
        page.locator("#colour").selectOption("source");
        assertThat(page.locator("#legend button").count()).isEqualTo(7);
        page.locator("#all").click();
        lassoEverything(page);
        assertThat(text(page, "#selection")).startsWith("400 selected");
        page.locator("#mark").click();
        Download download = page.waitForDownload(() -> page.locator("#export").click());
        assertThat(Marks.read(Files.readAllBytes(download.path()))).hasSize(400).contains("row-7");
        assertThat(opened.complaints).isEmpty();
    }

    private static void lassoEverything(Page page) {
        page.locator("#lasso").click();
        var box = page.locator("#above").boundingBox();
        double left = box.x + 3;
        double top = box.y + 3;
        page.mouse().move(left, top);
        page.mouse().down();
        page.mouse().move(box.x + box.width - 3, top);
        page.mouse().move(box.x + box.width - 3, box.y + box.height - 3);
        page.mouse().move(left, box.y + box.height - 3);
        page.mouse().up();
    }

    @Test
    void aClickReadsTheRowUnderIt() throws Exception {
        Opened opened = open(new SyntheticRows(60, 8), "click.html", "");
        Page page = opened.page;
        Object at = page.evaluate("[screenX(7), screenY(7)]");
        @SuppressWarnings("unchecked")
        List<Number> place = (List<Number>) at;
        var box = page.locator("#above").boundingBox();
        page.mouse().click(box.x + place.get(0).doubleValue(), box.y + place.get(1).doubleValue());
        assertThat(text(page, "#row-facts")).startsWith("row-7 ·");
        page.locator("#row-mark").click();
        assertThat(text(page, "#marks")).startsWith("1 marked");
    }

    @Test
    void hostileRowsAreTextAndNothingRuns() throws Exception {
        Opened opened = open(new MapPageTest.HostileRows(60), "hostile.html", "");
        Page page = opened.page;
        for (int i = 0; i < 2 * MapPageTest.HOSTILE.size(); i++) {
            page.locator("#next").evaluate("b => b.click()");
        }
        for (String kind : List.of("source", "topic2", "duplicate", "length")) {
            page.locator("#colour").selectOption(kind);
        }
        page.evaluate("read(0)");
        assertThat(text(page, "#row-prompt")).isEqualTo(MapPageTest.HOSTILE.get(1));
        assertThat(page.evaluate("typeof window.hostile")).isEqualTo("undefined");
        assertThat(page.evaluate("document.images.length")).isEqualTo(0);
        assertThat(opened.complaints).isEmpty();
    }

    @Test
    void withoutAGraphicsCardPointsAreDrawnOnAPlainCanvas() throws Exception {
        Opened opened =
                open(
                        new SyntheticRows(300, 8),
                        "canvas.html",
                        """
                        const get = HTMLCanvasElement.prototype.getContext;
                        HTMLCanvasElement.prototype.getContext = function(kind, ...rest) {
                            return kind === 'webgl2' ? null : get.call(this, kind, ...rest);
                        };
                        """);
        Page page = opened.page;
        assertThat(text(page, "#notice")).contains("without a graphics card");
        page.waitForFunction(
                """
                () => { const c = document.getElementById('points');
                return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); }
                """);
        assertThat(opened.complaints).isEmpty();
    }

    @Test
    void withAGraphicsCardPointsAreDrawnByIt() throws Exception {
        Opened opened =
                open(
                        new SyntheticRows(300, 8),
                        "graphics.html",
                        // A browser that does not tell which card it has.
                        "WebGL2RenderingContext.prototype.getExtension = () => null;");
        Object drawn =
                opened.page.evaluate(
                        """
                        () => { draw(); const gl = points.getContext('webgl2');
                        const pixels = new Uint8Array(4 * points.width * points.height);
                        gl.readPixels(0, 0, points.width, points.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
                        return pixels.some(v => v > 0); }
                        """);
        assertThat(drawn).isEqualTo(true);
        assertThat(text(opened.page, "#notice")).isEmpty();
        assertThat(opened.complaints).isEmpty();
    }

    @Test
    void anEmptyMapSaysSo() throws Exception {
        Opened opened = open(new SyntheticRows(0, 1), "empty.html", "");
        assertThat(text(opened.page, "#count")).isEqualTo("0 rows");
        opened.page.locator("#next").evaluate("b => b.click()");
        assertThat(opened.complaints).isEmpty();
    }
}
