package dev.snoozy.server.models;

import dev.snoozy.engine.WorkTotals;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.RequestLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The models in memory: each is loaded when it is first asked for, and goes when nobody has used it
 * for a while or another one needs its place, the one longest unused first. While one is loaded
 * others are used as ever. Thread-safe. Closing it closes them all.
 */
public final class ModelPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ModelPool.class.getName());
    private static final int CHECK_SECONDS = 1;

    /** Opens the file of a model. */
    @FunctionalInterface
    public interface Loader {
        /** The model of a file. */
        LoadedEntry load(ModelFiles.Entry entry) throws IOException;

        /** The bytes of memory that the model of a file will take; by default those of the file. */
        default long bytes(ModelFiles.Entry entry) {
            return entry.bytes();
        }
    }

    /** A model that is in use until this is closed. */
    public interface Lease extends AutoCloseable {
        /** What clients call it. */
        String name();

        /** The model. */
        LoadedEntry model();

        /** How long it took to load it for this lease, in nanoseconds; 0 if it was there. */
        long loadNanos();

        /** Says how long it shall stay unused from now on; negative for ever. */
        void keepAlive(Duration time);

        @Override
        void close();
    }

    private final ModelFiles files;
    private final Loader loader;
    private final PoolOptions options;
    private volatile long memory;
    private final Map<String, Slot> slots = new LinkedHashMap<>(); // guarded by this
    private final ScheduledExecutorService clock;
    private boolean closed; // guarded by this
    private WorkTotals totalsOfGone = WorkTotals.NONE; // guarded by this

    public ModelPool(ModelFiles files, Loader loader, PoolOptions options) {
        this.files = files;
        this.loader = loader;
        this.options = options;
        memory = options.memory();
        clock =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("snoozy-models").factory());
        clock.scheduleWithFixedDelay(
                this::closeUnused, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /** The models that may be asked for. */
    public ModelFiles files() {
        return files;
    }

    /** How models are kept, as of the start. */
    public PoolOptions options() {
        return options;
    }

    /** The most bytes for models. */
    public long memory() {
        return memory;
    }

    /** Sets the most bytes for models, from the next one on that is loaded. */
    public void limit(long bytes) {
        memory = bytes;
    }

    /**
     * A model that is in memory.
     *
     * @param entry the file
     * @param model what it is
     * @param bytes of memory that it takes, as it was reckoned
     * @param active requests it works at
     * @param expires when it goes if nobody uses it, in milliseconds since 1970; negative never
     */
    public record Status(
            ModelFiles.Entry entry, LoadedEntry model, long bytes, int active, long expires) {}

    /** The models in memory. */
    public synchronized List<Status> loaded() {
        List<Status> list = new ArrayList<>();
        for (Slot slot : slots.values()) {
            LoadedEntry model = slot.model;
            if (model != null) {
                list.add(new Status(slot.entry, model, slot.bytes, slot.active, slot.expires()));
            }
        }
        return list;
    }

    /** What models have done that are no longer in memory. */
    public synchronized WorkTotals totalsOfGone() {
        return totalsOfGone;
    }

    /** Requests that wait for a place at some model. */
    public synchronized int waiting() {
        return slots.values().stream().mapToInt(slot -> slot.waiting).sum();
    }

    /**
     * A model to work with. Waits while it is loaded, and while it has enough to do.
     *
     * @param name what clients call it; "" for the one that is loaded, or the only one
     * @throws HttpProblem if there is none of this name, it cannot be loaded, or too many wait
     */
    public Lease use(String name) {
        ModelFiles.Entry entry = entry(name);
        Slot slot;
        synchronized (this) {
            refuseIfClosed();
            slot = slot(entry);
            slot.enter();
        }
        RequestLog.uses(entry.name());
        try {
            long nanos = slot.load();
            return slot.lease(nanos);
        } catch (RuntimeException | Error e) {
            slot.leave();
            throw e;
        }
    }

    /** The place of a model; a new one if its file is another than it was. */
    private Slot slot(ModelFiles.Entry entry) {
        Slot slot = slots.get(entry.name());
        if (slot == null || (slot.isEmpty() && !slot.entry.equals(entry))) {
            slot = new Slot(entry);
            slots.put(entry.name(), slot);
        }
        return slot;
    }

    /**
     * Takes a model out of memory and removes it, while nobody can ask for it.
     *
     * @param removal what removes its file
     * @throws HttpProblem if somebody uses it
     */
    public void remove(ModelFiles.Entry entry, Runnable removal) {
        Slot slot;
        LoadedEntry gone;
        synchronized (this) {
            refuseIfClosed();
            slot = slot(entry);
            gone = slot.close();
        }
        try {
            if (gone != null) {
                gone.close();
            }
            removal.run();
        } finally {
            synchronized (this) {
                slots.remove(entry.name(), slot);
            }
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new HttpProblem(Kind.UNAVAILABLE, "the server is shutting down");
        }
    }

    private ModelFiles.Entry entry(String name) {
        Optional<ModelFiles.Entry> found = files.find(name);
        if (found.isPresent()) {
            return found.get();
        }
        if (name.isEmpty()) {
            List<Status> loaded = loaded();
            if (!loaded.isEmpty()) {
                return loaded.getFirst().entry();
            }
            List<ModelFiles.Entry> all = files.all();
            if (!all.isEmpty()) {
                return all.getFirst();
            }
        }
        throw new HttpProblem(
                Kind.MODEL_NOT_FOUND, "model '" + name + "' not found; cure: one of " + names());
    }

    private List<String> names() {
        return files.all().stream().map(ModelFiles.Entry::name).toList();
    }

    /** Takes a model out of memory now, if nobody uses it; else as soon as nobody does. */
    public void unload(String name) {
        Slot slot;
        synchronized (this) {
            slot = slots.get(name);
            if (slot == null) {
                return;
            }
            slot.keepAlive = Duration.ZERO;
        }
        closeUnused();
    }

    private void closeUnused() {
        List<LoadedEntry> gone = new ArrayList<>();
        synchronized (this) {
            for (Slot slot : slots.values()) {
                if (slot.hasExpired()) {
                    gone.add(slot.take());
                }
            }
        }
        gone.forEach(LoadedEntry::close);
    }

    /** Closes models that nobody uses until there is room for another. */
    private void makeRoom(long bytes) {
        while (true) {
            LoadedEntry gone;
            synchronized (this) {
                long used = slots.values().stream().mapToLong(slot -> slot.bytes).sum();
                Slot oldest =
                        slots.values().stream()
                                .filter(Slot::isIdle)
                                .min(Comparator.comparingLong(slot -> slot.lastUse))
                                .orElse(null);
                if (used + bytes <= memory || oldest == null) {
                    return;
                }
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0} leaves memory to make room",
                        oldest.entry.name());
                gone = oldest.take();
            }
            gone.close();
        }
    }

    @Override
    public void close() {
        List<LoadedEntry> gone = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Slot slot : slots.values()) {
                if (slot.model != null) {
                    gone.add(slot.take());
                }
            }
        }
        clock.shutdownNow();
        gone.forEach(LoadedEntry::close);
    }

    /** The place of a model. Its fields are guarded by the pool. */
    private final class Slot {
        private final ModelFiles.Entry entry;
        private @Nullable CompletableFuture<Long> loading;
        private @Nullable LoadedEntry model;
        private Duration keepAlive = options.keepAlive();
        private long bytes;
        private long lastUse = System.nanoTime();
        private int active;
        private int waiting;
        private boolean removed;

        Slot(ModelFiles.Entry entry) {
            this.entry = entry;
        }

        /** Takes part in what the model does, or waits for that. */
        void enter() {
            if (removed) {
                throw new HttpProblem(
                        Kind.MODEL_NOT_FOUND,
                        "model '" + entry.name() + "' not found: it is being removed");
            }
            if (active >= options.parallel()) {
                if (waiting >= options.waiting()) {
                    throw new HttpProblem(
                            Kind.BUSY,
                            "the model has "
                                    + active
                                    + " requests in progress and "
                                    + waiting
                                    + " waiting; cure: try again");
                }
                waiting++;
                try {
                    while (active >= options.parallel()) {
                        ModelPool.this.wait();
                        refuseIfClosed();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new HttpProblem(Kind.UNAVAILABLE, "the server is shutting down");
                } finally {
                    waiting--;
                }
            }
            active++;
        }

        void leave() {
            synchronized (ModelPool.this) {
                active--;
                lastUse = System.nanoTime();
                ModelPool.this.notifyAll();
            }
            if (keepAlive.isZero()) {
                closeUnused();
            }
        }

        /** Waits until the model is there; returns how long it took to load, 0 if it was there. */
        long load() {
            CompletableFuture<Long> future;
            synchronized (ModelPool.this) {
                if (model != null) {
                    return 0;
                }
                if (loading == null) {
                    loading = new CompletableFuture<>();
                    // A thread of its own: whoever asked first may leave, and others wait as well.
                    Thread.ofPlatform().daemon().name("snoozy-load").start(this::loadNow);
                }
                future = loading;
            }
            try {
                return future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HttpProblem(Kind.UNAVAILABLE, "interrupted while the model was loaded");
            } catch (ExecutionException e) {
                throw new HttpProblem(
                        Kind.FAILED,
                        "model '" + entry.name() + "' cannot be loaded; the server's log says why");
            }
        }

        private void loadNow() {
            long start = System.nanoTime();
            CompletableFuture<Long> future;
            try {
                long need = loader.bytes(entry);
                makeRoom(need);
                LoadedEntry loaded = loader.load(entry);
                synchronized (ModelPool.this) {
                    future = finished();
                    if (closed) {
                        loaded.close();
                        future.completeExceptionally(new IllegalStateException("closed"));
                        return;
                    }
                    model = loaded;
                    bytes = need;
                }
                future.complete(System.nanoTime() - start);
            } catch (IOException | RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "cannot load " + entry.file(), e);
                synchronized (ModelPool.this) {
                    future = finished();
                }
                future.completeExceptionally(e);
            }
        }

        private CompletableFuture<Long> finished() {
            CompletableFuture<Long> future = Objects.requireNonNull(loading, "it is being loaded");
            loading = null;
            return future;
        }

        Lease lease(long nanos) {
            LoadedEntry loaded;
            synchronized (ModelPool.this) {
                loaded = Objects.requireNonNull(model, "the model was loaded");
            }
            return new Lease() {
                private boolean over;

                @Override
                public String name() {
                    return entry.name();
                }

                @Override
                public LoadedEntry model() {
                    return loaded;
                }

                @Override
                public long loadNanos() {
                    return nanos;
                }

                @Override
                public void keepAlive(Duration time) {
                    synchronized (ModelPool.this) {
                        keepAlive = time;
                    }
                }

                @Override
                public void close() {
                    if (!over) {
                        over = true;
                        leave();
                    }
                }
            };
        }

        /** Lets nobody in from now on; returns the model, which is no longer that of the pool. */
        @Nullable LoadedEntry close() {
            if (removed || active > 0 || waiting > 0 || loading != null) {
                throw new HttpProblem(
                        Kind.BUSY,
                        "model '" + entry.name() + "' is in use; cure: try again when it is not");
            }
            removed = true;
            return model == null ? null : take();
        }

        /** Whether nothing is there, and nobody waits for it. */
        boolean isEmpty() {
            return model == null && loading == null && active == 0 && waiting == 0 && !removed;
        }

        boolean isIdle() {
            return model != null && active == 0 && waiting == 0;
        }

        boolean hasExpired() {
            return isIdle()
                    && !keepAlive.isNegative()
                    && System.nanoTime() - lastUse >= keepAlive.toNanos();
        }

        long expires() {
            if (keepAlive.isNegative()) {
                return -1;
            }
            long left = keepAlive.toMillis() - (System.nanoTime() - lastUse) / 1_000_000;
            return System.currentTimeMillis() + Math.max(0, left);
        }

        /** Gives the model up. */
        LoadedEntry take() {
            LoadedEntry gone = Objects.requireNonNull(model, "there is a model");
            totalsOfGone = totalsOfGone.plus(gone.statistics().totals());
            model = null;
            bytes = 0;
            keepAlive = options.keepAlive(); // what was asked for was asked for this time
            return gone;
        }
    }
}
