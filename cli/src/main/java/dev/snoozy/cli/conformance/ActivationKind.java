package dev.snoozy.cli.conformance;

import dev.snoozy.kernels.Precision;

/** What weights are multiplied with while a network is checked. */
enum ActivationKind {
    /**
     * As where the facts were computed: exact for goldens, rounded as by a stock build of the
     * reference engine for its references.
     */
    REFERENCE("reference", Precision.F32),
    /** Exact. */
    F32("f32", Precision.F32),
    /** Rounded to 8 bit, where the kernels of this machine do so. */
    EIGHT_BIT("8bit", Precision.EIGHT_BIT);

    private final String word;
    private final Precision precision;

    ActivationKind(String word, Precision precision) {
        this.word = word;
        this.precision = precision;
    }

    /** As it is written on the command line. */
    String word() {
        return word;
    }

    /** That of the engine's own kernels. */
    Precision precision() {
        return precision;
    }

    static ActivationKind of(String word) {
        for (ActivationKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "--activations: expected reference, f32 or 8bit, found " + word);
    }
}
