package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person writes a recipe, cooks it, and reads what came of one. */
class CookPageTest {
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

    private Visit page(String place) {
        return Visit.at(studio.url() + "#/cook" + place);
    }

    @Test
    void whatARecipeNeedsAndTakesIsToldAndWhatIsWrongWithItsLine() {
        try (Visit visit = page("")) {
            visit.the("cook-recipe").fill("mine.yaml");
            visit.the("cook-recipe").press("Tab");
            visit.the("wrong-recipe").getByText("line 7: rank").waitFor();
            visit.the("cook-recipe").fill("/large.yaml");
            visit.the("cook-recipe").press("Tab");
            visit.the("cook-checked").getByText("but files are missing").waitFor();
            visit.the("cook-checked").getByText("where it is to be had").waitFor();
            PlaywrightAssertions.assertThat(visit.the("wrong-recipe")).hasCount(0);
            visit.the("cook-estimate").click();
            visit.the("cook-estimated")
                    .getByText("About 1.5 hr; 2.4 GB of memory, 9 GB of disk.")
                    .waitFor();
            Locator stages = visit.the("cook-stages").locator("li");
            PlaywrightAssertions.assertThat(stages).hasCount(5);
            PlaywrightAssertions.assertThat(stages.first()).containsText("Has results");
            assertThat(visit.faults()).allMatch(fault -> fault.contains("400"));
        }
    }

    @Test
    void aRecipeIsWrittenWithoutAnEditorAndCooked() {
        try (Visit visit = page("")) {
            visit.page().getByText("Write a recipe").click();
            visit.the("cook-name").fill("mine");
            visit.the("cook-base").selectOption("stub-model");
            visit.the("cook-data").fill("/rows.jsonl\n/more.jsonl");
            visit.the("cook-sets").fill("sets");
            visit.the("cook-write").click();
            visit.the("wrong-sets").waitFor();
            visit.the("cook-sets").fill("/sets");
            visit.the("cook-write").click();
            PlaywrightAssertions.assertThat(visit.the("cook-recipe"))
                    .hasValue("/home/someone/recipes/mine.yaml");
            visit.the("cook-checked").getByText("all files are there").waitFor();
            visit.the("cook-begin").click();
            Locator stages = visit.the("cook-stages").locator("li");
            PlaywrightAssertions.assertThat(stages.nth(0)).containsText("Done before");
            PlaywrightAssertions.assertThat(stages.nth(1)).containsText("Running");
            visit.the("cook-log").getByText("step 1").first().waitFor();
            visit.the("pause").click();
            visit.the("job-state").getByText("Paused").waitFor();
            assertThat(visit.faults()).allMatch(fault -> fault.contains("400"));
        }
    }

    @Test
    void theReportIsReadInThePage() {
        try (Visit visit = page("")) {
            visit.the("cook-run").getByText("tiny").click();
            Locator models = visit.the("cook-models").locator("tbody tr");
            PlaywrightAssertions.assertThat(models).hasCount(4);
            PlaywrightAssertions.assertThat(models.nth(1)).containsText("41.0 ± 7.0");
            PlaywrightAssertions.assertThat(models.nth(1)).containsText("33,237");
            visit.the("cook-differences").getByText("+2.1 ± 3.4").waitFor();
            visit.the("cook-training").getByText("fell from 4.1070 to 2.9030").waitFor();
            PlaywrightAssertions.assertThat(visit.the("cook-training").locator("svg[role=img]"))
                    .hasCount(3);
            visit.the("cook-report").getByText("/home/someone/tiny/report.html").waitFor();
            visit.the("cook-files").locator("summary").click();
            visit.the("cook-files").getByText("ca810e44fdec315d").waitFor();
        }
    }
}
