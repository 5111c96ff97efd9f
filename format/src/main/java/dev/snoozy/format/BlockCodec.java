package dev.snoozy.format;

import dev.snoozy.format.block.Codecs;

import java.lang.foreign.MemorySegment;

/**
 * The scalar codec of one tensor type: the judge of every faster one. Stateless and thread-safe.
 *
 * <p>Blocks are little endian, whatever the byte order of the machine.
 */
public interface BlockCodec {
    /** The type whose blocks this codec reads. */
    TensorType type();

    /**
     * Decodes {@code count} elements.
     *
     * @param source blocks of {@link #type()}
     * @param offset byte offset of the first block in {@code source}
     * @param target receives the elements
     * @param start index of the first element in {@code target}
     * @param count number of elements, a multiple of the block size
     */
    void decode(MemorySegment source, long offset, float[] target, int start, int count);

    /**
     * The codec of a type.
     *
     * @throws FormatException if the type has no codec: the integers (I8, I16, I32, I64) and F64,
     *     the types of intermediate results (Q8_1, Q8_K), and three whose sizes are known, so that
     *     files with them can be listed, but not their decoding (NVFP4, Q1_0, Q2_0)
     */
    static BlockCodec of(TensorType type) {
        return Codecs.of(type);
    }
}
