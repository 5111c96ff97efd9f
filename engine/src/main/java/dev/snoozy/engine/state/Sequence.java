package dev.snoozy.engine.state;

import dev.snoozy.engine.adapter.AdapterSet;

import java.util.List;

/**
 * The state of one text in progress: how many tokens it has and what each kind of layer remembers
 * of them. Used by the scheduler's thread only. Closing it frees its pages.
 */
public final class Sequence implements AutoCloseable {
    private final List<LayerCache> caches;
    private final AdapterSet adapters;
    private int position;
    private boolean spoilt;

    Sequence(List<LayerCache> caches, AdapterSet adapters, int position) {
        this.caches = List.copyOf(caches);
        this.adapters = adapters;
        this.position = position;
    }

    /** The adapters that its tokens are evaluated with, all of them. */
    AdapterSet adapters() {
        return adapters;
    }

    /** Tokens so far, which is the position of the next one. */
    public int position() {
        return position;
    }

    /** The cache of a kind of layers. */
    LayerCache cache(int kind) {
        return caches.get(kind);
    }

    /** Per kind of layers the page with positions {@code 64 index} on. */
    int[] pages(int index) {
        return caches.stream().mapToInt(cache -> cache.page(index)).toArray();
    }

    /** Bytes of memory that {@code count} more tokens would take. */
    public long bytesToExtend(int count) {
        return count == 0
                ? 0
                : caches.stream()
                        .mapToLong(cache -> cache.bytesToExtend(position, position + count))
                        .sum();
    }

    /** Makes room for {@code count} more tokens, which become part of the sequence. */
    void extend(int count) {
        if (spoilt) {
            throw new IllegalStateException(
                    "the text was broken off in the middle, and what the model remembers of it cannot"
                            + " go back; cure: begin the text anew");
        }
        for (LayerCache cache : caches) {
            cache.extend(position, position + count);
        }
        position += count;
    }

    /** Whether the sequence can go back to this many tokens. */
    public boolean canTruncate(int length) {
        return caches.stream().allMatch(cache -> cache.canTruncate(length));
    }

    /**
     * Goes back to this many tokens.
     *
     * @throws IllegalStateException if it cannot, and then nothing has changed
     */
    public void truncate(int length) {
        for (LayerCache cache : caches) {
            cache.requireTruncate(length);
        }
        caches.forEach(cache -> cache.truncate(length));
        position = length;
    }

    /**
     * Goes back to this many tokens after a batch that was not completed; if that is impossible,
     * the sequence can only be closed.
     */
    public void restore(int length) {
        if (canTruncate(length)) {
            truncate(length);
        } else {
            spoilt = true;
        }
    }

    /** A sequence with the same content; both share memory until one writes. */
    public Sequence fork() {
        return new Sequence(caches.stream().map(LayerCache::fork).toList(), adapters, position);
    }

    /** Bytes that the caches use. */
    public long bytes() {
        return caches.stream().mapToLong(LayerCache::bytes).sum();
    }

    @Override
    public void close() {
        caches.forEach(LayerCache::close);
    }
}
