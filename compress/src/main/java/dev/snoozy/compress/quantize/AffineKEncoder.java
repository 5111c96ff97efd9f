package dev.snoozy.compress.quantize;

import dev.snoozy.compress.quantize.AffineSearch.Candidates;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Q2_K, Q4_K and Q5_K: blocks of 16 or 32 with a scale and an offset each, which are quantized
 * themselves, with two factors for a super-block of 256. The codes are chosen again under the scale
 * and offset that are left.
 */
final class AffineKEncoder implements BlockEncoder {
    private final TensorType type;
    private final int block;
    private final int blocks;
    private final int most;
    private final int mostScale;
    private final Candidates candidates;

    private final AffineSearch search;
    private final Lanes codes;
    private final float[] offsets = new float[Lanes.COUNT];
    private final float[] sums = new float[Lanes.COUNT];
    private final float[] lefts = new float[Lanes.COUNT];
    private final float[] leftOffsets = new float[Lanes.COUNT];
    private final int[] scaleCodes;
    private final int[] offsetCodes;
    private final byte[] bytes = new byte[KFields.SUPER_BLOCK];

    AffineKEncoder(TensorType type) {
        this.type = type;
        this.block = type == TensorType.Q2_K ? 16 : 32;
        this.blocks = KFields.SUPER_BLOCK / block;
        this.most = type == TensorType.Q2_K ? 3 : type == TensorType.Q4_K ? 15 : 31;
        this.mostScale = type == TensorType.Q2_K ? 15 : 63;
        this.candidates =
                switch (type) {
                    case Q2_K -> new Candidates(-0.5f, 0.1f, 15, true);
                    case Q4_K -> new Candidates(-1, 0.1f, 20, false);
                    default -> new Candidates(-0.5f, 0.1f, 15, false);
                };
        this.search = new AffineSearch(block, most);
        this.codes = new Lanes(block);
        this.scaleCodes = new int[blocks];
        this.offsetCodes = new int[blocks];
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int batch = Lanes.COUNT * block;
        for (int from = 0; from < count; from += batch) {
            batch(x, from, Math.min(batch, count - from) / block, importance, out);
        }
    }

    private void batch(float[] x, int from, int lanes, float @Nullable [] importance, byte[] out) {
        search.x.load(x, from, lanes);
        if (importance == null) {
            weighPlainly(lanes);
            search.run(lanes, candidates);
        } else {
            weigh(x, from, lanes, importance);
            search.weights.sum(sums, lanes);
            search.run(lanes, AffineSearch.WITH_IMPORTANCE);
        }
        for (int lane = 0; lane < lanes; lane++) {
            offsets[lane] = -search.least[lane];
        }
        int at = from / KFields.SUPER_BLOCK * type.bytesPerBlock();
        for (int first = 0; first < lanes; first += blocks) {
            scales(first, importance != null, out, at + place(first));
        }
        codes.round(search.x, leftOffsets, lefts, 0, most, lanes);
        for (int first = 0; first < lanes; first += blocks) {
            write(first, out, at + place(first));
        }
    }

    /** Where the super-block of a lane lies behind the first one. */
    private int place(int lane) {
        return lane / blocks * type.bytesPerBlock();
    }

    private void weighPlainly(int lanes) {
        if (type == TensorType.Q2_K) {
            Arrays.fill(sums, 0, lanes, 0);
        } else {
            search.x.sumSquares(sums, lanes);
            for (int lane = 0; lane < lanes; lane++) {
                sums[lane] = (float) Math.sqrt(sums[lane] / block);
            }
        }
        search.weights.magnitudes(search.x, sums, lanes);
    }

    private void weigh(float[] x, int from, int lanes, float[] importance) {
        for (int first = 0; first < lanes; first += blocks) {
            float squares = Numbers.squares(x, from + first * block, KFields.SUPER_BLOCK);
            float doubled = type == TensorType.Q2_K ? squares : 2 * squares;
            Arrays.fill(sums, first, first + blocks, doubled / KFields.SUPER_BLOCK);
        }
        search.weights.loadColumns(importance, from, lanes);
        search.weights.weigh(search.x, sums, lanes);
    }

    /** Quantizes the scales and offsets of a super-block, and writes them. */
    private void scales(int first, boolean weighted, byte[] out, int at) {
        int factors = type == TensorType.Q2_K ? at + 80 : at;
        float scale =
                Numbers.half(quantize(search.scale, first, weighted, scaleCodes), out, factors);
        float offset =
                Numbers.half(quantize(offsets, first, weighted, offsetCodes), out, factors + 2);
        for (int j = 0; j < blocks; j++) {
            lefts[first + j] = scale * scaleCodes[j];
            leftOffsets[first + j] = offset * offsetCodes[j];
        }
        if (type == TensorType.Q2_K) {
            for (int j = 0; j < blocks; j++) {
                out[at + j] = (byte) (scaleCodes[j] | offsetCodes[j] << 4);
            }
        } else {
            KFields.eightPairs(scaleCodes, offsetCodes, out, at + 4);
        }
    }

    private float quantize(float[] numbers, int first, boolean weighted, int[] codes) {
        if (weighted) {
            return PositiveScales.quantize(numbers, first, sums, first, blocks, mostScale, codes);
        }
        float largest = 0;
        for (int j = 0; j < blocks; j++) {
            largest = Math.max(largest, numbers[first + j]);
        }
        float inverse = largest > 0 ? mostScale / largest : 0;
        for (int j = 0; j < blocks; j++) {
            codes[j] = Math.min(mostScale, (int) Numbers.nearest(inverse * numbers[first + j]));
        }
        return largest / mostScale;
    }

    private void write(int first, byte[] out, int at) {
        for (int j = 0; j < blocks; j++) {
            int lane = first + j;
            if (lefts[lane] == 0) {
                for (int i = 0; i < block; i++) {
                    bytes[j * block + i] = (byte) search.code(i, lane);
                }
            } else {
                codes.bytes(lane, 0, bytes, j * block);
            }
        }
        switch (type) {
            case Q2_K -> KFields.pairs(bytes, 0, out, at + 16);
            case Q4_K -> KFields.nibbles(bytes, 0, out, at + 16);
            default -> {
                KFields.bits(bytes, 0, 4, out, at + 16);
                KFields.nibbles(bytes, 0, out, at + 48);
            }
        }
    }
}
