package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;

import dev.snoozy.studio.HubModels;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubFault;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A person gets models: the page before the real server, which asks a stub of the hub. */
class ModelsPageTest {
    private static final String REPOSITORY = "badgers/Badger-GGUF";

    @TempDir private Path home;
    private final HubStub stub = HubStub.start();
    private HubModels models;
    private StudioRig studio;

    @BeforeEach
    void start() throws IOException {
        TinyModel chatty =
                TinyModel.llama()
                        .with("tokenizer.chat_template", StudioRig.TEMPLATE)
                        .with("general.description", "badger ".repeat(600_000));
        stub.with(REPOSITORY, "badger-Q4_K_M.gguf", chatty.bytes())
                .with(REPOSITORY, "badger-Q8_0.gguf", TinyModel.mixture().bytes());
        models = HubModels.in(home, stub);
        studio = models.studio(home);
    }

    @AfterEach
    void stop() {
        studio.close();
        models.close();
        stub.close();
    }

    private Visit visit(String place) {
        Visit visit = Visit.at(studio.url() + StaticFiles.BASE + place);
        visit.the("welcome-done").click();
        return visit;
    }

    private static Locator.WaitForOptions gone() {
        return new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED);
    }

    @Test
    void aModelIsSearchedForSeenToFitFetchedWithAPauseAndChattedWith() {
        try (Visit visit = visit("#/models")) {
            visit.the("catalogue-card").first().waitFor();
            assertThat(stub.hub().seen()).as("nobody is asked before a person asks").isEmpty();
            visit.the("hub-query").fill("badger");
            visit.the("hub-search").click();
            visit.the("found").getByText(REPOSITORY).click();
            Locator offer =
                    visit.the("offer").filter(new Locator.FilterOptions().setHasText("Q4_K_M"));
            offer.getByText("Fits into memory").waitFor();

            stub.fault(StubFault.stalled(200_000));
            offer.locator("[data-test=offer-pull]").click();
            Locator download = visit.the("download");
            download.locator("[role=progressbar]").waitFor();
            visit.the("pause").click();
            visit.the("job-state").getByText("Paused").waitFor();
            visit.page().reload();
            visit.the("job-state").getByText("Paused").waitFor();
            assertThat(visit.the("model-card").count()).isZero();
            stub.fault(StubFault.NONE);
            visit.the("resume").click();

            Locator card = visit.the("model-card");
            card.getByText(REPOSITORY).waitFor();
            visit.page().getByText(REPOSITORY + ":Q4_K_M is here.").waitFor();
            download.waitFor(gone());
            card.locator("[data-test=chat-with]").click();
            visit.page().waitForURL("**/#/chat");
            assertThat(visit.page().locator(".model-choice select").inputValue())
                    .isEqualTo(REPOSITORY + ":Q4_K_M");
            visit.the("sampling").click();
            visit.page().locator("[data-option=max_tokens]").fill("5");
            visit.page().locator("[data-option=max_tokens]").press("Tab");
            visit.say("Hello");
        }
    }

    @Test
    void aDownloadOutlivesTheProgramAsInterruptedAndGoesOn() throws IOException {
        stub.fault(StubFault.stalled(200_000));
        try (Visit visit = visit("#/models")) {
            visit.the("reference").fill(REPOSITORY + ":Q4_K_M");
            visit.the("pull").click();
            visit.the("download").locator("[role=progressbar]").waitFor();
        }
        studio.close();
        stub.fault(StubFault.NONE);
        studio = models.studio(home);
        try (Visit visit = Visit.at(studio.url() + StaticFiles.BASE + "#/models")) {
            if (visit.the("welcome-done").count() > 0) {
                visit.the("welcome-done").click();
            }
            visit.the("job-state").getByText("Interrupted").waitFor();
            visit.the("resume").click();
            visit.the("model-card").getByText(REPOSITORY).waitFor();
        }
    }

    @Test
    void whatCannotBeHadIsSaid() {
        try (Visit visit = visit("#/models")) {
            visit.the("hub-query").fill("no such thing");
            visit.the("hub-search").click();
            visit.page().getByText("Nothing was found.").waitFor();
            visit.the("reference").fill("badgers/None");
            visit.the("pull").click();
            visit.the("download").getByText("no such repository").waitFor();
            visit.page().getByLabel("Remove Fetch hf://badgers/None").click();
            visit.the("download").waitFor(gone());
        }
    }

    @Test
    void theCatalogueIsNarrowedToWhatIsWanted() {
        try (Visit visit = visit("#/models")) {
            visit.the("catalogue-card").first().waitFor();
            int all = visit.the("catalogue-card").count();
            visit.the("purpose-code").click();
            visit.the("catalogue-card").getByText("Coder").first().waitFor();
            int code = visit.the("catalogue-card").count();
            assertThat(code).isPositive().isLessThan(all);
            visit.the("purpose-all").click();
            visit.the("only-fitting").check();
            visit.settle();
            assertThat(visit.the("catalogue-card").count()).isGreaterThan(code).isLessThan(all);
            Locator first = visit.the("catalogue-card").first();
            String before = first.locator("[data-test=fit]").innerText();
            first.locator("select").selectOption("Q8_0");
            visit.settle();
            assertThat(first.locator("[data-test=fit]").innerText()).isNotEqualTo(before);
            assertThat(stub.hub().seen()).isEmpty();
        }
    }

    @Test
    void aFileOfThisMachineIsAddedAndWhatIsNoneIsRefused(@TempDir Path elsewhere)
            throws IOException {
        Path file = Files.write(elsewhere.resolve("own.gguf"), TinyModel.llama().bytes());
        try (Visit visit = visit("#/models")) {
            visit.the("import").click();
            Locator path = visit.page().locator("dialog [name=path]");
            path.fill(elsewhere.resolve("none.gguf").toString());
            visit.page().locator("dialog [type=submit]").click();
            visit.the("job-problem").getByText("there is no file of this name").waitFor();
            assertThat(visit.faults()).as("the browser's word on it").hasSize(1);
            path.fill(file.toString());
            visit.page().locator("dialog [name=name]").fill("mine");
            visit.page().locator("dialog [type=submit]").click();
            visit.page().getByText("mine is here.").waitFor();
            visit.the("model-card").getByText("mine").waitFor();
            assertThat(Files.isSameFile(models.find("mine").orElseThrow().file(), file)).isTrue();
        }
    }

    @Test
    void whatBecomesOfEachTensorIsSeenWhileAModelIsQuantized() throws IOException {
        Files.createDirectories(home.resolve("models"));
        Files.copy(
                Data.root().resolve("models/tinystories/stories260K-f32.gguf"),
                home.resolve("models/stories.gguf"));
        try (Visit visit = visit("#/models")) {
            visit.button("Actions for stories").click();
            visit.page().locator("[role=menuitem]").getByText("Quantize").click();
            visit.page().locator("dialog select").selectOption("Q4_K_M");
            visit.page().locator("dialog [name=name]").fill("small");
            visit.page().locator("dialog [type=submit]").click();
            visit.button("Show").click();
            Locator report = visit.the("quantize-report");
            visit.the("result").waitFor();
            String job = visit.page().url().replaceFirst(".*#/jobs/", "/jobs/");
            int tensors = studio.get(job).json().path("rows").size();
            assertThat(tensors).isGreaterThan(20);
            report.getByText(tensors + " tensors").first().waitFor();
            assertThat(report.locator("svg").count()).isEqualTo(2);
            assertThat(report.locator("svg").first().locator("rect").count()).isEqualTo(tensors);
            report.locator("summary").click();
            report.locator("td").getByText("output_norm.weight").waitFor();
            visit.page().reload();
            visit.the("quantize-report").locator("rect").first().waitFor();
        }
    }
}
