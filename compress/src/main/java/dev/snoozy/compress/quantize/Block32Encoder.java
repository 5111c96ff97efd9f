package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What the types have in common that give 32 elements codes of four or five bits behind one or two
 * numbers in half precision: without an importance matrix all blocks at once, with one a search for
 * each block, many of them side by side.
 */
abstract sealed class Block32Encoder implements BlockEncoder permits SignedEncoder, OffsetEncoder {
    static final int BLOCK = 32;

    final PlainCodes plain = new PlainCodes();
    final BlockRanges ranges = new BlockRanges();

    private final TensorType type;
    private final boolean fiveBits;
    private final Lanes x;
    private final Lanes weights;
    private final byte[] codes = new byte[BLOCK];
    private final float[] means = new float[Lanes.COUNT];

    /**
     * An encoder.
     *
     * @param x where the search finds the elements
     * @param weights where it finds how much an error in each of them matters
     */
    Block32Encoder(TensorType type, boolean fiveBits, Lanes x, Lanes weights) {
        this.type = type;
        this.fiveBits = fiveBits;
        this.x = x;
        this.weights = weights;
    }

    /** Writes the heads of all blocks, and the codes into {@link #plain}. */
    abstract void encodePlain(float[] x, int count, byte[] out);

    /** Searches for each lane what goes into its head. */
    abstract void search(int lanes);

    /** The code of an element that the search has found. */
    abstract int code(int i, int lane);

    /** Writes what the search has found. */
    abstract void writeHead(int lane, byte[] out, int at);

    @Override
    public final TensorType type() {
        return type;
    }

    @Override
    public final void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        if (importance == null) {
            plain.prepare(count);
            ranges.find(x, count);
            encodePlain(x, count, out);
            for (int block = 0; block < count / BLOCK; block++) {
                writeCodes(plain.codes(), block * BLOCK, out, block * type.bytesPerBlock());
            }
        } else {
            for (int row = 0; row < count; row += importance.length) {
                encodeRow(x, row, importance, out);
            }
        }
    }

    private void encodeRow(float[] values, int row, float[] importance, byte[] out) {
        int columns = importance.length;
        float mean = Numbers.squares(values, row, columns) / columns;
        int blocks = columns / BLOCK;
        for (int first = 0; first < blocks; first += Lanes.COUNT) {
            int lanes = Math.min(Lanes.COUNT, blocks - first);
            x.load(values, row + first * BLOCK, lanes);
            weights.loadColumns(importance, first * BLOCK, lanes);
            Arrays.fill(means, 0, lanes, mean);
            weights.weigh(x, means, lanes);
            search(lanes);
            for (int lane = 0; lane < lanes; lane++) {
                for (int i = 0; i < BLOCK; i++) {
                    codes[i] = (byte) code(i, lane);
                }
                int at = (row / BLOCK + first + lane) * type.bytesPerBlock();
                writeHead(lane, out, at);
                writeCodes(codes, 0, out, at);
            }
        }
    }

    private void writeCodes(byte[] from, int at, byte[] out, int block) {
        int low = block + type.bytesPerBlock() - BLOCK / 2;
        if (fiveBits) {
            Nibbles.fifth(from, at, out, low - Integer.BYTES);
        }
        Nibbles.low(from, at, out, low);
    }
}
