package dev.snoozy.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.snoozy.engine.LanguageModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.util.List;

/** LangChain4j's own tests of the listeners of streaming chat models. */
class StreamingListenerKitTest extends AbstractStreamingChatModelListenerIT {
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Models.loadRandom();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Override
    protected StreamingChatModel createModel(ChatModelListener listener) {
        return SnoozyStreamingChatModel.builder()
                .model(modelName(), model)
                .temperature(temperature())
                .topP(topP())
                .maxOutputTokens(maxTokens())
                .listeners(List.of(listener))
                .build();
    }

    @Override
    protected String modelName() {
        return "random";
    }

    @Override
    protected StreamingChatModel createFailingModel(ChatModelListener listener) {
        LanguageModel closed = Models.loadRandom();
        closed.close();
        return SnoozyStreamingChatModel.builder()
                .model(closed)
                .listeners(List.of(listener))
                .build();
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return InternalServerException.class;
    }
}
