package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.machine.code.ParameterBlock.require;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.attention.AttentionCode.Sight;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.Kernel;
import dev.snoozy.kernels.machine.code.ParameterBlock;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The assembled kernels of attention for heads of a shape, and the checks that stand before each
 * call. Thread-safe; each thread calls with parameters of its own.
 */
final class AttentionKernels {
    /** From so many queries on a tile of codes is turned into floats once for all of them. */
    private static final int UNPACKED = 7;

    private final CacheLayout layout;
    private final QueryLayout record;
    private final Bending bending;
    private final MemorySegment constants;
    private final Kernel store;
    private final Kernel begin;
    private final Kernel merge;
    private final Kernel finish;
    private final Map<Sight, Kernel> walk = new EnumMap<>(Sight.class);
    private final Map<Sight, Kernel> walkUnpacked = new EnumMap<>(Sight.class);

    /**
     * Assembles the kernels, which live as long as the arena.
     *
     * @param bending what becomes of scores
     */
    AttentionKernels(Isa isa, CacheLayout layout, Bending bending, Arena arena) {
        this.layout = layout;
        this.bending = bending;
        record = new QueryLayout(layout.keyLength(), layout.valueLength());
        constants = AttentionConstants.allocate(arena);
        AttentionCode code = new AttentionCode(isa, layout);
        store = install(new StoreCode(isa, layout).write(), arena);
        begin = install(code.begin(), arena);
        merge = install(code.merge(), arena);
        finish = install(code.finish(), arena);
        for (Sight sight : Sight.values()) {
            walk.put(sight, install(code.walk(sight, bending, false), arena));
            if (layout.type() == CacheType.Q8_0) {
                walkUnpacked.put(sight, install(code.walk(sight, bending, true), arena));
            }
        }
    }

    private static Kernel install(byte[] code, Arena arena) {
        return Kernel.install(code, arena);
    }

    /** Bytes of the records of so many queries. */
    long recordBytes(int queries) {
        return (long) queries * record.bytes();
    }

    /** Bytes of scratch memory that a call may need: a tile as floats, or a row. */
    long scratchBytes() {
        long tile = (long) CacheLayout.TILE * (layout.keyLength() + layout.columns()) * Float.BYTES;
        return Math.max(tile, StoreCode.scratchBytes(layout));
    }

    /** The parameters of one thread. */
    final class Call {
        private final ParameterBlock block;
        private final MemorySegment scratch;

        Call(ParameterBlock block, MemorySegment scratch) {
            require(scratch, scratchBytes());
            this.block = block;
            this.scratch = scratch;
            set(AttentionParameter.CONSTANTS, constants.address());
            set(AttentionParameter.SCRATCH, scratch.address());
        }

        /**
         * Stores keys and values of one head.
         *
         * @param k where the first row's key of the head begins, up to the end of the last one's
         * @param keyStride bytes from a row to the next one
         * @param page what they are stored in, from a slot on
         */
        void store(
                int rows,
                MemorySegment k,
                long keyStride,
                MemorySegment v,
                long valueStride,
                MemorySegment page,
                int kvHead,
                int slot) {
            require(k, (rows - 1) * keyStride + bytes(layout.keyLength()));
            require(v, (rows - 1) * valueStride + bytes(layout.valueLength()));
            require(page, layout.pageBytes());
            Objects.checkFromIndexSize(slot, rows, CacheLayout.TILE);
            Objects.checkIndex(kvHead, layout.kvHeads());
            long keys = page.address() + layout.keys(kvHead);
            long values = page.address() + layout.values(kvHead);
            set(AttentionParameter.COUNT, rows);
            set(AttentionParameter.INPUT, k.address());
            set(AttentionParameter.INPUT_STRIDE, keyStride);
            set(AttentionParameter.INPUT_VALUES, v.address());
            set(AttentionParameter.VALUE_STRIDE, valueStride);
            set(AttentionParameter.KEYS, keys + (long) slot * layout.elementBytes());
            set(AttentionParameter.KEY_SCALES, keys + (long) slot * Short.BYTES);
            set(AttentionParameter.VALUES, values + (long) slot * layout.valueRow());
            block.call(store);
        }

        /**
         * Fills the records of some heads of some rows.
         *
         * @param q where the first row's first head begins, up to the end of the last one's last
         * @param stride bytes from a row to the next one
         * @param limits first and last position of each row, {@code [rows, 2]} integers
         */
        void begin(
                MemorySegment records,
                int rows,
                int heads,
                MemorySegment q,
                long stride,
                MemorySegment limits) {
            require(records, recordBytes(rows * heads));
            require(q, (rows - 1) * stride + bytes(heads * layout.keyLength()));
            require(limits, 2L * rows * Integer.BYTES);
            set(AttentionParameter.QUERIES, records.address());
            set(AttentionParameter.COUNT, rows);
            set(AttentionParameter.HEADS, heads);
            set(AttentionParameter.INPUT, q.address());
            set(AttentionParameter.INPUT_STRIDE, stride);
            set(AttentionParameter.LIMITS, limits.address());
            block.call(begin);
        }

        /** Says how fast the scores of a query fall with the distance, and where it stands. */
        void fall(MemorySegment records, int query, float slope, int position) {
            MemorySegment own = records.asSlice(recordBytes(query), recordBytes(1));
            own.set(ValueLayout.JAVA_FLOAT, QueryLayout.SLOPE, slope);
            own.set(ValueLayout.JAVA_INT, QueryLayout.POSITION, position);
        }

        /** Adds the sink of a head to the sum of a query's weights, after the last merge. */
        void sink(MemorySegment records, int query, AttentionSpec spec, int head) {
            MemorySegment own = records.asSlice(recordBytes(query), recordBytes(1));
            float sum = own.get(ValueLayout.JAVA_FLOAT, QueryLayout.ALL_SUM);
            float max = own.get(ValueLayout.JAVA_FLOAT, QueryLayout.ALL_MAX);
            own.set(ValueLayout.JAVA_FLOAT, QueryLayout.ALL_SUM, spec.withSink(head, sum, max));
        }

        /** What all tiles of some calls have in common. */
        void head(int kvHead, float scale, float cap) {
            Objects.checkIndex(kvHead, layout.kvHeads());
            set(AttentionParameter.KEYS, layout.keys(kvHead));
            set(AttentionParameter.VALUES, layout.values(kvHead));
            set(AttentionParameter.SCALE, Float.floatToRawIntBits(scale));
            set(AttentionParameter.CAP, Float.floatToRawIntBits(cap));
        }

        /**
         * Walks over tiles of one segment.
         *
         * @param records of the queries, each of which sees some of each tile
         * @param addresses of the pages, one for each tile; each page is as long as the layout says
         * @param base position at which the first tile begins
         */
        void walk(
                Sight sight,
                MemorySegment records,
                int queries,
                MemorySegment addresses,
                int tiles,
                int base) {
            require(records, recordBytes(queries));
            require(addresses, (long) tiles * Long.BYTES);
            set(AttentionParameter.QUERIES, records.address());
            set(AttentionParameter.COUNT, queries);
            set(AttentionParameter.PAGES, addresses.address());
            set(AttentionParameter.TILES, tiles);
            set(AttentionParameter.BASE, base);
            boolean unpack = queries >= UNPACKED && layout.type() == CacheType.Q8_0;
            block.call(Objects.requireNonNull((unpack ? walkUnpacked : walk).get(sight)));
        }

        /** Adds segments to what came before, and clears them; records may be the same. */
        void merge(MemorySegment records, MemorySegment segments, int queries) {
            require(records, recordBytes(queries));
            require(segments, recordBytes(queries));
            set(AttentionParameter.QUERIES, records.address());
            set(AttentionParameter.SOURCE, segments.address());
            set(AttentionParameter.COUNT, queries);
            block.call(merge);
        }

        /**
         * Writes the results of some heads of some rows.
         *
         * @param out where the first row's first head begins, up to the end of the last one's last
         * @param stride bytes from a row to the next one
         */
        void finish(MemorySegment records, int rows, int heads, MemorySegment out, long stride) {
            require(records, recordBytes(rows * heads));
            require(out, (rows - 1) * stride + bytes(heads * layout.valueLength()));
            set(AttentionParameter.QUERIES, records.address());
            set(AttentionParameter.COUNT, rows);
            set(AttentionParameter.HEADS, heads);
            set(AttentionParameter.OUT, out.address());
            set(AttentionParameter.OUT_STRIDE, stride);
            block.call(finish);
        }

        private static long bytes(int floats) {
            return (long) floats * Float.BYTES;
        }

        private void set(AttentionParameter parameter, long value) {
            block.set(parameter.offset(), value);
        }
    }
}
