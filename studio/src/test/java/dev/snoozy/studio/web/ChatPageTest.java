package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person chats. */
class ChatPageTest {
    private StubStudio studio;

    @BeforeEach
    void start() {
        studio = new StubStudio();
        studio.state.settings.put("welcomed", true);
    }

    @AfterEach
    void stop() {
        studio.close();
    }

    @Test
    void anAnswerStreamsAsMarkdown() {
        try (Visit visit = Visit.at(studio.url())) {
            Locator answer = visit.say("markdown please");
            assertThat(answer.locator("table tbody tr").count()).isEqualTo(2);
            assertThat(answer.locator("math").count()).isEqualTo(2);
            answer.locator(".hljs-keyword").first().waitFor();
            visit.screenshot("chat-first");
        }
    }
}
