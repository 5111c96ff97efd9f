package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.FilePayload;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** A person experiments. */
class LabPageTest {
    private StubStudio studio;

    @BeforeEach
    void start() {
        studio = new StubStudio();
        studio.state.settings.put("started", true);
    }

    @AfterEach
    void stop() {
        studio.close();
    }

    private Visit part(String name) {
        return Visit.at(studio.url() + "#/lab/" + name);
    }

    @Test
    void columnsStreamSideBySide() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("add-column").click();
            visit.the("run").click();
            Locator last = visit.the("cell").nth(2);
            last.getByText("word11").waitFor();
            PlaywrightAssertions.assertThat(visit.the("cell")).hasCount(3);
            last.getByText("Seed 42").waitFor();
        }
    }

    @Test
    void adaptersAreChosenForAColumnAndNamedWithItsAnswer() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("add-adapter").nth(1).selectOption("pirate");
            visit.the("add-adapter").nth(1).selectOption("runs/poems");
            PlaywrightAssertions.assertThat(visit.the("adapter")).hasCount(2);
            PlaywrightAssertions.assertThat(visit.the("add-adapter")).hasCount(1);
            visit.page().getByLabel("Scale of pirate").fill("0.5");
            visit.page().getByLabel("Scale of pirate").press("Tab");
            visit.page().getByText("1 adapter is not for this model").first().click();
            visit.the("unfit").first().getByText("it is for another model").waitFor();
            visit.the("add-column").click();
            visit.button("Remove the adapter runs/poems").last().click();
            visit.the("run").click();
            Locator heads = visit.the("cell").locator("h2");
            PlaywrightAssertions.assertThat(heads.nth(0)).hasText("temperature 0");
            PlaywrightAssertions.assertThat(heads.nth(1))
                    .hasText("pirate × 0.5 + runs/poems · temperature 1");
            PlaywrightAssertions.assertThat(heads.nth(2)).hasText("pirate × 0.5 · temperature 1");
            visit.the("cell").nth(2).getByText("word11").waitFor();
        }
    }

    @Test
    void columnsComeAndGoWithoutARunAndEnterBeginsOne() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("add-column").click();
            PlaywrightAssertions.assertThat(visit.the("model")).hasCount(3);
            visit.button("Remove column 3").click();
            PlaywrightAssertions.assertThat(visit.the("model")).hasCount(2);
            visit.the("lab-seed").fill("7");
            visit.the("lab-seed").press("Enter");
            visit.the("cell").nth(1).getByText("Seed 7").waitFor();
            visit.the("lab-history").click();
            PlaywrightAssertions.assertThat(visit.the("repeat")).hasCount(1);
        }
    }

    @Test
    void whatWasRunIsThereWhenAPersonComesBack() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.the("cell").first().waitFor();
            visit.the("nav-models").click();
            visit.the("model-card").first().waitFor();
            visit.the("nav-lab").click();
            visit.the("cell").nth(1).getByText("word11").waitFor();
            visit.the("lab-sweep").click();
            visit.the("sweep-down").waitFor();
            PlaywrightAssertions.assertThat(visit.the("cell")).hasCount(0);
        }
    }

    @Test
    void anAnswerIsWrittenSeveralTimesAndAgainWithTheSameSeeds() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("lab-rounds").fill("3");
            visit.the("lab-rounds").press("Tab");
            visit.the("run").click();
            Locator last = visit.the("cell").nth(1);
            PlaywrightAssertions.assertThat(last.locator(".cell__foot")).hasCount(3);
            for (String seed : new String[] {"Seed 42", "Seed 43", "Seed 44"}) {
                last.getByText(seed).waitFor();
            }
            visit.the("again").click();
            PlaywrightAssertions.assertThat(visit.the("cell").getByText("The same text"))
                    .hasCount(6);
        }
    }

    @Test
    void aBlindVoteShowsTheNamesAndCounts() {
        try (Visit visit = part("blind")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.the("cell").nth(1).getByText("word11").waitFor();
            PlaywrightAssertions.assertThat(visit.the("cell").first().locator("h2")).hasText("A");
            visit.the("vote-left").click();
            visit.the("ratings").getByText("stub-model").waitFor();
            PlaywrightAssertions.assertThat(visit.the("cell").first().locator("h2"))
                    .containsText("temperature");
        }
    }

    @Test
    void anotherTokenIsChosenAndTheModelGoesOnFromThere() {
        try (Visit visit = part("tokens")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.page().locator(".token").nth(11).waitFor();
            visit.page().locator(".token").first().hover();
            visit.the("alternatives").getByText("·other").waitFor();
            visit.page().locator(".plot canvas").waitFor();
            visit.page().locator(".token").first().focus();
            visit.page().keyboard().press("ArrowRight");
            PlaywrightAssertions.assertThat(visit.page().locator(".token--at"))
                    .containsText("badgers");
            visit.page().locator(".alternative:not([disabled])").first().click();
            visit.page().locator(".token").first().getByText("other").waitFor();
            visit.button("Back to the text before").click();
            visit.page().locator(".token").first().getByText("word0").waitFor();
        }
    }

    @Test
    void aSweepIsAGrid() {
        try (Visit visit = part("sweep")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("sweep-down").fill("0, 1");
            visit.the("sweep-across").fill("0.5 0.9 1");
            visit.the("run").click();
            Locator table = visit.the("sweep-table");
            table.waitFor();
            PlaywrightAssertions.assertThat(table.locator("tbody tr")).hasCount(2);
            PlaywrightAssertions.assertThat(table.locator("tbody td")).hasCount(6);
            table.locator("td").last().getByText("word11").waitFor();
        }
    }

    @Test
    void aSetOfPromptsRunsAsABatch() {
        try (Visit visit = part("batch")) {
            visit.page()
                    .onFileChooser(chooser ->
                            chooser.setFiles(
                                    new FilePayload(
                                            "animals.csv",
                                            "text/csv",
                                            "prompt\nbadgers\notters\n"
                                                    .getBytes(StandardCharsets.UTF_8))));
            visit.button("From a file").click();
            visit.page().locator("[data-test=prompt-set] option:checked").getByText("animals");
            visit.page()
                    .waitForCondition(() ->
                            visit.the("batch-prompts").inputValue().equals("badgers\notters"));
            visit.the("run").click();
            Locator table = visit.the("batch-table");
            table.locator("tbody tr").nth(1).getByText("word11").nth(1).waitFor();
            visit.the("differs").check();
            table.locator(".diff").first().waitFor();
            String name =
                    visit.page()
                            .waitForDownload(() -> visit.button("CSV").click())
                            .suggestedFilename();
            assertThat(name).endsWith(".csv");
        }
    }

    @Test
    void sweepsAndBatchesWriteAsManyRoundsAsWanted() {
        try (Visit visit = part("sweep")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("sweep-down").fill("0");
            visit.the("sweep-across").fill("0.5 1");
            visit.the("lab-rounds").fill("2");
            visit.the("lab-rounds").press("Tab");
            visit.the("run").click();
            Locator cells = visit.the("sweep-table").locator("tbody td");
            cells.last().getByText("word11").nth(1).waitFor();
            PlaywrightAssertions.assertThat(cells.last().locator("sz-markdown")).hasCount(2);
            for (String seed : new String[] {"Seed 42", "Seed 43"}) {
                cells.last().getByText(seed).waitFor();
            }
            visit.the("again").click();
            PlaywrightAssertions.assertThat(cells.getByText("The same text")).hasCount(4);
        }
        try (Visit visit = part("batch")) {
            visit.the("batch-prompts").fill("badgers\notters");
            visit.the("lab-rounds").fill("3");
            visit.the("lab-rounds").press("Tab");
            visit.the("run").click();
            Locator rows = visit.the("batch-table").locator("tbody tr");
            rows.nth(1).locator("td").last().getByText("word11").nth(2).waitFor();
            visit.the("again").click();
            PlaywrightAssertions.assertThat(rows.getByText("The same text")).hasCount(12);
            visit.the("differs").check();
            rows.nth(0).locator(".diff").nth(2).waitFor();
        }
    }

    @Test
    void runsAreRecordedRepeatedComparedAndDeleted() {
        try (Visit visit = part("compare")) {
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            visit.the("cell").nth(1).getByText("word11").waitFor();
            visit.the("lab-history").click();
            visit.the("repeat").click();
            visit.the("cell").nth(1).getByText("word11").waitFor();
            visit.the("lab-history").click();
            Locator boxes = visit.the("runs").locator("input[type=checkbox]");
            boxes.nth(1).waitFor();
            boxes.nth(0).check();
            boxes.nth(1).check();
            visit.the("diff-runs").click();
            visit.the("run-diff").getByText("The same text").first().waitFor();
        }
    }
}
