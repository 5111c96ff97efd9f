package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.x86.Vec.zmm;
import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPH2PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VFNMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPBROADCASTD;
import static dev.snoozy.kernels.x86.VectorOp.VPDPBUSD;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVSXBD;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVZXBD;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVZXWD;
import static dev.snoozy.kernels.x86.VectorOp.VPOR;
import static dev.snoozy.kernels.x86.VectorOp.VPSHUFB;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLD;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLW;
import static dev.snoozy.kernels.x86.VectorOp.VPSRLW;

import dev.snoozy.kernels.machine.Format16.Scales;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the product kernels for AVX-512 VNNI. Each part of a block of 32 elements, which is mostly
 * the whole of it, gives an exact sum of integers by VPDPBUSD; then {@code acc = fma(float(sum),
 * scale of w * d of x, acc)} and, where the weights have minima, {@code acc = fma(-minimum, d * sum
 * of q, acc)}: one accumulator per output, blocks ascending ({@code docs/numerics.md}). A
 * vector-matrix and a matrix-matrix kernel do the same arithmetic, so their results are equal bit
 * for bit.
 *
 * <p>On a core with one 512-bit multiplier a block of 16 rows and one token takes 10 of its slots:
 * 8 VPDPBUSD, a multiplication and a multiply-add; the matrix kernel comes near that bound.
 */
final class Vnni512 {
    /** The most tokens of a tile: two accumulators each, and eight registers for the rest. */
    static final int TILE = 12;

    /** Bytes of the codes of a block of sixteen rows in a decoded panel. */
    static final int PANEL_CODES = 512;

    /** Bytes of a vector of sixteen floats. */
    static final int VECTOR = 64;

    /** Bytes in the parameter block. */
    static final int PARAMETER_BYTES = 8 * Parameter.values().length;

    /** Bytes of the constants of a format: two masks and a table of sixteen codes, four times. */
    static final int CONSTANT_BYTES = 3 * VECTOR;

    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr STRIDE = Gpr.R10;
    private static final Gpr SCALES = Gpr.R11;

    /** Masks of the planes, the table, and the scales of a block of 256. */
    private static final Vec[] MASKS = {zmm(31), zmm(30)};

    private static final Vec TABLE = zmm(29);
    private static final Vec SUPER_SCALE = zmm(28);
    private static final Vec SUPER_MINIMUM = zmm(27);

    private Vnni512() {}

    /** The parameters of the kernels, eight bytes each, in this order. */
    enum Parameter {
        /** Packed units, or the codes of a panel. */
        WEIGHT(0),
        /** A tile of activations. */
        ACTIVATIONS(8),
        /** Float results: sixteen rows of each token; or the codes of a panel to write. */
        OUT(16),
        /** Units of a row, or blocks of a panel. */
        COUNT(24),
        /** Bytes from the results of a token to those of the next; or groups of sixteen rows. */
        STRIDE(32),
        /** The scales of a panel, and its minima. */
        SCALES(40),
        /** What {@link #constants} gives for the format. */
        CONSTANTS(48);

        private final int offset;

        Parameter(int offset) {
            this.offset = offset;
        }

        /** Bytes from the start of the block. */
        int offset() {
            return offset;
        }

        /** The parameter, in a kernel. */
        Mem mem() {
            return Abi.PARAMETERS.at(offset);
        }
    }

    /** Does something with a vector of codes, elements {@code 4 g .. 4 g + 3} of sixteen rows. */
    private interface Use {
        void of(Vec codes, int g);
    }

    /** Bytes of a block of sixteen rows in the scales of a panel. */
    static int panelScales(Format16 format) {
        return format.parts() * (format.hasMinima() ? 2 : 1) * VECTOR;
    }

    /** What the kernels of a format load: a mask for each plane, and the codebook. */
    static byte[] constants(Format16 format) {
        byte[] constants = new byte[CONSTANT_BYTES];
        int[] planes = format.planes();
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            int mask = ((1 << planes[plane]) - 1) << low;
            for (int i = 0; i < VECTOR; i++) {
                constants[plane * VECTOR + i] = (byte) mask;
            }
            low += planes[plane];
        }
        if (format.hasCodebook()) {
            byte[] book = format == Format16.MXFP4 ? BlockFields.MXFP4 : BlockFields.CODEBOOK16;
            for (int i = 0; i < VECTOR; i++) {
                constants[2 * VECTOR + i] = book[i % book.length];
            }
        }
        return constants;
    }

    /** One token with groups of sixteen rows, straight from the packed units. */
    static byte[] vector(Format16 format) {
        Gpr start = Gpr.R11; // of the activations: every group reads them again
        int record = Activations8.of(format).record();
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(start, Parameter.ACTIVATIONS.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(STRIDE, Parameter.STRIDE.mem());
        loadConstants(a);
        Label group = a.label(32);
        a.mov(X, start);
        a.mov(COUNT, Parameter.COUNT.mem());
        Vec acc = zmm(0);
        a.zero(acc);
        Label unit = a.label(32);
        superScales(a, format);
        for (int block = 0; block < format.blocks(); block++) {
            int x = block * record;
            Vec[] sums = {zmm(1 + block % 2 * 2), zmm(2 + block % 2 * 2)};
            for (int part = 0; part < format.parts(); part++) {
                startSum(a, format, sums[part], X.at(x + Activations8.sumsAt(1, part)));
            }
            codes(
                    a,
                    format,
                    block,
                    (codes, g) ->
                            a.op(
                                    VPDPBUSD,
                                    sums[g * format.parts() / 8],
                                    codes,
                                    X.at(x + 4 * g).toAllLanes()));
            for (int part = 0; part < format.parts(); part++) {
                Vec scale = zmm(5 + part);
                scale(a, format, block, part, scale);
                a.op(VMULPS, scale, scale, X.at(x + Activations8.scalesAt(1)).toAllLanes());
                a.op(VCVTDQ2PS, sums[part], sums[part]);
                a.op(VFMADD231PS, acc, sums[part], scale);
                if (format.hasMinima()) {
                    Vec minimum = zmm(7);
                    minimum(a, format, block, part, minimum);
                    Mem sum = X.at(x + Activations8.sumsAt(1, part)).toAllLanes();
                    a.op(VFNMADD231PS, acc, minimum, sum);
                }
            }
        }
        a.add(W, format.unitBytes());
        a.add(X, format.blocks() * record);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(unit);
        a.store(OUT.at(0), acc);
        a.add(OUT, VECTOR);
        a.sub(STRIDE, 1);
        a.jumpIfNotZero(group);
        Abi.leave(a);
        return a.code();
    }

    /** Decodes packed units of sixteen rows to a panel: codes in {@code OUT}, scales, minima. */
    static byte[] panel(Format16 format) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(SCALES, Parameter.SCALES.mem());
        loadConstants(a);
        Label unit = a.label(32);
        superScales(a, format);
        for (int block = 0; block < format.blocks(); block++) {
            int to = block * PANEL_CODES;
            codes(a, format, block, (codes, g) -> a.store(OUT.at(to + g * VECTOR), codes));
            int scales = block * panelScales(format);
            for (int part = 0; part < format.parts(); part++) {
                Vec scale = zmm(5);
                scale(a, format, block, part, scale);
                a.store(SCALES.at(scales), scale);
                scales += VECTOR;
                if (format.hasMinima()) {
                    Vec minimum = zmm(7);
                    minimum(a, format, block, part, minimum);
                    a.store(SCALES.at(scales), minimum);
                    scales += VECTOR;
                }
            }
        }
        a.add(W, format.unitBytes());
        a.add(OUT, format.blocks() * PANEL_CODES);
        a.add(SCALES, format.blocks() * panelScales(format));
        a.sub(COUNT, 1);
        a.jumpIfNotZero(unit);
        Abi.leave(a);
        return a.code();
    }

    /**
     * A tile of tokens with a panel of sixteen rows.
     *
     * @param format of whose panels; what counts is the number of parts, and whether it has minima
     * @param tokens 1 to {@link #TILE}
     * @param goOn whether the results are added to what stands there, in a row that is taken in
     *     pieces
     */
    static byte[] matrix(Format16 format, int tokens, boolean goOn) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(X, Parameter.ACTIVATIONS.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(STRIDE, Parameter.STRIDE.mem());
        a.mov(SCALES, Parameter.SCALES.mem());
        a.mov(OUT, Parameter.OUT.mem());
        for (int t = 0; t < tokens; t++) {
            if (goOn) {
                a.load(zmm(t), OUT.at(0));
                a.add(OUT, STRIDE);
            } else {
                a.zero(zmm(t));
            }
        }
        Label block = a.label(64);
        for (int part = 0; part < format.parts(); part++) {
            part(a, format, tokens, part);
        }
        a.add(W, PANEL_CODES);
        a.add(X, tokens * Activations8.of(format).record());
        a.add(SCALES, panelScales(format));
        a.sub(COUNT, 1);
        a.jumpIfNotZero(block);
        a.mov(OUT, Parameter.OUT.mem());
        for (int t = 0; t < tokens; t++) {
            a.store(OUT.at(0), zmm(t));
            a.add(OUT, STRIDE);
        }
        Abi.leave(a);
        return a.code();
    }

    /** One part of a block: its groups of codes, its scale, its minimum. */
    private static void part(Assembler a, Format16 format, int tokens, int part) {
        int sums = Activations8.sumsAt(tokens, part);
        for (int t = 0; t < tokens; t++) {
            startSum(a, format, zmm(TILE + t), X.at(sums + 4 * t));
        }
        int groups = 8 / format.parts();
        for (int g = part * groups; g < (part + 1) * groups; g++) {
            Vec codes = zmm(2 * TILE + g % 4);
            a.load(codes, W.at(g * VECTOR));
            for (int t = 0; t < tokens; t++) {
                Mem x = X.at(t * Format16.BLOCK + 4 * g);
                a.op(VPDPBUSD, zmm(TILE + t), codes, x.toAllLanes());
            }
        }
        int scales = part * (format.hasMinima() ? 2 : 1) * VECTOR;
        Vec scale = zmm(2 * TILE + 4);
        a.load(scale, SCALES.at(scales));
        for (int t = 0; t < tokens; t++) {
            Vec both = zmm(2 * TILE + 5 + t % 3);
            a.op(VMULPS, both, scale, X.at(Activations8.scalesAt(tokens) + 4 * t).toAllLanes());
            a.op(VCVTDQ2PS, zmm(TILE + t), zmm(TILE + t));
            a.op(VFMADD231PS, zmm(t), zmm(TILE + t), both);
        }
        if (format.hasMinima()) {
            Vec minimum = zmm(2 * TILE);
            a.load(minimum, SCALES.at(scales + VECTOR));
            for (int t = 0; t < tokens; t++) {
                a.op(VFNMADD231PS, zmm(t), minimum, X.at(sums + 4 * t).toAllLanes());
            }
        }
    }

    /** Where there are no minima, the sum starts with what undoes the shift of the codes. */
    private static void startSum(Assembler a, Format16 format, Vec sum, Mem correction) {
        if (format.hasMinima()) {
            a.zero(sum);
        } else {
            a.op(VPBROADCASTD, sum, correction);
        }
    }

    private static void loadConstants(Assembler a) {
        a.mov(X, Parameter.CONSTANTS.mem());
        a.load(MASKS[0], X.at(0));
        a.load(MASKS[1], X.at(VECTOR));
        a.load(TABLE, X.at(2 * VECTOR));
    }

    /** Loads the scales that a whole unit has. */
    private static void superScales(Assembler a, Format16 format) {
        if (format.isSuper()) {
            a.op(VCVTPH2PS, SUPER_SCALE, W.at(0));
            if (format.hasMinima()) {
                a.op(VCVTPH2PS, SUPER_MINIMUM, W.at(32));
            }
        }
    }

    /** Makes the codes of a block of the present unit. */
    private static void codes(Assembler a, Format16 format, int block, Use use) {
        int[] planes = format.planes();
        Vec[][] loaded = new Vec[planes.length][];
        int register = 8;
        for (int plane = 0; plane < planes.length; plane++) {
            loaded[plane] = new Vec[planes[plane]];
            for (int i = 0; i < planes[plane]; i++) {
                Vec vec = zmm(register++);
                a.load(vec, W.at(format.planeAt(block, plane) + i * VECTOR));
                loaded[plane][i] = vec;
            }
        }
        for (int g = 0; g < 8; g++) {
            // Three registers in turn, so that none waits for another.
            Vec codes = zmm(18 + g % 3 * 2);
            Vec more = zmm(19 + g % 3 * 2);
            use.of(group(a, format, planes, loaded, g, codes, more), g);
        }
    }

    /** The codes of one group, put together of its planes. */
    private static Vec group(
            Assembler a,
            Format16 format,
            int[] planes,
            Vec[][] loaded,
            int g,
            Vec codes,
            Vec more) {
        if (planes[0] == Byte.SIZE) {
            return loaded[0][g];
        }
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            int width = planes[plane];
            Vec to = plane == 0 ? codes : more;
            Vec from = loaded[plane][g % width];
            int shift = width * (g / width) - low; // to the right
            if (shift != 0) {
                a.shift(shift > 0 ? VPSRLW : VPSLLW, to, from, Math.abs(shift));
                from = to;
            }
            a.op(VPAND, to, from, MASKS[plane]);
            if (plane > 0) {
                a.op(VPOR, codes, codes, more);
            }
            low += width;
        }
        if (format.hasCodebook()) {
            a.op(VPSHUFB, codes, TABLE, codes);
        }
        return codes;
    }

    /** The scale of a part, as floats. */
    private static void scale(Assembler a, Format16 format, int block, int part, Vec to) {
        Mem at = W.at(format.scalesAt(block, part));
        if (format.scales() == Scales.F16) {
            a.op(VCVTPH2PS, to, at);
        } else if (format.scales() == Scales.BF16) {
            a.op(VPMOVZXWD, to, at);
            a.shift(VPSLLD, to, to, Short.SIZE);
        } else {
            a.op(format.scales() == Scales.SIGNED ? VPMOVSXBD : VPMOVZXBD, to, at);
            a.op(VCVTDQ2PS, to, to);
            a.op(VMULPS, to, SUPER_SCALE, to);
        }
    }

    /** The minimum of a part, as floats. */
    private static void minimum(Assembler a, Format16 format, int block, int part, Vec to) {
        Mem at = W.at(format.minimaAt(block, part));
        if (format.isSuper()) {
            a.op(VPMOVZXBD, to, at);
            a.op(VCVTDQ2PS, to, to);
            a.op(VMULPS, to, SUPER_MINIMUM, to);
        } else {
            a.op(VCVTPH2PS, to, at);
        }
    }
}
