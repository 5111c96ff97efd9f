package dev.snoozy.curate.map;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The system's Chromium; {@code SNOOZY_CHROMIUM} names one in another place. */
final class Chromium {
    private static final List<String> PLACES =
            List.of(
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome",
                    "/usr/bin/google-chrome-stable",
                    "/snap/bin/chromium");

    private Chromium() {}

    static Optional<Path> find() {
        String named = System.getenv("SNOOZY_CHROMIUM");
        return named != null
                ? Optional.of(Path.of(named))
                : PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    static Playwright playwright() {
        return Playwright.create(
                new Playwright.CreateOptions()
                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    static Browser launch(Playwright playwright, Path program, List<String> arguments) {
        return playwright
                .chromium()
                .launch(
                        new BrowserType.LaunchOptions()
                                .setExecutablePath(program)
                                .setArgs(arguments));
    }
}
