package dev.snoozy.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Pooling;
import dev.snoozy.engine.TextKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A model in the same process that turns texts into vectors of length 1. Immutable and thread-safe;
 * the texts of all callers are computed together. It does not close the loaded model: whoever
 * loaded that does.
 *
 * <p>Requests may set the number of dimensions, and what the texts are (query or document) if the
 * words are known that the model wants before them. Texts that do not fit into the context are
 * refused with an {@link dev.langchain4j.exception.InvalidRequestException}, never cut.
 */
public final class SnoozyEmbeddingModel implements dev.langchain4j.model.embedding.EmbeddingModel {
    private final EmbeddingModel model;
    private final String name;
    private final EmbeddingRequestParameters defaults;
    private final List<EmbeddingModelListener> listeners;
    private final Set<EmbeddingParameter<?>> parameters = new LinkedHashSet<>();

    private SnoozyEmbeddingModel(Builder builder, EmbeddingModel model) {
        this.model = model;
        String given = builder.name;
        name = given == null ? Names.of(model.metadata()) : given;
        defaults =
                EmbeddingRequestParameters.builder()
                        .dimensions(builder.dimensions)
                        .inputType(builder.inputType)
                        .build();
        listeners = builder.listeners;
        parameters.add(EmbeddingRequestParameters.DIMENSIONS);
        if (knowsPrefixes(model)) {
            parameters.add(EmbeddingRequestParameters.INPUT_TYPE);
        }
    }

    private static boolean knowsPrefixes(EmbeddingModel model) {
        try {
            model.prefix(TextKind.QUERY);
            return true;
        } catch (ModelException e) {
            return false;
        }
    }

    /** Nothing set; the model is needed. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        EmbeddingOptions options = Failures.ofRequest(() -> options(request));
        List<int[]> texts = new ArrayList<>();
        int tokens = 0;
        for (EmbeddingInput input : request.inputs()) {
            int[] text = Failures.ofRequest(() -> tokens(input.text(), options.kind()));
            texts.add(text);
            tokens = Math.addExact(tokens, text.length);
        }
        List<float[]> vectors = Failures.ofModel(() -> model.embedTokens(texts, options));
        return EmbeddingResponse.builder()
                .embeddings(vectors.stream().map(Embedding::from).toList())
                .metadata(
                        EmbeddingResponseMetadata.builder()
                                .modelName(name)
                                .tokenUsage(new TokenUsage(tokens))
                                .build())
                .build();
    }

    private int[] tokens(String text, TextKind kind) {
        int[] tokens = model.tokens(text, kind);
        if (tokens.length == 0) {
            throw new IllegalArgumentException(
                    "input: expected text, found none; cure: give at least one character");
        }
        return tokens;
    }

    private EmbeddingOptions options(EmbeddingRequest request) {
        Integer dimensions = request.dimensions();
        if (dimensions != null && (dimensions < 1 || dimensions > model.dimensions())) {
            throw new IllegalArgumentException(
                    "dimensions: expected 1 to "
                            + model.dimensions()
                            + ", as many as a vector of this model has, found "
                            + dimensions);
        }
        return new EmbeddingOptions(
                kind(request.inputType()), dimensions == null ? 0 : dimensions, true);
    }

    private static TextKind kind(@Nullable EmbeddingInputType type) {
        if (type == null) {
            return TextKind.NONE;
        }
        return switch (type) {
            case QUERY -> TextKind.QUERY;
            case DOCUMENT -> TextKind.DOCUMENT;
        };
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.copyOf(parameters);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    @Override
    public int dimension() {
        Integer dimensions = defaults.dimensions();
        return dimensions == null ? model.dimensions() : dimensions;
    }

    @Override
    public String modelName() {
        return name;
    }

    /** Collects what a {@link SnoozyEmbeddingModel} is made of. */
    public static final class Builder {
        private @Nullable EmbeddingModel model;
        private @Nullable String name;
        private @Nullable Integer dimensions;
        private @Nullable EmbeddingInputType inputType;
        private List<EmbeddingModelListener> listeners = List.of();

        private Builder() {}

        /** The model. It is not closed: whoever loaded it does that. */
        public Builder model(EmbeddingModel loaded) {
            model = loaded;
            return this;
        }

        /** What it is called in answers. If not set, what its file calls it. */
        public Builder modelName(@Nullable String wanted) {
            name = wanted;
            return this;
        }

        /** How many of the first numbers of a vector are kept. If not set, all. */
        public Builder dimensions(@Nullable Integer count) {
            dimensions = count;
            return this;
        }

        /** What the texts are, where a request does not say. If not set, they stand as they are. */
        public Builder inputType(@Nullable EmbeddingInputType type) {
            inputType = type;
            return this;
        }

        /** Who is told of requests, responses and errors. */
        public Builder listeners(List<EmbeddingModelListener> wanted) {
            listeners = List.copyOf(wanted);
            return this;
        }

        /**
         * The embedding model.
         *
         * @throws IllegalArgumentException if the model makes no vectors of texts
         */
        public SnoozyEmbeddingModel build() {
            EmbeddingModel encoder = Names.required(model);
            if (encoder.pooling() == Pooling.RANK || encoder.pooling() == Pooling.NONE) {
                throw new IllegalArgumentException(
                        "model: expected one whose pooling makes a vector of a text, found "
                                + encoder.pooling().name().toLowerCase(Locale.ROOT)
                                + "; cure: load it with the pooling mean, cls or last");
            }
            return new SnoozyEmbeddingModel(this, encoder);
        }
    }
}
