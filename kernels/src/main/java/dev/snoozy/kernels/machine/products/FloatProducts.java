package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.KernelLoop;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.machine.packing.FloatWeight;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.PackedWeights;
import dev.snoozy.kernels.machine.rows.RowParameter;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Products of activations with packed weights of floats, spread over a team: tiles of tokens,
 * groups of sixteen rows. Used by one thread at a time; closed by its owner.
 */
public final class FloatProducts implements AutoCloseable {
    private static final int ROWS = Format16.ROWS;

    /** Groups that a member takes at once. */
    private static final int CHUNK = 4;

    /**
     * Steps along a row after which the next tile comes first, so that a chunk of the weight stays
     * in the second cache and a tile in the first; the sums go on from what was stored.
     */
    private static final int BLOCK = 64;

    /** Below this many multiplications an operation is not worth waking the team for. */
    private static final long ALONE = 1 << 18;

    /** What a member of the team works with. */
    private final class Member {
        private final ParameterBlock product = new ParameterBlock(ProductParameter.BYTES, arena);
        private final ParameterBlock tile = new ParameterBlock(RowParameter.BYTES, arena);
        private final ParameterBlock loop = FloatProducts.this.loop.newBlock(arena);
    }

    private record Kind(FloatFormat format, int tokens, boolean goesOn) {}

    private final Isa isa;
    private final ThreadTeam team;
    private final NativeBuffers buffers;
    private final PackedWeights weights;
    private final Arena arena = Arena.ofShared();
    private final KernelLoop loop =
            new KernelLoop(
                    arena,
                    ProductParameter.WEIGHT.offset(),
                    ProductParameter.OUT.offset(),
                    ProductParameter.ACTIVATIONS.offset());
    private final Map<Kind, Kernel> products = new HashMap<>();
    private final Map<Integer, Kernel> tiles = new HashMap<>();
    private @Nullable Kernel halves;
    private final Member[] members;

    /** Products on a team; what is given stays with its owner. */
    public FloatProducts(Isa isa, ThreadTeam team, NativeBuffers buffers, PackedWeights weights) {
        this.isa = isa;
        this.team = team;
        this.buffers = buffers;
        this.weights = weights;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /**
     * {@code y[t, r] = sum over k of x[t, k] * w[r, k]}.
     *
     * @param x {@code [tokens, in]}
     * @param y {@code [tokens, out]}
     */
    public void multiply(NativeRows x, FloatWeight w, NativeRows y) {
        multiply(x, w, y, false);
    }

    /** The same, but the sums go on from what y holds. */
    public void goOn(NativeRows x, FloatWeight w, NativeRows y) {
        multiply(x, w, y, true);
    }

    private void multiply(NativeRows x, FloatWeight w, NativeRows y, boolean goesOn) {
        int tokens = x.rows();
        if (tokens == 0) {
            return;
        }
        FloatFormat format = w.format();
        int full = Math.min(tokens, FloatCode.most(isa));
        int rest = tokens % FloatCode.most(isa);
        prepare(format, full);
        prepare(format, rest == 0 ? full : rest);
        long token = (long) w.steps() * FloatFormat.STEP / format.together() * Float.BYTES;
        MemorySegment packed = buffers.lend(tokens * token);
        MemorySegment rows = x.data();
        long stride = (long) x.stride() * Float.BYTES / format.together();
        if (format.together() > 1) {
            rows = buffers.lend(tokens * stride);
        }
        MemorySegment words = rows;
        int tileCount = (tokens + FloatCode.most(isa) - 1) / FloatCode.most(isa);
        boolean alone = (long) tokens * w.in() * w.out() < ALONE;
        each(
                tileCount,
                alone,
                (tile, member) -> {
                    int first = tile * FloatCode.most(isa);
                    int count = Math.min(FloatCode.most(isa), tokens - first);
                    MemorySegment from = words.asSlice(first * stride, count * stride);
                    if (format.together() > 1) {
                        round(members[member], x.rows(first, count), from);
                    }
                    pack(
                            members[member],
                            from,
                            stride,
                            x.columns() / format.together(),
                            count,
                            packed.asSlice(first * token, count * token));
                });
        int chunks = (w.groups() + CHUNK - 1) / CHUNK;
        each(
                chunks,
                alone,
                (chunk, member) -> {
                    int group = chunk * CHUNK;
                    int groups = Math.min(CHUNK, w.groups() - group);
                    MemorySegment weight = w.groups(group, groups, weights.scratch(member));
                    Chunk mine = new Chunk(w, weight, group, groups);
                    // Of a single tile nothing is read again.
                    int block = tokens > full ? BLOCK : w.steps();
                    for (int step = 0; step < w.steps(); step += block) {
                        Steps steps =
                                new Steps(
                                        step,
                                        Math.min(block, w.steps() - step),
                                        goesOn || step > 0);
                        tiles(member, mine, steps, packed, token, 0, tokens - rest, y);
                        tiles(member, mine, steps, packed, token, tokens - rest, rest, y);
                    }
                });
    }

    /** Some groups of a weight, packed. */
    private record Chunk(FloatWeight w, MemorySegment weight, int group, int groups) {}

    /** Some steps along the rows. */
    private record Steps(int first, int count, boolean goesOn) {}

    private void prepare(FloatFormat format, int tokens) {
        for (boolean goesOn : new boolean[] {false, true}) {
            Kind kind = new Kind(format, tokens, goesOn);
            if (!products.containsKey(kind)) {
                byte[] code = FloatCode.tile(isa, format, tokens, goesOn);
                products.put(kind, Kernel.install(code, arena));
            }
        }
        if (format.together() > 1 && halves == null) {
            halves = Kernel.install(HalvesCode.write(), arena);
        }
        if (!tiles.containsKey(tokens)) {
            tiles.put(tokens, Kernel.install(FloatTileCode.write(tokens), arena));
        }
    }

    private <K> Kernel prepared(Map<K, Kernel> kernels, K kind) {
        Kernel kernel = kernels.get(kind);
        if (kernel == null) {
            throw new IllegalStateException("the kernel is prepared: " + kind);
        }
        return kernel;
    }

    private void each(int items, boolean alone, ThreadTeam.Work work) {
        if (alone) {
            for (int item = 0; item < items; item++) {
                work.run(item, 0);
            }
        } else {
            team.run(items, work);
        }
    }

    /** Rounds rows to BF16, and what lies between them. */
    private void round(Member m, MemorySegment from, MemorySegment to) {
        ParameterBlock.require(to, from.byteSize() / 2);
        m.tile.set(RowParameter.X.offset(), from.address());
        m.tile.set(RowParameter.OUT.offset(), to.address());
        m.tile.set(RowParameter.COUNT.offset(), from.byteSize() / Isa.VECTOR);
        m.tile.call(Objects.requireNonNull(halves, "rounding is prepared"));
    }

    /**
     * Writes a tile {@code [columns, count]} of words, filled up with zeros.
     *
     * @param rows {@code count} of them, {@code stride} bytes apart
     */
    private void pack(
            Member m,
            MemorySegment rows,
            long stride,
            int columns,
            int count,
            MemorySegment target) {
        long bytes = (long) columns * count * Float.BYTES;
        ParameterBlock.require(rows, count * stride);
        ParameterBlock.require(target, bytes);
        m.tile.set(RowParameter.X.offset(), rows.address());
        m.tile.set(RowParameter.OUT.offset(), target.address());
        m.tile.set(RowParameter.COUNT.offset(), columns);
        m.tile.set(RowParameter.STRIDE.offset(), stride);
        m.tile.call(prepared(tiles, count));
        target.asSlice(bytes).fill((byte) 0);
    }

    /** Some groups with tokens {@code first .. first + count - 1}, which are tiles of one size. */
    private void tiles(
            int member,
            Chunk chunk,
            Steps steps,
            MemorySegment packed,
            long token,
            int first,
            int count,
            NativeRows y) {
        if (count == 0) {
            return;
        }
        Member m = members[member];
        FloatWeight w = chunk.w;
        int size = Math.min(count, FloatCode.most(isa));
        MemorySegment activations = packed.asSlice(first * token, count * token);
        long column = (long) chunk.group * ROWS * Float.BYTES;
        MemorySegment out = y.rows(first, count).asSlice(column);
        ParameterBlock.require(chunk.weight, chunk.groups * w.groupBytes());
        ParameterBlock.require(
                out, ((long) (count - 1) * y.stride() + (long) chunk.groups * ROWS) * Float.BYTES);
        long weightAt = w.groupBytes() / w.steps() * steps.first;
        long activationsAt = size * token / w.steps() * steps.first;
        m.product.set(ProductParameter.WEIGHT.offset(), chunk.weight.address() + weightAt);
        m.product.set(ProductParameter.ACTIVATIONS.offset(), activations.address() + activationsAt);
        m.product.set(ProductParameter.OUT.offset(), out.address());
        m.product.set(ProductParameter.COUNT.offset(), steps.count);
        m.product.set(ProductParameter.STRIDE.offset(), (long) y.stride() * Float.BYTES);
        Kernel kernel = prepared(products, new Kind(w.format(), size, steps.goesOn));
        long[] perGroup = {w.groupBytes(), (long) ROWS * Float.BYTES, 0};
        long[] perTile = {0, (long) size * y.stride() * Float.BYTES, size * token};
        loop.run(m.loop, kernel, m.product, count / size, chunk.groups, perGroup, perTile);
    }

    @Override
    public void close() {
        arena.close();
    }
}
