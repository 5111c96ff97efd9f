package dev.snoozy.kernels.machine.packing;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.memory.WeightMemory;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * The weights of a model as products read them. Each is packed once, in parallel, and the pages of
 * its file are given back piece by piece meanwhile, so that the model never takes its size twice.
 * Used by one thread at a time; closed by its owner.
 */
public final class PackedWeights implements AutoCloseable {
    /** Bytes of a file that a member packs before it gives their pages back. */
    private static final long SLAB = 4 << 20;

    /** Items for each member, so that none waits long for the last one. */
    private static final int SHARES = 4;

    /**
     * Rows of a table that may be looked up before its pages are given back: the system may bring
     * two megabytes of the file for each.
     */
    private static final int LOOKED_UP = 16;

    /** Bytes of a table that is not worth giving back. */
    private static final long SMALL_TABLE = 1 << 20;

    /** Bytes that are worth a line if they are in memory twice. */
    private static final long MUCH = 64 << 20;

    private static final long ALIGNMENT = 64;

    private final ThreadTeam team;
    private final Cliffs cliffs;
    private final FloatFormat.Pairs pairs;
    private final Arena arena = Arena.ofShared();
    private final WeightMemory memory = new WeightMemory(arena);
    private final PackScratch[] scratches;
    private final Map<Weight, PackedWeight> units = new IdentityHashMap<>();
    private final Map<Weight, FloatWeight> floats = new IdentityHashMap<>();
    private final Map<Weight, List<Weight>> experts = new IdentityHashMap<>();
    private int lookedUp;

    /**
     * Weights that are packed by a team, which stays with its owner.
     *
     * @param pairs which weights are multiplied in pairs of BF16, beside activations that are
     *     rounded to it
     */
    public PackedWeights(ThreadTeam team, Cliffs cliffs, FloatFormat.Pairs pairs) {
        this.team = team;
        this.pairs = pairs;
        this.cliffs = cliffs;
        scratches = new PackScratch[team.size()];
        for (int i = 0; i < scratches.length; i++) {
            scratches[i] = new PackScratch();
        }
    }

    /** What a member of the team packs with. */
    public PackScratch scratch(int member) {
        return scratches[member];
    }

    /** The matrices of a mixture, always the same ones; a weight that is no mixture itself. */
    public List<Weight> experts(Weight weight) {
        return weight.experts() == 1
                ? List.of(weight)
                : experts.computeIfAbsent(
                        weight,
                        all -> IntStream.range(0, all.experts()).mapToObj(all::expert).toList());
    }

    /**
     * The units of a quantized weight; packed now, if they never were.
     *
     * @throws IllegalArgumentException if its type has no packed form
     */
    public PackedWeight units(Weight weight) {
        PackedWeight known = units.get(weight);
        if (known == null) {
            Format16 format = Format16.of(weight.type());
            if (format == null) {
                throw new IllegalArgumentException("no units for " + weight);
            }
            known = packUnits(format, weight);
        }
        return known;
    }

    /** The groups of a weight of floats; packed now, if they never were. */
    public FloatWeight floats(Weight weight) {
        FloatWeight known = floats.get(weight);
        return known == null ? packFloats(weight, memory::allocate) : known;
    }

    /**
     * Packs weights of types that have a packed form.
     *
     * @param done is told, on this thread, of each the bytes of its file
     * @throws IllegalStateException if the system does not give the memory; nothing is packed then
     */
    public void pack(Collection<Weight> weights, LongConsumer done) {
        memory.reserve(weights.stream().mapToLong(this::need).sum());
        for (Weight weight : weights) {
            Format16 format = Format16.of(weight.type());
            if (format != null) {
                units(weight);
            } else {
                floats(weight);
            }
            done.accept(bytes(weight));
        }
        long held =
                weights.stream()
                        .filter(w -> !isFile(w.blocks()))
                        .mapToLong(PackedWeights::bytes)
                        .sum();
        if (held > MUCH) {
            cliffs.report(PerformanceCliff.HELD_TWICE, (held >> 20) + " MB");
        }
        String small = memory.smallPages();
        if (small != null) {
            cliffs.report(PerformanceCliff.NO_HUGE_PAGES, small);
        }
    }

    /** Bytes that a weight of a type that has a packed form takes; in pairs it takes the same. */
    public static long bytes(TensorType type, long out, int in) {
        long groups = (out + Format16.ROWS - 1) / Format16.ROWS;
        return WeightMemory.aligned(groups * groupBytes(type, in));
    }

    /** Bytes still to be allocated for a weight. */
    private long need(Weight weight) {
        if (units.containsKey(weight) || floats.containsKey(weight)) {
            return 0;
        }
        return bytes(weight.type(), weight.out(), weight.in());
    }

    /** Leaves weights in their file: products pack what they read of them. */
    public void leaveMapped(Collection<Weight> weights) {
        for (Weight w : weights) {
            Format16 format = Format16.of(w.type());
            if (format != null) {
                units.putIfAbsent(w, new PackedWeight.Mapped(format, w.out(), w.in(), w.blocks()));
            } else {
                floats.putIfAbsent(
                        w, new FloatWeight.Mapped(format(w), w.out(), w.in(), w.blocks()));
            }
        }
    }

    /**
     * Packs weights of floats into memory of their own each, which the collector frees after they
     * are no longer wanted.
     */
    public void packApart(Collection<Weight> weights, boolean wanted) {
        for (Weight w : weights) {
            if (!wanted) {
                floats.remove(w);
            } else if (!floats.containsKey(w)) {
                packFloats(w, bytes -> Arena.ofAuto().allocate(bytes, ALIGNMENT));
            }
        }
    }

    /** Tells that rows of a table were looked up in its file. */
    public void lookedUp(Weight table, int rows) {
        lookedUp += rows;
        if (lookedUp >= LOOKED_UP && bytes(table) > SMALL_TABLE && !isMapped(table)) {
            release(table.blocks());
            lookedUp = 0;
        }
    }

    private boolean isMapped(Weight weight) {
        return units.get(weight) instanceof PackedWeight.Mapped
                || floats.get(weight) instanceof FloatWeight.Mapped;
    }

    private PackedWeight packUnits(Format16 format, Weight w) {
        long bytes = format.groupBytes(w.in());
        MemorySegment target = memory.allocate(groups(w) * bytes);
        inSlabs(
                w,
                (group, member) ->
                        scratches[member]
                                .packer(format)
                                .pack(
                                        group,
                                        w.out(),
                                        w.in(),
                                        0,
                                        format.units(w.in()),
                                        w.blocks(),
                                        target,
                                        group * bytes));
        PackedWeight packed = new PackedWeight.Resident(format, w.out(), w.in(), target);
        units.put(w, packed);
        return packed;
    }

    private FloatWeight packFloats(Weight w, LongFunction<MemorySegment> allocate) {
        FloatFormat format = format(w);
        long bytes = format.groupBytes(w.in());
        int padded = FloatFormat.steps(w.in()) * FloatFormat.STEP;
        MemorySegment target = allocate.apply(groups(w) * bytes);
        inSlabs(
                w,
                (group, member) ->
                        scratches[member]
                                .floats()
                                .pack(
                                        format,
                                        group,
                                        w.out(),
                                        w.in(),
                                        padded,
                                        w.blocks(),
                                        target,
                                        group * bytes));
        FloatWeight packed = new FloatWeight.Resident(format, w.out(), w.in(), target);
        floats.put(w, packed);
        return packed;
    }

    /** Packs all groups of a weight; the pages of each slab are given back when it is done. */
    private void inSlabs(Weight w, ThreadTeam.Work packGroup) {
        long rowBytes = w.type().bytes(w.in());
        int groups = groups(w);
        long fair = (groups + (long) SHARES * team.size() - 1) / ((long) SHARES * team.size());
        long large = Math.max(1, SLAB / (rowBytes * Format16.ROWS));
        int slab = (int) Math.min(fair, large);
        team.run(
                (groups + slab - 1) / slab,
                (item, member) -> {
                    int end = Math.min(groups, (item + 1) * slab);
                    for (int group = item * slab; group < end; group++) {
                        packGroup.run(group, member);
                    }
                    long from = (long) item * slab * Format16.ROWS * rowBytes;
                    long to = Math.min((long) end * Format16.ROWS, w.out()) * rowBytes;
                    release(w.blocks().asSlice(from, to - from));
                });
        // Reading a slab may have brought back neighbours of it that had been given back.
        release(w.blocks());
    }

    /**
     * Gives the pages of a file back, which come again when they are read. Memory that is no file's
     * would lose what it holds.
     */
    private static void release(MemorySegment blocks) {
        if (isFile(blocks)) {
            blocks.unload();
        }
    }

    private static boolean isFile(MemorySegment blocks) {
        return blocks.isMapped() && blocks.isReadOnly();
    }

    private static long bytes(Weight weight) {
        return weight.blocks().byteSize();
    }

    private static int groups(Weight w) {
        return (w.out() + Format16.ROWS - 1) / Format16.ROWS;
    }

    private static long groupBytes(TensorType type, int in) {
        @Nullable Format16 format = Format16.of(type);
        return format != null
                ? format.groupBytes(in)
                : FloatFormat.of(type, in, FloatFormat.Pairs.NONE).groupBytes(in);
    }

    private FloatFormat format(Weight w) {
        return FloatFormat.of(w.type(), w.in(), pairs);
    }

    @Override
    public void close() {
        for (PackScratch scratch : scratches) {
            scratch.close();
        }
        arena.close();
    }
}
