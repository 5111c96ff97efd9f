package dev.snoozy.documents.index;

import dev.snoozy.documents.extract.Extractor;

import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Documents that are searched together: files and folders, and an index over them. The index is a
 * row of states, each written whole: whenever the process ends, the last one is there, and an
 * update goes on from it.
 *
 * <p>Thread-safe: searches see the last state while an update goes on; of updates, one at a time.
 * Several processes may search a collection, and one of them update it. Whoever opens it closes it.
 */
public final class DocumentCollection implements AutoCloseable {
    private static final String SETTINGS = "collection.json";
    private static final String INDEX = "index";

    /** Lucene says at each start how it computes, which is no news to users. */
    private static final Logger QUIET = Logger.getLogger("org.apache.lucene");

    static {
        QUIET.setLevel(Level.SEVERE);
    }

    private final Path folder;
    private final Directory directory;
    private final ReentrantLock updating = new ReentrantLock();
    private volatile CollectionSettings settings;
    private @Nullable DirectoryReader reader;
    private boolean closed;

    private DocumentCollection(Path folder) throws IOException {
        this.folder = folder;
        settings = CollectionSettings.read(settingsFile(folder));
        directory = FSDirectory.open(folder.resolve(INDEX));
    }

    static Path settingsFile(Path folder) {
        return folder.resolve(SETTINGS);
    }

    static boolean isCollection(Path folder) {
        return Files.isRegularFile(settingsFile(folder));
    }

    static DocumentCollection open(Path folder) throws IOException {
        return new DocumentCollection(folder);
    }

    static DocumentCollection create(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        new CollectionSettings(name, List.of(), "", "").write(settingsFile(folder));
        return new DocumentCollection(folder);
    }

    /** Refuses if another process is updating the collection. */
    static void checkUnused(Path folder) throws IOException {
        if (!Files.isDirectory(folder.resolve(INDEX))) {
            return;
        }
        try (Directory index = FSDirectory.open(folder.resolve(INDEX));
                Lock lock = index.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            lock.ensureValid();
        } catch (LockObtainFailedException e) {
            throw inUse(folder, e);
        }
    }

    private static DocumentsException inUse(Path folder, LockObtainFailedException e) {
        return new DocumentsException(
                "the collection "
                        + folder.getFileName()
                        + " is being updated already; cure: wait until that is done",
                e);
    }

    /** What the user has chosen. */
    public CollectionSettings settings() {
        return settings;
    }

    /** Adds files and folders; {@link #update} reads what is in them. */
    public synchronized void add(List<Path> places) throws IOException {
        List<Path> all = new ArrayList<>(settings.places());
        for (Path place : places) {
            Path clean = place.toAbsolutePath().normalize();
            if (!Files.exists(clean)) {
                throw new DocumentsException("expected a file or folder, found none: " + place);
            }
            if (!all.contains(clean)) {
                all.add(clean);
            }
        }
        save(settings.withPlaces(all));
    }

    /**
     * Takes files and folders out; {@link #update} forgets what was in them.
     *
     * @throws DocumentsException if a place is not one that was added
     */
    public synchronized void remove(List<Path> places) throws IOException {
        List<Path> all = new ArrayList<>(settings.places());
        for (Path place : places) {
            if (!all.remove(place.toAbsolutePath().normalize())) {
                throw new DocumentsException(
                        place + " is not a place of this collection; it has " + settings.places());
            }
        }
        save(settings.withPlaces(all));
    }

    /**
     * Chooses the model for vectors; {@link #update} makes them.
     *
     * @param name of the model, or empty for words alone
     */
    public synchronized void setEmbedder(String name) throws IOException {
        save(settings.withEmbedder(name));
    }

    private void save(CollectionSettings wanted) throws IOException {
        wanted.write(settingsFile(folder));
        settings = wanted;
    }

    /**
     * Brings the index to the state of the files: reads what is new or has changed, forgets what is
     * gone, and makes vectors where those of this embedder are missing. What was done is kept when
     * it is interrupted or the process ends.
     *
     * @param embedder that makes vectors, or none for words alone
     * @param extractor that reads files; the caller closes it
     * @throws DocumentsException if another update is going on
     * @throws InterruptedException if the thread is interrupted; the next update goes on
     */
    public UpdateReport update(
            Optional<Embedder> embedder, Extractor extractor, UpdateListener listener)
            throws IOException, InterruptedException {
        updating.lockInterruptibly();
        try {
            noteVectors(embedder);
            try (Update update =
                    new Update(directory, settings, embedder, extractor, listener, files())) {
                return update.run();
            }
        } catch (LockObtainFailedException e) {
            throw inUse(folder, e);
        } finally {
            updating.unlock();
        }
    }

    private synchronized void noteVectors(Optional<Embedder> embedder) throws IOException {
        if (embedder.isPresent() && !settings.vectors().equals(embedder.get().id())) {
            save(settings.withVectors(embedder.get().id()));
        }
    }

    /** All files, in the order of their paths. */
    public List<FileState> files() throws IOException {
        Optional<DirectoryReader> current = current();
        if (current.isEmpty()) {
            return List.of();
        }
        DirectoryReader state = current.get();
        try {
            return files(state);
        } finally {
            state.decRef();
        }
    }

    private static List<FileState> files(DirectoryReader state) throws IOException {
        Terms terms = MultiTerms.getTerms(state, Fields.ENTRY);
        if (terms == null) {
            return List.of();
        }
        TreeMap<String, FileState> files = new TreeMap<>();
        Bits live = org.apache.lucene.index.MultiBits.getLiveDocs(state);
        StoredFields stored = state.storedFields();
        TermsEnum each = terms.iterator();
        for (var term = each.next(); term != null; term = each.next()) {
            PostingsEnum postings = each.postings(null, PostingsEnum.NONE);
            while (postings.nextDoc() != PostingsEnum.NO_MORE_DOCS) {
                if (live == null || live.get(postings.docID())) {
                    Document document = stored.document(postings.docID());
                    FileState file = Fields.file(document);
                    files.put(file.path().toString(), file);
                }
            }
        }
        return List.copyOf(Collections.unmodifiableCollection(files.values()));
    }

    /**
     * Finds passages.
     *
     * @param embedder that has made the vectors, or none for words alone
     * @param reranker that judges the best of them, or none
     * @return the best first; none if nothing is found
     */
    public List<Hit> search(
            SearchRequest request, Optional<Embedder> embedder, Optional<Reranker> reranker)
            throws IOException {
        Optional<DirectoryReader> current = current();
        if (current.isEmpty()) {
            return List.of();
        }
        DirectoryReader state = current.get();
        try {
            return new Finder(new IndexSearcher(state), request).find(embedder, reranker);
        } finally {
            state.decRef();
        }
    }

    /** All passages of a file, in its order; none if it is not in the collection. */
    public List<Chunk> passages(Path file) throws IOException {
        Optional<DirectoryReader> current = current();
        if (current.isEmpty()) {
            return List.of();
        }
        DirectoryReader state = current.get();
        try {
            Term path = new Term(Fields.PATH, file.toAbsolutePath().normalize().toString());
            return Update.chunks(state, path);
        } finally {
            state.decRef();
        }
    }

    /** The last state of the index, counted as used once more, or nothing if there is none yet. */
    private synchronized Optional<DirectoryReader> current() throws IOException {
        if (closed) {
            throw new DocumentsException("the collection is closed");
        }
        if (reader == null) {
            if (!DirectoryReader.indexExists(directory)) {
                return Optional.empty();
            }
            reader = DirectoryReader.open(directory);
        } else {
            DirectoryReader newer = DirectoryReader.openIfChanged(reader);
            if (newer != null) {
                reader.decRef();
                reader = newer;
            }
        }
        reader.incRef();
        return Optional.of(reader);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (reader != null) {
            reader.decRef();
        }
        directory.close();
    }
}
