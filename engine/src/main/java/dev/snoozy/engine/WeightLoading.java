package dev.snoozy.engine;

import dev.snoozy.format.Fit;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Decides where the weights of a model lie, and brings them there. */
final class WeightLoading {
    private static final double GIGA = 1e9;

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
     * @param fit of the whole model, with a text as it is usually reckoned with
     * @param available bytes of memory that are free, or nothing if none knows
     * @return whether they are packed, or else read from their file
     * @throws ModelException if they are to be packed and there is no memory for it, or if there is
     *     none for the model even with its weights in their file
     */
    static boolean run(
            Kernels kernels,
            List<Tensor> weights,
            LoadOptions options,
            Fit fit,
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
            case AUTO -> loading.packIfRoom(fit, available.orElse(Long.MAX_VALUE));
        };
    }

    private boolean packIfRoom(Fit fit, long available) {
        switch (fit.verdict()) {
            case FITS -> {
                try {
                    pack();
                    return true;
                } catch (IllegalStateException e) {
                    kernels.leaveMapped(weights, String.valueOf(e.getMessage()));
                }
            }
            case MAPPED -> kernels.leaveMapped(weights, tooLittle("packed ones", fit, available));
            case TOO_LARGE -> throw new ModelException(refusal(fit, available));
        }
        return false;
    }

    private static String tooLittle(String what, Fit fit, long available) {
        return String.format(
                Locale.ROOT,
                "%s need %.1f GB of memory, %.1f GB are free",
                what,
                fit.needed() / GIGA,
                available / GIGA);
    }

    private static String refusal(Fit fit, long available) {
        return String.format(
                Locale.ROOT,
                "the model does not fit: a text of %d tokens needs %.1f GB of memory even if the"
                        + " weights stay in their file (%.1f GB if not), %.1f GB are free; cure: a"
                        + " smaller context length, a KV cache of q8_0, a smaller model or number"
                        + " format, or weights: mapped to try it all the same",
                fit.contextLength(),
                fit.neededMapped() / GIGA,
                fit.needed() / GIGA,
                available / GIGA);
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
