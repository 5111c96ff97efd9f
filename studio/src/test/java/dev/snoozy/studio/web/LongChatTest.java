package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

/** A chat of two thousand messages: only those near what is seen are drawn. */
class LongChatTest {
    private static final int MESSAGES = 2000;
    private static final int MOST_DRAWN = 120;

    @Test
    void onlyMessagesNearWhatIsSeenAreDrawn() {
        try (StubStudio studio = new StubStudio()) {
            studio.state.settings.put("started", true);
            ObjectNode chat = studio.chats.create(Json.object().put("title", "Long"));
            String id = chat.path("id").asString();
            String parent = null;
            for (int i = 0; i < MESSAGES; i++) {
                ObjectNode message = Json.object().put("parent", parent);
                message.put("role", i % 2 == 0 ? "user" : "assistant");
                message.put("content", "Message " + i + ". **Words** and `code`.\n\n- a\n- b");
                parent = studio.chats.add(id, message).path("id").asString();
            }
            try (Visit visit = Visit.at(studio.url() + "#/chat/" + id)) {
                visit.page().getByText("Message " + (MESSAGES - 1) + ".").waitFor();
                assertThat(drawn(visit)).isBetween(8, MOST_DRAWN);
                visit.page().locator(".messages").evaluate("e => { e.scrollTop = 0; }");
                visit.page().getByText("Message 0.").waitFor();
                assertThat(drawn(visit)).isBetween(8, MOST_DRAWN);
                visit.button("To the end").click();
                visit.page().getByText("Message " + (MESSAGES - 1) + ".").waitFor();
                // Those that are drawn change while it writes, so that no number finds the new one.
                visit.begin("and more");
                visit.answers().getByText("You said: and more").waitFor();
            }
        }
    }

    private static int drawn(Visit visit) {
        return visit.page().locator("sz-message").count();
    }
}
