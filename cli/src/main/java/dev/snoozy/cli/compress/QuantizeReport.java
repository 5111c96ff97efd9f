package dev.snoozy.cli.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Printable;
import dev.snoozy.compress.QuantizePlan;
import dev.snoozy.compress.TargetChoice;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.HashMap;
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
 * @param fileBytes of the whole file, if a target was given
 * @param expectedDivergence the KL divergence that the probe lets expect, if a target was given
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
        @JsonProperty("file_bytes") @Nullable Long fileBytes,
        @JsonProperty("expected_kl_divergence") @Nullable Double expectedDivergence,
        List<Tensor> tensors) {
    private static final int LONGEST_NAME = 60;

    /**
     * One tensor.
     *
     * @param from its type before
     * @param to its type after
     * @param note what is remarkable, null if nothing is
     * @param error squared and relative, if it was measured
     * @param loss what the error adds to the divergence, if it was measured
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tensor(
            String name,
            List<Long> shape,
            TensorType from,
            TensorType to,
            long bytes,
            @Nullable String note,
            @Nullable Double error,
            @Nullable Double loss) {
        private static Tensor of(QuantizePlan.Choice choice) {
            return new Tensor(
                    choice.source().name(),
                    choice.source().shape(),
                    choice.source().type(),
                    choice.target().type(),
                    choice.target().bytes(),
                    choice.note().isEmpty() ? null : choice.note(),
                    null,
                    null);
        }

        private Tensor with(TargetChoice.@Nullable Tensor chosen) {
            return chosen == null
                    ? this
                    : new Tensor(name, shape, from, to, bytes, note, chosen.error(), chosen.loss());
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
                null,
                null,
                plan.choices().stream().map(Tensor::of).toList());
    }

    /** The same with what was measured to choose the types, if they were chosen. */
    QuantizeReport with(@Nullable TargetChoice choice) {
        if (choice == null) {
            return this;
        }
        Map<String, TargetChoice.Tensor> chosen = new HashMap<>();
        choice.tensors().forEach(tensor -> chosen.put(tensor.name(), tensor));
        return new QuantizeReport(
                type,
                target,
                seconds,
                problem,
                sourceBytes,
                bytes,
                bitsPerWeight,
                choice.fileBytes(),
                choice.divergence(),
                tensors.stream().map(tensor -> tensor.with(chosen.get(tensor.name))).toList());
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
        if (fileBytes != null) {
            out.printf(
                    Locale.ROOT,
                    "the file has %d bytes%s%n",
                    fileBytes,
                    expectedDivergence == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; expected KL divergence on the probe %.3g",
                                    expectedDivergence));
        }
        if (target != null && seconds != null) {
            out.printf(Locale.ROOT, "wrote %s in %.1f s%n", target, seconds);
        }
    }

    private static void print(PrintWriter out, Tensor tensor) {
        out.printf(
                Locale.ROOT,
                "%-40s %-18s %-8s%s%s%n",
                Printable.text(tensor.name, LONGEST_NAME),
                String.join("x", tensor.shape.stream().map(String::valueOf).toList()),
                tensor.to,
                tensor.error == null || tensor.loss == null
                        ? ""
                        : String.format(
                                Locale.ROOT, "error %.2e  loss %.2e", tensor.error, tensor.loss),
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
