package dev.snoozy.kernels.machine.rows;

import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * What is done to rows of activations beside products and attention: norms, rotations, sums, the
 * rounding to 8 bit. Large ones are spread over a team. Used by one thread at a time; closed by its
 * owner.
 */
public final class MachineRows implements AutoCloseable {
    /** Below this many elements an operation is not worth waking the team for. */
    private static final int ALONE = 1 << 14;

    private static final int LANES = 16;

    /** What a kernel was written for. */
    private sealed interface Kind {
        record Rms(boolean tail) implements Kind {}

        record Layer(boolean tail, boolean bias) implements Kind {}

        record Turn(Rope.Pairing pairing, int headLength, int pairs) implements Kind {}

        record Round(int parts, boolean minima) implements Kind {}

        enum Element implements Kind {
            ADD,
            SCALE,
            MULTIPLY_ADD,
            SOFTCAP
        }
    }

    private final Isa isa;
    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final Map<Kind, Kernel> kernels = new HashMap<>();
    private final Map<Integer, MemorySegment> roundConstants = new HashMap<>();
    private final ParameterBlock[] blocks;
    private final MemorySegment ones;
    private final MemorySegment masks;
    private final MemorySegment elementConstants;

    /** Operations on a team, which stays with its owner. */
    public MachineRows(Isa isa, ThreadTeam team) {
        this.isa = isa;
        this.team = team;
        blocks = new ParameterBlock[team.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new ParameterBlock(RowParameter.BYTES, arena);
        }
        ones = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 1, 1);
        masks = arena.allocate(2 * Isa.VECTOR, Isa.VECTOR);
        masks.asSlice(0, Isa.VECTOR).fill((byte) -1);
        float[] exp = ExpCode.constants();
        elementConstants = arena.allocate((exp.length + 1) * (long) Float.BYTES, Isa.VECTOR);
        MemorySegment.copy(exp, 0, elementConstants, ValueLayout.JAVA_FLOAT, 0, exp.length);
        elementConstants.setAtIndex(ValueLayout.JAVA_FLOAT, exp.length, -ExpCode.LOWEST);
    }

    // ---- element by element

    public void add(NativeRows x, NativeRows other, NativeRows y) {
        elements(kernel(Kind.Element.ADD), x, other, 0, y);
    }

    /** Adds a bias to every row, in place. */
    public void addBias(NativeRows y, NativeRows bias) {
        Kernel kernel = kernel(Kind.Element.ADD);
        for (int t = 0; t < y.rows(); t++) {
            elements(kernel, blocks[0], y.row(t), bias, 0, y.row(t));
        }
    }

    public void scale(NativeRows x, float factor, NativeRows y) {
        elements(kernel(Kind.Element.SCALE), x, x, factor, y);
    }

    /** Every row times its own factor. */
    public void scaleRows(NativeRows x, float[] factors, NativeRows y) {
        Kernel kernel = kernel(Kind.Element.SCALE);
        for (int t = 0; t < x.rows(); t++) {
            elements(kernel, blocks[0], x.row(t), x.row(t), factors[t], y.row(t));
        }
    }

    /** {@code y = fma(factor, x, y)}, for one row each. */
    public void multiplyAdd(float factor, NativeRows x, NativeRows y) {
        elements(kernel(Kind.Element.MULTIPLY_ADD), blocks[0], x, y, factor, y);
    }

    /** {@code y = cap * tanh(x / cap)}. */
    public void softcap(NativeRows x, float cap, NativeRows y) {
        elements(kernel(Kind.Element.SOFTCAP), x, x, cap, y);
    }

    private void elements(
            Kernel kernel, NativeRows x, NativeRows other, float number, NativeRows y) {
        each(
                x.rows(),
                x.stride(),
                (first, count, p) ->
                        elements(
                                kernel,
                                p,
                                x.part(first, count),
                                other.part(first, count),
                                number,
                                y.part(first, count)));
    }

    /** What lies between rows is computed along with them. */
    private void elements(
            Kernel kernel,
            ParameterBlock p,
            NativeRows x,
            NativeRows other,
            float number,
            NativeRows y) {
        long bytes = NativeRows.bytes(x.rows(), x.columns());
        ParameterBlock.require(x.data(), bytes);
        ParameterBlock.require(other.data(), bytes);
        ParameterBlock.require(y.data(), bytes);
        p.set(RowParameter.X.offset(), x.data().address());
        p.set(RowParameter.OTHER.offset(), other.data().address());
        p.set(RowParameter.OUT.offset(), y.data().address());
        p.set(RowParameter.COUNT.offset(), bytes / Isa.VECTOR);
        p.set(RowParameter.CONSTANTS.offset(), elementConstants.address());
        p.setFloat(RowParameter.NUMBER.offset(), number);
        p.setFloat(RowParameter.EPSILON.offset(), -2 / number);
        p.call(kernel);
    }

    // ---- norms

    /** Whether groups of so many columns can be normed here. */
    public static boolean canNorm(int columns, int group) {
        return group >= LANES && (group == columns || group % LANES == 0);
    }

    /** Norms every group of {@code weight.columns()} columns. */
    public void rmsNorm(NativeRows x, NativeRows weight, float epsilon, NativeRows y) {
        boolean tail = weight.columns() % LANES != 0;
        norm(kernel(new Kind.Rms(tail)), x, weight, null, epsilon, y);
    }

    public void layerNorm(
            NativeRows x,
            NativeRows weight,
            @Nullable NativeRows bias,
            float epsilon,
            NativeRows y) {
        boolean tail = weight.columns() % LANES != 0;
        norm(kernel(new Kind.Layer(tail, bias != null)), x, weight, bias, epsilon, y);
    }

    private void norm(
            Kernel kernel,
            NativeRows x,
            NativeRows weight,
            @Nullable NativeRows bias,
            float epsilon,
            NativeRows y) {
        int n = weight.columns();
        int groups = x.columns() / n; // of more than one each is made of whole vectors
        long stride = (long) NativeRows.stride(n) * Float.BYTES;
        each(
                x.rows(),
                x.stride(),
                (first, count, p) -> {
                    p.set(RowParameter.X.offset(), input(x, first, count));
                    p.set(RowParameter.OUT.offset(), input(y, first, count));
                    p.set(RowParameter.OTHER.offset(), input(weight, 0, 1));
                    p.set(RowParameter.BIAS.offset(), bias == null ? 0 : input(bias, 0, 1));
                    p.set(RowParameter.COUNT.offset(), n / LANES);
                    p.set(RowParameter.ROWS.offset(), (long) count * groups);
                    p.set(RowParameter.STRIDE.offset(), stride);
                    p.set(RowParameter.OUT_STRIDE.offset(), stride);
                    p.set(RowParameter.CONSTANTS.offset(), ones.address());
                    long skip = (LANES - n % LANES) % LANES * (long) Float.BYTES;
                    p.set(RowParameter.MASK.offset(), masks.address() + skip);
                    p.setFloat(RowParameter.NUMBER.offset(), n);
                    p.setFloat(RowParameter.EPSILON.offset(), epsilon);
                    p.call(kernel);
                });
    }

    // ---- rotations

    /**
     * Turns heads.
     *
     * @param table for each row what {@link RopeCode} reads
     */
    public void rope(NativeRows x, int headLength, Rope rope, MemorySegment table, NativeRows y) {
        int pairs = rope.frequencies().length;
        Kernel kernel = kernel(new Kind.Turn(rope.pairing(), headLength, pairs));
        long rowBytes = 4L * pairs * Float.BYTES;
        ParameterBlock.require(table, x.rows() * rowBytes);
        each(
                x.rows(),
                x.stride(),
                (first, count, p) -> {
                    p.set(RowParameter.X.offset(), input(x, first, count));
                    p.set(RowParameter.OUT.offset(), input(y, first, count));
                    p.set(RowParameter.OTHER.offset(), table.address() + first * rowBytes);
                    p.set(RowParameter.COUNT.offset(), x.columns() / headLength);
                    p.set(RowParameter.ROWS.offset(), count);
                    p.call(kernel);
                });
    }

    // ---- rounding

    /** Assembles what {@link #round} needs. */
    public void prepareRound(Activations8 kind) {
        kernel(new Kind.Round(kind.parts(), kind.minima()));
        roundConstants.computeIfAbsent(
                kind.zero(),
                zero -> {
                    byte[] constants = RoundCode.constants(zero);
                    MemorySegment segment = arena.allocate(constants.length, Isa.VECTOR);
                    return segment.copyFrom(MemorySegment.ofArray(constants));
                });
    }

    /**
     * Rounds rows {@code first .. first + count - 1} to one tile, of blocks that are wholly there.
     *
     * @param member of the team that calls
     */
    public void round(
            Activations8 kind, NativeRows x, int first, int count, MemorySegment tile, int member) {
        Kernel kernel = kernel(new Kind.Round(kind.parts(), kind.minima()));
        int blockCount = x.columns() / Format16.BLOCK;
        ParameterBlock.require(tile, kind.bytes(count, blockCount));
        ParameterBlock p = blocks[member];
        p.set(RowParameter.X.offset(), input(x, first, count));
        p.set(RowParameter.OUT.offset(), tile.address());
        p.set(RowParameter.COUNT.offset(), blockCount);
        p.set(RowParameter.ROWS.offset(), count);
        p.set(RowParameter.STRIDE.offset(), (long) x.stride() * Float.BYTES);
        p.set(RowParameter.OUT_STRIDE.offset(), kind.bytes(count, 1));
        MemorySegment constants = roundConstants.get(kind.zero());
        if (constants == null) {
            throw new IllegalStateException("the kind is prepared");
        }
        p.set(RowParameter.CONSTANTS.offset(), constants.address());
        p.call(kernel);
    }

    // ---- how it is done

    /** The address of rows that a kernel will go through. */
    private static long input(NativeRows x, int first, int count) {
        MemorySegment rows = x.rows(first, count);
        ParameterBlock.require(rows, (long) count * x.stride() * Float.BYTES);
        return rows.address();
    }

    private Kernel kernel(Kind kind) {
        Kernel known = kernels.get(kind);
        if (known == null) {
            known = Kernel.install(write(kind), arena);
            kernels.put(kind, known);
        }
        return known;
    }

    private byte[] write(Kind kind) {
        return switch (kind) {
            case Kind.Rms rms -> NormCode.rms(isa, rms.tail());
            case Kind.Layer layer -> NormCode.layer(isa, layer.tail(), layer.bias());
            case Kind.Turn t -> RopeCode.write(isa, t.pairing(), t.headLength(), t.pairs());
            case Kind.Round round -> RoundCode.write(round.parts(), round.minima());
            case Kind.Element.ADD -> ElementCode.add(isa);
            case Kind.Element.SCALE -> ElementCode.scale(isa);
            case Kind.Element.MULTIPLY_ADD -> ElementCode.multiplyAdd(isa);
            case Kind.Element.SOFTCAP -> ElementCode.softcap(isa);
        };
    }

    private interface Piece {
        void run(int first, int count, ParameterBlock parameters);
    }

    /** Takes rows in pieces, alone if all of them together are small. */
    private void each(int rows, int columns, Piece piece) {
        if (rows == 0) {
            return;
        }
        int perPiece = Math.max(1, ALONE / columns);
        if (rows <= perPiece) {
            piece.run(0, rows, blocks[0]);
            return;
        }
        team.run(
                (rows + perPiece - 1) / perPiece,
                (item, member) -> {
                    int first = item * perPiece;
                    piece.run(first, Math.min(perPiece, rows - first), blocks[member]);
                });
    }

    @Override
    public void close() {
        arena.close();
    }
}
