package dev.snoozy.cli.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Printable;
import dev.snoozy.compress.QuantizePlan;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code quantize} tells.
 *
 * @param type what was asked for
 * @param target the file that was written, null if none was
 * @param seconds it took, null if nothing was written
 * @param problem why it would be refused, null if it would not
 * @param sourceBytes of all tensors before
 * @param bytes of all tensors after
 * @param bitsPerWeight on average, after
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record QuantizeReport(
        String type,
        @Nullable String target,
        @Nullable Double seconds,
        @Nullable String problem,
        @JsonProperty("source_bytes") long sourceBytes,
        long bytes,
        @JsonProperty("bits_per_weight") double bitsPerWeight,
        List<Tensor> tensors) {
    private static final int LONGEST_NAME = 60;

    /**
     * One tensor.
     *
     * @param from its type before
     * @param to its type after
     * @param note what is remarkable, null if nothing is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tensor(
            String name,
            List<Long> shape,
            TensorType from,
            TensorType to,
            long bytes,
            @Nullable String note) {
        private static Tensor of(QuantizePlan.Choice choice) {
            return new Tensor(
                    choice.source().name(),
                    choice.source().shape(),
                    choice.source().type(),
                    choice.target().type(),
                    choice.target().bytes(),
                    choice.note().isEmpty() ? null : choice.note());
        }
    }

    static QuantizeReport planned(String type, QuantizePlan plan, @Nullable String problem) {
        return of(type, plan, null, null, problem);
    }

    static QuantizeReport done(String type, QuantizePlan plan, String target, double seconds) {
        return of(type, plan, target, seconds, null);
    }

    private static QuantizeReport of(
            String type,
            QuantizePlan plan,
            @Nullable String target,
            @Nullable Double seconds,
            @Nullable String problem) {
        return new QuantizeReport(
                type,
                target,
                seconds,
                problem,
                plan.sourceBytes(),
                plan.targetBytes(),
                plan.bitsPerWeight(),
                plan.choices().stream().map(Tensor::of).toList());
    }

    /** Prints it for people; every tensor if {@code all}, else the notes. */
    void print(PrintWriter out, boolean all) {
        if (all) {
            tensors.forEach(tensor -> print(out, tensor));
        } else {
            notes().forEach((note, count) -> out.println(count + " tensors: " + note));
        }
        out.printf(
                Locale.ROOT,
                "%s: %s -> %s, %.2f bits per weight (%s)%n",
                type,
                Printable.bytes(sourceBytes),
                Printable.bytes(bytes),
                bitsPerWeight,
                counts());
        if (target != null && seconds != null) {
            out.printf(Locale.ROOT, "wrote %s in %.1f s%n", target, seconds);
        }
    }

    private static void print(PrintWriter out, Tensor tensor) {
        out.printf(
                Locale.ROOT,
                "%-40s %-18s %-8s%s%n",
                Printable.text(tensor.name, LONGEST_NAME),
                String.join("x", tensor.shape.stream().map(String::valueOf).toList()),
                tensor.to,
                tensor.note == null ? "" : " (" + tensor.note + ")");
    }

    private Map<String, Integer> notes() {
        Map<String, Integer> notes = new TreeMap<>();
        for (Tensor tensor : tensors) {
            if (tensor.note != null) {
                notes.merge(tensor.to + ", " + tensor.note, 1, Integer::sum);
            }
        }
        return notes;
    }

    private String counts() {
        Map<TensorType, Integer> counts = new EnumMap<>(TensorType.class);
        tensors.forEach(t -> counts.merge(t.to, 1, Integer::sum));
        return String.join(
                ", ",
                counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
    }
}
