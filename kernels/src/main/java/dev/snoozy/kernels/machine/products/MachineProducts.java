package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.PackedWeight;
import dev.snoozy.kernels.machine.packing.PackedWeights;
import dev.snoozy.kernels.machine.rows.MachineRows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of activations with packed weights, spread over a team. Few tokens go through the vector
 * kernel, more in tiles through the matrix kernel over panels that are decoded once for all of
 * them. Several products go together, with one barrier for all. Used by one thread at a time;
 * closed by its owner.
 */
public final class MachineProducts implements AutoCloseable {
    /** Groups whose panels a member decodes before it goes through the tokens: they fit its L2. */
    private static final int CHUNK = 4;

    /** Blocks of a row that are taken at once, so that the panels of a chunk stay that small. */
    private static final int PART = 128;

    /** Bytes of scales and minima of a block in a panel, of the formats that have most. */
    private static final int MOST_SCALES = 4 * Isa.VECTOR;

    /** Groups of one item of a vector product. */
    private static final int VECTOR_CHUNK = 8;

    /**
     * {@code y[t, r] = sum over k of x[t, k] * w[r, k]}.
     *
     * @param x {@code [tokens, in]}
     * @param y {@code [tokens, out]}
     */
    public record Product(NativeRows x, PackedWeight w, NativeRows y) {
        Activations8 kind() {
            return Activations8.of(w.format());
        }

        /** Blocks of a token, those included that fill up the last unit. */
        int blocks() {
            return w.units() * w.format().blocks();
        }
    }

    /** Activations that were rounded since {@link #forget}: often several weights share them. */
    private record Rounded(NativeRows x, Activations8 kind, int blocks, MemorySegment tiles) {}

    /** What a member of the team works with. */
    private final class Member {
        private final ProductKernels.Call call = kernels.new Call(arena);
        private final MemorySegment codes;
        private final MemorySegment scales;

        Member() {
            codes = arena.allocate(CHUNK * (long) PART * ProductCode.PANEL_CODES, 64);
            scales = arena.allocate(CHUNK * (long) PART * MOST_SCALES, 64);
        }
    }

    private final ThreadTeam team;
    private final MachineRows rows;
    private final NativeBuffers buffers;
    private final PackedWeights weights;
    private final Arena arena = Arena.ofShared();
    private final ProductKernels kernels;
    private final Member[] members;
    private final List<Rounded> rounded = new ArrayList<>();

    /** Products on a team; all that is given stays with its owner. */
    public MachineProducts(
            Isa isa,
            ThreadTeam team,
            MachineRows rows,
            NativeBuffers buffers,
            PackedWeights weights) {
        kernels = new ProductKernels(isa, arena);
        this.team = team;
        this.rows = rows;
        this.buffers = buffers;
        this.weights = weights;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /** Forgets the activations it has rounded; before their memory is used again. */
    public void forget() {
        rounded.clear();
    }

    /** Computes products that are independent of each other. */
    public void multiply(List<Product> products) {
        List<MemorySegment> tiles = new ArrayList<>(products.size());
        int[] ends = new int[products.size()]; // of the items of each product
        int items = 0;
        for (int i = 0; i < ends.length; i++) {
            Product product = products.get(i);
            int tokens = product.x().rows();
            kernels.prepare(product.w().format(), tokens);
            tiles.add(rounded(product));
            int chunk = tokens <= kernels.few() ? VECTOR_CHUNK : CHUNK;
            items += tokens == 0 ? 0 : (product.w().groups() + chunk - 1) / chunk;
            ends[i] = items;
        }
        team.run(
                items,
                (item, member) -> {
                    int i = 0;
                    while (item >= ends[i]) {
                        i++;
                    }
                    int chunk = item - (i == 0 ? 0 : ends[i - 1]);
                    Product product = products.get(i);
                    if (product.x().rows() <= kernels.few()) {
                        vector(member, product, tiles.get(i), chunk);
                    } else {
                        matrix(member, product, tiles.get(i), chunk);
                    }
                });
    }

    // ---- activations

    private MemorySegment rounded(Product product) {
        for (Rounded known : rounded) {
            if (known.x() == product.x()
                    && known.blocks() == product.blocks()
                    && known.kind().equals(product.kind())) {
                return known.tiles();
            }
        }
        MemorySegment tiles = round(product.x(), product.kind(), product.blocks());
        rounded.add(new Rounded(product.x(), product.kind(), product.blocks(), tiles));
        return tiles;
    }

    private MemorySegment round(NativeRows x, Activations8 kind, int blocks) {
        int tokens = x.rows();
        MemorySegment tiles = buffers.lend(kind.bytes(tokens, blocks));
        rows.prepareRound(kind);
        int tileCount = (tokens + kernels.tile() - 1) / kernels.tile();
        ThreadTeam.Work work =
                (tile, member) -> {
                    int first = tile * kernels.tile();
                    int count = Math.min(kernels.tile(), tokens - first);
                    MemorySegment target =
                            tiles.asSlice(kind.bytes(first, blocks), kind.bytes(count, blocks));
                    rows.round(kind, x, first, count, target, member);
                    long there = kind.bytes(count, x.columns() / Format16.BLOCK);
                    target.asSlice(there).fill((byte) 0); // what fills up the last unit
                };
        if (tileCount == 1) {
            work.run(0, 0);
        } else {
            team.run(tileCount, work);
        }
        return tiles;
    }

    // ---- products

    private void vector(int member, Product product, MemorySegment tile, int chunk) {
        PackedWeight w = product.w();
        NativeRows y = product.y();
        int tokens = product.x().rows();
        int first = chunk * VECTOR_CHUNK;
        int groups = Math.min(VECTOR_CHUNK, w.groups() - first);
        MemorySegment out = y.data().asSlice(first * (long) Isa.VECTOR);
        MemorySegment units = w.groups(first, groups, weights.scratch(member));
        ProductKernels.Call call = members[member].call;
        call.vector(w.format(), tokens, w.units(), groups, units, tile, out, y.stride());
    }

    private void matrix(int member, Product product, MemorySegment tiles, int chunk) {
        PackedWeight w = product.w();
        int first = chunk * CHUNK;
        int groups = Math.min(CHUNK, w.groups() - first);
        MemorySegment units = w.groups(first, groups, weights.scratch(member));
        int step = PART / w.format().blocks();
        for (int from = 0; from < w.units(); from += step) {
            part(members[member], product, units, tiles, first, from, step);
        }
    }

    /** All tokens with units {@code from .. from + step - 1} of some groups. */
    private void part(
            Member m,
            Product product,
            MemorySegment packed,
            MemorySegment tiles,
            int first,
            int from,
            int step) {
        PackedWeight w = product.w();
        Format16 format = w.format();
        Activations8 kind = product.kind();
        NativeRows y = product.y();
        int tokens = product.x().rows();
        int groups = Math.min(CHUNK, w.groups() - first);
        int units = Math.min(step, w.units() - from);
        int blocks = units * format.blocks();
        int skipped = from * format.blocks();
        long groupBytes = format.groupBytes(w.in());
        MemorySegment part = packed.asSlice((long) from * format.unitBytes());
        m.call.panels(format, units, groups, part, groupBytes, m.codes, m.scales);
        int rest = tokens % kernels.tile();
        for (boolean last : new boolean[] {false, true}) {
            int count = last ? rest : kernels.tile();
            int start = last ? tokens - rest : 0;
            int tileCount = last ? Math.min(rest, 1) : tokens / kernels.tile();
            if (tileCount > 0) {
                long at = kind.bytes(start, product.blocks()) + kind.bytes(count, skipped);
                long to = y.at(start) + (long) first * Isa.VECTOR;
                m.call.matrices(
                        format,
                        count,
                        tileCount,
                        blocks,
                        groups,
                        from > 0,
                        m.codes,
                        m.scales,
                        tiles.asSlice(at),
                        kind.bytes(count, product.blocks()),
                        y.data().asSlice(to),
                        y.stride());
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
