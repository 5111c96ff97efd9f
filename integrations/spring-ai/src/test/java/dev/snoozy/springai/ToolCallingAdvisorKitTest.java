package dev.snoozy.springai;

import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.test.chat.client.advisor.AbstractToolCallingAdvisorIT;

/** Spring AI's own tests of tools behind an advisor, on a model that is told what to say. */
class ToolCallingAdvisorKitTest extends AbstractToolCallingAdvisorIT {
    private static LanguageModel random;

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    @Override
    protected ChatModel getChatModel() {
        return new GuidedChatModel(random);
    }
}
