package dev.snoozy.hub;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.hub.download.DiskSpace;
import dev.snoozy.hub.download.DownloadException;
import dev.snoozy.hub.download.Limits;
import dev.snoozy.hub.download.RemoteFile;
import dev.snoozy.hub.download.Reply;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.download.Web;
import dev.snoozy.hub.files.SafeName;
import dev.snoozy.hub.remote.HubSearch;
import dev.snoozy.hub.remote.HuggingFaceApi;
import dev.snoozy.hub.remote.OllamaRegistry;
import dev.snoozy.hub.remote.PlainUrl;
import dev.snoozy.hub.remote.Pull;
import dev.snoozy.hub.remote.Reference;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Models of the network: Hugging Face, Ollama's registry, and plain addresses. Nothing is asked of
 * anybody before one of the methods is called.
 *
 * <p>Thread-safe; a pull is done by the thread that calls, which may be interrupted, and of two
 * pulls of one model the second waits, also in another process. Closing it ends what is under way.
 */
public final class Hub implements AutoCloseable {
    private static final int FIRST_HEADER = 1 << 20;
    private static final int MOST_HEADER = 64 << 20;

    private final HubOptions options;
    private final Web web;
    private final DiskSpace space;

    private Hub(HubOptions options, DiskSpace space) {
        this.options = options;
        this.space = space;
        web =
                new Web(
                        List.of(options.huggingFace(), options.ollama()),
                        options.tokens(),
                        options.proxy(),
                        options.noProxy(),
                        options.limits());
    }

    /**
     * A hub.
     *
     * @throws HubException if the options cannot be used
     */
    public static Hub open(HubOptions options) {
        return open(options, DiskSpace.ofSystem());
    }

    static Hub open(HubOptions options, DiskSpace space) {
        try {
            return new Hub(options, space);
        } catch (DownloadException e) {
            throw new HubException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Finds out what a reference means: {@code user/repository[:QUANT]}, {@code
     * ollama://name[:tag]}, or an address.
     *
     * @throws HubException if it means nothing, or too much; the message says what there is
     */
    public RemoteModel resolve(String reference) throws InterruptedException {
        return resolve(reference, null, null);
    }

    /**
     * As {@link #resolve(String)}, for a certain state or file of a repository of Hugging Face.
     *
     * @param revision a branch, tag or commit, or null for {@code main}
     * @param file the name of a file or a number format, or null for the usual choice
     */
    public RemoteModel resolve(String reference, @Nullable String revision, @Nullable String file)
            throws InterruptedException {
        return new RemoteModel(
                found(() ->
                        switch (parse(reference, revision, file)) {
                            case Reference.HuggingFace hf ->
                                    new HuggingFaceApi(web, options, hf).model();
                            case Reference.Ollama ollama ->
                                    new OllamaRegistry(web, options, ollama).model();
                            case Reference.Url url -> new PlainUrl(url).model();
                        }));
    }

    /**
     * Asks Hugging Face for repositories with GGUF models, those that are downloaded most first.
     *
     * @param text what to look for: words of the name
     * @param most how many are wanted, 1 to 100
     * @throws HubException if the answer cannot be had
     */
    public List<FoundRepository> search(String text, int most) throws InterruptedException {
        return found(() -> new HubSearch(web, options).find(text, most));
    }

    /**
     * All GGUF models of a repository of Hugging Face, and what it says of itself.
     *
     * @param name {@code user/repository}, or the address of its page
     * @throws HubException if there is no such repository, or it has no such model
     */
    public RemoteRepository repository(String name) throws InterruptedException {
        Limits patience = web.limits().hasty();
        return RemoteRepository.of(
                found(() ->
                        new HuggingFaceApi(web, options, folder(name, null), patience)
                                .repository()));
    }

    /**
     * All files of a repository of Hugging Face that converting its model needs.
     *
     * @param revision a branch, tag or commit, or null for {@code main}
     */
    public RemoteModel resolveFolder(String reference, @Nullable String revision)
            throws InterruptedException {
        return new RemoteModel(
                found(() ->
                        new HuggingFaceApi(web, options, folder(reference, revision)).folder()));
    }

    /** A reference to a repository as a whole. */
    private Reference.HuggingFace folder(String reference, @Nullable String revision) {
        if (parse(reference, revision, null) instanceof Reference.HuggingFace hf
                && hf.selector() == null) {
            return hf;
        }
        throw new HubException(
                SafeName.shown(reference) + ": expected user/repository of Hugging Face");
    }

    private Reference parse(String text, @Nullable String revision, @Nullable String file) {
        Reference reference = Reference.parse(text, options);
        if (revision == null && file == null) {
            return reference;
        }
        if (!(reference instanceof Reference.HuggingFace hf)) {
            throw new HubException("a revision or a file is of a repository of Hugging Face only");
        }
        if (revision != null && !Reference.isRevision(revision)) {
            throw new HubException(SafeName.shown(revision) + ": not the name of a revision");
        }
        return new Reference.HuggingFace(
                hf.user(),
                hf.repository(),
                revision == null ? hf.revision() : revision,
                file == null ? hf.selector() : file);
    }

    /** What asks the network. */
    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws InterruptedException;
    }

    private static <T> T found(Asking<T> asking) throws InterruptedException {
        try {
            return asking.ask();
        } catch (DownloadException e) {
            throw new HubException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The header of a model, by which it can be told whether it will fit, before it is pulled. Asks
     * for the beginning of its first file only, at most 64 MiB.
     *
     * @throws HubException if it cannot be had, or is not that of a GGUF file
     */
    public GgufHeader header(RemoteModel model) throws InterruptedException {
        return found(() -> {
            RemoteFile file = model.finding().files().getFirst();
            for (int most = FIRST_HEADER; ; most *= 4) {
                byte[] start = beginning(model, file, most);
                long whole = file.bytes() < 0 ? Long.MAX_VALUE : file.bytes();
                try {
                    return GgufHeader.read(start, whole);
                } catch (FormatException e) {
                    if (start.length < most || most >= MOST_HEADER) {
                        throw new HubException(file.name() + ": " + e.getMessage(), e);
                    }
                }
            }
        });
    }

    private byte[] beginning(RemoteModel model, RemoteFile file, int most)
            throws InterruptedException {
        URI uri = file.uri();
        try {
            Reply<InputStream> reply = web.stream(uri, Map.of("Range", "bytes=0-" + (most - 1)));
            try (InputStream body = reply.body()) {
                if (reply.status() != 206 && reply.status() != 200) {
                    throw reply.problem();
                }
                return body.readNBytes(most);
            }
        } catch (StatusException e) {
            throw model.finding().source().explain(e);
        } catch (IOException e) {
            throw new HubException(file.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Pulls what a reference means into a store; see {@link #pull(RemoteModel, ModelStore,
     * PullListener)}.
     */
    public StoredModel pull(String reference, ModelStore store, PullListener listener)
            throws InterruptedException {
        listener.progress(new PullProgress(PullProgress.Phase.RESOLVING, "", "", 0, 0, 0, 0, 0, 0));
        return pull(resolve(reference), store, listener);
    }

    /**
     * Pulls a model into a store. It appears there when all its files are proven. What an earlier
     * pull has left is used; a model that is there already is not fetched again.
     *
     * @throws HubException if it cannot be had; what has arrived is kept for the next time, unless
     *     it is wrong
     * @throws InterruptedException if the thread was interrupted; what has arrived is kept
     */
    public StoredModel pull(RemoteModel model, ModelStore store, PullListener listener)
            throws InterruptedException {
        StoredModel stored =
                new Pull(web, space, model.finding(), listener).into(store, Hub::checkGguf);
        listener.stored(stored);
        return stored;
    }

    /**
     * Pulls the files of a model into a folder of their own, for a tool that reads them there.
     *
     * @param cache under which the folder is made
     * @return the folder
     */
    public Path pullFolder(RemoteModel model, Path cache, PullListener listener)
            throws InterruptedException {
        return new Pull(web, space, model.finding(), listener).intoFolder(cache);
    }

    /** Refuses what is no model; without a message about its place. */
    static void checkGguf(Path file) throws IOException {
        try (GgufFile gguf = GgufFile.open(file)) {
            if (gguf.tensors().isEmpty()) {
                throw new FormatException(file.getFileName() + " holds no tensors");
            }
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
