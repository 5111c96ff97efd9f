package dev.snoozy.langchain4j;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeast;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.mockito.InOrder;

import java.util.List;

/** LangChain4j's own tests of streaming chat models. */
class StreamingChatKitTest extends AbstractStreamingChatModelIT {
    private static final int SHORT_RUN = 60;

    private final LanguageModel model = Models.loadKnowing();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<StreamingChatModel> models() {
        return List.of(ChatKit.streaming(model).build());
    }

    @Override
    protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
        return ChatKit.streaming(model).defaultRequestParameters(parameters).build();
    }

    @Override
    public StreamingChatModel createModelWith(ChatModelListener listener) {
        return ChatKit.streaming(model).listeners(List.of(listener)).build();
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
    protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(
            StreamingChatModel asked) {
        return SnoozyChatResponseMetadata.class;
    }

    @Override
    protected void verifyToolCallbacks(
            StreamingChatResponseHandler handler, InOrder order, String id) {
        verifyCall(handler, order, 0, id, "getWeather");
    }

    @Override
    protected void verifyToolCallbacks(
            StreamingChatResponseHandler handler, InOrder order, String first, String second) {
        verifyCall(handler, order, 0, first, "getWeather");
        verifyCall(handler, order, 1, second, "getTime");
    }

    private static void verifyCall(
            StreamingChatResponseHandler handler,
            InOrder order,
            int index,
            String id,
            String name) {
        order.verify(handler, atLeast(1))
                .onPartialToolCall(
                        argThat(part ->
                                part.index() == index
                                        && part.id().equals(id)
                                        && part.name().equals(name)),
                        any());
        order.verify(handler)
                .onCompleteToolCall(
                        argThat(call ->
                                call.index() == index
                                        && call.toolExecutionRequest().id().equals(id)));
    }

    /** The kit's test waits half a minute for an answer that must not come: only in long runs. */
    @Override
    protected boolean supportsStreamingCancellation() {
        return Integer.getInteger("snoozy.endurance.seconds", 0) > SHORT_RUN;
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
