package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.snoozy.engine.ChatStream;

import java.util.List;
import java.util.Set;

/**
 * A chat model in the same process. Immutable and thread-safe: any number of threads may ask, and
 * any number of objects share one loaded model, whose answers are computed together. Nothing here
 * is to be closed but the {@link dev.snoozy.engine.LanguageModel}, by who loaded it.
 *
 * <p>Interrupting the thread that waits for an answer ends it.
 */
public final class SnoozyChatModel implements ChatModel {
    private final ChatSettings settings;

    private SnoozyChatModel(ChatSettings settings) {
        this.settings = settings;
    }

    /** Nothing set; at least a model is needed. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers a request whose parameters are complete; see {@link #chat(ChatRequest)}.
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if something is asked for that
     *     there is not
     * @throws dev.langchain4j.exception.InvalidRequestException if an option is outside its range,
     *     or the conversation is too long or refused by the chat template
     * @throws dev.langchain4j.exception.ModelNotFoundException if the request names a model that
     *     the builder was not given
     * @throws dev.langchain4j.exception.InternalServerException if the model is closed, or
     *     something failed in it
     */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        ChatSettings.Asked asked = settings.read(request);
        try (ChatStream stream = asked.start()) {
            return settings.response(asked.name(), Failures.ofModel(stream::result));
        }
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

    /** Collects what a {@link SnoozyChatModel} is made of. */
    public static final class Builder extends SnoozyChatBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** The chat model. */
        public SnoozyChatModel build() {
            return new SnoozyChatModel(settings());
        }
    }
}
