package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import dev.snoozy.studio.StudioRig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same page before the real server, with the model that Snoozy comes with. */
class RealStudioTest {
    @TempDir Path home;
    private StudioRig studio;

    @BeforeEach
    void start() {
        studio = StudioRig.stories(home);
    }

    @AfterEach
    void stop() {
        studio.close();
    }

    private Visit visit(String place) {
        Visit visit = Visit.at(studio.url() + StaticFiles.BASE + place);
        if (visit.page().locator("dialog").count() == 0) {
            visit.the("welcome-done").waitFor();
        }
        visit.the("welcome-done").click();
        return visit;
    }

    @Test
    void aStoryIsToldBranchedAndFoundAgain() {
        try (Visit visit = visit("")) {
            visit.the("sampling").click();
            visit.page().locator("[data-option=max_tokens]").fill("40");
            visit.page().locator("[data-option=max_tokens]").press("Tab");
            visit.page().locator("[data-option=seed]").fill("7");
            visit.page().locator("[data-option=seed]").press("Tab");
            visit.the("keep-tokens").check();
            Locator answer = visit.say("Once upon a time");
            String story = answer.locator("sz-markdown").innerText();
            assertThat(story).isNotBlank();
            answer.locator("[data-test=redo]").click();
            visit.page().getByText("2/2").waitFor();
            visit.answers().last().locator("[data-test=stats]").waitFor();
            assertThat(visit.answers().last().locator("sz-markdown").innerText())
                    .as("the same seed tells the same story")
                    .isEqualTo(story);
            visit.answers().last().locator("[data-test=eye]").click();
            visit.page().locator(".token").nth(2).click();
            visit.page().locator(".alternative:not([disabled])").first().click();
            visit.page().getByText("3/3").waitFor();
            visit.answers().last().locator("[data-test=stats]").waitFor();
            visit.the("context").waitFor();

            visit.page().reload();
            visit.page().getByText("3/3").waitFor();
            visit.page().keyboard().press("Control+k");
            visit.page().keyboard().type("upon");
            visit.page().locator(".hit mark").first().waitFor();
        }
    }

    @Test
    void columnsWithTheSameSettingsTellTheSameStory() {
        try (Visit visit = visit("#/lab/compare")) {
            visit.the("lab-prompt").fill("Once upon a time");
            visit.page().locator(".columns__one details summary").nth(1).click();
            Locator temperature = visit.page().locator("[data-option=temperature]").nth(1);
            temperature.fill("0");
            temperature.press("Tab");
            for (int i = 0; i < 2; i++) {
                Locator most = visit.page().locator("[data-option=max_tokens]").nth(i);
                if (i == 0) {
                    visit.page().locator(".columns__one details summary").first().click();
                }
                most.fill("30");
                most.press("Tab");
            }
            visit.the("run").click();
            visit.the("cell").nth(1).locator(".cell__foot").waitFor();
            visit.the("cell").nth(0).locator(".cell__foot").waitFor();
            String first = visit.the("cell").nth(0).locator("sz-markdown").innerText();
            assertThat(first).isNotBlank();
            assertThat(visit.the("cell").nth(1).locator("sz-markdown").innerText())
                    .isEqualTo(first);
            visit.the("again").click();
            PlaywrightAssertions.assertThat(visit.the("cell").getByText("The same text"))
                    .hasCount(2);
            visit.the("lab-history").click();
            visit.the("repeat").first().click();
            visit.the("cell").nth(1).locator(".cell__foot").waitFor();
            visit.the("cell").nth(0).locator(".cell__foot").waitFor();
            assertThat(visit.the("cell").nth(0).locator("sz-markdown").innerText())
                    .isEqualTo(first);
        }
    }

    @Test
    void tokensShowWhatElseMightHaveBeenSaid() {
        try (Visit visit = visit("#/lab/tokens")) {
            visit.the("lab-prompt").fill("Once upon a time");
            visit.page().locator("[data-option=max_tokens]").fill("20");
            visit.page().locator("[data-option=max_tokens]").press("Tab");
            visit.the("run").click();
            visit.page().locator(".token").nth(15).waitFor();
            visit.page().getByText("Seed 42").waitFor();
            visit.page().locator(".token").nth(4).click();
            visit.page().locator(".alternative:not([disabled])").first().click();
            visit.button("Back to the text before").waitFor();
            visit.page().locator(".token").nth(6).waitFor();
        }
    }

    @Test
    void anAdapterIsTrainedAndTriedBesideItsBase() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            rows.add("{\"prompt\": \"Once %d\", \"response\": \"the cat sat down\"}".formatted(i));
        }
        Path data = Files.write(home.resolve("rows.jsonl"), rows);
        try (Visit visit = visit("#/tune")) {
            visit.the("tune-model").selectOption("stories");
            field(visit, "name", "cats");
            field(visit, "data", data.toString());
            field(visit, "rate", "0.01");
            field(visit, "batch", "4");
            field(visit, "length", "32");
            field(visit, "epochs", "4");
            visit.the("tune-plan").click();
            visit.the("tune-planned").getByText("24 steps").waitFor(); // 23 rows, one held back
            visit.the("tune-begin").click();
            visit.the("tune-gain").waitFor();
            PlaywrightAssertions.assertThat(visit.the("tune-curves").locator("polyline"))
                    .hasCount(4);
            visit.the("tune-try").click();
            visit.the("adapter").getByText("runs/cats").waitFor();
            visit.the("lab-prompt").fill("Once 3");
            visit.the("run").click();
            Locator tuned = visit.the("cell").nth(1);
            tuned.locator(".cell__foot").waitFor();
            visit.the("cell").nth(0).locator(".cell__foot").waitFor();
            PlaywrightAssertions.assertThat(tuned.locator("h2")).containsText("runs/cats");
            assertThat(tuned.locator("sz-markdown").innerText())
                    .isNotEqualTo(visit.the("cell").nth(0).locator("sz-markdown").innerText());
        }
    }

    private static void field(Visit visit, String name, String value) {
        visit.the("tune-" + name).fill(value);
        visit.the("tune-" + name).press("Tab");
    }

    @Test
    void theMachineIsShown() {
        try (Visit visit = visit("#/models")) {
            visit.the("model-card")
                    .getByText("stories", new Locator.GetByTextOptions().setExact(true))
                    .waitFor();
            visit.page().evaluate("location.hash = '#/server'");
            visit.the("address").getByText("http://127.0.0.1").waitFor();
            visit.page().evaluate("location.hash = '#/settings'");
            visit.page().getByText(home.toString()).waitFor();
            visit.page().evaluate("location.hash = '#/jobs'");
            visit.page().getByText("No jobs.").waitFor();
        }
    }
}
