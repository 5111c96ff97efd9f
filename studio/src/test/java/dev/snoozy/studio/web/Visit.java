package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A person with a browser at the page. Closing it checks what must hold whatever was done: nothing
 * was written to the console as an error, no rule of the page was broken, nothing was asked of
 * another machine.
 */
final class Visit implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new ArrayList<>();

    private Visit(BrowserContext context, String url) {
        this.context = context;
        context.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        context.addInitScript(
                "addEventListener('securitypolicyviolation', e => console.error('CSP: ' +"
                        + " e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));");
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                faults.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> faults.add("thrown: " + error));
        context.onRequest(request -> {
            URI uri = URI.create(request.url().split("[?#]", 2)[0]);
            boolean local = Map.of("data", 1, "blob", 1).containsKey(uri.getScheme());
            if (!local && !"127.0.0.1".equals(uri.getHost())) {
                faults.add("request to " + request.url());
            }
        });
        page.navigate(url);
        if (url.startsWith("http")) {
            page.locator("h1").first().waitFor();
        }
    }

    /** At a window of a size, in light. */
    static Visit at(String url, int width, int height) {
        return at(url, width, height, ColorScheme.LIGHT);
    }

    static Visit at(String url, int width, int height, ColorScheme scheme) {
        NewContextOptions options =
                new NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme)
                        .setLocale("en-US");
        return new Visit(Browser.context(options), url);
    }

    /** At a usual window. */
    static Visit at(String url) {
        return at(url, 1440, 900);
    }

    Page page() {
        return page;
    }

    /** What carries a name that is there for tests. */
    Locator the(String test) {
        return page.locator("[data-test=\"" + test + "\"]");
    }

    /** A button by its words. */
    Locator button(String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.BUTTON,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Says something in the open chat and waits until the answer is whole. */
    Locator say(String text) {
        int before = answers().count();
        begin(text);
        Locator answer = answers().nth(before);
        answer.locator("[data-test=stats]").waitFor();
        return answer;
    }

    /** Says something and does not wait. */
    void begin(String text) {
        the("compose").fill(text);
        the("compose").press("Enter");
    }

    Locator answers() {
        return page.locator(".message--assistant");
    }

    /** Writes what is seen into the folder of the build. */
    void screenshot(String name) {
        Path file = Path.of(System.getProperty("studio.screens", "target/screens"), name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    /** Waits until what was changed is on the screen. */
    void settle() {
        page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() =>"
                        + " requestAnimationFrame(() => done())))");
    }

    /** What went wrong so far, and is then forgotten. */
    List<String> faults() {
        List<String> found = List.copyOf(faults);
        faults.clear();
        return found;
    }

    @Override
    public void close() {
        settle();
        context.close();
        assertThat(faults).isEmpty();
    }
}
