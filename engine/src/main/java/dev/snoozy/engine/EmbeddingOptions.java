package dev.snoozy.engine;

/**
 * How vectors are made of texts. Immutable.
 *
 * @param kind what the texts are; words that the model's family wants before them are added
 * @param dimensions how many of the first numbers of a vector are kept (Matryoshka representations,
 *     Kusupati et al. 2022), 0 for all. A model that was not trained for it loses much by that
 * @param normalize whether vectors get the length 1, after the cut
 */
public record EmbeddingOptions(TextKind kind, int dimensions, boolean normalize) {
    public EmbeddingOptions {
        if (dimensions < 0) {
            throw new IllegalArgumentException(
                    "dimensions: expected 0 (all) or more, found " + dimensions);
        }
    }

    /** Texts as they stand, whole vectors of length 1. */
    public static EmbeddingOptions defaults() {
        return new EmbeddingOptions(TextKind.NONE, 0, true);
    }

    public EmbeddingOptions withKind(TextKind wanted) {
        return new EmbeddingOptions(wanted, dimensions, normalize);
    }

    public EmbeddingOptions withDimensions(int count) {
        return new EmbeddingOptions(kind, count, normalize);
    }

    public EmbeddingOptions withNormalize(boolean wanted) {
        return new EmbeddingOptions(kind, dimensions, wanted);
    }
}
