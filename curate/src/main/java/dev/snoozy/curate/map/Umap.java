package dev.snoozy.curate.map;

import dev.snoozy.curate.vectors.Neighbours;
import dev.snoozy.curate.vectors.Vectors;

/**
 * Places rows on a plane so that neighbours lie together: UMAP (McInnes, Healy and Melville 2018)
 * with min_dist 0.1 and spread 1. It begins with the first two principal components and moves the
 * points on one thread in a fixed order with a fixed seed; all functions are exact arithmetic or
 * {@link StrictMath}, so the same rows give the same bits everywhere.
 */
final class Umap {
    /** Of 1/(1 + a d^2b), for min_dist 0.1 and spread 1 (least squares over 0 to 3). */
    private static final double A = 1.5769434603;

    private static final double B = 0.8950608779;
    private static final int NEGATIVE = 5;
    private static final float LARGEST_STEP = 4;

    /**
     * Forces are looked up: 64 steps to a doubling of the squared distance, straight lines between.
     */
    private static final int STEP_BITS = 6;

    private static final int SHIFT = 23 - STEP_BITS;
    private static final int LEAST = Float.floatToRawIntBits(1e-8f) >>> SHIFT;
    private static final int STEPS = (Float.floatToRawIntBits(1e8f) >>> SHIFT) - LEAST + 2;
    private static final float[] ATTRACTION = new float[STEPS];
    private static final float[] REPULSION = new float[STEPS];

    static {
        for (int i = 0; i < STEPS; i++) {
            double squared = Float.intBitsToFloat(LEAST + i << SHIFT);
            double power = StrictMath.pow(squared, B);
            ATTRACTION[i] = (float) (-2 * A * B * power / squared / (1 + A * power));
            REPULSION[i] = (float) (2 * B / ((0.001 + squared) * (1 + A * power)));
        }
    }

    private final int n;
    private final int k;
    private int edges;
    private int[] heads = new int[0];
    private int[] tails = new int[0];
    private float[] weights = new float[0];
    private long random = 0x2545F4914F6CDD1DL;

    private Umap(int n, int k) {
        this.n = n;
        this.k = k;
    }

    /**
     * Places the rows.
     *
     * @param components [rows, at least 1]: where they begin
     * @return [rows, 2]
     */
    static Vectors place(Neighbours neighbours, Vectors components, int epochs)
            throws InterruptedException {
        int n = components.rows();
        Umap umap = new Umap(n, neighbours.k());
        Vectors places = umap.begin(components);
        if (neighbours.k() > 0) {
            umap.connect(neighbours);
            umap.move(places.values(), epochs);
        }
        return places;
    }

    /**
     * The first two components within -10 and 10, shaken a little lest the same rows stay together.
     */
    private Vectors begin(Vectors components) {
        float largest = 0;
        for (int row = 0; row < n; row++) {
            for (int c = 0; c < Math.min(2, components.width()); c++) {
                largest = Math.max(largest, Math.abs(components.get(row, c)));
            }
        }
        float scale = largest > 0 ? 10 / largest : 0;
        Vectors places = Vectors.zeros(n, 2);
        for (int row = 0; row < n; row++) {
            for (int c = 0; c < 2; c++) {
                float value = c < components.width() ? components.get(row, c) * scale : 0;
                places.values()[2 * row + c] = value + ((nextRandom() & 1023) - 511.5f) * 2e-5f;
            }
        }
        return places;
    }

    /** The fuzzy graph: a row is tied to each neighbour by a + b - ab of the two directions. */
    private void connect(Neighbours neighbours) {
        float[] ties = ties(neighbours);
        int[] rows = neighbours.rows();
        heads = new int[2 * rows.length];
        tails = new int[2 * rows.length];
        weights = new float[2 * rows.length];
        for (int row = 0; row < n; row++) {
            for (int i = row * k; i < (row + 1) * k; i++) {
                int other = rows[i];
                float back = 0;
                boolean mutual = false;
                for (int j = other * k; j < (other + 1) * k; j++) {
                    if (rows[j] == row) {
                        back = ties[j];
                        mutual = true;
                    }
                }
                if (!mutual || row < other) {
                    float weight = ties[i] + back - ties[i] * back;
                    addEdge(row, other, weight);
                    addEdge(other, row, weight);
                }
            }
        }
    }

    private void addEdge(int head, int tail, float weight) {
        heads[edges] = head;
        tails[edges] = tail;
        weights[edges++] = weight;
    }

    /** How strongly each row is tied to each of its neighbours: log2(k) in all. */
    private float[] ties(Neighbours neighbours) {
        float[] distances = neighbours.distances();
        float[] ties = new float[distances.length];
        double target = StrictMath.log(k + 1) / StrictMath.log(2);
        double all = 0;
        for (float distance : distances) {
            all += distance;
        }
        double smallest = Math.max(1e-9, 1e-3 * all / distances.length);
        for (int row = 0; row < n; row++) {
            int start = row * k;
            double nearest = 0;
            for (int i = start; i < start + k && nearest == 0; i++) {
                nearest = distances[i];
            }
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double sigma = 1;
            for (int round = 0; round < 40; round++) {
                double sum = 0;
                for (int i = start; i < start + k; i++) {
                    sum += tie(distances[i], nearest, sigma);
                }
                if (Math.abs(sum - target) < 1e-5) {
                    break;
                }
                if (sum > target) {
                    high = sigma;
                    sigma = (low + high) / 2;
                } else {
                    low = sigma;
                    sigma = high == Double.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
                }
            }
            sigma = Math.max(sigma, smallest);
            for (int i = start; i < start + k; i++) {
                ties[i] = (float) tie(distances[i], nearest, sigma);
            }
        }
        return ties;
    }

    private static double tie(double distance, double nearest, double sigma) {
        double beyond = distance - nearest;
        return beyond <= 0 ? 1 : StrictMath.exp(-beyond / sigma);
    }

    private void move(float[] places, int epochs) throws InterruptedException {
        float strongest = 0;
        for (int e = 0; e < edges; e++) {
            strongest = Math.max(strongest, weights[e]);
        }
        float[] due = new float[edges];
        for (int e = 0; e < edges; e++) {
            due[e] = strongest / weights[e];
        }
        for (int epoch = 1; epoch <= epochs; epoch++) {
            float rate = 1 - (epoch - 1) / (float) epochs;
            for (int e = 0; e < edges; e++) {
                if (due[e] <= epoch) {
                    due[e] += strongest / weights[e];
                    attract(places, 2 * heads[e], 2 * tails[e], rate);
                    for (int s = 0; s < NEGATIVE; s++) {
                        int other = (int) ((nextRandom() >>> 33) * n >>> 31);
                        if (other != heads[e]) {
                            repel(places, 2 * heads[e], 2 * other, rate);
                        }
                    }
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void attract(float[] places, int a, int b, float rate) {
        float dx = places[a] - places[b];
        float dy = places[a + 1] - places[b + 1];
        float squared = dx * dx + dy * dy;
        if (squared > 0) {
            float force = look(ATTRACTION, squared);
            float x = clip(force * dx) * rate;
            float y = clip(force * dy) * rate;
            places[a] += x;
            places[a + 1] += y;
            places[b] -= x;
            places[b + 1] -= y;
        }
    }

    private static void repel(float[] places, int a, int b, float rate) {
        float dx = places[a] - places[b];
        float dy = places[a + 1] - places[b + 1];
        float force = look(REPULSION, dx * dx + dy * dy);
        places[a] += clip(force * dx) * rate;
        places[a + 1] += clip(force * dy) * rate;
    }

    private static float look(float[] table, float squared) {
        int bits = Float.floatToRawIntBits(squared);
        int at = (bits >>> SHIFT) - LEAST;
        if (at < 0) {
            return table[0];
        }
        if (at >= STEPS - 1) {
            return 0;
        }
        float part = (bits & (1 << SHIFT) - 1) / (float) (1 << SHIFT);
        return table[at] + part * (table[at + 1] - table[at]);
    }

    private static float clip(float step) {
        return Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step));
    }

    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }
}
