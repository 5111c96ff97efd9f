package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

/**
 * Q4_0 and Q5_0: a scale for 32 codes around zero. The element that is largest becomes the lowest
 * code, which has no positive counterpart; with an importance matrix a few scales near that one are
 * tried.
 */
final class SignedEncoder extends Block32Encoder {
    private final int zero;
    private final SymmetricSearch search;

    SignedEncoder(TensorType type) {
        this(type, type == TensorType.Q4_0 ? 8 : 16);
    }

    private SignedEncoder(TensorType type, int zero) {
        this(type, zero, new SymmetricSearch(BLOCK, zero));
    }

    private SignedEncoder(TensorType type, int zero, SymmetricSearch search) {
        super(type, type == TensorType.Q5_0, search.x, search.weights);
        this.zero = zero;
        this.search = search;
    }

    @Override
    void encodePlain(float[] x, int count, byte[] out) {
        for (int block = 0; block < count / BLOCK; block++) {
            float scale = ranges.largest(block) / -zero;
            plain.inverse(block * BLOCK, scale == 0 ? 0 : 1 / scale);
            Numbers.half(scale, out, block * type().bytesPerBlock());
        }
        plain.signed(x, count, zero + 0.5f, 2 * zero - 1);
    }

    @Override
    void search(int lanes) {
        search.run(lanes);
    }

    @Override
    int code(int i, int lane) {
        return search.code(i, lane);
    }

    @Override
    void writeHead(int lane, byte[] out, int at) {
        Numbers.half(search.scale[lane], out, at);
    }
}
