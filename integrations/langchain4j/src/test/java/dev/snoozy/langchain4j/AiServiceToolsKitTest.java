package dev.snoozy.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;

import java.util.List;

/** LangChain4j's own tests of its AI services with tools. */
class AiServiceToolsKitTest extends AbstractAiServiceWithToolsIT {
    private final LanguageModel model = ServiceModels.loadCaller();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(ChatKit.chat(model).build());
    }

    @Override
    protected boolean supportsRecursion() {
        return true;
    }

    /** Any image: the kit would fetch one from the network. */
    @Override
    protected Image catImage() {
        return Image.builder().base64Data("AAAA").mimeType("image/png").build();
    }
}
