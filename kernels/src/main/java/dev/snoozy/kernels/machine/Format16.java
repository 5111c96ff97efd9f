package dev.snoozy.kernels.machine;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How sixteen rows of a weight lie beside each other in packed memory, so that a vector register
 * holds the same place of sixteen rows: then a product needs no sum across its lanes. The bytes are
 * those of the file, in another order: along {@code k} in units of 64 elements, each with all that
 * its decoding needs, so that a product reads one ascending stream.
 *
 * <p>In a unit, dword {@code r} of a vector belongs to row {@code r}.
 */
enum Format16 {
    /**
     * Two blocks: 64 bytes of F16 scales, [block 0: 16 rows][block 1: 16 rows]; then for each block
     * four vectors, vector {@code j} with bytes {@code 4j .. 4j+3} of the block's nibbles: the low
     * ones are elements {@code 4j .. 4j+3}, the high ones {@code 16+4j .. 16+4j+3}.
     */
    Q4_0(TensorType.Q4_0, 4, 8) {
        @Override
        void pack(Unit unit) {
            for (int b = 0; b < blocks(); b++) {
                for (int r = 0; r < ROWS; r++) {
                    long block = unit.block(r, b);
                    if (block < 0) {
                        continue;
                    }
                    unit.copyShort(block, scalesAt(b) + r * Short.BYTES);
                    for (int j = 0; j < 4; j++) {
                        unit.copyInt(block + 2 + 4L * j, codesAt(b) + j * 64 + r * 4, 0);
                    }
                }
            }
        }
    },

    /** Two blocks: 64 bytes of F16 scales as above, then eight vectors each of {@code q + 128}. */
    Q8_0(TensorType.Q8_0, 8, 128) {
        @Override
        void pack(Unit unit) {
            for (int b = 0; b < blocks(); b++) {
                for (int r = 0; r < ROWS; r++) {
                    long block = unit.block(r, b);
                    if (block < 0) {
                        continue;
                    }
                    unit.copyShort(block, scalesAt(b) + r * Short.BYTES);
                    for (int j = 0; j < 8; j++) {
                        int flipSigns = 0x80808080; // adds 128 to each byte
                        unit.copyInt(block + 2 + 4L * j, codesAt(b) + j * 64 + r * 4, flipSigns);
                    }
                }
            }
        }
    };

    /** Rows that lie beside each other. */
    static final int ROWS = 16;

    /** Elements that share a scale of the activations. */
    static final int BLOCK = 32;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorType type;
    private final int bits;
    private final int zero;

    Format16(TensorType type, int bits, int zero) {
        this.type = type;
        this.bits = bits;
        this.zero = zero;
    }

    /** The format of a type, or null if it has none yet. */
    static @Nullable Format16 of(TensorType type) {
        for (Format16 format : values()) {
            if (format.type == type) {
                return format;
            }
        }
        return null;
    }

    /** The code that stands for 0. */
    int zero() {
        return zero;
    }

    /** Bits of a code. */
    int bits() {
        return bits;
    }

    /** Blocks of 32 in a unit. */
    int blocks() {
        return 2;
    }

    /** Where the scales of a block begin in a unit. */
    int scalesAt(int block) {
        return block * ROWS * Short.BYTES;
    }

    /** Where the codes of a block begin in a unit. */
    int codesAt(int block) {
        return scalesAt(blocks()) + block * codeBytes();
    }

    /** Bytes of a unit of sixteen rows. */
    int unitBytes() {
        return codesAt(blocks());
    }

    private int codeBytes() {
        return ROWS * BLOCK * bits / Byte.SIZE;
    }

    /** Units along a row; the last is filled up with zeros. */
    int units(int in) {
        int perUnit = blocks() * BLOCK;
        return (in + perUnit - 1) / perUnit;
    }

    /** Bytes of sixteen rows. */
    long groupBytes(int in) {
        return (long) units(in) * unitBytes();
    }

    /**
     * Packs rows {@code 16 * group ..}; rows beyond the last are left as they are, zero.
     *
     * @param source all rows, in the blocks of the file
     * @param target the memory of all groups, zeroed
     */
    void packGroup(int group, int rows, int in, MemorySegment source, MemorySegment target) {
        Unit unit = new Unit(this, group, rows, in, source, target);
        for (int u = 0; u < units(in); u++) {
            unit.number = u;
            pack(unit);
        }
    }

    abstract void pack(Unit unit);

    /** One unit that is being packed. */
    static final class Unit {
        private final Format16 format;
        private final int group;
        private final int rows;
        private final MemorySegment source;
        private final MemorySegment target;
        private final int blocksPerRow;
        private final long start;
        private int number;

        private Unit(
                Format16 format,
                int group,
                int rows,
                int in,
                MemorySegment source,
                MemorySegment target) {
            this.format = format;
            this.group = group;
            this.rows = rows;
            this.source = source;
            this.target = target;
            blocksPerRow = in / format.type.blockSize();
            start = group * format.groupBytes(in);
        }

        /** Where a block of a row of the group begins in the source, or -1 if there is none. */
        long block(int row, int block) {
            long r = (long) group * ROWS + row;
            int b = number * format.blocks() + block;
            if (r >= rows || b >= blocksPerRow) {
                return -1;
            }
            return (r * blocksPerRow + b) * format.type.bytesPerBlock();
        }

        void copyShort(long from, int to) {
            target.set(SHORT, at(to), source.get(SHORT, from));
        }

        void copyInt(long from, int to, int flip) {
            target.set(INT, at(to), source.get(INT, from) ^ flip);
        }

        private long at(int offset) {
            return start + (long) number * format.unitBytes() + offset;
        }
    }
}
