package dev.snoozy.cli;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadListener;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.kernels.Cliffs;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a model for a command: a line of progress where it takes its time, and a line for each
 * thing that makes the model slow.
 */
public final class Loading implements LoadListener {
    /** Loading that is over sooner shows no progress, in nanoseconds. */
    private static final long SOON = 1_000_000_000L;

    private final long start = System.nanoTime();
    private final Progress progress;
    private final PrintWriter err;
    private final List<Cliffs.Report> waiting = new ArrayList<>();
    private boolean loaded;

    private Loading(Progress progress, PrintWriter err) {
        this.progress = progress;
        this.err = err;
    }

    /** Makes something of an open file, which belongs to it from then on. */
    @FunctionalInterface
    public interface Loader<T> {
        T load(GgufFile file, LoadOptions options);
    }

    /** Loads a model. */
    public static LanguageModel of(Path file, LoadOptions options, PrintWriter err)
            throws IOException {
        return of(file, options, err, LanguageModel::of);
    }

    /** Loads what holds a model. */
    public static <T> T of(Path file, LoadOptions options, PrintWriter err, Loader<T> loader)
            throws IOException {
        String what = "loading " + file.getFileName();
        try (Progress progress = Progress.spinner(what)) {
            Loading loading = new Loading(progress, err);
            T loaded = loader.load(Models.open(file), options.withListener(loading));
            loading.finish();
            return loaded;
        }
    }

    @Override
    public void memory(MemoryNeed need, MemoryLimits limits, int contextLength) {
        MemoryReckoning.warning(need, limits, contextLength)
                .ifPresent(warning -> err.println("snoozy: " + warning));
        err.flush();
    }

    @Override
    public void packed(long bytes, long total) {
        if (System.nanoTime() - start > SOON) {
            progress.done(bytes, total);
        }
    }

    @Override
    public synchronized void slow(Cliffs.Report report) {
        waiting.add(report);
        if (loaded) {
            print();
        }
    }

    private synchronized void finish() {
        loaded = true;
        progress.close();
        print();
    }

    private void print() {
        for (Cliffs.Report report : waiting) {
            err.println("slow: " + report);
        }
        waiting.clear();
        err.flush();
    }
}
