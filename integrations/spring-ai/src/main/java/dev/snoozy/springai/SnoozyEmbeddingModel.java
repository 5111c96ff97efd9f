package dev.snoozy.springai;

import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.TextKind;

import io.micrometer.observation.ObservationRegistry;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

import java.util.ArrayList;
import java.util.List;

/**
 * An embedding model of this process as one of Spring AI.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="embed"}
 *
 * <p>Vectors have the length 1. The texts of a request are computed together; each vector is what
 * it would be alone. Errors are those of the engine: {@link
 * dev.snoozy.engine.ContextExceededException} for a text that is too long, {@link
 * dev.snoozy.engine.ModelException} for dimensions that a model has not.
 *
 * <p>Thread-safe. Whoever loaded the engine's model closes it.
 */
public final class SnoozyEmbeddingModel implements EmbeddingModel {
    private static final EmbeddingModelObservationConvention CONVENTION =
            new DefaultEmbeddingModelObservationConvention();

    private final dev.snoozy.engine.EmbeddingModel model;
    private final String name;
    private final int dimensions;
    private final boolean retrieval;
    private final ObservationRegistry observations;
    private final @Nullable EmbeddingModelObservationConvention convention;

    private SnoozyEmbeddingModel(Builder builder) {
        model = builder.model;
        name = ModelName.of(model.metadata());
        dimensions = builder.dimensions;
        retrieval = builder.retrieval;
        observations = builder.observations;
        convention = builder.convention;
        if (dimensions < 0 || dimensions > model.dimensions()) {
            throw new IllegalArgumentException(
                    "dimensions: expected 1 to "
                            + model.dimensions()
                            + ", or 0 for all, found "
                            + dimensions);
        }
        if (retrieval) {
            model.prefix(TextKind.QUERY); // fails now where no words are known
        }
    }

    /** An embedding model of Spring AI, with whole vectors of texts as they stand. */
    public static SnoozyEmbeddingModel of(dev.snoozy.engine.EmbeddingModel model) {
        return builder(model).build();
    }

    /** Starts to make an embedding model of Spring AI. */
    public static Builder builder(dev.snoozy.engine.EmbeddingModel model) {
        return new Builder(model);
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        return call(request, TextKind.NONE);
    }

    /** The vector of a text: of a query, if this model tells them from documents. */
    @Override
    public float[] embed(String text) {
        return call(new EmbeddingRequest(List.of(text), null), kind(TextKind.QUERY))
                .getResult()
                .getOutput();
    }

    @Override
    public float[] embed(Document document) {
        return call(new EmbeddingRequest(List.of(text(document)), null), kind(TextKind.DOCUMENT))
                .getResult()
                .getOutput();
    }

    @Override
    public List<float[]> embed(
            List<Document> documents,
            org.springframework.ai.embedding.@Nullable EmbeddingOptions options,
            BatchingStrategy batching) {
        List<float[]> vectors = new ArrayList<>();
        for (List<Document> batch : batching.batch(documents)) {
            List<String> texts = batch.stream().map(SnoozyEmbeddingModel::text).toList();
            call(new EmbeddingRequest(texts, options), kind(TextKind.DOCUMENT))
                    .getResults()
                    .forEach(vector -> vectors.add(vector.getOutput()));
        }
        return vectors;
    }

    private static String text(Document document) {
        String text = document.getText();
        if (text == null) {
            throw new IllegalArgumentException(
                    "document "
                            + document.getId()
                            + ": expected text, found a picture or sound, which no model of this"
                            + " version reads");
        }
        return text;
    }

    private TextKind kind(TextKind wanted) {
        return retrieval ? wanted : TextKind.NONE;
    }

    private EmbeddingResponse call(EmbeddingRequest request, TextKind kind) {
        if (request.getInstructions().isEmpty()) {
            throw new IllegalArgumentException("texts: expected at least one, found none");
        }
        EmbeddingRequest complete =
                new EmbeddingRequest(request.getInstructions(), complete(request.getOptions()));
        EmbeddingModelObservationContext context =
                EmbeddingModelObservationContext.builder()
                        .embeddingRequest(complete)
                        .provider(SnoozyChatModel.PROVIDER)
                        .build();
        return EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
                .observation(convention, CONVENTION, () -> context, observations)
                .observe(() -> {
                    EmbeddingResponse response = respond(complete, kind);
                    context.setResponse(response);
                    return response;
                });
    }

    /** The wanted options, and those of this model where nothing is wanted. */
    private org.springframework.ai.embedding.EmbeddingOptions complete(
            org.springframework.ai.embedding.@Nullable EmbeddingOptions wanted) {
        String wantedName = wanted == null ? null : wanted.getModel();
        if (wantedName != null && !wantedName.equals(name)) {
            throw new IllegalArgumentException(
                    "model: expected " + name + ", which is loaded, or none, found " + wantedName);
        }
        Integer most = wanted == null ? null : wanted.getDimensions();
        return org.springframework.ai.embedding.EmbeddingOptions.builder()
                .model(name)
                .dimensions(most == null ? dimensions() : most)
                .build();
    }

    private EmbeddingResponse respond(EmbeddingRequest request, TextKind kind) {
        List<int[]> texts =
                request.getInstructions().stream().map(text -> model.tokens(text, kind)).toList();
        EmbeddingOptions options = EmbeddingOptions.defaults();
        if (request.getOptions() != null && request.getOptions().getDimensions() != null) {
            options = options.withDimensions(request.getOptions().getDimensions());
        }
        List<float[]> vectors = model.embedTokens(texts, options);
        List<Embedding> embeddings = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            embeddings.add(new Embedding(vectors.get(i), i));
        }
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        return new EmbeddingResponse(
                embeddings, new EmbeddingResponseMetadata(name, new DefaultUsage(tokens, 0)));
    }

    /** The numbers of a vector. */
    @Override
    public int dimensions() {
        return dimensions == 0 ? model.dimensions() : dimensions;
    }

    /** Collects what an embedding model is made of. Not thread-safe. */
    public static final class Builder {
        private final dev.snoozy.engine.EmbeddingModel model;
        private int dimensions;
        private boolean retrieval;
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable EmbeddingModelObservationConvention convention;

        private Builder(dev.snoozy.engine.EmbeddingModel model) {
            this.model = model;
        }

        /** How many of the first numbers of a vector are kept; 0, as without it, for all. */
        public Builder dimensions(int count) {
            dimensions = count;
            return this;
        }

        /**
         * Whether a single text is taken for a query and a {@link Document} for something to be
         * found, so that they get the words before them that the model's family wants. Without it
         * texts are embedded as they stand. The model is refused if no such words are known.
         */
        public Builder retrieval(boolean wanted) {
            retrieval = wanted;
            return this;
        }

        /** Who is told of requests; without it nobody. */
        public Builder observationRegistry(ObservationRegistry registry) {
            observations = registry;
            return this;
        }

        /** How requests are told of; without it in Spring AI's way. */
        public Builder observationConvention(@Nullable EmbeddingModelObservationConvention wanted) {
            convention = wanted;
            return this;
        }

        /** The embedding model. */
        public SnoozyEmbeddingModel build() {
            return new SnoozyEmbeddingModel(this);
        }
    }
}
