package dev.snoozy.format;

import java.util.Optional;

/**
 * The number formats of GGUF tensors, with GGUF's names and ids (GGUF specification, {@code
 * ggml_type}).
 *
 * <p>A quantized type stores {@link #blockSize()} consecutive elements of a row in {@link
 * #bytesPerBlock()} bytes.
 */
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
    Q2_0(42, 64, 18);

    private final int id;
    private final int blockSize;
    private final int bytesPerBlock;

    TensorType(int id, int blockSize, int bytesPerBlock) {
        this.id = id;
        this.blockSize = blockSize;
        this.bytesPerBlock = bytesPerBlock;
    }

    /** The id that stands in a GGUF file. */
    public int id() {
        return id;
    }

    /** Elements per block; 1 for the types that are not quantized. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes per block. */
    public int bytesPerBlock() {
        return bytesPerBlock;
    }

    /** The type with the given GGUF id, if this reader knows it. */
    public static Optional<TensorType> byId(int id) {
        for (TensorType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Says which type an id without a type was, if it ever was one. */
    static String unknown(String tensor, int id) {
        String found =
                switch (id) {
                    case 4 -> "4 (Q4_2, removed in 2023)";
                    case 5 -> "5 (Q4_3, removed in 2023)";
                    case 31, 32, 33 -> id + " (a repacked Q4_0, removed in 2024)";
                    case 36, 37, 38 -> id + " (a repacked IQ4_NL, removed in 2024)";
                    default -> Integer.toUnsignedString(id);
                };
        return "tensor %s: found tensor type %s, expected one that GGUF knows; convert the model again"
                .formatted(tensor, found);
    }

    /**
     * The bytes of a row or tensor of {@code elements} elements.
     *
     * @throws ArithmeticException if {@code elements} is no multiple of {@link #blockSize()} or the
     *     size overflows
     */
    public long bytes(long elements) {
        if (elements % blockSize != 0) {
            throw new ArithmeticException(
                    this + " needs a multiple of " + blockSize + " elements, found " + elements);
        }
        return Math.multiplyExact(elements / blockSize, (long) bytesPerBlock);
    }
}
