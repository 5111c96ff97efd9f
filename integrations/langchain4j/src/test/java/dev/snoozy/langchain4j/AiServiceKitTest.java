package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;

import java.util.List;

/** LangChain4j's own tests of its AI services over a chat model. */
class AiServiceKitTest extends AbstractAiServiceIT {
    private final LanguageModel model = ServiceModels.loadCaller();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(ChatKit.chat(model).build());
    }
}
