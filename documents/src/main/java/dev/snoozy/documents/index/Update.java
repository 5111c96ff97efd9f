package dev.snoozy.documents.index;

import dev.snoozy.documents.extract.Block;
import dev.snoozy.documents.extract.ExtractedDocument;
import dev.snoozy.documents.extract.ExtractionException;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.FileState.Status;
import dev.snoozy.format.Sha256;

import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One update of an index. A file and its chunks are written at once; every few seconds, all that is
 * written becomes the state of the index.
 */
final class Update implements AutoCloseable {
    private static final long COMMIT_NANOS = 2_000_000_000L;

    /** Tokens of a chunk, unless the embedder takes less. */
    private static final int CHUNK_TOKENS = 256;

    private static final int BATCH = 16;
    private static final double WRITE_BUFFER_MEGABYTES = 64;
    private static final int THREADS = 2;

    private final CollectionSettings settings;
    private final Optional<Embedder> embedder;
    private final Extractor extractor;
    private final UpdateListener listener;
    private final Map<Path, FileState> before = new HashMap<>();
    private final IndexWriter writer;
    private final Chunker chunker;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("snoozy-documents-", 0).factory());

    private int read;
    private int embedded;
    private int failed;
    private int files;
    private volatile boolean stopped;

    Update(
            Directory directory,
            CollectionSettings settings,
            Optional<Embedder> embedder,
            Extractor extractor,
            UpdateListener listener,
            List<FileState> known)
            throws IOException {
        this.settings = settings;
        this.embedder = embedder;
        this.extractor = extractor;
        this.listener = listener;
        known.forEach(file -> before.put(file.path(), file));
        int limit =
                embedder.map(e -> Math.min(CHUNK_TOKENS, e.contextLength())).orElse(CHUNK_TOKENS);
        TokenCounter counter =
                embedder.<TokenCounter>map(e -> e::tokens).orElse(TokenCounter::estimate);
        chunker = new Chunker(counter, limit);
        IndexWriterConfig config = new IndexWriterConfig(new LanguageAnalyzer());
        config.setCodec(new WideVectors());
        config.setRAMBufferSizeMB(WRITE_BUFFER_MEGABYTES);
        config.setCommitOnClose(false);
        writer = new IndexWriter(directory, config);
    }

    /** What was done with a file. */
    private record Done(FileState state, Work work) {}

    private enum Work {
        NONE,
        READ,
        EMBEDDED
    }

    UpdateReport run() throws IOException, InterruptedException {
        PlaceWalk walk = new PlaceWalk(settings.places());
        int removed = forgetGone(walk);
        CompletionService<Done> queue = new ExecutorCompletionService<>(threads);
        List<PlaceWalk.Seen> seen = walk.files();
        int submitted = 0;
        int done = 0;
        long committed = System.nanoTime();
        while (done < seen.size()) {
            // A few ahead of the threads: what waits must not fill the memory.
            while (submitted < seen.size() && submitted < done + 4 * THREADS) {
                PlaceWalk.Seen next = seen.get(submitted++);
                queue.submit(() -> bring(next));
            }
            Future<Done> finished = queue.poll(COMMIT_NANOS, TimeUnit.NANOSECONDS);
            if (finished != null) {
                count(result(finished), ++done, seen.size());
            }
            if (System.nanoTime() - committed > COMMIT_NANOS) {
                writer.commit();
                committed = System.nanoTime();
            }
        }
        writer.commit();
        return new UpdateReport(files, read, embedded, removed, failed, walk.missing());
    }

    private int forgetGone(PlaceWalk walk) throws IOException {
        int removed = 0;
        for (FileState file : before.values()) {
            if (!walk.has(file.path()) && !walk.isHidden(file.path())) {
                writer.deleteDocuments(path(file.path()));
                removed++;
            } else if (!walk.has(file.path())) {
                files++;
                failed += file.status() == Status.FAILED ? 1 : 0;
            }
        }
        return removed;
    }

    private void count(Done done, int number, int total) {
        files++;
        read += done.work() == Work.READ ? 1 : 0;
        embedded += done.work() == Work.EMBEDDED ? 1 : 0;
        failed += done.state().status() == Status.FAILED ? 1 : 0;
        listener.file(number, total, done.state(), done.work() != Work.NONE);
    }

    private static Done result(Future<Done> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException other -> throw other;
                case Error error -> throw error;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    /** Brings one file up to date. */
    private Done bring(PlaceWalk.Seen file) throws IOException, InterruptedException {
        if (stopped) {
            throw new InterruptedException();
        }
        FileState old = before.get(file.path());
        String hash = "";
        if (old != null) {
            boolean untouched = old.bytes() == file.bytes() && old.modified() == file.modified();
            if (!untouched) {
                try {
                    hash = Sha256.of(file.path());
                } catch (IOException e) {
                    return new Done(write(unreadable(file, e), List.of(), ""), Work.READ);
                }
            }
            if (untouched || hash.equals(old.hash())) {
                return unchanged(file, old, untouched);
            }
        }
        return new Done(read(file), Work.READ);
    }

    private static FileState unreadable(PlaceWalk.Seen file, IOException e) {
        String message = "the file cannot be read: " + e.getMessage();
        return state(file, Status.FAILED, message, "", "", 0, "", "");
    }

    private Done unchanged(PlaceWalk.Seen file, FileState old, boolean untouched)
            throws IOException {
        FileState now =
                new FileState(
                        old.path(),
                        old.status(),
                        old.message(),
                        old.type(),
                        old.title(),
                        file.bytes(),
                        file.modified(),
                        old.chunks(),
                        old.hash(),
                        old.embedder());
        String wanted = embedder.map(Embedder::id).orElse("");
        if (!wanted.isEmpty() && !old.embedder().equals(wanted) && old.chunks() > 0) {
            return new Done(embedAgain(now, wanted), Work.EMBEDDED);
        }
        if (!untouched) {
            writer.updateDocument(new Term(Fields.ENTRY, file.path().toString()), Fields.of(now));
            writer.updateNumericDocValue(path(file.path()), Fields.MODIFIED, file.modified());
        }
        return new Done(now, Work.NONE);
    }

    /** Makes vectors of the chunks that the index has; the file is not read. */
    private FileState embedAgain(FileState file, String wanted) throws IOException {
        List<Chunk> chunks;
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
            chunks = chunks(reader, path(file.path()));
        }
        FileState now =
                new FileState(
                        file.path(),
                        file.status(),
                        file.message(),
                        file.type(),
                        file.title(),
                        file.bytes(),
                        file.modified(),
                        chunks.size(),
                        file.hash(),
                        wanted);
        return write(now, chunks, language(chunks));
    }

    private FileState read(PlaceWalk.Seen file) throws IOException, InterruptedException {
        String hash;
        try {
            hash = Sha256.of(file.path());
        } catch (IOException e) {
            return write(unreadable(file, e), List.of(), "");
        }
        try {
            ExtractedDocument document = extractor.extract(file.path());
            List<Chunk> chunks = chunker.chunks(document);
            FileState state =
                    state(
                            file,
                            chunks.isEmpty() ? Status.EMPTY : Status.INDEXED,
                            String.join("; ", document.notes()),
                            document.type(),
                            document.title(),
                            chunks.size(),
                            hash,
                            chunks.isEmpty() ? "" : embedder.map(Embedder::id).orElse(""));
            return write(state, chunks, Languages.of(beginning(document)));
        } catch (ExtractionException e) {
            if (e.reason() == ExtractionException.Reason.SYSTEM) {
                throw new IOException(e.getMessage(), e); // no fault of the file
            }
            String message = String.valueOf(e.getMessage());
            return write(state(file, Status.FAILED, message, "", "", 0, hash, ""), List.of(), "");
        }
    }

    private static String beginning(ExtractedDocument document) {
        return document.blocks().stream()
                .limit(200)
                .map(Block::text)
                .collect(Collectors.joining("\n"));
    }

    private static String language(List<Chunk> chunks) {
        return Languages.of(
                chunks.stream().limit(20).map(Chunk::text).collect(Collectors.joining("\n")));
    }

    private static FileState state(
            PlaceWalk.Seen file,
            Status status,
            String message,
            String type,
            String title,
            int chunks,
            String hash,
            String embedder) {
        return new FileState(
                file.path(),
                status,
                message,
                type,
                title,
                file.bytes(),
                file.modified(),
                chunks,
                hash,
                embedder);
    }

    /** Replaces all that the index has of a file. */
    private FileState write(FileState file, List<Chunk> chunks, String language)
            throws IOException {
        List<Document> documents = new ArrayList<>();
        documents.add(Fields.of(file));
        for (int from = 0; from < chunks.size(); from += BATCH) {
            List<Chunk> batch = chunks.subList(from, Math.min(chunks.size(), from + BATCH));
            List<float[]> vectors = List.of();
            if (embedder.isPresent()) {
                vectors =
                        embedder.get()
                                .passages(batch.stream().map(c -> withHead(file, c)).toList());
            }
            for (int i = 0; i < batch.size(); i++) {
                documents.add(
                        Fields.of(
                                file,
                                batch.get(i),
                                language,
                                vectors.isEmpty() ? null : vectors.get(i)));
            }
        }
        writer.updateDocuments(path(file.path()), documents);
        return file;
    }

    /** A passage is embedded below its headings: alone it often does not say what it is about. */
    private static String withHead(FileState file, Chunk chunk) {
        String title =
                chunk.headings().isEmpty() ? file.title() : String.join(" > ", chunk.headings());
        return title.isEmpty() ? chunk.text() : title + "\n" + chunk.text();
    }

    private static Term path(Path file) {
        return new Term(Fields.PATH, file.toString());
    }

    /** The chunks that a state of the index has of a path, in their order. */
    static List<Chunk> chunks(IndexReader reader, Term path) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        int most = Math.max(1, reader.maxDoc());
        List<Chunk> chunks = new ArrayList<>();
        for (ScoreDoc found : searcher.search(new TermQuery(path), most).scoreDocs) {
            Document document = searcher.storedFields().document(found.doc);
            if (document.getField(Fields.ENTRY) == null) {
                chunks.add(Fields.chunk(document));
            }
        }
        chunks.sort(Comparator.comparingInt(Chunk::ordinal));
        return chunks;
    }

    /**
     * Keeps what is written, also if the update was interrupted or has failed. No thread is
     * interrupted for it: Lucene gives up an index whose files are being written then.
     */
    @Override
    public void close() throws IOException {
        stopped = true;
        threads.shutdown();
        boolean interrupted = Thread.interrupted();
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            if (writer.isOpen()) {
                writer.commit();
                writer.close();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
