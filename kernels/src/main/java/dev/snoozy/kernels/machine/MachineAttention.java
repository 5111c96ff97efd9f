package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.Elementwise;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.Sums;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Attention in machine code, tile by tile. Query heads that share a head of keys and values go
 * together. The order of every sum is that of the scalar kernels ({@code docs/numerics.md}); the
 * exponential function differs by its rounding. Used by one thread at a time; closed by its owner.
 */
final class MachineAttention implements AutoCloseable {
    private static final int TILE = KvPages.PAGE;
    private static final int QUERIES = Attention512.QUERIES;

    /** What a member of the team works with. */
    private final class Member {
        private final AttentionKernels.Call call = kernels.new Call(arena);
        private final MemorySegment scores = arena.allocate(QUERIES * TILE * 4L, 64);
        private final MemorySegment factors = arena.allocate(QUERIES * 4L, 64);
        private final MemorySegment largest = arena.allocate(QUERIES * 4L, 64);
        private final MemorySegment sums = arena.allocate(QUERIES * Sums.LANES * 4L, 64);
        private final Scratch results = new Scratch();
        private final float[] score = new float[TILE];
        private final float[] lanes = new float[Sums.LANES];
        private final float[] max = new float[QUERIES];
        private final float[] sum = new float[QUERIES];
    }

    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final AttentionKernels kernels = new AttentionKernels(arena);
    private final Member[] members;
    private final Scratch queries = new Scratch();

    /** Attention on a team, which stays with its owner. */
    MachineAttention(ThreadTeam team) {
        this.team = team;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /** Copies each row's key and value to its place. */
    static void store(Rows k, Rows v, MachinePages pages, KvRows rows) {
        for (int r = 0; r < rows.size(); r++) {
            int position = rows.positions()[r];
            int page = rows.page(r, position);
            pages.store(page, position % TILE, k.data(), k.at(r), v.data(), v.at(r));
        }
    }

    void attend(Rows q, MachinePages pages, KvRows rows, AttentionSpec spec, Rows out) {
        long elements = (long) q.rows() * q.columns();
        MemorySegment copy = queries.of(elements * Float.BYTES);
        MemorySegment.copy(q.data(), 0, copy, ValueLayout.JAVA_FLOAT, 0, (int) elements);
        int sharing = spec.heads() / spec.kvHeads();
        int chunks = (sharing + QUERIES - 1) / QUERIES;
        team.run(
                q.rows() * spec.kvHeads() * chunks,
                (item, member) -> {
                    int row = item / (spec.kvHeads() * chunks);
                    int kvHead = item / chunks % spec.kvHeads();
                    int first = item % chunks * QUERIES;
                    int count = Math.min(QUERIES, sharing - first);
                    int head = kvHead * sharing + first;
                    long at = ((long) row * q.columns() + (long) head * pages.keyLength()) * 4;
                    heads(members[member], copy.asSlice(at), pages, rows, spec, row, kvHead, count);
                    int to = out.at(row) + head * pages.valueLength();
                    result(members[member], pages, count, out.data(), to);
                });
    }

    /** Some heads of one row over all tiles that it sees. */
    private static void heads(
            Member m,
            MemorySegment q,
            MachinePages pages,
            KvRows rows,
            AttentionSpec spec,
            int row,
            int kvHead,
            int count) {
        int columns = pages.paddedValue();
        MemorySegment results = m.results.of((long) QUERIES * columns * Float.BYTES).fill((byte) 0);
        for (int g = 0; g < count; g++) {
            m.max[g] = Float.NEGATIVE_INFINITY;
            m.sum[g] = 0;
        }
        int first = rows.first()[row];
        int last = rows.last()[row];
        for (int tile = first / TILE; tile <= last / TILE; tile++) {
            int page = rows.page(row, tile * TILE);
            int from = Math.max(first, tile * TILE) % TILE;
            int to = Math.min(last, tile * TILE + TILE - 1) % TILE;
            MemorySegment keys = pages.keys(page, kvHead);
            m.call.scores(count, pages.keyLength(), spec.scale(), keys, q, m.scores);
            softmax(m, count, from, to, spec.softcap());
            m.call.values(
                    count,
                    columns,
                    from,
                    to - from + 1,
                    pages.values(page, kvHead),
                    m.scores,
                    m.factors,
                    results);
        }
    }

    /** Turns the scores of a tile into weights, against the largest score so far. */
    private static void softmax(Member m, int count, int from, int to, float softcap) {
        for (int g = 0; g < count; g++) {
            float max = prepare(m, g, from, to, softcap);
            m.factors.setAtIndex(ValueLayout.JAVA_FLOAT, g, (float) Math.exp(m.max[g] - max));
            m.largest.setAtIndex(ValueLayout.JAVA_FLOAT, g, max);
            m.max[g] = max;
        }
        m.call.weights(count, m.scores, m.largest, m.sums);
        for (int g = 0; g < count; g++) {
            long at = (long) g * Sums.LANES * Float.BYTES;
            MemorySegment.copy(m.sums, ValueLayout.JAVA_FLOAT, at, m.lanes, 0, Sums.LANES);
            float shrink = m.factors.getAtIndex(ValueLayout.JAVA_FLOAT, g);
            m.sum[g] = m.sum[g] * shrink + Sums.fold(m.lanes);
        }
    }

    /** Caps the scores of a query, drops those it does not see, and finds the largest so far. */
    private static float prepare(Member m, int g, int from, int to, float softcap) {
        float[] score = m.score;
        long at = (long) g * TILE * Float.BYTES;
        MemorySegment.copy(m.scores, ValueLayout.JAVA_FLOAT, at, score, 0, TILE);
        float max = m.max[g];
        for (int i = from; i <= to; i++) {
            if (softcap != 0) {
                score[i] = Elementwise.softcap(score[i], softcap);
            }
            max = Math.max(max, score[i]);
        }
        if (softcap != 0 || from > 0 || to < TILE - 1) {
            // Beside the largest weight, which is 1, those of such scores vanish in every sum.
            Arrays.fill(score, 0, from, Float.NEGATIVE_INFINITY);
            Arrays.fill(score, to + 1, TILE, Float.NEGATIVE_INFINITY);
            MemorySegment.copy(score, 0, m.scores, ValueLayout.JAVA_FLOAT, at, TILE);
        }
        return max;
    }

    private static void result(Member m, MachinePages pages, int count, float[] y, int to) {
        int length = pages.valueLength();
        for (int g = 0; g < count; g++) {
            long at = (long) g * pages.paddedValue() * Float.BYTES;
            int start = to + g * length;
            MemorySegment results = m.results.of(0);
            MemorySegment.copy(results, ValueLayout.JAVA_FLOAT, at, y, start, length);
            for (int i = start; i < start + length; i++) {
                y[i] /= m.sum[g];
            }
        }
    }

    @Override
    public void close() {
        for (Member member : members) {
            member.results.close();
        }
        queries.close();
        arena.close();
    }
}
