package dev.snoozy.server.generate;

import dev.snoozy.documents.answer.AnswerOptions;
import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.DocumentsException;
import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.ModelEmbedder;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.documents.index.SearchRequest.Method;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelPool;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The user's documents as requests see them. Models of vectors come from the pool, by the names
 * that the collections have for them. Thread-safe.
 */
public final class DocumentRoom {
    private final DocumentLibrary library;
    private final ModelPool pool;

    public DocumentRoom(DocumentLibrary library, ModelPool pool) {
        this.library = library;
        this.pool = pool;
    }

    /** The collections. */
    public DocumentLibrary library() {
        return library;
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(DocumentCollection collection, Optional<Embedder> embedder) throws IOException;
    }

    /** Finds passages of a collection. */
    public List<Hit> search(String collection, SearchRequest request) {
        return use(
                collection,
                request.method() != Method.WORDS,
                (documents, embedder) -> {
                    if (request.method() == Method.VECTORS && embedder.isEmpty()) {
                        throw HttpProblem.invalid("method", "the collection has no vectors");
                    }
                    return documents.search(request, embedder, Optional.empty());
                });
    }

    /** Finds passages for the last question of a conversation, and puts them into it. */
    Prepared prepare(
            String collection,
            LanguageModel model,
            List<ChatMessage> conversation,
            AnswerOptions options) {
        return use(
                collection,
                options.search().method() != Method.WORDS,
                (documents, embedder) ->
                        new DocumentChat(model, documents, embedder, Optional.empty())
                                .prepare(conversation, options));
    }

    private <T> T use(String name, boolean vectors, Work<T> work) {
        try {
            if (!library.has(name)) {
                throw new HttpProblem(
                        Kind.NOT_FOUND,
                        "no collection %s; there are %s".formatted(name, library.names()));
            }
            try (DocumentCollection collection = library.open(name)) {
                String embedder = vectors ? collection.settings().embedder() : "";
                return embedder.isEmpty()
                        ? work.with(collection, Optional.empty())
                        : withModel(collection, embedder, work);
            }
        } catch (DocumentsException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new HttpProblem(Kind.FAILED, "the collection cannot be read: " + e.getMessage());
        }
    }

    private <T> T withModel(DocumentCollection collection, String name, Work<T> work)
            throws IOException {
        try (ModelPool.Lease lease = pool.use(name)) {
            if (lease.model() instanceof LoadedEntry.Embedder(EmbeddingModel model)) {
                String id = collection.settings().vectors();
                return work.with(collection, Optional.of(new ModelEmbedder(model, id)));
            }
            throw new HttpProblem(
                    Kind.NOT_SUPPORTED,
                    "the collection's embedder '" + name + "' was not loaded for embeddings");
        }
    }
}
