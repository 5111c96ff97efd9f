package dev.snoozy.compress.convert;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of MXFP4 (OCP Microscaling Formats 1.0) in two orders. A checkpoint of gpt-oss has the
 * scales in a tensor of their own, and in each byte of a block two neighbours; GGUF has the scale
 * before its block, and in each byte an element of the first half with one of the second. The
 * numbers are the same bits. Stateless.
 */
final class Mxfp4Blocks {
    /** Numbers in a block. */
    static final int ELEMENTS = 32;

    /** Bytes of a block without its scale. */
    static final int BYTES = ELEMENTS / 2;

    private static final int HALF = ELEMENTS / 2;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private Mxfp4Blocks() {}

    /**
     * Writes a block as GGUF has it.
     *
     * @param block number of the block in {@code blocks} and {@code scales}
     * @param at byte where it begins
     */
    static void toGguf(
            MemorySegment blocks, MemorySegment scales, long block, MemorySegment to, long at) {
        to.set(BYTE, at, scales.get(BYTE, block));
        for (int i = 0; i < HALF; i++) {
            int low = neighbour(blocks, block, i);
            int high = neighbour(blocks, block, i + HALF);
            to.set(BYTE, at + 1 + i, (byte) (low | high << 4));
        }
    }

    private static int neighbour(MemorySegment blocks, long block, int i) {
        int pair = blocks.get(BYTE, block * BYTES + i / 2);
        return i % 2 == 0 ? pair & 15 : pair >> 4 & 15;
    }

    /** Writes the codes of a GGUF block as a checkpoint has them; its scale is the first byte. */
    static void toCheckpoint(MemorySegment from, long at, MemorySegment blocks, long block) {
        for (int i = 0; i < BYTES; i++) {
            int first = halved(from, at, 2 * i);
            int second = halved(from, at, 2 * i + 1);
            blocks.set(BYTE, block * BYTES + i, (byte) (first | second << 4));
        }
    }

    private static int halved(MemorySegment from, long at, int i) {
        int both = from.get(BYTE, at + 1 + i % HALF);
        return i < HALF ? both & 15 : both >> 4 & 15;
    }
}
