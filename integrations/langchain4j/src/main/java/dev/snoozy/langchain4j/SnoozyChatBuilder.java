package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.snoozy.engine.LanguageModel;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the builders of both chat models have in common. At least one model is needed; everything
 * else may be left out. Values that are set one by one go over those of {@link
 * #defaultRequestParameters}, and a request's own go over both.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SnoozyChatBuilder<B extends SnoozyChatBuilder<B>>
        permits SnoozyChatModel.Builder, SnoozyStreamingChatModel.Builder {
    private final Map<String, LanguageModel> models = new LinkedHashMap<>();
    private final SnoozyChatRequestParameters.Builder single =
            SnoozyChatRequestParameters.builder();
    private @Nullable ChatRequestParameters defaults;
    private List<ChatModelListener> listeners = List.of();
    private boolean returnThinking;
    private boolean sendThinking;

    SnoozyChatBuilder() {}

    /** This builder. */
    abstract B self();

    /**
     * A model that answers, under the name that its file gives it. It is not closed: whoever loaded
     * it does that, when nothing uses it any more. The first model answers where a request names
     * none.
     */
    public B model(LanguageModel model) {
        return model(Names.of(model.metadata()), model);
    }

    /** A model that answers to a name; else as {@link #model(LanguageModel)}. */
    public B model(String name, LanguageModel model) {
        if (models.put(name, model) != null) {
            throw new IllegalArgumentException(
                    "models: expected different names, found " + name + " twice");
        }
        return self();
    }

    /** Parameters of all requests that do not set them. */
    public B defaultRequestParameters(@Nullable ChatRequestParameters parameters) {
        defaults = parameters;
        return self();
    }

    /** Which of the models answers where a request names none, instead of the first. */
    public B modelName(@Nullable String name) {
        single.modelName(name);
        return self();
    }

    /** Scores of tokens are divided by it; 0 always takes the likeliest. If not set, 0.8. */
    public B temperature(@Nullable Double value) {
        single.temperature(value);
        return self();
    }

    /** The mass of the likeliest tokens that may be taken; over 0 to 1. If not set, 0.95. */
    public B topP(@Nullable Double value) {
        single.topP(value);
        return self();
    }

    /** How many of the likeliest tokens may be taken; 0 is all. If not set, 40. */
    public B topK(@Nullable Integer value) {
        single.topK(value);
        return self();
    }

    /** The least share of the likeliest token's probability; 0 to 1. If not set, 0.05. */
    public B minP(@Nullable Double value) {
        single.minP(value);
        return self();
    }

    /** The same seed gives the same answer. If not set, one is drawn and reported. */
    public B seed(@Nullable Long value) {
        single.seed(value);
        return self();
    }

    /** The most tokens of an answer. If not set, until the context is full. */
    public B maxOutputTokens(@Nullable Integer value) {
        single.maxOutputTokens(value);
        return self();
    }

    /** Texts that end an answer; they are not a part of it. */
    public B stopSequences(List<String> texts) {
        single.stopSequences(texts);
        return self();
    }

    /** The form of the answer; it is held to it token by token. */
    public B responseFormat(@Nullable ResponseFormat format) {
        single.responseFormat(format);
        return self();
    }

    /**
     * Whether what a model says to itself before it answers is returned as {@code
     * AiMessage.thinking()}. If not, it is left out; it never is a part of the text.
     */
    public B returnThinking(boolean wanted) {
        returnThinking = wanted;
        return self();
    }

    /**
     * Whether the thinking of earlier answers is given to the chat template. It is not if unset.
     */
    public B sendThinking(boolean wanted) {
        sendThinking = wanted;
        return self();
    }

    /** Who is told of requests, responses and errors. */
    public B listeners(List<ChatModelListener> wanted) {
        listeners = List.copyOf(wanted);
        return self();
    }

    /**
     * What was collected.
     *
     * @throws dev.langchain4j.exception.ModelNotFoundException if the name of the default model is
     *     not that of one here
     */
    ChatSettings settings() {
        if (models.isEmpty()) {
            throw new IllegalArgumentException(
                    "models: expected at least one, found none; cure: .model(LanguageModel.load"
                            + "(file))");
        }
        SnoozyChatRequestParameters.Builder all =
                SnoozyChatRequestParameters.builder().modelName(models.keySet().iterator().next());
        if (defaults != null) {
            all.overrideWith(defaults);
        }
        SnoozyChatRequestParameters complete = all.overrideWith(single.build()).build();
        ChatSettings settings =
                new ChatSettings(
                        Collections.unmodifiableMap(new LinkedHashMap<>(models)),
                        complete,
                        listeners,
                        returnThinking,
                        sendThinking);
        settings.model(complete.modelName());
        return settings;
    }
}
