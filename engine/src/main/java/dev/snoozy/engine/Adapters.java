package dev.snoozy.engine;

import dev.snoozy.engine.adapter.AdapterFile;
import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.engine.adapter.AdapterWeights;
import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.run.Scheduler;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The adapters of a loaded model, and which of them texts have that do not say otherwise.
 * Thread-safe.
 */
final class Adapters {
    private static final String TABLE = "token_embd.weight";
    private static final int MOST = 256;

    private final String architecture;
    private final Architecture.Bound bound;
    private final Kernels kernels;
    private final Scheduler scheduler;
    private final List<Adapter> loaded = new ArrayList<>(); // guarded by this
    private volatile List<AdapterUse> usual = List.of();

    Adapters(String architecture, Architecture.Bound bound, Kernels kernels, Scheduler scheduler) {
        this.architecture = architecture;
        this.bound = bound;
        this.kernels = kernels;
        this.scheduler = scheduler;
    }

    synchronized Adapter add(Path path) throws IOException {
        if (loaded.size() == MOST) {
            throw new ModelException(
                    "the model has " + MOST + " adapters, which is the most; cure: remove one");
        }
        AdapterFile file;
        try (GgufFile gguf = GgufFile.open(path)) {
            file = AdapterFile.read(gguf, architecture, this::shape);
        } catch (ModelException e) {
            throw new ModelException(path + ": " + e.getMessage(), e);
        }
        if (!file.magnitudes().isEmpty()) {
            throw new ModelException(
                    path
                            + ": an adapter with magnitudes (DoRA) is not applied beside a model;"
                            + " cure: snoozy merge BASE "
                            + path
                            + " -o MERGED");
        }
        Map<String, Tensor> weights = bound.weights();
        AdapterWeights matrices = scheduler.call(() -> new AdapterWeights(file, weights, kernels));
        Adapter adapter = new Adapter(String.valueOf(path.getFileName()), file.rank(), matrices);
        loaded.add(adapter);
        return adapter;
    }

    /** The shape of a weight that an adapter may change, or null. */
    private long @Nullable [] shape(String name) {
        Tensor weight = bound.weights().get(name);
        if (name.equals(TABLE) && bound.multiplied().containsKey(TABLE)) {
            throw new ModelException(
                    "the adapter changes "
                            + TABLE
                            + ", which in this model is also its output: which of the two is meant"
                            + " cannot be told");
        }
        boolean known = name.equals(TABLE) || bound.multiplied().containsKey(name);
        return weight == null || !known ? null : new long[] {weight.rows(), weight.columns()};
    }

    synchronized void remove(Adapter adapter) {
        if (loaded.remove(adapter)) {
            usual = usual.stream().filter(use -> use.adapter() != adapter).toList();
            scheduler.call(() -> {
                adapter.weights().forget(kernels);
                return adapter;
            });
        }
    }

    synchronized List<Adapter> all() {
        return List.copyOf(loaded);
    }

    List<AdapterUse> usual() {
        return usual;
    }

    synchronized void use(List<AdapterUse> uses) {
        set(uses);
        usual = List.copyOf(uses);
    }

    /** The set that a text is evaluated with. */
    synchronized AdapterSet set(List<AdapterUse> uses) {
        List<AdapterSet.Use> set = new ArrayList<>();
        for (AdapterUse use : uses) {
            if (!loaded.contains(use.adapter())) {
                throw new ModelException(
                        "the adapter "
                                + use.adapter()
                                + " is not loaded with this model; cure: add it first");
            }
            if (use.scale() != 0) {
                set.add(new AdapterSet.Use(use.adapter().weights(), use.scale()));
            }
        }
        return set.isEmpty() ? AdapterSet.NONE : new AdapterSet(set);
    }
}
