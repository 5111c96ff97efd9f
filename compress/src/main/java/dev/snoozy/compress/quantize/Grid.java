package dev.snoozy.compress.quantize;

import dev.snoozy.format.Lattice;
import dev.snoozy.format.TensorType;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The points of a lattice by their levels, and for levels that are no point the points nearby.
 *
 * <p>A key holds the levels of a group, the first in its lowest bits. Nearby points are found when
 * they are first asked for. Thread-safe.
 */
final class Grid {
    private static final Map<TensorType, Grid> GRIDS = new EnumMap<>(TensorType.class);

    /** Larger than any distance between two points. */
    private static final int FARTHEST = 8 * 49 + 1;

    private final int width;
    private final int bits;
    private final int distances;
    private final byte[] levels;
    private final short[] points;
    private final AtomicReferenceArray<int[]> nearby;

    private Grid(Lattice lattice, int distances) {
        this.width = lattice.width();
        this.bits = Short.SIZE / width == 2 ? 2 : 3;
        this.distances = distances;
        this.levels = lattice.levels();
        this.points = new short[1 << bits * width];
        this.nearby = new AtomicReferenceArray<>(points.length);
        Arrays.fill(points, (short) -1);
        for (int i = 0; i < lattice.points(); i++) {
            points[key(levels, i * width)] = (short) i;
        }
    }

    /** The grid of an IQ type. */
    static Grid of(TensorType type) {
        synchronized (GRIDS) {
            // The numbers of different distances that count as nearby are the reference's.
            return GRIDS.computeIfAbsent(
                    type,
                    t ->
                            new Grid(
                                    Lattice.of(t),
                                    switch (t) {
                                        case IQ2_S -> 1;
                                        case IQ1_S, IQ1_M, IQ3_S -> 3;
                                        default -> 2;
                                    }));
        }
    }

    /** Elements of a group. */
    int width() {
        return width;
    }

    int key(byte[] group, int from) {
        int key = 0;
        for (int i = 0; i < width; i++) {
            key |= group[from + i] << bits * i;
        }
        return key;
    }

    /** The point of that key, or -1. */
    int point(int key) {
        return points[key];
    }

    /** The level of an element of a point. */
    byte level(int point, int i) {
        return levels[point * width + i];
    }

    /** The points nearest to a key that is none, by their distance and then their number. */
    int[] nearby(int key) {
        int[] known = nearby.get(key);
        if (known == null) {
            known = find(key);
            nearby.set(key, known);
        }
        return known;
    }

    private int[] find(int key) {
        int count = levels.length / width;
        int[] distance = new int[count];
        int[] many = new int[FARTHEST];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                int d = levels[i * width + j] - (key >> bits * j & (1 << bits) - 1);
                distance[i] += d * d;
            }
            many[distance[i]]++;
        }
        int limit = 0;
        int total = 0;
        for (int seen = 0; limit < FARTHEST && seen < distances; limit++) {
            seen += many[limit] > 0 ? 1 : 0;
            total += many[limit];
        }
        int[] result = new int[total];
        int next = 0;
        for (int d = 0; d < limit; d++) {
            for (int i = 0; many[d] > 0 && i < count; i++) {
                if (distance[i] == d) {
                    result[next++] = i;
                }
            }
        }
        return result;
    }
}
