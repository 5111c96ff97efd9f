package dev.snoozy.server.embed;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.Pooling;
import dev.snoozy.engine.TextKind;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelPool;

import java.util.function.Supplier;

/** The models that make vectors, and what goes wrong with them. */
final class Embedders {
    private Embedders() {}

    /**
     * The model of a lease, which must be one that makes vectors or judges pairs.
     *
     * @throws HttpProblem if it writes
     */
    static EmbeddingModel of(ModelPool.Lease lease) {
        if (lease.model() instanceof LoadedEntry.Embedder(EmbeddingModel model)) {
            return model;
        }
        throw new HttpProblem(
                Kind.NOT_SUPPORTED,
                "model '"
                        + lease.name()
                        + "' writes text and was not loaded for embeddings; cure: start the server"
                        + " with --embedding");
    }

    /** As {@link #of}, for those that make a vector of a text or of each token. */
    static EmbeddingModel vectors(ModelPool.Lease lease) {
        EmbeddingModel model = of(lease);
        if (model.pooling() == Pooling.RANK) {
            throw new HttpProblem(
                    Kind.NOT_SUPPORTED,
                    "model '"
                            + lease.name()
                            + "' judges pairs of texts and makes no embeddings; cure: /v1/rerank, or"
                            + " another --pooling");
        }
        return model;
    }

    /** What the client says that its texts are. */
    static TextKind kind(Fields fields) {
        String type = fields.string("input_type").orElse("");
        return switch (type) {
            case "" -> TextKind.NONE;
            case "query", "search_query" -> TextKind.QUERY;
            case "document", "search_document", "passage" -> TextKind.DOCUMENT;
            default ->
                    throw fields.invalid("input_type", "expected query or document, found " + type);
        };
    }

    /** Has a model compute; what it refuses is the client's problem. */
    static <T> T compute(Supplier<T> call) {
        try {
            return Generations.asked(call);
        } catch (HttpProblem e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new HttpProblem(Kind.UNAVAILABLE, "interrupted while the model was at it");
            }
            throw e;
        }
    }

    /** Refuses a text that a model would have to cut. */
    static void refuseTruncation(Fields fields) {
        if (fields.bool("truncate", false)) {
            throw HttpProblem.unsupported("truncate", "a text that is too long is refused");
        }
    }
}
