package dev.snoozy.engine;

import dev.snoozy.engine.adapter.AdapterWeights;

/**
 * A LoRA adapter that a model has loaded (see {@link LanguageModel#addAdapter}). Of use with that
 * model only. Thread-safe.
 */
public final class Adapter {
    private final String name;
    private final int rank;
    private final AdapterWeights weights;

    Adapter(String name, int rank, AdapterWeights weights) {
        this.name = name;
        this.rank = rank;
        this.weights = weights;
    }

    /** The name of its file. */
    public String name() {
        return name;
    }

    /** The rank of its matrices. */
    public int rank() {
        return rank;
    }

    /** The same with a scale, which is multiplied with the adapter's own. */
    public AdapterUse scaled(float scale) {
        return new AdapterUse(this, scale);
    }

    AdapterWeights weights() {
        return weights;
    }

    @Override
    public String toString() {
        return name;
    }
}
