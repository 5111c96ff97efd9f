package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;

import java.util.ArrayList;
import java.util.List;

/** Pages on the heap. */
final class Pages implements KvPages {
    private final int kvHeads;
    private final int keyLength;
    private final int valueLength;
    private final CacheType type;
    private final List<CacheRows> keys = new ArrayList<>();
    private final List<CacheRows> values = new ArrayList<>();

    Pages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        this.kvHeads = kvHeads;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
        this.type = type;
    }

    @Override
    public void reserve(int pages) {
        while (keys.size() < pages) {
            keys.add(new CacheRows(type, kvHeads, keyLength));
            values.add(new CacheRows(type, kvHeads, valueLength));
        }
    }

    @Override
    public void copy(int from, int to) {
        keys.get(to).copy(keys.get(from));
        values.get(to).copy(values.get(from));
    }

    @Override
    public long bytesPerPage() {
        return PAGE * kvHeads * (type.bytes(keyLength) + type.bytes(valueLength));
    }

    CacheRows keys(int page) {
        return keys.get(page);
    }

    CacheRows values(int page) {
        return values.get(page);
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
    public void close() {
        keys.clear();
        values.clear();
    }
}
