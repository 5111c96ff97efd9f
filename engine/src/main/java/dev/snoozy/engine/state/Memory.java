package dev.snoozy.engine.state;

import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.StatePages;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The cache memory of a model: the pages of each layer, and one pool for the layers of each kind,
 * where the kind is the window they see, or that they keep a state. Used by the scheduler's thread
 * only, which also closes it.
 */
public final class Memory implements AutoCloseable {
    /** A file may announce any window; beyond this size a table grows with the text instead. */
    private static final int LARGEST_RING = 1 << 20;

    private final List<@Nullable KvPages> layers = new ArrayList<>();
    private final List<@Nullable StatePages> states = new ArrayList<>();
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
                    heads == null
                            ? null
                            : kernels.kvPages(
                                    heads.kvHeads(), heads.keyLength(), heads.valueLength(), type));
            int state = plan.states()[layer];
            states.add(state == 0 ? null : new StatePages(state));
        }
        for (int kind = 0; kind < plan.kinds(); kind++) {
            pools.add(new PagePool(plan.isState(kind) ? present(states) : ofKind(kind)));
        }
    }

    private static <T> List<T> present(List<@Nullable T> pages) {
        return pages.stream().filter(Objects::nonNull).toList();
    }

    private List<KvPages> ofKind(int kind) {
        List<KvPages> pages = new ArrayList<>();
        for (int layer = 0; layer < plan.layers(); layer++) {
            KvPages own = layers.get(layer);
            if (own != null && plan.kindOf(layer) == kind) {
                pages.add(own);
            }
        }
        return pages;
    }

    /** A sequence without tokens. */
    public Sequence newSequence() {
        return newSequence(AdapterSet.NONE);
    }

    /** A sequence without tokens, whose tokens are evaluated with adapters. */
    public Sequence newSequence(AdapterSet adapters) {
        return sequence(new int[plan.kinds()][0], adapters, 0);
    }

    /**
     * A sequence that begins with pages it shares.
     *
     * @param pages per kind and place in the text; a ring needs those from {@link #firstPage} on
     * @param adapters that they were evaluated with
     * @param length tokens that they hold
     */
    Sequence sequence(int[][] pages, AdapterSet adapters, int length) {
        List<LayerCache> caches = new ArrayList<>();
        for (int kind = 0; kind < plan.kinds(); kind++) {
            caches.add(cache(kind, pages[kind], length));
        }
        return new Sequence(caches, adapters, length);
    }

    private LayerCache cache(int kind, int[] pages, int length) {
        PagePool pool = pools.get(kind);
        if (plan.isState(kind)) {
            return length == 0
                    ? RecurrentCache.empty(pool)
                    : RecurrentCache.of(pool, pages[pages.length - 1], length);
        }
        return isRing(kind)
                ? PagedCache.ring(pool, plan.window(kind), batch, pages, length)
                : PagedCache.full(pool, pages, length);
    }

    /** The first page that a sequence of so many tokens needs to go on. */
    int firstPage(int kind, int length) {
        if (plan.isState(kind)) {
            return PagedCache.pages(length) - 1;
        }
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

    /** The keys and values of a layer that has attention. */
    KvPages pages(int layer) {
        return Objects.requireNonNull(layers.get(layer), "the layer has no attention");
    }

    /** The states of a layer that keeps some. */
    StatePages states(int layer) {
        return Objects.requireNonNull(states.get(layer), "the layer keeps no state");
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
