package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;

import java.util.List;

/** LangChain4j's own tests of chat models. */
class ChatKitTest extends AbstractChatModelIT {
    private final LanguageModel model = Models.loadKnowing();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<ChatModel> models() {
        return List.of(ChatKit.chat(model).build());
    }

    @Override
    protected ChatModel createModelWith(ChatRequestParameters parameters) {
        return ChatKit.chat(model).defaultRequestParameters(parameters).build();
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return SnoozyChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
    }

    @Override
    protected String customModelName() {
        return ChatKit.OTHER_NAME;
    }

    @Override
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel asked) {
        return SnoozyChatResponseMetadata.class;
    }

    @Override
    protected boolean supportsSingleImageInputAsBase64EncodedString() {
        return false;
    }

    @Override
    protected boolean supportsSingleImageInputAsPublicURL() {
        return false;
    }
}
