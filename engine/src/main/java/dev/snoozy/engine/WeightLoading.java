package dev.snoozy.engine;

import dev.snoozy.format.MemoryNeed;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Decides where the weights of a model lie, and brings them there. */
final class WeightLoading {
    private final Kernels kernels;
    private final List<Tensor> weights;
    private final LoadListener listener;
    private long packed;

    private WeightLoading(Kernels kernels, List<Tensor> weights, LoadListener listener) {
        this.kernels = kernels;
        this.weights = weights;
        this.listener = listener;
    }

    /**
     * Makes weights ready.
     *
     * @param need of the whole model
     * @param available bytes of memory that are free, or nothing if none knows
     * @return whether they are packed, or else read from their file
     * @throws ModelException if they are to be packed and there is no memory for it
     */
    static boolean run(
            Kernels kernels,
            List<Tensor> weights,
            LoadOptions options,
            MemoryNeed need,
            OptionalLong available) {
        WeightLoading loading = new WeightLoading(kernels, weights, options.listener());
        return switch (options.weights()) {
            case MAPPED -> {
                kernels.leaveMapped(weights, "as asked for");
                yield false;
            }
            case PACKED -> {
                loading.packOrRefuse();
                yield true;
            }
            case AUTO -> {
                long growth = kernels.packedGrowth(weights);
                yield loading.packIfRoom(need.packed(options.contextLength(), growth), available);
            }
        };
    }

    private boolean packIfRoom(long needed, OptionalLong available) {
        if (available.isPresent() && available.getAsLong() < needed) {
            String why =
                    String.format(
                            Locale.ROOT,
                            "packed ones need %.1f GB of memory, %.1f GB are free",
                            needed / 1e9,
                            available.getAsLong() / 1e9);
            kernels.leaveMapped(weights, why);
            return false;
        }
        try {
            pack();
            return true;
        } catch (IllegalStateException e) {
            kernels.leaveMapped(weights, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void packOrRefuse() {
        try {
            pack();
        } catch (IllegalStateException e) {
            throw new ModelException(
                    e.getMessage() + "; cure: run from the mapped file (weights: mapped)", e);
        }
    }

    private void pack() {
        long total = 0;
        for (Tensor weight : weights) {
            total += weight.type().bytes((long) weight.rows() * weight.columns());
        }
        long all = total;
        kernels.pack(
                weights,
                bytes -> {
                    packed += bytes;
                    listener.packed(packed, all);
                });
    }
}
