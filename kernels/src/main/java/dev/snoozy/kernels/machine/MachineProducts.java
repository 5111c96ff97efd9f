package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.ThreadTeam;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Products of activations with packed weights, spread over a team. One token goes through the
 * vector kernel, several in tiles through the matrix kernel over panels that are decoded once for
 * all of them. Used by one thread at a time; closed by its owner.
 */
final class MachineProducts implements AutoCloseable {
    /** Groups whose panels a member decodes before it goes through the tokens: they fit its L2. */
    private static final int CHUNK = 4;

    /** Blocks of a row that are taken at once, so that the panels of a chunk stay that small. */
    private static final int PART = 128;

    /** Bytes of scales and minima of a block in a panel, of the formats that have most. */
    private static final int MOST_SCALES = 4 * Isa.VECTOR;

    /** Groups of one item of a vector product. */
    private static final int VECTOR_CHUNK = 8;

    private static final int CHUNK_ROWS = CHUNK * Format16.ROWS;

    /** What a member of the team works with. */
    private final class Member {
        private final ProductKernels.Call call = kernels.new Call(arena);
        private final Scratch results = new Scratch();
        private final MemorySegment codes;
        private final MemorySegment scales;

        Member() {
            codes = arena.allocate(CHUNK * (long) PART * ProductCode.PANEL_CODES, 64);
            scales = arena.allocate(CHUNK * (long) PART * MOST_SCALES, 64);
        }
    }

    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final ProductKernels kernels;
    private final Member[] members;
    private final Scratch packed = new Scratch();

    /** Products on a team, which stays with its owner. */
    MachineProducts(ThreadTeam team, Isa isa) {
        this.team = team;
        kernels = new ProductKernels(isa, arena);
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
    void multiply(float[] x, int tokens, PackedWeight w, float[] y) {
        kernels.prepare(w.format(), tokens);
        if (tokens == 1) {
            vector(x, w, y);
        } else if (tokens > 1) {
            matrix(x, tokens, w, y);
        }
    }

    private void vector(float[] x, PackedWeight w, float[] y) {
        int blocks = w.units() * w.format().blocks();
        Activations8 activations = Activations8.of(w.format());
        MemorySegment token = packed.of(activations.bytes(1, blocks));
        activations.pack(x, 0, w.in(), 1, blocks, token, 0);
        int items = (w.groups() + VECTOR_CHUNK - 1) / VECTOR_CHUNK;
        team.run(
                items,
                (item, member) -> {
                    int first = item * VECTOR_CHUNK;
                    int groups = Math.min(VECTOR_CHUNK, w.groups() - first);
                    Member m = members[member];
                    MemorySegment out = m.results.of((long) VECTOR_CHUNK * Isa.VECTOR);
                    m.call.vector(
                            w.format(), w.units(), groups, w.groups(first, groups), token, out);
                    int row = first * Format16.ROWS;
                    int rows = Math.min(groups * Format16.ROWS, w.out() - row);
                    MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, y, row, rows);
                });
    }

    private void matrix(float[] x, int tokens, PackedWeight w, float[] y) {
        int blocks = w.units() * w.format().blocks();
        Activations8 activations = Activations8.of(w.format());
        MemorySegment tiles = packed.of(activations.bytes(tokens, blocks));
        int tileCount = (tokens + kernels.tile() - 1) / kernels.tile();
        team.run(
                tileCount,
                (tile, member) -> {
                    int first = tile * kernels.tile();
                    int count = Math.min(kernels.tile(), tokens - first);
                    long at = activations.bytes(first, blocks);
                    activations.pack(x, first * w.in(), w.in(), count, blocks, tiles, at);
                });
        int items = (w.groups() + CHUNK - 1) / CHUNK;
        team.run(
                items,
                (item, member) -> {
                    MemorySegment out =
                            members[member].results.of((long) tokens * CHUNK_ROWS * Float.BYTES);
                    int first = item * CHUNK;
                    int groups = Math.min(CHUNK, w.groups() - first);
                    int step = PART / w.format().blocks();
                    for (int from = 0; from < w.units(); from += step) {
                        part(members[member], w, first, groups, from, tiles, tokens, out);
                    }
                    int row = first * Format16.ROWS;
                    int rows = Math.min(groups * Format16.ROWS, w.out() - row);
                    for (int t = 0; t < tokens; t++) {
                        long at = (long) t * CHUNK_ROWS * Float.BYTES;
                        MemorySegment.copy(
                                out, ValueLayout.JAVA_FLOAT, at, y, t * w.out() + row, rows);
                    }
                });
    }

    /** All tokens with units {@code from ..} of some groups. */
    private void part(
            Member m,
            PackedWeight w,
            int firstGroup,
            int groups,
            int from,
            MemorySegment tiles,
            int tokens,
            MemorySegment out) {
        Format16 format = w.format();
        int units = Math.min(PART / format.blocks(), w.units() - from);
        int blocks = units * format.blocks();
        long codeBytes = (long) blocks * ProductCode.PANEL_CODES;
        long scaleBytes = (long) blocks * ProductCode.panelScales(format);
        for (int g = 0; g < groups; g++) {
            m.call.panel(
                    format,
                    units,
                    w.units(firstGroup + g, from, units),
                    m.codes.asSlice(g * codeBytes, codeBytes),
                    m.scales.asSlice(g * scaleBytes, scaleBytes));
        }
        Activations8 activations = Activations8.of(format);
        int rowBlocks = w.units() * format.blocks();
        for (int t = 0; t < tokens; t += kernels.tile()) {
            int count = Math.min(kernels.tile(), tokens - t);
            long tile = activations.bytes(t, rowBlocks);
            MemorySegment x =
                    tiles.asSlice(
                            tile + activations.bytes(count, from * format.blocks()),
                            activations.bytes(count, blocks));
            for (int g = 0; g < groups; g++) {
                m.call.matrix(
                        format,
                        count,
                        blocks,
                        from > 0,
                        m.codes.asSlice(g * codeBytes, codeBytes),
                        m.scales.asSlice(g * scaleBytes, scaleBytes),
                        x,
                        out.asSlice(
                                ((long) t * CHUNK_ROWS + (long) g * Format16.ROWS) * Float.BYTES),
                        CHUNK_ROWS);
            }
        }
    }

    @Override
    public void close() {
        for (Member member : members) {
            member.results.close();
        }
        packed.close();
        arena.close();
    }
}
