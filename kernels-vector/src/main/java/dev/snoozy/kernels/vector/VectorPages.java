package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;

import java.util.ArrayList;
import java.util.List;

/** Pages on the heap, as the attention reads them. */
final class VectorPages implements KvPages {
    private final int kvHeads;
    private final int keyLength;
    private final int valueLength;
    private final CacheType type;
    private final List<CachedTile> keys = new ArrayList<>();
    private final List<CachedTile> values = new ArrayList<>();

    VectorPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        this.kvHeads = kvHeads;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
        this.type = type;
    }

    int kvHeads() {
        return kvHeads;
    }

    int keyLength() {
        return keyLength;
    }

    int valueLength() {
        return valueLength;
    }

    @Override
    public void reserve(int pages) {
        while (keys.size() < pages) {
            keys.add(CachedTile.ofKeys(type, kvHeads, keyLength));
            values.add(CachedTile.ofValues(type, kvHeads, valueLength));
        }
    }

    CachedTile keys(int page) {
        return keys.get(page);
    }

    CachedTile values(int page) {
        return values.get(page);
    }

    @Override
    public void copy(int from, int to) {
        keys.get(to).copy(keys.get(from));
        values.get(to).copy(values.get(from));
    }

    @Override
    public long bytesPerPage() {
        int padded = Lanes.padded(valueLength);
        return CachedTile.bytes(type, kvHeads, keyLength, keyLength)
                + CachedTile.bytes(type, kvHeads, valueLength, padded);
    }

    @Override
    public void close() {
        keys.clear();
        values.clear();
    }
}
