package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every page, light and dark, narrow and wide: axe-core finds nothing to say (WCAG 2.2 AA and its
 * advice), nothing is wider than the window, and a picture is written to {@code target/screens}.
 */
class LookTest {
    private static final List<String> PAGES =
            List.of(
                    "chat",
                    "documents",
                    "documents/collection/papers",
                    "documents-reader",
                    "lab/compare",
                    "lab/blind",
                    "lab/tokens",
                    "lab/sweep",
                    "lab/batch",
                    "lab/history",
                    "models",
                    "models-repository",
                    "models-catalogue",
                    "models-import",
                    "tune",
                    "tune-recipe",
                    "tune/poems",
                    "tune/poems/pirates_with_a_long_name",
                    "data",
                    "data/maths",
                    "data/maths-groups",
                    "data/maths-recipe",
                    "evaluate",
                    "evaluate/aaaaaaaaaaaaaaaa/piqa",
                    "cook",
                    "cook/tiny",
                    "jobs",
                    "jobs-quantize",
                    "server",
                    "settings");

    private static final List<String> ON_LARGE_SCREENS =
            List.of("chat", "lab/compare", "lab/sweep", "models", "settings");

    /** What a page shows when it has been told what it asked for. */
    private static final Map<String, String> LAST_TO_COME =
            Map.ofEntries(
                    Map.entry("lab/history", "repeat"),
                    Map.entry("models", "catalogue-card"),
                    Map.entry("tune", "tune-run"),
                    Map.entry("tune-recipe", "tune-lacks"),
                    Map.entry("tune/poems", "tune-samples"),
                    Map.entry("tune/poems/pirates_with_a_long_name", "tune-samples"),
                    Map.entry("documents/collection/papers", "file"),
                    Map.entry("data", "curation-card"),
                    Map.entry("data/maths", "row"),
                    Map.entry("data/maths-groups", "group"),
                    Map.entry("jobs", "job"),
                    Map.entry("server", "requests"),
                    Map.entry("settings", "threads"),
                    Map.entry("cook", "cook-run"),
                    Map.entry("cook/tiny", "cook-training"),
                    Map.entry("evaluate", "evaluate-row"),
                    Map.entry("evaluate/aaaaaaaaaaaaaaaa/piqa", "evaluate-item"));

    private static final String AXE =
            """
            async () => {
              const {violations} = await axe.run(document, {resultTypes: ['violations']});
              return violations.flatMap(v => v.nodes.map(
                  n => v.id + ': ' + n.html.slice(0, 160) + ' ' + n.failureSummary));
            }
            """;

    /**
     * The names in the navigation that are wider than their place, on their own or by the window.
     */
    private static final String CUT_NAMES =
            """
            () => [...document.querySelectorAll('.rail__item')].filter(item => item.offsetParent).filter(item => {
              const {left, right} = item.getBoundingClientRect();
              const name = item.querySelector('span');
              return item.scrollWidth > item.clientWidth || name.scrollWidth > name.clientWidth
                  || left < 0 || right > innerWidth;
            }).map(item => item.textContent);
            """;

    @Test
    void everyPageIsAccessibleInBothThemes() throws IOException {
        String axe =
                Files.readString(Data.root().resolve("studio/src/test/resources/axe/axe.min.js"));
        try (StubStudio studio = new StubStudio()) {
            studio.state.settings.put("started", true);
            List<String> found = new ArrayList<>();
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (int width : new int[] {1440, 360}) {
                    try (Visit visit = Visit.at(studio.url(), width, 900, scheme)) {
                        visit.page().evaluate(axe);
                        fill(visit, scheme);
                        look(visit, PAGES, width, scheme, found);
                    }
                }
            }
            for (int width : new int[] {2560, 3840}) {
                try (Visit visit = Visit.at(studio.url(), width, 2160)) {
                    visit.page().evaluate(axe);
                    look(visit, ON_LARGE_SCREENS, width, ColorScheme.LIGHT, found);
                }
            }
            assertThat(found).isEmpty();
        }
    }

    @Test
    void theNamesOfThePagesFitInEveryLanguage() {
        try (StubStudio studio = new StubStudio()) {
            studio.state.settings.put("started", true);
            List<String> cut = new ArrayList<>();
            for (int width : new int[] {1440, 360}) {
                try (Visit visit = Visit.at(studio.url() + "#/settings", width, 900)) {
                    for (String language : List.of("en", "de", "es", "fr", "zh")) {
                        visit.the("language").selectOption(language);
                        visit.page().locator("html[lang=" + language + "]").waitFor();
                        visit.settle();
                        for (Object name : (List<?>) visit.page().evaluate(CUT_NAMES)) {
                            cut.add(language + " at " + width + ": " + name);
                        }
                    }
                }
            }
            assertThat(cut).isEmpty();
        }
    }

    private static void look(
            Visit visit, List<String> pages, int width, ColorScheme scheme, List<String> found) {
        for (String page : pages) {
            String look = scheme.name().toLowerCase(Locale.ROOT);
            String name = page.replace('/', '-') + "-" + width + "-" + look;
            open(visit, page);
            visit.screenshot(name);
            check(visit, name, found);
        }
    }

    /** What there is to see: a chat, a run, a job. Each is made once. */
    private static void fill(Visit visit, ColorScheme scheme) {
        if (visit.page().viewportSize().width < 1000) {
            return;
        }
        visit.say("cite " + scheme);
        visit.say("markdown in " + scheme);
        visit.page().evaluate("location.hash = '#/lab/compare'");
        visit.the("lab-prompt").fill("badgers");
        visit.the("run").click();
        visit.the("cell").nth(1).getByText("word11").waitFor();
        visit.page().evaluate("location.hash = '#/models'");
        visit.button("Actions for stub-model").click();
        visit.page().locator("[role=menuitem]").getByText("Quantize").click();
        visit.page().locator("dialog [type=submit]").click();
        visit.button("Show").click();
        visit.the("quantize-report").locator("rect[class=series-0]").nth(8).waitFor();
        visit.the("cancel").first().click();
        visit.page().evaluate("location.hash = '#/models'");
        visit.the("reference").fill("somebody/Small-GGUF:Q4_K_M");
        visit.the("pull").click();
        visit.the("pause").click();
        visit.page().waitForCondition(() -> visit.the("pause").count() == 0);
    }

    private static void open(Visit visit, String page) {
        if (visit.page().locator("dialog").count() > 0) {
            visit.page().keyboard().press("Escape");
        }
        String[] place = page.split("-", 2);
        visit.page().evaluate("page => { location.hash = '#/' + page; }", place[0]);
        if (page.equals("models-repository")) {
            visit.the("hub-query").fill("small");
            visit.the("hub-search").click();
            visit.the("found").last().waitFor();
            visit.the("found").last().click();
            visit.the("offer").first().scrollIntoViewIfNeeded();
            visit.page().locator(".repository").scrollIntoViewIfNeeded();
        } else if (page.equals("models-catalogue")) {
            visit.the("catalogue").scrollIntoViewIfNeeded();
            visit.the("catalogue-card").last().scrollIntoViewIfNeeded();
        } else if (page.equals("models-import")) {
            visit.the("import").click();
        } else if (page.equals("documents") || page.equals("documents-reader")) {
            visit.the("query").fill("falcons");
            visit.the("search-documents").click();
            visit.the("hit").last().waitFor();
            if (page.equals("documents-reader")) {
                visit.the("open-hit").first().click();
                visit.the("here").waitFor();
            }
        } else if (page.equals("tune-recipe")) {
            visit.the("tune-recipe").fill("/home/someone/recipes/mine.yaml");
            visit.the("tune-fill").click();
        } else if (page.equals("data/maths")) {
            visit.the("part-result").click();
            visit.the("show-refusal").click();
        } else if (page.startsWith("data/maths-")) {
            visit.the("part-" + page.substring("data/maths-".length())).click();
        } else if (page.equals("jobs-quantize")) {
            visit.the("job").last().locator("a").click();
            visit.the("quantize-report").waitFor();
        }
        if (page.equals("chat")) {
            visit.page()
                    .evaluate(
                            "async () => { const {chats} = await (await fetch('/studio/api/chats')).json();"
                                    + " location.hash = '#/chat/' + chats[0].id; }");
            visit.page().locator(".hljs-keyword").first().waitFor();
        } else if (page.equals("lab/tokens") && visit.page().locator(".token").count() == 0) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.page().locator(".token").nth(11).waitFor();
            visit.page().locator(".token").nth(3).focus();
        } else if (visit.page().viewportSize().width > 2000 && page.startsWith("lab/")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.page().locator(".cell__foot").nth(1).waitFor();
        }
        visit.the("nav-" + place[0].split("/")[0]).and(current(visit)).waitFor();
        if (page.startsWith("lab/")) {
            visit.the(page.replace('/', '-')).and(current(visit)).waitFor();
        }
        if (LAST_TO_COME.containsKey(page)) {
            visit.the(LAST_TO_COME.get(page)).last().waitFor();
        }
        visit.page().waitForLoadState(LoadState.NETWORKIDLE);
        visit.settle();
    }

    private static Locator current(Visit visit) {
        return visit.page().locator("[aria-current=page]");
    }

    private static void check(Visit visit, String name, List<String> found) {
        for (Object problem : (List<?>) visit.page().evaluate(AXE)) {
            found.add(name + ": " + problem);
        }
        int overflow =
                (Integer)
                        visit.page().evaluate("document.documentElement.scrollWidth - innerWidth");
        if (overflow > 0) {
            found.add(name + ": wider than the window by " + overflow);
        }
    }
}
