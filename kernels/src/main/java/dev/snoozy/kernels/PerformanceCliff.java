package dev.snoozy.kernels;

/**
 * The ways in which a model can be much slower than it need be, or take more memory. None is gone
 * without a report; see {@link Cliffs}.
 */
public enum PerformanceCliff {
    /** All operations are plain Java. */
    SCALAR_KERNELS(
            "everything is computed in plain Java, many times slower than in machine code",
            "a processor that has the instructions, a system that allows executable memory, and"
                    + " no -Dsnoozy.kernels=scalar; or else the Vector API, with SNOOZY_VECTOR=1 or"
                    + " --add-modules jdk.incubator.vector"),
    /** All operations are on the Vector API. */
    VECTOR_KERNELS(
            "everything is computed with Java's Vector API, several times slower than in machine"
                    + " code, and more so in the first seconds",
            "a processor that has the instructions, a system that allows executable memory, and"
                    + " no -Dsnoozy.kernels=vector"),
    /** Activations stay F32, for which quantized weights have no fast products. */
    F32_ACTIVATIONS(
            "products with quantized weights are computed in plain Java, since activations are to"
                    + " stay F32",
            "the default precision"),
    /** A number format has no machine code. */
    UNPACKED_TYPE(
            "products with weights of this type are computed in plain Java",
            "a file in another type, such as Q4_K_M"),
    /** The networks of a mixture are plain Java. */
    SCALAR_EXPERTS(
            "the experts of the mixture are computed in plain Java", "a model without experts"),
    /** The states of recurrent layers are plain Java. */
    PLAIN_RECURRENCE(
            "the states of recurrent layers are computed in plain Java",
            "a model whose layers are all attention"),
    /** Weights stay in their file. */
    MAPPED_WEIGHTS(
            "the weights stay in their file and are packed anew for each token",
            "more free memory, a file in a smaller type, or no --weights mapped"),
    /** The file is in memory beside the packed weights. */
    HELD_TWICE(
            "the weights take their size twice, since their file lies in memory instead of on disk",
            "unpack the file on disk; one that is big-endian, convert again"),
    /** The packed weights lie on usual pages. */
    NO_HUGE_PAGES(
            "the weights lie on small pages, which costs a tenth to a half of the speed of writing",
            "on Linux, as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"),
    /** F16 was to be rounded, which pays only where pairs of BF16 are multiplied. */
    NO_PAIRS(
            "F16 weights are multiplied as they are, though they were to be rounded: nothing here"
                    + " multiplies pairs of BF16",
            "a processor with AVX-512 BF16 and no -Dsnoozy.kernels but vnni512; or a file in a"
                    + " smaller type, such as Q8_0"),
    /** Guessing tokens takes longer than it saves. */
    SPECULATION(
            "tokens are no longer guessed for a while, since that takes longer than it saves",
            "a draft model that is smaller or more like the model, or no speculation"),
    /** There are more threads than processors. */
    OVERSUBSCRIBED(
            "there are more threads than processors, and they wait for each other",
            "at most as many threads as processors");

    private final String description;
    private final String remedy;

    PerformanceCliff(String description, String remedy) {
        this.description = description;
        this.remedy = remedy;
    }

    /** What is slow, in one line. */
    public String description() {
        return description;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
