package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.FilePayload;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** A person chats. */
class ChatPageTest {
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
    void anAnswerStreamsAsMarkdown() {
        try (Visit visit = Visit.at(studio.url())) {
            Locator answer = visit.say("markdown please");
            answer.locator("math").nth(1).waitFor();
            answer.locator(".hljs-keyword").first().waitFor();
            PlaywrightAssertions.assertThat(answer.locator("table tbody tr")).hasCount(2);
            PlaywrightAssertions.assertThat(answer.locator("li")).hasCount(4);
            assertThat(answer.locator("[data-test=stats]").innerText())
                    .contains("42.5 t/s")
                    .contains("first token 0.03 s")
                    .contains("Seed");
            PlaywrightAssertions.assertThat(visit.page().locator("h1")).hasText("markdown please");
            PlaywrightAssertions.assertThat(visit.the("context")).containsText("%");
        }
    }

    @Test
    void reasoningIsFolded() {
        try (Visit visit = Visit.at(studio.url())) {
            Locator answer = visit.say("think first");
            Locator thought = answer.locator("details.reasoning");
            assertThat(thought.locator("strong").isVisible()).isFalse();
            thought.locator("summary").click();
            PlaywrightAssertions.assertThat(thought.locator("strong")).hasText("thought");
        }
    }

    @Test
    void aLinkIsOpenedOnlyAfterItsHostWasShown() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("markdown").locator("a", new Locator.LocatorOptions()).first().click();
            PlaywrightAssertions.assertThat(visit.the("link-host")).hasText("example.org");
            visit.button("Cancel").click();
            assertThat(visit.page().context().pages()).hasSize(1);
        }
    }

    @Test
    void anAnswerCanBeStoppedAndContinued() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.begin("slow");
            visit.answers().first().getByText("word3").waitFor();
            visit.the("stop").click();
            visit.answers().first().getByText("Stopped.").waitFor();
            visit.the("next").last().click();
            visit.answers().first().getByText("and on.").waitFor();
        }
    }

    @Test
    void otherAnswersAndEditsAreBranches() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("first words");
            visit.answers().last().locator("[data-test=redo]").click();
            visit.answers().last().locator("[data-test=siblings]").waitFor();
            PlaywrightAssertions.assertThat(visit.the("siblings")).hasText("2/2");
            visit.button("Previous branch").click();
            visit.page().getByText("1/2").waitFor();

            visit.page().locator(".message--user [data-test=edit]").click();
            visit.page().locator(".edit textarea").fill("other words");
            visit.page().locator(".edit [type=submit]").click();
            visit.answers().getByText("You said: other words").waitFor();
            visit.page().locator(".message--user").getByText("2/2").waitFor();
            visit.button("Previous branch").first().click();
            visit.answers().getByText("You said: first words").waitFor();
        }
    }

    @Test
    void severalChatsWriteAtTheSameTime() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.begin("slow one");
            visit.answers().first().getByText("word2").waitFor();
            visit.the("new-chat").click();
            visit.say("second chat");
            Locator writing = visit.page().locator(".list__chat .pulse");
            writing.waitFor();
            assertThat(writing.count()).isEqualTo(1);
            visit.page().locator(".list__chat a").getByText("slow one").click();
            visit.answers().first().getByText("word5").waitFor();
            visit.the("stop").click();
            visit.answers().first().getByText("Stopped.").waitFor();
        }
    }

    @Test
    void whatIsTypedAfterLeavingAChatGoesToTheNewOne() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("old chat");
            // Microtasks only: the browser cannot tell of the new address before they are done.
            Object open =
                    visit.page()
                            .evaluate(
                                    """
                                    async () => {
                                      document.querySelector('[data-test=new-chat]').click();
                                      for (let i = 0; i < 100; i++) await null;
                                      return document.querySelector('sz-composer').chat?.id ?? '';
                                    }\
                                    """);
            assertThat(open).isEqualTo("");
        }
    }

    @Test
    void theSeedOfAnAnswerIsUsedAgain() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("one");
            visit.the("seed").click();
            visit.the("sampling").click();
            String seed = visit.page().locator("[data-option=seed]").inputValue();
            PlaywrightAssertions.assertThat(visit.the("seed")).hasText("Seed " + seed);
            visit.say("two");
            PlaywrightAssertions.assertThat(visit.the("seed").last()).hasText("Seed " + seed);
        }
    }

    @Test
    void aPresetKeepsInstructionsAndOptions() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.the("sampling").click();
            visit.the("system").fill("Be brief.");
            visit.page().locator("[data-option=temperature]").fill("0.3");
            visit.page().locator("[data-option=temperature]").press("Tab");
            visit.the("preset-save").click();
            visit.page().locator("dialog input").fill("Brief");
            visit.page().locator("dialog [type=submit]").click();
            visit.page().getByText("“Brief” is saved.").waitFor();
            visit.page().reload();
            visit.the("sampling").click();
            visit.the("preset").selectOption("Brief");
            PlaywrightAssertions.assertThat(visit.the("system")).hasValue("Be brief.");
            visit.say("hello");
            assertThat(studio.state.chats.values().iterator().next().path("system").asString())
                    .isEqualTo("Be brief.");
        }
    }

    @Test
    void chatsAreRenamedPinnedMovedAndDeletedWithAWayBack() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("hello");
            menu(visit, "hello", "Rename");
            visit.page().locator("dialog input").fill("Greeting");
            visit.page().locator("dialog [type=submit]").click();
            menu(visit, "Greeting", "Move to a folder");
            visit.page().locator("dialog").getByText("New folder").click();
            visit.page().locator("dialog input").fill("Work");
            visit.page().locator("dialog [type=submit]").click();
            visit.page().locator("section[aria-label=Work] a").waitFor();
            menu(visit, "Greeting", "Pin");
            visit.page().locator("[data-group=pinned] a").waitFor();
            menu(visit, "Greeting", "Delete");
            PlaywrightAssertions.assertThat(visit.page().locator(".list__chat")).hasCount(0);
            visit.button("Undo").click();
            visit.page().locator("[data-group=pinned] a").waitFor();
        }
    }

    private static void menu(Visit visit, String chat, String action) {
        visit.page().locator(".list__chat").first().hover();
        visit.button("Actions for " + chat).click();
        visit.page().locator("[role=menuitem]").getByText(action).click();
    }

    @Test
    void theSearchFindsWordsInAllChats() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("about badgers");
            visit.the("new-chat").click();
            visit.say("about otters");
            visit.page().keyboard().press("Control+k");
            visit.page().keyboard().type("badgers");
            visit.page().locator(".hit mark").getByText("badgers").first().waitFor();
            visit.page().locator(".hit a").first().click();
            visit.page().locator("h1").getByText("about badgers").waitFor();
        }
    }

    @Test
    void filesAreAttachedAsText() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.page()
                    .onFileChooser(chooser ->
                            chooser.setFiles(
                                    new FilePayload[] {
                                        file(
                                                "notes.md",
                                                "# Notes".getBytes(StandardCharsets.UTF_8)),
                                        file("picture.bin", new byte[] {0, 1, 2, (byte) 0xff}),
                                        file("large.txt", new byte[300 * 1024])
                                    }));
            visit.button("Attach text files").click();
            visit.page().locator(".composer .chip").getByText("notes.md").waitFor();
            visit.page().getByText("picture.bin is not text").waitFor();
            visit.page().getByText("large.txt has").waitFor();
            visit.say("read this");
            visit.page().locator(".message--user .chip").click();
            visit.page().locator("dialog pre").getByText("# Notes").waitFor();
        }
    }

    private static FilePayload file(String name, byte[] bytes) {
        return new FilePayload(name, "application/octet-stream", bytes);
    }

    @Test
    void chatsGoOutAndComeIn() throws IOException {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("hello");
            menu(visit, "hello", "Export");
            Download download =
                    visit.page()
                            .waitForDownload(() -> visit.button("JSON, with all branches").click());
            assertThat(download.suggestedFilename()).isEqualTo("hello.json");
            byte[] export = Files.readAllBytes(download.path());
            visit.page().onFileChooser(chooser -> chooser.setFiles(file("old.json", export)));
            visit.button("Actions for all chats").click();
            visit.page().locator("[role=menuitem]").getByText("Import").click();
            PlaywrightAssertions.assertThat(visit.page().locator("dialog select"))
                    .hasValue("snoozy");
            visit.page().locator("dialog [type=submit]").click();
            visit.page().getByText("1 chat is imported.").waitFor();
            visit.page().locator(".list__chat").getByText("Imported").waitFor();
        }
    }

    @Test
    void theTokensOfAnAnswerLeadToOthers() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.the("sampling").click();
            visit.the("keep-tokens").check();
            visit.say("show me");
            visit.answers().last().locator("[data-test=eye]").click();
            visit.page().locator(".token").nth(2).focus();
            visit.the("alternatives").waitFor();
            visit.page().locator(".alternative").nth(1).click();
            visit.answers().last().locator("[data-test=siblings]").getByText("2/2").waitFor();
        }
    }

    @Test
    void theKeyboardIsEnough() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.page().keyboard().press("Control+/");
            visit.page().locator("dialog kbd").first().waitFor();
            visit.page().keyboard().press("Escape");
            visit.page().keyboard().press("Alt+c");
            visit.page().keyboard().type("slow by keys");
            visit.page().keyboard().press("Enter");
            visit.answers().first().getByText("word2").waitFor();
            visit.page().keyboard().press("Escape");
            visit.answers().first().getByText("Stopped.").waitFor();
            visit.page().keyboard().press("Alt+5");
            visit.page().locator("h1").getByText("Data").waitFor();
            visit.page().keyboard().press("Alt+0");
            visit.page().locator("h1").getByText("Server").waitFor();
            visit.page().keyboard().press("Alt+1");
            visit.page().keyboard().press("Alt+n");
            visit.page().locator("h1").getByText("New chat").waitFor();
        }
    }

    @Test
    void screenReadersHearTheBeginningAndTheEnd() {
        try (Visit visit = Visit.at(studio.url())) {
            visit.say("hello");
            visit.the("spoken").getByText("The answer is whole: You said: hello").waitFor();
        }
    }
}
