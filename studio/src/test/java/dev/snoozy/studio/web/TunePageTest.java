package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.regex.Pattern;

/** A person trains an adapter, watches it, and tries what came of it. */
class TunePageTest {
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
        return Visit.at(studio.url() + "#/tune" + place);
    }

    private static void fill(Visit visit, String data) {
        visit.the("tune-model").selectOption("stub-model");
        visit.the("tune-name").fill("mine");
        visit.the("tune-data").fill(data);
        visit.the("tune-data").press("Tab");
    }

    @Test
    void whatARunWouldTakeIsToldAndWhatIsWrongIsSaidAtItsField() {
        try (Visit visit = page("")) {
            PlaywrightAssertions.assertThat(visit.the("tune-rank"))
                    .hasAttribute("placeholder", "16");
            visit.the("tune-preset").selectOption("gpt4all-lora");
            PlaywrightAssertions.assertThat(visit.the("tune-rank"))
                    .hasAttribute("placeholder", "8");
            fill(visit, "rows.jsonl");
            visit.the("tune-plan").click();
            visit.the("wrong-data").getByText("expected the whole path").waitFor();
            visit.the("tune-data").fill("/rows.jsonl");
            visit.the("tune-data").press("Tab");
            PlaywrightAssertions.assertThat(visit.the("wrong-data")).hasCount(0);
            visit.the("tune-plan").click();
            visit.the("tune-planned")
                    .getByText("400 steps, about 1.5 hr; 2.4 GB of memory, 4 GB are free.")
                    .waitFor();
            visit.page().getByText("3 texts are too long and cut off").waitFor();
            visit.the("tune-rank").fill("4");
            visit.the("tune-rank").press("Tab");
            PlaywrightAssertions.assertThat(visit.the("tune-planned")).hasCount(0);
            assertThat(visit.faults()).allMatch(fault -> fault.contains("400"));
        }
    }

    @Test
    void whatIsTypedStaysWhenThePageDrawsItselfAgain() {
        try (Visit visit = page("")) {
            visit.the("tune-name").fill("half a na");
            visit.the("tune-name")
                    .evaluate(
                            "async (e) => { const form = e.closest('sz-tune-form');"
                                    + " form.requestUpdate(); await form.updateComplete; }");
            PlaywrightAssertions.assertThat(visit.the("tune-name")).hasValue("half a na");
        }
    }

    @Test
    void theFormIsFilledFromARecipe() {
        try (Visit visit = page("")) {
            fill(visit, "rows.jsonl");
            visit.the("tune-epochs").fill("7");
            visit.the("tune-plan").click();
            visit.the("wrong-data").waitFor();
            visit.the("tune-recipe").fill("mine.yaml");
            visit.the("tune-fill").click();
            visit.the("wrong-recipe").getByText("mine.yaml, line 7: rank").waitFor();
            PlaywrightAssertions.assertThat(visit.the("tune-recipe"))
                    .hasAttribute("aria-invalid", "true");
            PlaywrightAssertions.assertThat(visit.the("tune-epochs")).hasValue("7");
            visit.the("tune-recipe").fill("/mine.yaml");
            PlaywrightAssertions.assertThat(visit.the("wrong-recipe")).hasCount(0);
            visit.the("tune-recipe").press("Enter");
            visit.the("tune-lacks").getByText("are not curated").waitFor();
            PlaywrightAssertions.assertThat(visit.the("tune-filled"))
                    .containsText(
                            "Rank: 4 · Measurements without progress, then it stops (0: never): 3"
                                    + " · Schedule: Half a cosine · Activations in F32 (slow)"
                                    + " · Matrices: attn_q, ffn_up");
            PlaywrightAssertions.assertThat(visit.the("wrong-data")).hasCount(0);
            PlaywrightAssertions.assertThat(visit.the("tune-preset")).hasValue("gpt4all-lora");
            PlaywrightAssertions.assertThat(visit.the("tune-model")).hasValue("stub-model");
            PlaywrightAssertions.assertThat(visit.the("tune-name")).hasValue("mine-2");
            PlaywrightAssertions.assertThat(visit.the("tune-data")).hasValue("");
            PlaywrightAssertions.assertThat(visit.the("tune-epochs")).hasValue("");
            PlaywrightAssertions.assertThat(visit.the("tune-patience")).hasValue("3");
            visit.the("tune-recipe").fill("/cooked.yaml");
            visit.the("tune-fill").click();
            PlaywrightAssertions.assertThat(visit.the("tune-data"))
                    .hasValue("/home/someone/runs/cook/mine/curate");
            PlaywrightAssertions.assertThat(visit.the("tune-lacks")).hasCount(0);
            visit.the("tune-begin").click();
            visit.the("tune-curves").locator("svg[role=img]").first().waitFor();
            assertThat(visit.faults()).allMatch(fault -> fault.contains("400"));
        }
    }

    @Test
    void recipesThatWereWrittenHereAreOffered() {
        try (Visit visit = page("")) {
            visit.page()
                    .evaluate(
                            "async () => { await fetch('/studio/api/cook/recipes', {method: 'POST',"
                                    + " headers: {'Content-Type': 'application/json'},"
                                    + " body: JSON.stringify({name: 'mine', sets: '/sets'})}); }");
            visit.page().reload();
            PlaywrightAssertions.assertThat(visit.page().locator("#tune-recipes option"))
                    .hasAttribute("value", "/home/someone/recipes/mine.yaml");
            PlaywrightAssertions.assertThat(visit.the("tune-recipe"))
                    .hasAttribute("list", "tune-recipes");
        }
    }

    @Test
    void aRunIsBegunGrowsIsStoppedAndGoesOnAlsoAfterAReload() {
        try (Visit visit = page("")) {
            fill(visit, "/rows.jsonl");
            visit.the("tune-begin").click();
            Locator curves = visit.the("tune-curves");
            PlaywrightAssertions.assertThat(curves.locator("svg[role=img]")).hasCount(3);
            curves.locator("svg[role=img]").first().waitFor();
            String before = points(visit);
            visit.page().waitForCondition(() -> points(visit).length() > before.length());
            visit.page().reload();
            visit.the("tune-open").locator("[role=progressbar]").waitFor();
            visit.the("pause").click();
            visit.the("job-state").getByText("Paused").waitFor();
            visit.page().getByText("It stops after the present step").first().waitFor();
            visit.the("resume").click();
            visit.the("job-state").getByText("Running").waitFor();
            visit.the("nav-jobs").click();
            visit.the("job").getByText("Tune").first().waitFor();
        }
    }

    private static String points(Visit visit) {
        return visit.the("tune-curves").locator("polyline").first().getAttribute("points");
    }

    @Test
    void runsAreLaidOverEachOther() {
        try (Visit visit = page("")) {
            visit.the("tune-run").nth(1).waitFor();
            PlaywrightAssertions.assertThat(visit.the("tune-compare")).isDisabled();
            visit.the("tune-run").nth(0).locator("input").check();
            visit.the("tune-run").nth(1).locator("input").check();
            visit.the("tune-compare").click();
            Locator curves = visit.the("tune-curves");
            PlaywrightAssertions.assertThat(curves.locator("polyline")).hasCount(8);
            PlaywrightAssertions.assertThat(curves.locator("svg[role=img]").first())
                    .hasAttribute("aria-label", Pattern.compile("poems: 3\\.\\d+ → 1.*pirates"));
            visit.page().getByText("Measurements").click();
            Locator rows = visit.the("tune-measurements").locator("tbody tr");
            PlaywrightAssertions.assertThat(rows).hasCount(9);
            PlaywrightAssertions.assertThat(rows.first().locator("td").first()).hasText("3.0000");
            Locator differing = visit.the("tune-comparison").locator("tbody tr");
            PlaywrightAssertions.assertThat(differing.first())
                    .hasText(Pattern.compile("Rank\\s*8\\s*16"));
            visit.the("tune-samples").getByText("A poem of step 400").waitFor();
            visit.page().getByText("After step 50", pageExactly()).click();
            visit.the("tune-samples").getByText("A poem of step 50", exactly()).waitFor();
        }
    }

    private static Page.GetByTextOptions pageExactly() {
        return new Page.GetByTextOptions().setExact(true);
    }

    private static Locator.GetByTextOptions exactly() {
        return new Locator.GetByTextOptions().setExact(true);
    }

    @Test
    void theAdapterIsTriedBesideItsBase() {
        try (Visit visit = page("/poems")) {
            visit.the("tune-try").click();
            visit.the("adapter").getByText("runs/poems").waitFor();
            visit.the("lab-prompt").fill("badgers");
            visit.the("run").click();
            Locator heads = visit.the("cell").locator("h2");
            PlaywrightAssertions.assertThat(heads.nth(0)).hasText("stub-model · temperature 0");
            PlaywrightAssertions.assertThat(heads.nth(1))
                    .hasText("stub-model + runs/poems · temperature 0");
        }
    }

    @Test
    void theSettingsOfARunAreUsedAgainAndARunIsDeleted() {
        try (Visit visit = page("/poems")) {
            visit.the("tune-again").click();
            PlaywrightAssertions.assertThat(visit.the("tune-name")).hasValue("poems-2");
            PlaywrightAssertions.assertThat(visit.the("tune-rank")).hasValue("8");
            visit.page().locator(".card__name").getByText("poems", exactly()).click();
            visit.the("tune-delete").click();
            visit.page().locator("dialog .button--danger").click();
            PlaywrightAssertions.assertThat(visit.the("tune-run")).hasCount(1);
        }
    }
}
