package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;

import java.util.List;

/** LangChain4j's own tests of its AI services over a streaming chat model. */
class StreamingAiServiceKitTest extends AbstractStreamingAiServiceIT {
    private final LanguageModel model = ServiceModels.loadCaller();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<StreamingChatModel> models() {
        return List.of(ChatKit.streaming(model).build());
    }

    @Override
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(
            StreamingChatModel asked) {
        return SnoozyChatResponseMetadata.class;
    }
}
