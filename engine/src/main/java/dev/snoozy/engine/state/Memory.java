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

    /**
     * Memory for a plan.
     *
     * @param type what keys and values are rounded to
     * @param batch the most rows of a batch
     */
    public Memory(Kernels kernels, CachePlan plan, CacheType type, int batch) {
        this.plan = plan;
        this.batch = batch;
        for (int layer = 0; layer < plan.layers(); layer++) {
            layers.add(kernels.kvPages(plan.kvHeads(), plan.keyLength(), plan.valueLength(), type));
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
        List<LayerCache> caches = new ArrayList<>();
        for (int kind = 0; kind < plan.kinds(); kind++) {
            int window = plan.window(kind);
            PagePool pool = pools.get(kind);
            boolean ring = window > 0 && window <= LARGEST_RING;
            caches.add(ring ? PagedCache.ring(pool, window, batch) : PagedCache.full(pool));
        }
        return new Sequence(caches, 0);
    }

    CachePlan plan() {
        return plan;
    }

    KvPages pages(int layer) {
        return layers.get(layer);
    }

    /** Pages in use over all kinds. */
    public int pagesInUse() {
        return pools.stream().mapToInt(PagePool::pagesInUse).sum();
    }

    @Override
    public void close() {
        pools.forEach(PagePool::close);
    }
}
