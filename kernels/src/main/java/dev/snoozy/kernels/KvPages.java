package dev.snoozy.kernels;

/** The keys and values of one layer, in pages of {@link #PAGE} positions. */
public interface KvPages extends CachePages {
    /** Positions per page. Attention sums in tiles of the same size, so it is part of a result. */
    int PAGE = 64;

    /** Positions whose soft-max is summed for itself before it is added to what came before. */
    int SEGMENT = 512;
}
