package dev.snoozy.server.generate;

import dev.snoozy.documents.answer.AnswerOptions;
import dev.snoozy.documents.answer.DocumentChat;
import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.DocumentsException;
import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.ModelEmbedder;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.documents.index.SearchRequest.Method;
import dev.snoozy.documents.index.UpdateListener;
import dev.snoozy.documents.index.UpdateReport;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The user's documents as requests see them. Models of vectors come from the pool, by the names
 * that the collections have for them. Thread-safe.
 */
public final class DocumentRoom {
    private static final int WORKERS = 2;

    private final DocumentLibrary library;
    private final Supplier<List<Path>> roots;
    private final ModelPool pool;

    /**
     * @param roots folders below which programs may have documents indexed, as they are now
     */
    public DocumentRoom(DocumentLibrary library, Supplier<List<Path>> roots, ModelPool pool) {
        this.library = library;
        this.roots = roots;
        this.pool = pool;
    }

    /** The collections. */
    public DocumentLibrary library() {
        return library;
    }

    /** Folders below which programs may have documents indexed; usually none. */
    public List<Path> roots() {
        return roots.get();
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(DocumentCollection collection, Optional<Embedder> embedder)
                throws IOException, InterruptedException;
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

    /**
     * Finds passages of several collections. Scores of different indexes cannot be compared: of
     * each collection the best come first, then the second best, and so on.
     */
    public List<Hit> search(List<String> collections, SearchRequest request) {
        List<List<Hit>> found =
                collections.stream().distinct().map(name -> search(name, request)).toList();
        List<Hit> all = new ArrayList<>();
        Set<String> seen = new HashSet<>(); // a file may be in several collections
        for (int rank = 0; rank < request.count(); rank++) {
            for (List<Hit> hits : found) {
                if (rank < hits.size()) {
                    Hit hit = hits.get(rank);
                    if (seen.add(hit.file() + "\n" + hit.chunk().text())) {
                        all.add(hit);
                    }
                }
            }
        }
        return all.size() <= request.count() ? all : all.subList(0, request.count());
    }

    /** Finds passages for the last question of a conversation, and puts them into it. */
    Prepared prepare(
            List<String> collections,
            LanguageModel model,
            List<ChatMessage> conversation,
            AnswerOptions options) {
        for (String name : collections) {
            require(name);
        }
        try {
            return new DocumentChat(model, request -> search(collections, request))
                    .prepare(conversation, options);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Brings a collection up to date, on the caller's thread.
     *
     * @throws HttpProblem if there is no such collection, or it is being updated already
     * @throws InterruptedException if the thread is interrupted; what was done is kept
     */
    public UpdateReport update(String collection, UpdateListener listener)
            throws InterruptedException {
        try {
            require(collection);
            try (DocumentCollection documents = library.open(collection);
                    Extractor extractor = new Extractor(ExtractionLimits.defaults(), WORKERS)) {
                String model = documents.settings().embedder();
                return with(
                        documents,
                        model,
                        (opened, embedder) -> opened.update(embedder, extractor, listener));
            }
        } catch (DocumentsException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Checks that there is a collection.
     *
     * @throws HttpProblem if there is none of this name
     */
    public void require(String name) {
        try {
            if (library.has(name)) {
                return;
            }
        } catch (DocumentsException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
        throw new HttpProblem(
                Kind.NOT_FOUND, "no collection %s; there are %s".formatted(name, library.names()));
    }

    private <T> T use(String name, boolean vectors, Work<T> work) {
        try {
            require(name);
            try (DocumentCollection collection = library.open(name)) {
                return with(collection, vectors ? collection.settings().embedder() : "", work);
            }
        } catch (DocumentsException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw unreadable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(Kind.UNAVAILABLE, "interrupted");
        }
    }

    private static HttpProblem unreadable(IOException e) {
        return new HttpProblem(Kind.FAILED, "the collection cannot be read: " + e.getMessage());
    }

    private <T> T with(DocumentCollection collection, String name, Work<T> work)
            throws IOException, InterruptedException {
        if (name.isEmpty()) {
            return work.with(collection, Optional.empty());
        }
        try (ModelPool.Lease lease = pool.use(name)) {
            Optional<ModelFiles.Entry> entry = pool.files().find(lease.name());
            if (lease.model() instanceof LoadedEntry.Embedder(EmbeddingModel model)
                    && entry.isPresent()) {
                // As the command names it: vectors of another file of that name are not its own.
                String id = entry.get().file().getFileName() + " " + entry.get().bytes();
                return work.with(collection, Optional.of(new ModelEmbedder(model, id)));
            }
            throw new HttpProblem(
                    Kind.NOT_SUPPORTED,
                    "the collection's embedder '" + name + "' was not loaded for embeddings");
        }
    }
}
