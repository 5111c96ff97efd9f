package dev.snoozy.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;

import java.util.List;
import java.util.Set;

/**
 * A chat model in the same process whose answers are told as they come. Immutable and thread-safe;
 * see {@link SnoozyChatModel}, which may share its loaded model.
 *
 * <p>A call returns at once. All methods of its handler are called one after the other by one
 * virtual thread of its own; what they throw is told to {@code onError}, and the answer goes on.
 * The handle of a partial response cancels: nothing is told after that, and the model stops before
 * its next token.
 */
public final class SnoozyStreamingChatModel implements StreamingChatModel {
    private final ChatSettings settings;

    private SnoozyStreamingChatModel(ChatSettings settings) {
        this.settings = settings;
    }

    /** Nothing set; at least a model is needed. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts to answer a request whose parameters are complete. Its faults are told to {@code
     * onError}, by the exceptions of {@link SnoozyChatModel#doChat}.
     *
     * @throws UnsupportedFeatureException if something is asked for that there is not; the handler
     *     is not told of it
     */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        StreamedAnswer answer = new StreamedAnswer(settings, handler);
        ChatSettings.Asked asked;
        try {
            asked = settings.read(request);
        } catch (UnsupportedFeatureException e) {
            throw e;
        } catch (RuntimeException e) {
            start(() -> answer.fail(e));
            return;
        }
        start(() -> answer.run(asked));
    }

    private static void start(Runnable work) {
        Thread.ofVirtual().name("snoozy-streaming-chat").start(work);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return settings.defaults();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return settings.listeners();
    }

    /** Answers follow a JSON Schema, whatever the model. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    /** Collects what a {@link SnoozyStreamingChatModel} is made of. */
    public static final class Builder extends SnoozyChatBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** The chat model. */
        public SnoozyStreamingChatModel build() {
            return new SnoozyStreamingChatModel(settings());
        }
    }
}
