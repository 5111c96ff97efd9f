package dev.snoozy.engine;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.ObservedKernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose weights can be exchanged while it is loaded: for measuring what an error in one of
 * them does to the results. Whoever loads it closes it.
 */
public final class ProbedModel implements AutoCloseable {
    private final LoadedModel loaded;
    private final LanguageModel model;
    private final ObservedKernels kernels;

    private ProbedModel(LoadedModel loaded, ObservedKernels kernels) {
        this.loaded = loaded;
        this.model = new LanguageModel(loaded);
        this.kernels = kernels;
    }

    /** Tells what is slow as long as the model loads: that a stand-in is slow is no news. */
    private static final class WhileLoading implements LoadListener {
        private final LoadListener listener;
        private volatile boolean loaded;

        WhileLoading(LoadListener listener) {
            this.listener = listener;
        }

        @Override
        public void packed(long bytes, long total) {
            listener.packed(bytes, total);
        }

        @Override
        public void slow(Cliffs.Report report) {
            if (!loaded) {
                listener.slow(report);
            }
        }
    }

    /**
     * The model of an open file, which belongs to it from now on.
     *
     * @throws ModelException if this version cannot run it, with the reason
     */
    public static ProbedModel of(GgufFile file, LoadOptions options) {
        List<ObservedKernels> kernels = new ArrayList<>();
        WhileLoading listener = new WhileLoading(options.listener());
        LoadedModel loaded =
                LoadedModel.of(
                        file,
                        options.withListener(listener),
                        true,
                        o -> {
                            kernels.add(new ObservedKernels(LoadedModel.fastest(o), null));
                            return kernels.getFirst();
                        });
        listener.loaded = true;
        return new ProbedModel(loaded, kernels.getFirst());
    }

    /** The model, as it is with the weights of the moment. It is closed with this. */
    public LanguageModel model() {
        return model;
    }

    /**
     * Puts other blocks in the place of a weight, until {@link #restore}.
     *
     * @param weight its name in the file
     * @param type of the blocks
     * @param blocks as many as the weight has, not copied; they must stay until then
     * @throws ModelException if the model computes with no weight of that name
     */
    public void exchange(String weight, TensorType type, MemorySegment blocks) {
        loaded.scheduler()
                .call(() -> {
                    kernels.exchange(weight, type, blocks);
                    return weight;
                });
    }

    /** Puts all weights back. */
    public void restore() {
        loaded.scheduler()
                .call(() -> {
                    kernels.restore();
                    return kernels;
                });
    }

    @Override
    public void close() {
        model.close();
    }
}
