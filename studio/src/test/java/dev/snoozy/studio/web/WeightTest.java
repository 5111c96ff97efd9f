package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

/** How heavy the page is, and how soon it is seen. */
class WeightTest {
    private static final long MOST_BYTES = 1_000_000;

    private static final String FIRST_PAINT =
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1";

    @Test
    void thePageWithAllItsPartsWeighsLessThanAMegabyte() {
        try (StubStudio studio = new StubStudio()) {
            studio.state.settings.put("started", true);
            try (Visit visit = Visit.at("about:blank")) {
                Page page = visit.page();
                AtomicLong sent = new AtomicLong();
                page.onRequestFinished(request -> sent.addAndGet(request.sizes().responseBodySize));
                page.navigate(studio.url());
                page.locator("h1").waitFor();
                page.waitForCondition(
                        () -> ((Number) page.evaluate(FIRST_PAINT)).doubleValue() > 0);
                double paint = ((Number) page.evaluate(FIRST_PAINT)).doubleValue();
                long start = sent.get();
                visit.say("markdown").locator(".hljs-keyword").first().waitFor();
                for (String part : new String[] {"lab/tokens", "models", "jobs", "server"}) {
                    page.evaluate("part => { location.hash = '#/' + part; }", part);
                    page.locator("h1").waitFor();
                }
                page.evaluate("location.hash = '#/lab/tokens'");
                visit.the("lab-prompt").fill("badgers");
                visit.the("run").click();
                page.locator(".plot canvas").waitFor();
                System.out.printf(
                        "studio: first paint after %.0f ms; %d kB to begin, %d kB with all parts%n",
                        paint, start / 1000, sent.get() / 1000);
                assertThat(sent.get()).isLessThan(MOST_BYTES);
            }
        }
    }
}
