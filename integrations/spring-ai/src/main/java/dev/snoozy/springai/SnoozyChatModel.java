package dev.snoozy.springai;

import static java.lang.System.Logger.Level.WARNING;

import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.LanguageModel;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;

import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.util.Objects;

/**
 * A language model of this process as a chat model of Spring AI.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="chat"}
 *
 * <p>The options of a prompt replace those of this model, as everywhere in Spring AI 2; a {@code
 * ChatClient} puts its own over them. Tools are offered and never executed here: that is the affair
 * of the {@code ToolCallingAdvisor}, which a {@code ChatClient} brings along.
 *
 * <p>Errors are those of the engine: {@link dev.snoozy.engine.ModelException}, {@link
 * dev.snoozy.engine.ContextExceededException}, {@link IllegalArgumentException} for an option or
 * message that is not possible; a stream ends with them.
 *
 * <p>Thread-safe. Whoever loaded the language model closes it.
 */
public final class SnoozyChatModel implements ChatModel {
    /** The name of this provider in observations. */
    static final String PROVIDER = "snoozy";

    private static final System.Logger LOG = System.getLogger(SnoozyChatModel.class.getName());
    private static final ChatModelObservationConvention CONVENTION =
            new DefaultChatModelObservationConvention();

    private final LanguageModel model;
    private final String name;
    private final SnoozyChatOptions options;
    private final ObservationRegistry observations;
    private final @Nullable ChatModelObservationConvention convention;
    private final ChatRequests requests = new ChatRequests();

    private SnoozyChatModel(Builder builder) {
        model = builder.model;
        String wanted = builder.options.getModel();
        name = wanted == null ? ModelName.of(model.metadata()) : wanted;
        options = builder.options.mutate().model(name).build();
        observations = builder.observations;
        convention = builder.convention;
        if (model.chatTemplateSource().isEmpty()) {
            LOG.log(
                    WARNING,
                    "{0}: the model has no chat template: it continues the messages, joined by"
                            + " newlines; cure: a model that was tuned for chats, or"
                            + " LoadOptions.withChatTemplate",
                    name);
        }
    }

    /** A chat model of a language model, with default options. */
    public static SnoozyChatModel of(LanguageModel model) {
        return builder(model).build();
    }

    /** Starts to make a chat model of a language model. */
    public static Builder builder(LanguageModel model) {
        return new Builder(model);
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        Prompt complete = complete(prompt);
        ChatModelObservationContext context = context(complete, false);
        return observation(context)
                .observe(() -> {
                    try (ChatStream stream = model.chat(request(complete))) {
                        ChatResponse response = new Answer(name).whole(stream.result());
                        context.setResponse(response);
                        return response;
                    }
                });
    }

    /**
     * The answer as it comes. A subscriber gets as many pieces as it asks for; the others wait in
     * memory. Cancelling ends the computation before the next token. The last piece has the calls
     * of tools, the reason of the end and the counts of tokens. Each subscription is a request of
     * its own.
     */
    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        return Flux.deferContextual(view -> {
            Prompt complete = complete(prompt);
            ChatModelObservationContext context = context(complete, true);
            Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
            Observation observation = observation(context).parentObservation(parent).start();
            return Flux.defer(() -> answer(complete, context))
                    // The prompt is rendered and read there, not on an event loop.
                    .subscribeOn(Schedulers.boundedElastic())
                    .doOnError(observation::error)
                    .doFinally(signal -> observation.stop())
                    .contextWrite(c -> c.put(ObservationThreadLocalAccessor.KEY, observation));
        });
    }

    private Flux<ChatResponse> answer(Prompt prompt, ChatModelObservationContext context) {
        ChatStream stream = model.chat(request(prompt));
        Answer answer = new Answer(name);
        return JdkFlowAdapter.flowPublisherToFlux(stream.publisher())
                .<ChatResponse>handle((piece, sink) -> {
                    ChatResponse response = answer.piece(piece);
                    if (response != null) {
                        sink.next(response);
                    }
                })
                .concatWith(
                        Mono.fromSupplier(() -> {
                            ChatReply reply = stream.result();
                            context.setResponse(answer.whole(reply));
                            return answer.end(reply);
                        }));
    }

    /** The prompt with options of our kind: its own, or else those of this model. */
    private Prompt complete(Prompt prompt) {
        SnoozyChatOptions wanted =
                prompt.getOptions() == null ? options : SnoozyChatOptions.of(prompt.getOptions());
        if (wanted.getModel() == null) {
            wanted = wanted.mutate().model(name).build();
        }
        if (!name.equals(wanted.getModel())) {
            throw new IllegalArgumentException(
                    "model: expected "
                            + name
                            + ", which is loaded, or none, found "
                            + wanted.getModel()
                            + "; cure: a chat model for each language model");
        }
        return prompt.mutate().chatOptions(wanted).build();
    }

    private ChatRequest request(Prompt complete) {
        return requests.of(
                complete, (SnoozyChatOptions) Objects.requireNonNull(complete.getOptions()));
    }

    private static ChatModelObservationContext context(Prompt prompt, boolean streaming) {
        return ChatModelObservationContext.builder()
                .prompt(prompt)
                .provider(PROVIDER)
                .streaming(streaming)
                .build();
    }

    private Observation observation(ChatModelObservationContext context) {
        return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(
                convention, CONVENTION, () -> context, observations);
    }

    /** The options of a prompt that has none. */
    @Override
    public SnoozyChatOptions getOptions() {
        return options;
    }

    /** Collects what a chat model is made of. Not thread-safe. */
    public static final class Builder {
        private final LanguageModel model;
        private SnoozyChatOptions options = SnoozyChatOptions.builder().build();
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable ChatModelObservationConvention convention;

        private Builder(LanguageModel model) {
            this.model = model;
        }

        /**
         * The options of prompts that have none; without them the engine's. A model in them is the
         * name that the model goes by, instead of the one in its file.
         */
        public Builder options(SnoozyChatOptions wanted) {
            options = wanted;
            return this;
        }

        /** Who is told of requests; without it nobody. */
        public Builder observationRegistry(ObservationRegistry registry) {
            observations = registry;
            return this;
        }

        /** How requests are told of; without it in Spring AI's way. */
        public Builder observationConvention(@Nullable ChatModelObservationConvention wanted) {
            convention = wanted;
            return this;
        }

        /** The chat model. */
        public SnoozyChatModel build() {
            return new SnoozyChatModel(this);
        }
    }
}
