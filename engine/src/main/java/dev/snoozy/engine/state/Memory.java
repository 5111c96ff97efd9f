package dev.snoozy.engine.state;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;

import java.util.ArrayList;
import java.util.List;

/**
 * The cache memory of a model: the pages of each layer, and one pool for the layers of each kind,
 * where the kind is the window they see. Used by the scheduler's thread only, which also closes it.
 */
public final class Memory implements AutoCloseable {
    /** A file may announce any window; beyond this size a table grows with the text instead. */
    private static final int LARGEST_RING = 1 << 20;

    private final List<KvPages> layers = new ArrayList<>();
    private final List<PagePool> pools = new ArrayList<>();
    private final CachePlan plan;
    private final int batch;
    private final CacheBudget budget;

    /**
     * Memory for a plan.
     *
     * @param type what keys and values are rounded to
     * @param batch the most rows of a batch
     * @param budget what whoever extends sequences is to keep to
     */
    public Memory(Kernels kernels, CachePlan plan, CacheType type, int batch, CacheBudget budget) {
        this.plan = plan;
        this.batch = batch;
        this.budget = budget;
        for (int layer = 0; layer < plan.layers(); layer++) {
            CachePlan.Heads heads = plan.heads()[layer];
            layers.add(
                    kernels.kvPages(heads.kvHeads(), heads.keyLength(), heads.valueLength(), type));
        }
        for (int kind = 0; kind < plan.kinds(); kind++) {
            List<KvPages> pages = new ArrayList<>();
            for (int layer = 0; layer < plan.layers(); layer++) {
                if (plan.kindOf(layer) == kind) {
                    pages.add(layers.get(layer));
                }
            }
            pools.add(new PagePool(pages));
        }
    }

    /** A sequence without tokens. */
    public Sequence newSequence() {
        return sequence(new int[plan.kinds()][0], 0);
    }

    /**
     * A sequence that begins with pages it shares.
     *
     * @param pages per kind and place in the text; a ring needs those from {@link #firstPage} on
     * @param length tokens that they hold
     */
    Sequence sequence(int[][] pages, int length) {
        List<LayerCache> caches = new ArrayList<>();
        for (int kind = 0; kind < plan.kinds(); kind++) {
            PagePool pool = pools.get(kind);
            caches.add(
                    isRing(kind)
                            ? PagedCache.ring(pool, plan.window(kind), batch, pages[kind], length)
                            : PagedCache.full(pool, pages[kind], length));
        }
        return new Sequence(caches, length);
    }

    /** The first page that a sequence of so many tokens needs to go on. */
    int firstPage(int kind, int length) {
        return isRing(kind) ? PagedCache.firstPage(plan.window(kind), length) : 0;
    }

    /** An encoder's text stands in one batch of any size, which no ring has room for. */
    private boolean isRing(int kind) {
        int window = plan.window(kind);
        return plan.causal() && window > 0 && window <= LARGEST_RING;
    }

    CachePlan plan() {
        return plan;
    }

    int kinds() {
        return pools.size();
    }

    PagePool pool(int kind) {
        return pools.get(kind);
    }

    KvPages pages(int layer) {
        return layers.get(layer);
    }

    /** Pages in use over all kinds. */
    public int pagesInUse() {
        return pools.stream().mapToInt(PagePool::pagesInUse).sum();
    }

    /** Bytes of the pages in use. */
    public long bytesInUse() {
        return pools.stream().mapToLong(PagePool::bytesInUse).sum();
    }

    /** The bounds that {@link #bytesInUse} is to stay within. */
    public CacheBudget budget() {
        return budget;
    }

    @Override
    public void close() {
        pools.forEach(PagePool::close);
    }
}
