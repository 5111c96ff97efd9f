package dev.snoozy.studio.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The system's Chromium, started once for all tests. Where there is none the tests say so, loudly,
 * and are skipped; {@code SNOOZY_CHROMIUM} names one in another place.
 */
final class Browser {
    private static final List<String> PLACES =
            List.of(
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome",
                    "/usr/bin/google-chrome-stable",
                    "/snap/bin/chromium",
                    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");

    private static com.microsoft.playwright.@Nullable Browser started;

    private Browser() {}

    /** Where the browser is, if there is one. */
    static Optional<Path> find() {
        String named = System.getenv("SNOOZY_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /** A context of its own: no cookies, nothing stored. */
    static BrowserContext context(com.microsoft.playwright.Browser.NewContextOptions options) {
        return start().newContext(options);
    }

    private static synchronized com.microsoft.playwright.Browser start() {
        if (started == null) {
            Optional<Path> path = find();
            if (path.isEmpty()) {
                System.err.println(
                        "SKIPPED: the tests of the studio's page need Chromium and found none in "
                                + PLACES
                                + "; cure: install it, or name it in SNOOZY_CHROMIUM");
            }
            Assumptions.assumeTrue(path.isPresent(), "no Chromium");
            Playwright playwright =
                    Playwright.create(
                            new Playwright.CreateOptions()
                                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            started =
                    playwright
                            .chromium()
                            .launch(
                                    new BrowserType.LaunchOptions()
                                            .setExecutablePath(path.get())
                                            .setArgs(
                                                    List.of(
                                                            "--no-sandbox",
                                                            "--disable-gpu",
                                                            "--disable-dev-shm-usage",
                                                            "--no-proxy-server")));
            Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        }
        return started;
    }
}
