package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.StudioRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The page of the data before the real server, with rows of which some are hostile. */
class DataPageTest {
    private static final String HOSTILE =
            "<img src=x onerror=window.hacked=1><script>window.hacked=2</script><|end|> \u202Eevil";

    @TempDir Path home;
    private Path rows;
    private StudioRig studio;

    private static String row(String prompt, String response) {
        return Json.text(Json.object().put("instruction", prompt).put("output", response));
    }

    @BeforeEach
    void start() throws Exception {
        rows = home.resolve("rows.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String answer = "It is %d, since %d times %d is that.";
            lines.add(
                    row(
                            "What is the number " + i + " times " + (i + 7) + "?",
                            answer.formatted(i * (i + 7), i, i + 7)));
        }
        lines.add(row(HOSTILE, "As an AI language model, I cannot " + HOSTILE));
        lines.add(lines.get(3));
        Files.write(rows, lines);
        studio = StudioRig.tiny(home);
        studio.send("PATCH", "/settings", "{'started':true}");
    }

    @AfterEach
    void stop() {
        studio.close();
    }

    private Visit visit(String place) {
        return Visit.at(studio.url() + StaticFiles.BASE + place);
    }

    private void make(Visit visit) {
        visit.the("new-curation").click();
        visit.the("curation-name").fill("maths");
        visit.the("curation-files").fill(rows.toString());
        visit.the("curation-add").click();
        visit.the("recipe-form").waitFor();
    }

    private static void run(Visit visit, String removed) {
        visit.the("run-curation").click();
        visit.the("part-result").and(visit.page().locator(":enabled")).click();
        visit.the("fact-removed").getByText(removed).waitFor();
    }

    @Test
    void aCurationIsMadeRunAndSeen() {
        try (Visit visit = visit("#/data")) {
            visit.the("no-curations").waitFor();
            make(visit);
            run(visit, "2");
            visit.the("show-refusal").click();
            Locator row = visit.the("removed-rows").locator("[data-test=row]");
            row.getByText("window.hacked=2").first().waitFor();
            row.getByText("⟦202E⟧").first().waitFor();
            PlaywrightAssertions.assertThat(row.locator("img, script")).hasCount(0);
            assertThat(visit.page().evaluate("window.hacked")).isNull();
            visit.the("sources").getByText("rows").waitFor();
            visit.the("part-groups").click();
            PlaywrightAssertions.assertThat(visit.the("group")).hasCount(1);
            PlaywrightAssertions.assertThat(
                            visit.the("group").getByText("What is the number 3 times 10?"))
                    .hasCount(2);
            visit.page().reload();
            visit.the("fact-read").getByText("42").waitFor();
            visit.the("delete-curation").click();
            visit.page().locator("dialog .button--danger").click();
            visit.the("no-curations").waitFor();
            assertThat(rows).exists();
        }
    }

    @Test
    void aRecipeIsClickedAndWrittenAndSaysWhereItIsWrong() {
        try (Visit visit = visit("#/data")) {
            make(visit);
            Locator text = visit.the("recipe-text");
            visit.the("filter-refusal").uncheck();
            PlaywrightAssertions.assertThat(text).hasValue(Pattern.compile("refusal: false"));
            visit.the("number-near-both").fill("7");
            visit.the("number-near-both").press("Tab");
            visit.the("recipe-error").getByText("recipe.yaml, line ").waitFor();
            PlaywrightAssertions.assertThat(visit.the("save-recipe")).isDisabled();
            visit.the("recipe-error").locator("button").click();
            assertThat(
                            visit.page()
                                    .evaluate(
                                            "(b => b.value.slice(b.selectionStart,"
                                                    + " b.selectionEnd))(document.activeElement)")
                                    .toString())
                    .contains("near");
            visit.the("number-near-both").fill("0.7");
            visit.the("number-near-both").press("Tab");
            visit.the("input-source").fill("sums");
            visit.the("input-source").press("Tab");
            visit.the("file-map-loss").fill("judge.gguf");
            visit.the("file-map-loss").press("Tab");
            PlaywrightAssertions.assertThat(text).hasValue(Pattern.compile("loss: judge.gguf"));
            visit.the("file-map-loss").fill("");
            visit.the("file-map-loss").press("Tab");
            PlaywrightAssertions.assertThat(text)
                    .not()
                    .hasValue(Pattern.compile("loss: judge.gguf"));
            visit.the("save-recipe").click();
            visit.the("recipe-state").getByText("Saved").waitFor();
            text.fill(text.inputValue().replace("echo: {words: 8", "echo: {words: 9"));
            PlaywrightAssertions.assertThat(visit.the("number-echo-words")).hasValue("9");
            text.fill(text.inputValue() + "dance: on\n");
            visit.the("recipe-error").getByText("dance").waitFor();
            visit.page().reload();
            PlaywrightAssertions.assertThat(visit.the("number-echo-words")).hasValue("8");
            PlaywrightAssertions.assertThat(visit.the("number-near-both")).hasValue("0.7");
            run(visit, "1");
            visit.the("sources").getByText("sums").waitFor();
        }
    }

    @Test
    void theMapOpensByItselfAndItsMarksComeBack() throws Exception {
        try (Visit visit = visit("#/data")) {
            make(visit);
            run(visit, "2");
            visit.the("part-map").click();
            Page map = visit.page().waitForPopup(() -> visit.the("open-map").click());
            map.locator("#count").waitFor();
            map.locator("#search").fill("times 10?");
            map.locator("#count").getByText("2 shown").waitFor(); // the row and its double
            assertThat(
                            map.evaluate(
                                    "() => { try { localStorage; return 'open'; }"
                                            + " catch { return 'shut'; } }"))
                    .isEqualTo("shut");
            assertThat(
                            map.evaluate(
                                    "() => fetch('/studio/api/settings').then(() => 'open',"
                                            + " () => 'shut')"))
                    .isEqualTo("shut");
            map.locator("#mark").click();
            Download download = map.waitForDownload(() -> map.locator("#export").click());
            Path marks = download.path();
            FileChooser chooser =
                    visit.page().waitForFileChooser(() -> visit.the("take-marks").click());
            chooser.setFiles(marks);
            visit.page().getByText("2 rows are marked").waitFor();
            visit.the("part-recipe").click();
            PlaywrightAssertions.assertThat(visit.the("recipe-text"))
                    .hasValue(Pattern.compile("marks: marks.json"));
            run(visit, "3");
            visit.the("show-marked").click();
            PlaywrightAssertions.assertThat(
                            visit.the("removed-rows").getByText("What is the number 3 times 10?"))
                    .hasCount(2);
            map.close();
        }
    }
}
