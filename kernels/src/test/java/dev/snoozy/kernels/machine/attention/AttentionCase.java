package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.system.GuardedMemory;
import dev.snoozy.kernels.system.GuardedMemory.Edge;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Rows of sequences with random queries, keys and values, for the scalar path and for this one. */
final class AttentionCase {
    private record Row(int[] table, int position, int first, int last) {}

    private final Random random;
    final AttentionSpec spec;
    final int keyLength;
    final int valueLength;
    private final List<Row> rows = new ArrayList<>();
    private final List<float[]> q = new ArrayList<>();
    private final List<float[]> k = new ArrayList<>();
    private final List<float[]> v = new ArrayList<>();
    private int pages;

    AttentionCase(long seed, AttentionSpec spec, int keyLength, int valueLength) {
        random = new Random(seed);
        this.spec = spec;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
    }

    /** Room for a sequence of so many positions; with fewer pages than that it is a ring. */
    int[] table(int tablePages) {
        int[] table = new int[tablePages];
        for (int i = 0; i < tablePages; i++) {
            table[i] = pages + (i * 7 + 3) % tablePages; // not in order, if 7 does not divide
        }
        boolean each = Arrays.stream(table).distinct().count() == tablePages;
        if (!each) {
            Arrays.setAll(table, i -> pages + tablePages - 1 - i);
        }
        pages += tablePages;
        return table;
    }

    /** A causal row. */
    AttentionCase add(int[] table, int position, int window) {
        return add(table, position, window == 0 ? 0 : Math.max(0, position - window + 1), position);
    }

    AttentionCase add(int[] table, int position, int first, int last) {
        rows.add(new Row(table, position, first, last));
        q.add(values(spec.heads() * keyLength));
        k.add(values(spec.kvHeads() * keyLength));
        v.add(values(spec.kvHeads() * valueLength));
        return this;
    }

    /** Positions {@code 0 .. count - 1} of a new sequence. */
    AttentionCase sequence(int count, int window) {
        int[] table = table((count + KvPages.PAGE - 1) / KvPages.PAGE);
        for (int p = 0; p < count; p++) {
            add(table, p, window);
        }
        return this;
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    int size() {
        return rows.size();
    }

    float[] q(int row) {
        return q.get(row);
    }

    float[] k(int row) {
        return k.get(row);
    }

    float[] v(int row) {
        return v.get(row);
    }

    /** The same case with keys and values as a cache of a type gives them back. */
    AttentionCase rounded(CacheType type) {
        AttentionCase other = new AttentionCase(0, spec, keyLength, valueLength);
        other.pages = pages;
        other.rows.addAll(rows);
        other.q.addAll(q);
        k.forEach(x -> other.k.add(rounded(type, x, keyLength)));
        v.forEach(x -> other.v.add(rounded(type, x, valueLength)));
        return other;
    }

    private static float[] rounded(CacheType type, float[] x, int length) {
        float[] y = x.clone();
        for (int head = 0; head < x.length; head += length) {
            for (int from = head; from < head + length; from += CacheType.BLOCK) {
                int to = Math.min(head + length, from + CacheType.BLOCK);
                float largest = 0;
                for (int i = from; i < to; i++) {
                    largest = Math.max(largest, Math.abs(x[i]));
                }
                float d = Float.float16ToFloat(Float.floatToFloat16(largest / 127));
                float inverse = Math.min(1 / (largest / 127), 0x1p126f);
                for (int i = from; i < to; i++) {
                    y[i] =
                            switch (type) {
                                case F32 -> x[i];
                                case F16 -> Float.float16ToFloat(Float.floatToFloat16(x[i]));
                                case Q8_0 -> (byte) Math.rint(x[i] * inverse) * d;
                            };
                }
            }
        }
        return y;
    }

    private KvRows rows(int from, int count) {
        List<Row> some = rows.subList(from, from + count);
        return new KvRows(
                some.stream().map(Row::table).toArray(int[][]::new),
                some.stream().mapToInt(Row::position).toArray(),
                some.stream().mapToInt(Row::first).toArray(),
                some.stream().mapToInt(Row::last).toArray());
    }

    // ---- runs

    /** The results of other kernels, in batches of so many rows. */
    float[][] run(Kernels kernels, CacheType type, int batch) {
        float[][] found = new float[size()][spec.heads() * valueLength];
        try (KvPages memory = kernels.kvPages(spec.kvHeads(), keyLength, valueLength, type)) {
            memory.reserve(pages);
            for (int from = 0; from < size(); from += batch) {
                int count = Math.min(batch, size() - from);
                Tensor y =
                        kernels.attention(
                                upload(kernels, q, from, count),
                                upload(kernels, k, from, count),
                                upload(kernels, v, from, count),
                                memory,
                                rows(from, count),
                                spec);
                for (int r = 0; r < count; r++) {
                    kernels.download(y, r, found[from + r]);
                }
                kernels.recycle();
            }
        }
        return found;
    }

    private static Tensor upload(Kernels kernels, List<float[]> x, int from, int count) {
        int columns = x.getFirst().length;
        float[] all = new float[count * columns];
        for (int r = 0; r < count; r++) {
            System.arraycopy(x.get(from + r), 0, all, r * columns, columns);
        }
        return kernels.upload(all, count, columns);
    }

    /** The results of machine code, in memory with guards on both sides. */
    float[][] run(Isa isa, CacheType type, int batch, int threads) {
        CacheLayout layout = new CacheLayout(type, spec.kvHeads(), keyLength, valueLength);
        float[][] found = new float[size()][spec.heads() * valueLength];
        try (Arena arena = Arena.ofShared();
                ThreadTeam team = new ThreadTeam(threads);
                MachineAttention attention = new MachineAttention(isa, team);
                MachinePages memory =
                        new MachinePages(
                                layout, n -> new GuardedMemory(n, arena).of(n, Edge.END))) {
            for (int page = 1; page <= pages; page++) {
                memory.reserve(page); // each with its own guards
            }
            for (int page = 0; page < pages; page++) {
                memory.page(page).fill((byte) -1); // NaN where nothing is stored
            }
            GuardedMemory queries = memory(arena, batch, q);
            GuardedMemory keys = memory(arena, batch, k);
            GuardedMemory values = memory(arena, batch, v);
            long outBytes = NativeRows.bytes(batch, spec.heads() * valueLength);
            GuardedMemory results = new GuardedMemory(outBytes, arena);
            for (int from = 0; from < size(); from += batch) {
                int count = Math.min(batch, size() - from);
                KvRows some = rows(from, count);
                NativeRows out = rows(results, count, spec.heads() * valueLength);
                NativeRows key = upload(keys, k, from, count);
                NativeRows value = upload(values, v, from, count);
                attention.store(key, value, memory, some);
                attention.attend(upload(queries, q, from, count), memory, some, spec, out);
                for (int r = 0; r < count; r++) {
                    out.read(r, 0, found[from + r], 0, out.columns());
                }
            }
        }
        return found;
    }

    private static GuardedMemory memory(Arena arena, int batch, List<float[]> x) {
        return new GuardedMemory(NativeRows.bytes(batch, x.getFirst().length), arena);
    }

    private static NativeRows upload(GuardedMemory memory, List<float[]> x, int from, int count) {
        NativeRows rows = rows(memory, count, x.getFirst().length);
        for (int r = 0; r < count; r++) {
            rows.write(r, 0, x.get(from + r), 0, rows.columns());
        }
        return rows;
    }

    private static NativeRows rows(GuardedMemory memory, int count, int columns) {
        return new NativeRows(
                memory.of(NativeRows.bytes(count, columns), Edge.END), count, columns);
    }
}
