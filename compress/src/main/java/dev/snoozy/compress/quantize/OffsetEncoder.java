package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

/**
 * Q4_1 and Q5_1: a scale and an offset for 32 codes. The codes span the block from its least to its
 * largest element; with an importance matrix the pair is searched.
 */
final class OffsetEncoder extends Block32Encoder {
    private final int most;
    private final AffineSearch search;

    OffsetEncoder(TensorType type) {
        this(type, type == TensorType.Q4_1 ? 15 : 31);
    }

    private OffsetEncoder(TensorType type, int most) {
        this(type, most, new AffineSearch(BLOCK, most));
    }

    private OffsetEncoder(TensorType type, int most, AffineSearch search) {
        super(type, type == TensorType.Q5_1, search.x, search.weights);
        this.most = most;
        this.search = search;
    }

    @Override
    void encodePlain(float[] x, int count, byte[] out) {
        for (int block = 0; block < count / BLOCK; block++) {
            float least = ranges.lowest(block);
            float scale = (ranges.highest(block) - least) / most;
            plain.offset(block * BLOCK, least);
            plain.inverse(block * BLOCK, scale == 0 ? 0 : 1 / scale);
            int at = block * type().bytesPerBlock();
            Numbers.half(scale, out, at);
            Numbers.half(least, out, at + Short.BYTES);
        }
        plain.above(x, count, most);
    }

    @Override
    void search(int lanes) {
        search.run(lanes, AffineSearch.WITH_IMPORTANCE);
    }

    @Override
    int code(int i, int lane) {
        return search.code(i, lane);
    }

    @Override
    void writeHead(int lane, byte[] out, int at) {
        Numbers.half(search.scale[lane], out, at);
        Numbers.half(search.least[lane], out, at + Short.BYTES);
    }
}
