package dev.snoozy.engine.state;

import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.kernels.KvPages;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The beginnings of texts that were evaluated, so that a text which begins the same goes on from
 * there: a tree of pages, where a path from the root spells a beginning (after Zheng et al. 2024,
 * RadixAttention). The tree is one more owner of pages that sequences share, and gives up those
 * used longest ago.
 *
 * <p>Because attention sums in tiles at fixed positions, a page holds the same bits whoever
 * evaluated it, and reuse changes no result.
 *
 * <p>Used by the scheduler's thread only, which also closes it.
 */
public final class PrefixCache implements AutoCloseable {
    private final Memory memory;
    private final long limit;

    /** The beginning of all texts with the same adapters; there are few such sets. */
    private final Map<AdapterSet, PrefixNode> roots = new HashMap<>();

    /**
     * All nodes, the one used longest ago first. A node stands before its parent, so that the first
     * is always a leaf.
     */
    private final SequencedSet<PrefixNode> byUse = new LinkedHashSet<>();

    private long bytes;

    /** An empty cache over the pages of a memory, of at most the bytes its budget allows. */
    public PrefixCache(Memory memory) {
        this.memory = memory;
        limit = memory.budget().prefixes();
    }

    /** Whether anything is ever remembered. */
    public boolean isOn() {
        return limit > 0;
    }

    /**
     * A sequence that holds the longest known beginning of a text; at least its last token is left
     * to evaluate. It belongs to the caller.
     */
    public Sequence fork(PrefixKey text) {
        PrefixKey wanted = text.first(Math.max(0, text.length() - 1));
        int[] unbroken = new int[memory.kinds()]; // per kind, from which page on none is missing
        PrefixNode best = root(text);
        int length = 0;
        PrefixNode node = best;
        for (int page = 0; node != null; page++) {
            int from = page * KvPages.PAGE;
            PrefixNode whole = null;
            for (PrefixNode child : node.children) {
                int common = child.common(wanted, from);
                if (common > 0
                        && from + common > length
                        && serves(child, page, from + common, unbroken)) {
                    best = child;
                    length = from + common;
                }
                whole = common == KvPages.PAGE ? child : whole;
            }
            for (int kind = 0; whole != null && kind < unbroken.length; kind++) {
                unbroken[kind] = unbroken(whole, page, kind, unbroken);
            }
            node = whole;
        }
        touch(best);
        return memory.sequence(pages(best, length), text.adapters(), length);
    }

    private PrefixNode root(PrefixKey text) {
        PrefixNode known = roots.get(text.adapters());
        if (known == null) {
            // What is left of sets that are out of use goes, and the adapters that it holds.
            roots.values().removeIf(root -> root.children.isEmpty());
            known = new PrefixNode(null, new int[0], new int[0]);
            roots.put(text.adapters(), known);
        }
        return known;
    }

    /** Whether all kinds of layers have what they need to go on after {@code length} tokens. */
    private boolean serves(PrefixNode node, int page, int length, int[] before) {
        boolean all = true;
        for (int kind = 0; kind < before.length; kind++) {
            all &= unbroken(node, page, kind, before) <= memory.firstPage(kind, length);
            // A state is that of all the tokens of its node, no fewer.
            all &=
                    !memory.plan().isState(kind)
                            || length == page * KvPages.PAGE + node.tokens.length;
        }
        return all;
    }

    private static int unbroken(PrefixNode node, int page, int kind, int[] before) {
        return node.pages[kind] == LayerCache.NO_PAGE ? page + 1 : before[kind];
    }

    /** Per kind the pages on the path to a node. */
    private int[][] pages(PrefixNode last, int length) {
        int[][] pages = new int[memory.kinds()][PagedCache.pages(length)];
        PrefixNode node = last;
        for (int page = PagedCache.pages(length) - 1; node.parent != null; page--) {
            for (int kind = 0; kind < pages.length; kind++) {
                pages[kind][page] = node.pages[kind];
            }
            node = node.parent;
        }
        return pages;
    }

    /** Remembers the pages of a sequence that stand for this text, as far as there is room. */
    public void keep(PrefixKey text, Sequence sequence) {
        if (!isOn()) {
            return;
        }
        List<PrefixNode> path = known(text);
        PrefixNode node = path.isEmpty() ? root(text) : path.getLast();
        touch(node);
        for (int page = 0; page < path.size(); page++) {
            PrefixNode known = path.get(page);
            if (page * KvPages.PAGE + known.tokens.length <= text.length()) {
                complete(known, pages(sequence, page, text), node);
            } // otherwise the last page of the text has less than what the node stands for
        }
        for (int page = path.size(); page < PagedCache.pages(text.length()); page++) {
            int from = page * KvPages.PAGE;
            int to = Math.min(from + KvPages.PAGE, text.length());
            int[] tokens = Arrays.copyOfRange(text.tokens(), from, to);
            PrefixNode added = add(node, tokens, pages(sequence, page, text));
            if (added == null) {
                return;
            }
            node = added;
        }
    }

    /** What a sequence has of a page; a state only if it is that of the text, and not of more. */
    private int[] pages(Sequence sequence, int page, PrefixKey text) {
        int[] pages = sequence.pages(page);
        if (memory.plan().isRecurrent() && text.length() != sequence.position()) {
            pages[memory.kinds() - 1] = LayerCache.NO_PAGE;
        }
        return pages;
    }

    private boolean hasState(PrefixNode node) {
        return memory.plan().isRecurrent() && node.pages[memory.kinds() - 1] != LayerCache.NO_PAGE;
    }

    /** The nodes that spell a text, as far as there are any. */
    private List<PrefixNode> known(PrefixKey text) {
        List<PrefixNode> path = new ArrayList<>();
        PrefixNode node = root(text);
        for (int from = 0; from < text.length(); from += KvPages.PAGE) {
            node = node.child(text, from);
            if (node == null) {
                break;
            }
            path.add(node);
        }
        return path;
    }

    /** Takes pages that a node lacks, because a ring had lost them when it was made. */
    private void complete(PrefixNode node, int[] pages, PrefixNode last) {
        for (int kind = 0; kind < pages.length; kind++) {
            PagePool pool = memory.pool(kind);
            if (node.pages[kind] == LayerCache.NO_PAGE
                    && pages[kind] != LayerCache.NO_PAGE
                    && makeRoom(pool.bytesPerPage(), last)) {
                pool.share(pages[kind]);
                node.pages[kind] = pages[kind];
                bytes += pool.bytesPerPage();
            }
        }
    }

    /** A new node, or null if there is no room. */
    private @Nullable PrefixNode add(PrefixNode parent, int[] tokens, int[] pages) {
        for (PrefixNode sibling : List.copyOf(parent.children)) {
            if (sibling.common(new PrefixKey(tokens, tokens.length), 0) == sibling.tokens.length
                    && !hasState(sibling)) {
                drop(sibling); // the new page has all that it has
            }
        }
        if (!makeRoom(bytes(pages), parent)) {
            return null;
        }
        PrefixNode node = new PrefixNode(parent, tokens, pages);
        for (int kind = 0; kind < pages.length; kind++) {
            if (pages[kind] != LayerCache.NO_PAGE) {
                memory.pool(kind).share(pages[kind]);
            }
        }
        bytes += bytes(pages);
        parent.children.add(node);
        touch(node);
        return node;
    }

    /** Gives up what was used longest ago until there is room, but not {@code last}. */
    private boolean makeRoom(long needed, PrefixNode last) {
        while (bytes + needed > limit) {
            if (byUse.isEmpty() || byUse.getFirst() == last) {
                return false;
            }
            drop(byUse.getFirst());
        }
        return true;
    }

    /** Gives up the leaf used longest ago; false if there is none left. */
    public boolean forgetOldest() {
        if (byUse.isEmpty()) {
            return false;
        }
        drop(byUse.getFirst());
        return true;
    }

    private void drop(PrefixNode leaf) {
        for (int kind = 0; kind < leaf.pages.length; kind++) {
            if (leaf.pages[kind] != LayerCache.NO_PAGE) {
                memory.pool(kind).give(leaf.pages[kind]);
            }
        }
        bytes -= bytes(leaf.pages);
        byUse.remove(leaf);
        if (leaf.parent != null) {
            leaf.parent.children.remove(leaf);
        }
    }

    /** Makes a path the one used last. */
    private void touch(PrefixNode last) {
        for (PrefixNode node = last; node.parent != null; node = node.parent) {
            byUse.addLast(node);
        }
    }

    private long bytes(int[] pages) {
        long sum = 0;
        for (int kind = 0; kind < pages.length; kind++) {
            sum += pages[kind] == LayerCache.NO_PAGE ? 0 : memory.pool(kind).bytesPerPage();
        }
        return sum;
    }

    /** Bytes of all pages, also those that sequences share. */
    public long bytes() {
        return bytes;
    }

    /** Bytes of the pages that nobody else owns, which forgetting would free. */
    public long spareBytes() {
        long sum = 0;
        for (PrefixNode node : byUse) {
            for (int kind = 0; kind < node.pages.length; kind++) {
                PagePool pool = memory.pool(kind);
                boolean held = node.pages[kind] != LayerCache.NO_PAGE;
                sum += held && !pool.isShared(node.pages[kind]) ? pool.bytesPerPage() : 0;
            }
        }
        return sum;
    }

    /** Forgets everything. */
    @Override
    public void close() {
        while (forgetOldest()) {
            // until nothing is left
        }
    }
}
