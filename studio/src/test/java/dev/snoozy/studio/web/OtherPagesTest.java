package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person looks after models and jobs, the server and the settings. */
class OtherPagesTest {
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

    @Test
    void theFirstStartAsksForLanguageAndLookOnly() {
        studio.state.settings.remove("started");
        try (Visit visit = Visit.at(studio.url())) {
            Locator dialog = visit.page().locator("dialog");
            dialog.waitFor();
            PlaywrightAssertions.assertThat(dialog.locator("select")).hasCount(1);
            PlaywrightAssertions.assertThat(dialog.locator("fieldset")).hasCount(1);
            visit.the("welcome-language").selectOption("de");
            visit.page().locator("nav").getByText("Einstellungen").waitFor();
            dialog.getByText("Dunkel").click();
            visit.the("welcome-done").click();
            visit.page().waitForCondition(() -> studio.state.settings.has("started"));
            assertThat(studio.state.settings.path("language").asString()).isEqualTo("de");
            visit.page().reload();
            visit.page().getByText("Worüber sprechen wir?").waitFor();
            PlaywrightAssertions.assertThat(visit.page().locator("dialog")).hasCount(0);
            PlaywrightAssertions.assertThat(visit.page().locator("html"))
                    .hasAttribute("data-theme", "dark");
        }
    }

    @Test
    void modelsAreLoadedAndUnloaded() {
        try (Visit visit = Visit.at(studio.url() + "#/models")) {
            Locator card = visit.the("model-card").nth(1);
            card.getByText("Needs 5 GB, 4 GB are free").waitFor();
            card.getByText("Load", new Locator.GetByTextOptions().setExact(true)).click();
            card.getByText("In memory").waitFor();
            visit.the("model-card").first().getByText("Unload").click();
            visit.the("model-card").first().getByText("Load").waitFor();
        }
    }

    @Test
    void aJobIsBegunFollowedAndCancelled() {
        try (Visit visit = Visit.at(studio.url() + "#/models")) {
            visit.button("Actions for stub-model").click();
            visit.page().locator("[role=menuitem]").getByText("Quantize").click();
            visit.page().locator("dialog [type=submit]").click();
            visit.button("Show").click();
            Locator open = visit.the("job-open");
            open.getByText("step 20").waitFor();
            open.locator("[role=progressbar]").waitFor();
            visit.page().reload();
            visit.the("job-open").getByText("step 30").waitFor();
            String seen = visit.the("job-open").textContent();
            assertThat(seen.split("step 25", -1)).as("said once: %s", seen).hasSize(2);
            visit.the("cancel").click();
            visit.the("job").getByText("Cancelled").waitFor();
            visit.the("retry").click();
            visit.page().waitForCondition(() -> visit.the("job").count() == 2);
        }
    }

    @Test
    void aJobThatIsDoneShowsItsResult() {
        try (Visit visit = Visit.at(studio.url() + "#/models")) {
            visit.button("Actions for stub-model").click();
            visit.page().locator("[role=menuitem]").getByText("Measure the speed").click();
            visit.page().locator("dialog [type=submit]").click();
            visit.button("Show").click();
            visit.the("result").getByText("210.123").waitFor();
        }
    }

    @Test
    void aModelIsFetchedByItsReference() {
        try (Visit visit = Visit.at(studio.url() + "#/models")) {
            visit.the("reference").fill("user/repository:Q4_K_M");
            visit.the("pull").click();
            visit.the("download").getByText("user/repository:Q4_K_M").waitFor();
            visit.the("pause").click();
            visit.the("job-state").getByText("Paused").waitFor();
            visit.the("resume").click();
            visit.the("pause").waitFor();
            visit.the("cancel").click();
            visit.page().waitForCondition(() -> visit.the("download").count() == 0);
        }
    }

    @Test
    void theServerPageShowsHowProgramsAsk() {
        try (Visit visit = Visit.at(studio.url() + "#/server")) {
            visit.the("address").getByText("http://127.0.0.1:4891").waitFor();
            visit.button("Java").click();
            visit.the("snippet").getByText("OpenAIOkHttpClient").waitFor();
        }
    }

    @Test
    void whoMayAskIsChosenAndAKeyIsShownOnce() {
        try (Visit visit = Visit.at(studio.url() + "#/server")) {
            visit.the("server-state").getByText("On", exact()).waitFor();
            visit.the("access-page").check();
            visit.the("server-state").getByText("Off for programs").waitFor();
            visit.the("access-key").check();
            visit.page().getByText("There is no key yet").waitFor();
            visit.the("snippet").getByText("Authorization: Bearer YOUR-KEY").waitFor();
            visit.the("key-name").fill("editor");
            visit.the("add-key").click();
            visit.the("new-key").getByText("sk-shown-once").waitFor();
            visit.the("keys").getByText("never used").waitFor();
            visit.button("Take back the key of editor").click();
            visit.page().locator("dialog").getByText("editor can no longer ask").waitFor();
            visit.page().locator("dialog .button--danger").click();
            visit.page().getByText("There is no key yet").waitFor();
        }
    }

    @Test
    void requestsOfProgramsAreSeenAndCanBeEnded() {
        try (Visit visit = Visit.at(studio.url() + "#/server")) {
            visit.the("requests").getByText("1,234 + 56").first().waitFor();
            visit.the("requests").getByText("Error 404").waitFor();
            visit.the("requests").getByText("31.3").waitFor();
            visit.button("Stop /v1/chat/completions").click();
            visit.page().waitForCondition(() -> studio.machine.cancelled.equals("running"));
        }
    }

    @Test
    void threadsAndMemoryAreChosenAndTakenBack() {
        try (Visit visit = Visit.at(studio.url() + "#/settings")) {
            visit.the("threads").fill("3");
            visit.the("threads").press("Tab");
            visit.page().waitForCondition(() -> setting("threads") == 3);
            visit.the("modelMemory").fill("1.5");
            visit.the("modelMemory").press("Tab");
            visit.page().waitForCondition(() -> setting("modelMemory") == 3L << 29);
            visit.the("threads").fill("");
            visit.the("threads").press("Tab");
            visit.page().waitForCondition(() -> studio.state.settings.path("threads").isNull());
        }
    }

    @Test
    void aNumberThatCannotBeIsSaidAtTheFieldAndNotKept() {
        try (Visit visit = Visit.at(studio.url() + "#/settings")) {
            visit.the("threads").fill("1025");
            visit.the("threads").press("Tab");
            visit.the("wrong-threads")
                    .getByText("Expected: a whole number from 1 to 1,024", exact())
                    .waitFor();
            PlaywrightAssertions.assertThat(visit.the("threads"))
                    .hasAttribute("aria-invalid", "true");
            visit.the("modelMemory").fill("0");
            visit.the("modelMemory").press("Tab");
            visit.the("wrong-modelMemory").getByText("Expected: a number from 0.25").waitFor();
            visit.the("threads").fill("5");
            visit.the("threads").press("Tab");
            PlaywrightAssertions.assertThat(visit.the("wrong-threads")).hasCount(0);
            visit.page().waitForCondition(() -> setting("threads") == 5);
            assertThat(studio.state.settings.has("modelMemory")).isFalse();
        }
    }

    @Test
    void whatWasGivenAtTheStartIsShownAndNotWhatIsStored() {
        studio.state.settings.put("threads", 3);
        studio.machine.threadsGiven = "--threads 8";
        try (Visit visit = Visit.at(studio.url() + "#/settings")) {
            visit.page().getByText("Given at the start: --threads 8").waitFor();
            PlaywrightAssertions.assertThat(visit.the("threads")).isDisabled();
            PlaywrightAssertions.assertThat(visit.the("threads")).hasValue("");
            PlaywrightAssertions.assertThat(visit.the("threads")).hasAttribute("placeholder", "8");
            PlaywrightAssertions.assertThat(visit.the("modelMemory")).isEnabled();
        }
    }

    private long setting(String name) {
        return studio.state.settings.path(name).asLong(0);
    }

    private static Locator.GetByTextOptions exact() {
        return new Locator.GetByTextOptions().setExact(true);
    }

    @Test
    void settingsAreSeenAtOnceAndKept() {
        try (Visit visit = Visit.at(studio.url() + "#/settings")) {
            visit.the("theme-dark").check();
            visit.the("fontSize-large").check();
            visit.the("language").selectOption("zh");
            visit.page().locator("h1").getByText("设置").waitFor();
            PlaywrightAssertions.assertThat(visit.page().locator("html"))
                    .hasAttribute("data-font", "large");
            visit.page()
                    .waitForCondition(() -> studio.state.settings.path("fontSize").asInt() == 17);
            PlaywrightAssertions.assertThat(visit.page().locator("html"))
                    .hasAttribute("lang", "zh");
        }
    }

    @Test
    void aSettingThatIsRefusedIsShownAsItWas() {
        try (Visit visit = Visit.at(studio.url() + "#/settings")) {
            visit.the("theme-dark").check();
            visit.page().waitForCondition(() -> studio.state.settings.has("theme"));
            studio.state.refusesSettings = true;
            Locator page = visit.page().locator("html");
            visit.the("theme-light").click();
            visit.page().getByText("the disk is full").first().waitFor();
            PlaywrightAssertions.assertThat(visit.the("theme-dark")).isChecked();
            PlaywrightAssertions.assertThat(page).hasAttribute("data-theme", "dark");
            visit.the("fontSize-huge").click();
            PlaywrightAssertions.assertThat(visit.the("fontSize-medium")).isChecked();
            PlaywrightAssertions.assertThat(page).hasAttribute("data-font", "medium");
            visit.the("language").selectOption("fr");
            PlaywrightAssertions.assertThat(visit.the("language")).hasValue("en");
            PlaywrightAssertions.assertThat(page).hasAttribute("lang", "en");
            assertThat(visit.page().evaluate("localStorage.getItem('snoozy.look')").toString())
                    .contains("dark")
                    .doesNotContain("fr");
            visit.the("threads").fill("5");
            visit.the("threads").press("Tab");
            PlaywrightAssertions.assertThat(visit.the("threads")).hasValue("");
            assertThat(visit.faults()).allMatch(fault -> fault.contains("500"));
        }
    }
}
