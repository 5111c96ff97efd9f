package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person evaluates models, compares them, and looks at items. */
class EvaluatePageTest {
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
        return Visit.at(studio.url() + "#/evaluate" + place);
    }

    @Test
    void onlyFiguresOfOneProtocolStandBesideEachOther() {
        try (Visit visit = page("")) {
            Locator rows = visit.the("evaluate-row");
            PlaywrightAssertions.assertThat(rows).hasCount(3);
            PlaywrightAssertions.assertThat(rows.nth(0).locator("[data-test=figure-piqa]"))
                    .hasText("55.0 ± 1.2");
            rows.nth(2).getByText("321 of 1,838 items").waitFor();
            rows.nth(2).getByText("2 of 7 tasks").waitFor();
            visit.the("evaluate-show-published").click();
            visit.the("evaluate-published").getByText("GPT4All-13B-snoozy").waitFor();
            visit.page().getByText("cannot be compared with the rows above").waitFor();
            visit.the("evaluate-shown-profile").selectOption("gpt4all-2023");
            PlaywrightAssertions.assertThat(rows).hasCount(1);
            PlaywrightAssertions.assertThat(
                            visit.page().getByText("cannot be compared with the rows above"))
                    .hasCount(0);
        }
    }

    @Test
    void twoRowsAreComparedDownToTheItemsOnWhichOneIsRight() {
        try (Visit visit = page("")) {
            visit.the("evaluate-row").nth(0).locator("input").check();
            visit.the("evaluate-row").nth(1).locator("input").check();
            Locator rows = visit.the("evaluate-difference");
            PlaywrightAssertions.assertThat(rows).hasCount(3);
            rows.nth(0).getByText("+1.8 ± 1.0").waitFor();
            rows.nth(0).getByText("0.0009").waitFor();
            visit.page().getByText("only one has judged these items: OBQA").waitFor();
            visit.the("only-second-piqa").click();
            PlaywrightAssertions.assertThat(visit.the("evaluate-item")).hasCount(3);
            visit.the("evaluate-item")
                    .nth(0)
                    .getByText("chosen by other-model-with-a-long-name-q4_k_m")
                    .waitFor();
        }
    }

    @Test
    void theItemsOfATaskAreReadPageByPage() {
        try (Visit visit = page("")) {
            visit.the("figure-piqa").first().click();
            Locator item = visit.the("evaluate-item");
            PlaywrightAssertions.assertThat(item).hasCount(20);
            item.first().getByText("How is thing 0 done?").waitFor();
            item.first().getByText("right · chosen").waitFor();
            visit.the("evaluate-next").click();
            item.first().getByText("How is thing 20 done?").waitFor();
            visit.the("evaluate-next").click();
            PlaywrightAssertions.assertThat(item).hasCount(5);
            visit.the("show-wrong").click();
            PlaywrightAssertions.assertThat(item).hasCount(3);
            visit.the("evaluate-delete").click();
            visit.page().locator("dialog .button--danger").click();
            PlaywrightAssertions.assertThat(visit.the("evaluate-row")).hasCount(2);
        }
    }

    @Test
    void jobsAreBegunForEachModelAndWhatIsWrongIsSaidAtItsField() {
        try (Visit visit = page("")) {
            visit.the("evaluate-begin").click();
            visit.the("wrong-model").waitFor();
            visit.the("evaluate-data").fill("sets");
            visit.the("evaluate-data").press("Tab");
            visit.the("wrong-data").getByText("expected the whole path").waitFor();
            visit.the("evaluate-data").fill("/sets");
            visit.the("evaluate-data").press("Tab");
            visit.the("evaluate-tasks").getByText("BoolQ (1,838)").click();
            visit.the("evaluate-models").getByText("stub-model").click();
            visit.the("evaluate-models").getByText("other-model").click();
            visit.the("evaluate-begin").click();
            PlaywrightAssertions.assertThat(visit.the("evaluate-row")).hasCount(5);
            visit.the("evaluate-progress").first().getByText("of 400 items").waitFor();
            assertThat(visit.faults()).allMatch(fault -> fault.contains("400"));
        }
    }
}
