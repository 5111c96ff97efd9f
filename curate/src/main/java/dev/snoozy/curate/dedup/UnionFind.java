package dev.snoozy.curate.dedup;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Disjoint sets of 0 … n-1 whose root is always the smallest member, whatever the order of the
 * unions. Thread-safe without locks (Anderson and Woll 1991): a parent is never larger than its
 * child.
 */
final class UnionFind {
    private final AtomicIntegerArray parents;

    UnionFind(int n) {
        parents = new AtomicIntegerArray(n);
        for (int i = 0; i < n; i++) {
            parents.setPlain(i, i);
        }
    }

    /** The smallest member that is known to be in the same set. */
    int find(int i) {
        int at = i;
        int parent = parents.get(at);
        while (parent != at) {
            int above = parents.get(parent);
            if (above != parent) {
                parents.weakCompareAndSetPlain(at, parent, above);
            }
            at = parent;
            parent = above;
        }
        return at;
    }

    void union(int a, int b) {
        int one = find(a);
        int two = find(b);
        while (one != two) {
            int small = Math.min(one, two);
            int large = Math.max(one, two);
            if (parents.compareAndSet(large, large, small)) {
                return;
            }
            one = find(small);
            two = find(large);
        }
    }
}
