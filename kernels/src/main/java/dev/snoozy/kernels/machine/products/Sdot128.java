package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.arm.NeonOp.AND;
import static dev.snoozy.kernels.arm.NeonOp.FCVTL;
import static dev.snoozy.kernels.arm.NeonOp.FMLA;
import static dev.snoozy.kernels.arm.NeonOp.FMLS;
import static dev.snoozy.kernels.arm.NeonOp.FMUL;
import static dev.snoozy.kernels.arm.NeonOp.ORR;
import static dev.snoozy.kernels.arm.NeonOp.SCVTF;
import static dev.snoozy.kernels.arm.NeonOp.SDOT;
import static dev.snoozy.kernels.arm.NeonOp.SHL;
import static dev.snoozy.kernels.arm.NeonOp.SHLL;
import static dev.snoozy.kernels.arm.NeonOp.SUB;
import static dev.snoozy.kernels.arm.NeonOp.SXTL;
import static dev.snoozy.kernels.arm.NeonOp.TBL;
import static dev.snoozy.kernels.arm.NeonOp.USHR;
import static dev.snoozy.kernels.arm.NeonOp.UXTL;
import static dev.snoozy.kernels.arm.Vec.v;

import dev.snoozy.kernels.arm.Abi;
import dev.snoozy.kernels.arm.Assembler;
import dev.snoozy.kernels.arm.Assembler.Label;
import dev.snoozy.kernels.arm.Element;
import dev.snoozy.kernels.arm.Reg;
import dev.snoozy.kernels.arm.Vec;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Codebooks;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Format16.Scales;

/**
 * Writes the product kernels for AArch64 with SDOT (FEAT_DotProd). They read the same packed
 * weights, activations and parameters as those of {@link ProductCode} and sum in the same order
 * ({@code docs/numerics.md}), so that results are equal bit for bit. A vector of sixteen rows is
 * four registers here; the four rows of one are called a quarter.
 *
 * <p>SDOT multiplies signed bytes. Codes up to 127 are signed bytes as they are; the sum then
 * starts with the correction of the activations, as elsewhere. Where 128 stands for 0 the vector
 * kernel subtracts it from the codes, or looks them up in a table that has it subtracted, and the
 * sum starts with 0. A panel has what stands for 0 subtracted in every format. The sums are exact,
 * so that it makes no difference which way they are found.
 *
 * <p>A decoded panel holds the quarters one after another, each with its codes of all blocks; so do
 * the scales. The matrix kernel goes through all blocks for a quarter, with one accumulator of
 * floats and one of integers for each token: per quarter, token and block 8 SDOT and 4 others.
 *
 * <p>Not run on a processor of this family yet, only under emulation, which says nothing of speed.
 */
final class Sdot128 {
    /** The most tokens of a tile: two accumulators each, and eight registers for the rest. */
    static final int TILE = 12;

    /** Bytes of the constants of a format: a table of sixteen codes. */
    static final int CONSTANT_BYTES = 16;

    private static final int QUARTERS = 4;
    private static final int REGISTER = 16;
    private static final int GROUPS = Format16.BLOCK / Format16.GROUP;

    /** Bytes of the codes of a block of four rows in a panel. */
    private static final int QUARTER_CODES = GROUPS * REGISTER;

    private static final Reg W = Reg.X1;
    private static final Reg X = Reg.X2;
    private static final Reg OUT = Reg.X3;
    private static final Reg COUNT = Reg.X4;
    private static final Reg STRIDE = Reg.X5;
    private static final Reg SCALES = Reg.X6;
    private static final Reg START = Reg.X7; // of the activations, which are read again and again
    private static final Reg QUARTER = Reg.X8;
    private static final Reg PLACE = Reg.X9;

    /** Where the quarters of a panel are written. */
    private static final Reg[] CODES_TO = {Reg.X9, Reg.X10, Reg.X11, Reg.X12};

    private static final Reg[] SCALES_TO = {Reg.X13, Reg.X14, Reg.X15, Reg.X16};

    /** Registers of decoding, beside those of the planes from 16 on. */
    private static final Vec CODES = v(12);

    private static final Vec MORE = v(13);
    private static final Vec[] MASKS = {v(14), v(15)};
    private static final int PLANES = 16;

    /** The scales of a block of 256, a register for each quarter. */
    private static final int SUPER_SCALES = 24;

    private static final int SUPER_MINIMA = 28;

    /** The codebook, or the code that stands for 0: formats with minima have neither. */
    private static final Vec TABLE = v(28);

    private Sdot128() {}

    /** Does something with the codes {@code 4 g .. 4 g + 3} of four rows. */
    private interface Use {
        void of(Vec codes, int g);
    }

    /** What the kernels of a format load: the values of its codebook, if it has one. */
    static byte[] constants(Format16 format) {
        byte[] constants = new byte[CONSTANT_BYTES];
        if (format.hasCodebook()) {
            byte[] book = Codebooks.of(format);
            for (int i = 0; i < constants.length; i++) {
                constants[i] = (byte) (book[i] - format.zero());
            }
        }
        return constants;
    }

    /** One token with groups of sixteen rows, straight from the packed units. */
    static byte[] vector(Format16 format) {
        int record = Activations8.of(format).record();
        boolean signed = format.zero() > Byte.MAX_VALUE;
        Assembler a = new Assembler();
        Abi.enter(a);
        load(a, W, ProductParameter.WEIGHT);
        load(a, OUT, ProductParameter.OUT);
        load(a, STRIDE, ProductParameter.STRIDE);
        load(a, START, ProductParameter.ACTIVATIONS);
        loadConstants(a, format);
        Label group = a.label(REGISTER);
        a.mov(X, START);
        load(a, COUNT, ProductParameter.COUNT);
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
            a.zero(v(quarter));
        }
        Label unit = a.label(REGISTER);
        superScales(a, format);
        for (int block = 0; block < format.blocks(); block++) {
            Vec[] x = {v(4), v(5)};
            Vec d = v(6);
            a.loadPair(x[0], x[1], X.at(0));
            a.load(d.d(), X.at(Activations8.scalesAt(1))); // and the sum of the first part
            Element[] ofX = {d.s(1), v(7).s(0)};
            if (format.parts() > 1) {
                a.load(v(7).s(), X.at(Activations8.sumsAt(1, 1)));
            }
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                Vec[] sums = {v(8 + quarter % 2 * 2), v(9 + quarter % 2 * 2)};
                for (int part = 0; part < format.parts(); part++) {
                    if (signed || format.hasMinima()) {
                        a.zero(sums[part]);
                    } else {
                        a.dup(sums[part].s4(), ofX[part]);
                    }
                }
                codes(
                        a,
                        format,
                        block,
                        quarter,
                        signed,
                        (codes, g) -> {
                            Vec sum = sums[g * format.parts() / GROUPS].s4();
                            a.op(SDOT, sum, codes, x[g / 4].b4(g % 4));
                        });
                for (int part = 0; part < format.parts(); part++) {
                    Vec acc = v(quarter).s4();
                    Vec sum = sums[part].s4();
                    Vec scale = CODES.s4();
                    scale(a, format, block, part, quarter, scale);
                    a.op(FMUL, scale, scale, d.s(0));
                    a.op(SCVTF, sum, sum);
                    a.op(FMLA, acc, sum, scale);
                    if (format.hasMinima()) {
                        Vec minimum = MORE.s4();
                        minimum(a, format, block, part, quarter, minimum);
                        a.op(FMLS, acc, minimum, ofX[part]);
                    }
                }
            }
            a.add(X, X, record);
        }
        a.add(W, W, format.unitBytes());
        a.subs(COUNT, COUNT, 1);
        a.branchIfNotZero(unit);
        a.storeMany(OUT, v(0), QUARTERS);
        a.add(OUT, OUT, QUARTERS * REGISTER);
        a.subs(STRIDE, STRIDE, 1);
        a.branchIfNotZero(group);
        Abi.leave(a);
        return a.code();
    }

    /** Decodes packed units of sixteen rows to a panel: codes in {@code OUT}, scales, minima. */
    static byte[] panel(Format16 format) {
        int codeBytes = format.blocks() * QUARTER_CODES;
        int scaleBytes = format.blocks() * quarterScales(format);
        Assembler a = new Assembler();
        Abi.enter(a);
        load(a, W, ProductParameter.WEIGHT);
        load(a, COUNT, ProductParameter.COUNT);
        load(a, CODES_TO[0], ProductParameter.OUT);
        load(a, SCALES_TO[0], ProductParameter.SCALES);
        quarters(a, CODES_TO, codeBytes);
        quarters(a, SCALES_TO, scaleBytes);
        loadConstants(a, format);
        Label unit = a.label(REGISTER);
        superScales(a, format);
        for (int block = 0; block < format.blocks(); block++) {
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                Reg to = CODES_TO[quarter];
                int at = block * QUARTER_CODES;
                codes(
                        a,
                        format,
                        block,
                        quarter,
                        true,
                        (codes, g) -> a.store(to.at(at + g * REGISTER), codes));
                int scales = block * quarterScales(format);
                for (int part = 0; part < format.parts(); part++) {
                    scale(a, format, block, part, quarter, CODES.s4());
                    a.store(SCALES_TO[quarter].at(scales), CODES);
                    scales += REGISTER;
                    if (format.hasMinima()) {
                        minimum(a, format, block, part, quarter, MORE.s4());
                        a.store(SCALES_TO[quarter].at(scales), MORE);
                        scales += REGISTER;
                    }
                }
            }
        }
        a.add(W, W, format.unitBytes());
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
            a.add(CODES_TO[quarter], CODES_TO[quarter], codeBytes);
            a.add(SCALES_TO[quarter], SCALES_TO[quarter], scaleBytes);
        }
        a.subs(COUNT, COUNT, 1);
        a.branchIfNotZero(unit);
        Abi.leave(a);
        return a.code();
    }

    /** Where each quarter of a panel begins, with so many bytes for a unit of one. */
    private static void quarters(Assembler a, Reg[] places, int bytes) {
        a.mov(STRIDE, bytes);
        a.mul(STRIDE, STRIDE, COUNT);
        for (int quarter = 1; quarter < QUARTERS; quarter++) {
            a.add(places[quarter], places[quarter - 1], STRIDE);
        }
    }

    /** Bytes of a block of four rows in the scales of a panel. */
    private static int quarterScales(Format16 format) {
        return ProductCode.panelScales(format) / QUARTERS;
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
        load(a, W, ProductParameter.WEIGHT);
        load(a, START, ProductParameter.ACTIVATIONS);
        load(a, STRIDE, ProductParameter.STRIDE);
        load(a, SCALES, ProductParameter.SCALES);
        load(a, OUT, ProductParameter.OUT);
        a.mov(QUARTER, QUARTERS);
        Label quarter = a.label(REGISTER);
        a.mov(X, START);
        load(a, COUNT, ProductParameter.COUNT);
        a.mov(PLACE, OUT);
        for (int t = 0; t < tokens; t++) {
            if (goOn) {
                a.load(v(t), PLACE.at(0));
                a.add(PLACE, PLACE, STRIDE);
            } else {
                a.zero(v(t));
            }
        }
        Label block = a.label(REGISTER);
        for (int part = 0; part < format.parts(); part++) {
            part(a, format, tokens, part);
        }
        a.add(W, W, QUARTER_CODES);
        a.add(X, X, tokens * Activations8.of(format).record());
        a.add(SCALES, SCALES, quarterScales(format));
        a.subs(COUNT, COUNT, 1);
        a.branchIfNotZero(block);
        a.mov(PLACE, OUT);
        for (int t = 0; t < tokens; t++) {
            a.store(PLACE.at(0), v(t));
            a.add(PLACE, PLACE, STRIDE);
        }
        a.add(OUT, OUT, REGISTER);
        a.subs(QUARTER, QUARTER, 1);
        a.branchIfNotZero(quarter);
        Abi.leave(a);
        return a.code();
    }

    /** One part of a block of a quarter: its groups of codes, its scale, its minimum. */
    private static void part(Assembler a, Format16 format, int tokens, int part) {
        for (int t = 0; t < tokens; t++) {
            a.zero(v(TILE + t));
        }
        int groups = GROUPS / format.parts();
        for (int g = part * groups; g < (part + 1) * groups; g += 4) {
            Vec[] codes = {v(24), v(25), v(26), v(27)};
            a.loadPair(codes[0], codes[1], W.at(g * REGISTER));
            a.loadPair(codes[2], codes[3], W.at((g + 2) * REGISTER));
            for (int t = 0; t < tokens; t++) {
                Vec x = v(28 + t % 4);
                a.load(x, X.at(t * Format16.BLOCK + g * Format16.GROUP));
                for (int i = 0; i < codes.length; i++) {
                    a.op(SDOT, v(TILE + t).s4(), codes[i], x.b4(i));
                }
            }
        }
        int at = part * (format.hasMinima() ? 2 : 1) * REGISTER;
        Vec scale = v(24).s4();
        a.load(scale, SCALES.at(at));
        a.add(PLACE, X, Activations8.scalesAt(tokens));
        perToken(
                a,
                tokens,
                (d, t) -> {
                    Vec both = v(25 + t % 3).s4();
                    Vec sum = v(TILE + t).s4();
                    a.op(FMUL, both, scale, d);
                    a.op(SCVTF, sum, sum);
                    a.op(FMLA, v(t).s4(), sum, both);
                });
        if (format.hasMinima()) {
            Vec minimum = v(25).s4();
            a.load(minimum, SCALES.at(at + REGISTER));
            a.add(PLACE, X, Activations8.sumsAt(tokens, part));
            perToken(a, tokens, (sum, t) -> a.op(FMLS, v(t).s4(), minimum, sum));
        }
    }

    /** Does something with a float of each token. */
    private interface PerToken {
        void of(Element value, int t);
    }

    /** Loads a float of each token from {@link #PLACE} on, and nothing behind them. */
    private static void perToken(Assembler a, int tokens, PerToken use) {
        for (int t = 0; t < tokens; ) {
            Vec values = v(28 + t / 4);
            int count = Math.min(4, Integer.highestOneBit(tokens - t));
            Vec part = count == 4 ? values : count == 2 ? values.d() : values.s();
            a.load(part, PLACE.at(t * Float.BYTES));
            for (int i = 0; i < count; i++, t++) {
                use.of(values.s(i), t);
            }
        }
    }

    private static void load(Assembler a, Reg to, ProductParameter parameter) {
        a.load(to, Abi.PARAMETERS.at(parameter.offset()));
    }

    private static void loadConstants(Assembler a, Format16 format) {
        int[] planes = format.planes();
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            a.movi(MASKS[plane], ((1 << planes[plane]) - 1) << low);
            low += planes[plane];
        }
        if (format.hasCodebook()) {
            load(a, X, ProductParameter.CONSTANTS);
            a.load(TABLE, X.at(0));
        } else if (!format.hasMinima()) {
            a.movi(TABLE, format.zero());
        }
    }

    /** Loads the scales that a whole unit has. */
    private static void superScales(Assembler a, Format16 format) {
        if (format.isSuper()) {
            for (int quarter = 0; quarter < QUARTERS; quarter++) {
                if (format.scales() == Scales.WIDE) {
                    a.load(v(SUPER_SCALES + quarter), W.at(quarter * REGISTER));
                } else {
                    halves(a, v(SUPER_SCALES + quarter), quarter * 8);
                }
                if (format.hasMinima()) {
                    halves(a, v(SUPER_MINIMA + quarter), 32 + quarter * 8);
                }
            }
        }
    }

    private static void halves(Assembler a, Vec to, int at) {
        a.load(to.d(), W.at(at));
        a.op(FCVTL, to.s4(), to.h4());
    }

    /**
     * Makes the codes of a block of a quarter of the present unit.
     *
     * @param signed whether what stands for 0 is subtracted
     */
    private static void codes(
            Assembler a, Format16 format, int block, int quarter, boolean signed, Use use) {
        int[] planes = format.planes();
        Vec[][] loaded = new Vec[planes.length][];
        int register = PLANES;
        for (int plane = 0; plane < planes.length; plane++) {
            loaded[plane] = new Vec[planes[plane]];
            for (int i = 0; i < planes[plane]; i++) {
                Vec vec = v(register++);
                int at = format.planeAt(block, plane) + (i * QUARTERS + quarter) * REGISTER;
                a.load(vec, W.at(at));
                loaded[plane][i] = vec;
            }
        }
        for (int g = 0; g < GROUPS; g++) {
            Vec codes = group(a, planes, loaded, g);
            if (format.hasCodebook()) {
                a.op(TBL, CODES, TABLE, codes);
                codes = CODES;
            } else if (signed && format.zero() != 0) {
                a.op(SUB, CODES, codes, TABLE);
                codes = CODES;
            }
            use.of(codes, g);
        }
    }

    /** The codes of one group, put together of its planes. */
    private static Vec group(Assembler a, int[] planes, Vec[][] loaded, int g) {
        if (planes[0] == Byte.SIZE) {
            return loaded[0][g];
        }
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            int width = planes[plane];
            Vec to = plane == 0 ? CODES : MORE;
            Vec from = loaded[plane][g % width];
            int shift = width * (g / width) - low; // to the right
            if (shift != 0) {
                a.shift(shift > 0 ? USHR : SHL, to, from, Math.abs(shift));
                from = to;
            }
            boolean alone = plane == 0 && shift == Byte.SIZE - width; // no other bits are left
            if (!alone) {
                a.op(AND, to, from, MASKS[plane]);
            }
            if (plane > 0) {
                a.op(ORR, CODES, CODES, MORE);
            }
            low += width;
        }
        return CODES;
    }

    /** The scale of a part of a quarter, as floats. */
    private static void scale(
            Assembler a, Format16 format, int block, int part, int quarter, Vec to) {
        int at = format.scalesAt(block, part);
        if (format.scales() == Scales.F16 || format.scales() == Scales.ONE) {
            halves(a, to, at + quarter * 8);
        } else if (format.scales() == Scales.BF16) {
            a.load(to.d(), W.at(at + quarter * 8));
            a.op(SHLL, to, to.h4());
        } else {
            boolean signed = format.scales() == Scales.SIGNED;
            bytes(a, signed, v(SUPER_SCALES + quarter), at + quarter * 4, to);
        }
    }

    /** The minimum of a part of a quarter, as floats. */
    private static void minimum(
            Assembler a, Format16 format, int block, int part, int quarter, Vec to) {
        int at = format.minimaAt(block, part);
        if (format.isSuper()) {
            bytes(a, false, v(SUPER_MINIMA + quarter), at + quarter * 4, to);
        } else {
            halves(a, to, at + quarter * 8);
        }
    }

    /** Four bytes as floats, times those of the whole unit. */
    private static void bytes(Assembler a, boolean signed, Vec factors, int at, Vec to) {
        a.load(to.s(), W.at(at));
        a.op(signed ? SXTL : UXTL, to.h8(), to.b8());
        a.op(signed ? SXTL : UXTL, to.s4(), to.h4());
        a.op(SCVTF, to.s4(), to.s4());
        a.op(FMUL, to.s4(), factors.s4(), to.s4());
    }
}
