package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.code.ParameterBlock;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.memory.Scratch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attention in machine code. An item of work is a block of rows with the query heads that share a
 * head of keys and values: it walks once over the tiles and holds each against all of its queries.
 * Where there are fewer items than the team can do with, as for one row after a long text, an item
 * is a segment of positions, and the segments are added up in a second round.
 *
 * <p>Neither changes the order of a sum ({@code docs/numerics.md}), which is that of the scalar
 * kernels; the exponential function differs by its rounding. Used by one thread at a time; closed
 * by its owner.
 */
public final class MachineAttention implements AutoCloseable {
    private static final int TILE = KvPages.PAGE;

    /** Queries of an item: their records and a tile lie in the second cache together. */
    private static final int MOST_QUERIES = 48;

    /** Items for each member of the team, so that none waits long for the last one. */
    private static final int ITEMS = 4;

    /** Below so many floats of keys and values a second thread costs more than it brings. */
    private static final int ALONE = 1 << 14;

    private record Shape(CacheLayout layout, Bending bending) {}

    /** Rows whose positions follow one another in a page. */
    private record Stored(int row, int count, int page, int slot) {}

    /** What a member of the team works with. */
    private final class Member {
        private final ParameterBlock parameters =
                new ParameterBlock(AttentionParameter.BYTES, arena);
        private final Scratch scratch = new Scratch();
        private final Scratch records = new Scratch();

        AttentionKernels.Call call(AttentionKernels kernels) {
            return kernels.new Call(parameters, scratch.of(kernels.scratchBytes()));
        }
    }

    private final Isa isa;
    private final ThreadTeam team;
    private final Arena arena = Arena.ofShared();
    private final Map<Shape, AttentionKernels> kernels = new HashMap<>();
    private final Member[] members;
    private final Scratch limits = new Scratch();
    private final Scratch addresses = new Scratch();
    private final Scratch parts = new Scratch();

    /** Attention on a team, which stays with its owner. */
    public MachineAttention(Isa isa, ThreadTeam team) {
        this.isa = isa;
        this.team = team;
        members = new Member[team.size()];
        Arrays.setAll(members, i -> new Member());
    }

    private AttentionKernels kernels(CacheLayout layout, Bending bending) {
        return kernels.computeIfAbsent(
                new Shape(layout, bending), s -> new AttentionKernels(isa, layout, bending, arena));
    }

    /** Refuses queries, keys and values that do not fit each other or the pages. */
    public static void require(
            NativeRows q,
            NativeRows k,
            NativeRows v,
            CacheLayout layout,
            KvRows rows,
            AttentionSpec spec) {
        boolean fits =
                q.columns() == spec.heads() * layout.keyLength()
                        && k.columns() == spec.kvHeads() * layout.keyLength()
                        && v.columns() == spec.kvHeads() * layout.valueLength()
                        && spec.kvHeads() == layout.kvHeads()
                        && q.rows() == rows.size()
                        && k.rows() == rows.size()
                        && v.rows() == rows.size();
        if (!fits) {
            throw new IllegalArgumentException(
                    "attention: " + q + ", " + k + ", " + v + " do not fit " + spec);
        }
    }

    // ---- keys and values

    /** Copies each row's key and value to its place, rounded to the type of the cache. */
    public void store(NativeRows k, NativeRows v, MachinePages pages, KvRows rows) {
        AttentionKernels shape = kernels(pages.layout(), Bending.NONE);
        List<Stored> runs = runs(rows);
        int heads = pages.layout().kvHeads();
        ThreadTeam.Work work =
                (item, member) -> {
                    Stored run = runs.get(item / heads);
                    int head = item % heads;
                    long key = k.at(run.row()) + bytes(head * pages.layout().keyLength());
                    long value = v.at(run.row()) + bytes(head * pages.layout().valueLength());
                    members[member]
                            .call(shape)
                            .store(
                                    run.count(),
                                    k.data().asSlice(key),
                                    bytes(k.stride()),
                                    v.data().asSlice(value),
                                    bytes(v.stride()),
                                    pages.page(run.page()),
                                    head,
                                    run.slot());
                };
        int items = runs.size() * heads;
        if (k.rows() * (k.columns() + v.columns()) >= ALONE) {
            team.run(items, work);
        } else {
            for (int item = 0; item < items; item++) {
                work.run(item, 0);
            }
        }
    }

    private static List<Stored> runs(KvRows rows) {
        List<Stored> runs = new ArrayList<>();
        int start = 0;
        for (int r = 1; r <= rows.size(); r++) {
            boolean follows =
                    r < rows.size()
                            && rows.tables()[r] == rows.tables()[r - 1]
                            && rows.positions()[r] == rows.positions()[r - 1] + 1
                            && rows.positions()[r] % TILE != 0;
            if (!follows) {
                int position = rows.positions()[start];
                int page = rows.page(start, position);
                runs.add(new Stored(start, r - start, page, position % TILE));
                start = r;
            }
        }
        return runs;
    }

    // ---- attention

    /** {@code out [rows, heads * valueLength]} for {@code q [rows, heads * keyLength]}. */
    public void attend(
            NativeRows q, MachinePages pages, KvRows rows, AttentionSpec spec, NativeRows out) {
        int sharing = spec.heads() / spec.kvHeads();
        int together = Math.min(sharing, MOST_QUERIES);
        int chunks = (sharing + together - 1) / together;
        long units = (long) rows.size() * spec.kvHeads() * chunks;
        long wanted = units / ((long) ITEMS * team.size());
        int most = (int) Math.clamp(wanted, 1, MOST_QUERIES / together);
        List<RowBlock> blocks = RowBlock.of(rows, most);
        AttentionKernels shape = kernels(pages.layout(), Bending.of(spec));
        Plan plan =
                new Plan(
                        shape,
                        q,
                        pages.layout(),
                        spec,
                        out,
                        blocks,
                        together,
                        chunks,
                        limits(rows),
                        addresses(blocks, pages));
        int segments = blocks.stream().mapToInt(RowBlock::segments).max().orElse(0);
        if (units < (long) ITEMS * team.size() && segments > 1 && team.size() > 1) {
            bySegment(plan, segments);
        } else {
            team.run(
                    plan.items(),
                    (item, member) -> {
                        // The last rows see the most: they come first, and the rest fills the gaps.
                        Item of = plan.item(plan.items() - 1 - item);
                        whole(plan, of, members[member]);
                    });
        }
    }

    /** What the items of one call have in common. */
    private record Plan(
            AttentionKernels shape,
            NativeRows q,
            CacheLayout layout,
            AttentionSpec spec,
            NativeRows out,
            List<RowBlock> blocks,
            int together,
            int chunks,
            MemorySegment limits,
            List<MemorySegment> addresses) {

        int items() {
            return blocks.size() * spec.kvHeads() * chunks;
        }

        Item item(int index) {
            int block = index / (spec.kvHeads() * chunks);
            int sharing = spec.heads() / spec.kvHeads();
            int first = index % chunks * together;
            int heads = Math.min(together, sharing - first);
            int kvHead = index / chunks % spec.kvHeads();
            return new Item(
                    blocks.get(block),
                    addresses.get(block),
                    kvHead,
                    kvHead * sharing + first,
                    heads);
        }
    }

    /** Some rows, and the query heads {@code head .. head + heads - 1} of them. */
    private record Item(RowBlock block, MemorySegment addresses, int kvHead, int head, int heads) {
        int queries() {
            return block.count() * heads;
        }
    }

    private static void whole(Plan plan, Item item, Member member) {
        AttentionKernels.Call call = member.call(plan.shape());
        MemorySegment records = member.records.of(plan.shape().recordBytes(item.queries()));
        begin(plan, item, call, records);
        int first = item.block().firstSegment();
        for (int segment = first; segment < first + item.block().segments(); segment++) {
            walk(plan, item, call, records, segment);
            merge(plan, item, call, records, records, segment);
        }
        finish(plan, item, call, records);
    }

    private void bySegment(Plan plan, int segments) {
        long bytes = plan.shape().recordBytes(MOST_QUERIES);
        MemorySegment all = parts.of(bytes * plan.items() * segments);
        team.run(
                plan.items() * segments,
                (index, member) -> {
                    Item item = plan.item(index / segments);
                    int segment = index % segments;
                    if (segment < item.block().segments()) {
                        AttentionKernels.Call call = members[member].call(plan.shape());
                        MemorySegment records = all.asSlice(bytes * index, bytes);
                        begin(plan, item, call, records);
                        int from = item.block().firstSegment();
                        walk(plan, item, call, records, from + segment);
                    }
                });
        team.run(
                plan.items(),
                (index, member) -> {
                    Item item = plan.item(index);
                    AttentionKernels.Call call = members[member].call(plan.shape());
                    MemorySegment records = all.asSlice(bytes * index * segments, bytes);
                    for (int segment = 0; segment < item.block().segments(); segment++) {
                        long at = bytes * ((long) index * segments + segment);
                        int number = item.block().firstSegment() + segment;
                        merge(plan, item, call, records, all.asSlice(at, bytes), number);
                    }
                    finish(plan, item, call, records);
                });
    }

    private static void begin(
            Plan plan, Item item, AttentionKernels.Call call, MemorySegment records) {
        RowBlock block = item.block();
        NativeRows q = plan.q();
        long at = q.at(block.row()) + bytes(item.head() * plan.layout().keyLength());
        call.begin(
                records,
                block.count(),
                item.heads(),
                q.data().asSlice(at),
                bytes(q.stride()),
                plan.limits().asSlice(2L * Integer.BYTES * block.row()));
        if (plan.spec().alibi() != 0) {
            for (int query = 0; query < item.queries(); query++) {
                int row = block.row() + query / item.heads();
                float slope = plan.spec().slope(item.head() + query % item.heads());
                call.fall(records, query, slope, block.rows().positions()[row]);
            }
        }
        call.head(item.kvHead(), plan.spec().scale(), plan.spec().softcap());
    }

    private static void walk(
            Plan plan, Item item, AttentionKernels.Call call, MemorySegment records, int segment) {
        for (RowBlock.Run run : item.block().runs(segment)) {
            long page = (long) (run.tile() - item.block().firstTile()) * Long.BYTES;
            call.walk(
                    run.sight(),
                    records.asSlice(plan.shape().recordBytes(run.from() * item.heads())),
                    (run.to() - run.from()) * item.heads(),
                    item.addresses().asSlice(page),
                    run.tiles(),
                    run.tile() * TILE);
        }
    }

    /** Adds a segment for those rows that see some of it. */
    private static void merge(
            Plan plan,
            Item item,
            AttentionKernels.Call call,
            MemorySegment records,
            MemorySegment segments,
            int segment) {
        int from = item.block().from(segment);
        int count = item.block().to(segment) - from;
        if (count > 0) {
            long at = plan.shape().recordBytes(from * item.heads());
            call.merge(records.asSlice(at), segments.asSlice(at), count * item.heads());
        }
    }

    private static void finish(
            Plan plan, Item item, AttentionKernels.Call call, MemorySegment records) {
        RowBlock block = item.block();
        for (int query = 0; plan.spec().sinks().length > 0 && query < item.queries(); query++) {
            call.sink(records, query, plan.spec(), item.head() + query % item.heads());
        }
        NativeRows out = plan.out();
        long at = out.at(block.row()) + bytes(item.head() * plan.layout().valueLength());
        call.finish(
                records, block.count(), item.heads(), out.data().asSlice(at), bytes(out.stride()));
    }

    /** First and last position of each row. */
    private MemorySegment limits(KvRows rows) {
        MemorySegment all = limits.of(2L * rows.size() * Integer.BYTES);
        for (int r = 0; r < rows.size(); r++) {
            all.setAtIndex(ValueLayout.JAVA_INT, 2L * r, rows.first()[r]);
            all.setAtIndex(ValueLayout.JAVA_INT, 2L * r + 1, rows.last()[r]);
        }
        return all;
    }

    /** The addresses of each block's pages, tile by tile; blocks of one sequence share them. */
    private List<MemorySegment> addresses(List<RowBlock> blocks, MachinePages pages) {
        long most = blocks.stream().mapToLong(b -> b.lastTile() - b.firstTile() + 1L).sum();
        MemorySegment all = addresses.of(most * Long.BYTES);
        List<MemorySegment> found = new ArrayList<>();
        long at = 0;
        for (RowBlock block : blocks) {
            int tiles = block.lastTile() - block.firstTile() + 1;
            for (int i = 0; i < tiles; i++) {
                int position = (block.firstTile() + i) * TILE;
                MemorySegment page = pages.page(block.rows().page(block.row(), position));
                all.setAtIndex(ValueLayout.JAVA_LONG, at + i, page.address());
            }
            found.add(all.asSlice(at * Long.BYTES, (long) tiles * Long.BYTES));
            at += tiles;
        }
        return found;
    }

    private static long bytes(int floats) {
        return (long) floats * Float.BYTES;
    }

    @Override
    public void close() {
        for (Member member : members) {
            member.scratch.close();
            member.records.close();
        }
        limits.close();
        addresses.close();
        parts.close();
        arena.close();
    }
}
