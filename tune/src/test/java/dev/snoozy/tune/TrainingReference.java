package dev.snoozy.tune;

import dev.snoozy.format.json.JsonReader;
import dev.snoozy.testkit.Data;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An outside training run in F64: where it starts from, its losses and where it arrives. */
final class TrainingReference {
    static final int STEPS = 30;

    private final Map<?, ?> run;

    private TrainingReference(Map<?, ?> run) {
        this.run = run;
    }

    static Path model(String name) {
        return Data.shared().resolve("models").resolve(name);
    }

    /** The run, or the test is skipped. */
    static TrainingReference read() throws IOException {
        Path file = model("lora/training-reference-shared.json.gz");
        Assumptions.assumeTrue(Files.exists(file), "no reference data: " + file);
        Object json = new JsonReader(file.toString(), Data.read(file)).value();
        return new TrainingReference((Map<?, ?>) Objects.requireNonNull(json));
    }

    LoraOptions lora() {
        return new LoraOptions(4, 8, false, 0, List.of("attn_q", "attn_v"));
    }

    OptimizerOptions optimizer() {
        return new OptimizerOptions(0.01, 0.9, 0.999, 1e-8, 0.01, 0);
    }

    List<Sample> samples() {
        return list("sequences").stream()
                .map(row -> Sample.all(((List<?>) row).stream().mapToInt(this::integer).toArray()))
                .toList();
    }

    private int integer(Object number) {
        return ((Number) number).intValue();
    }

    double[] numbers(String key) {
        return list(key).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    }

    double number(String key) {
        return ((Number) Objects.requireNonNull(run.get(key))).doubleValue();
    }

    private List<?> list(String key) {
        return (List<?>) Objects.requireNonNull(run.get(key));
    }

    /** A matrix of {@code initial}, {@code final} or a step's gradients; null if not told. */
    double @Nullable [] matrix(String group, String name) {
        Object rows = ((Map<?, ?>) Objects.requireNonNull(run.get(group))).get(name);
        return rows == null
                ? null
                : ((List<?>) rows)
                        .stream()
                                .flatMap(row -> ((List<?>) row).stream())
                                .mapToDouble(x -> ((Number) x).doubleValue())
                                .toArray();
    }

    /** Lets the adapters begin as those of the run. */
    void initialize(Learner learner) {
        for (Lora lora : learner.adapters()) {
            double[] a =
                    Objects.requireNonNull(
                            matrix("initial", lora.weight() + ".lora_a"), lora.weight());
            System.arraycopy(a, 0, lora.a(), 0, a.length);
        }
        learner.changed();
    }

    /** The distance of two matrices over the size of the second, in Frobenius norms. */
    static double distance(double[] x, double[] y) {
        double distance = 0;
        double size = 0;
        for (int i = 0; i < y.length; i++) {
            distance += (x[i] - y[i]) * (x[i] - y[i]);
            size += y[i] * y[i];
        }
        return Math.sqrt(distance / size);
    }
}
