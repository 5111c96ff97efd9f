package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.scalar.Rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Turns heads by their positions. The angles of a batch are computed once, since every layer turns
 * by the same ones. Used by one thread.
 */
final class Rotation {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    /** Changes places within each pair of lanes. */
    private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(S, i -> i ^ 1);

    /**
     * Cosines and sines times the magnitude, {@code [positions, width]}. Of distant pairs one each;
     * of adjacent ones two, the first sine negated.
     */
    private record Angles(int width, float[] cos, float[] sin) {}

    private final Map<int[], Map<Rope, Angles>> known = new IdentityHashMap<>();

    /** Forgets the angles of the batch. */
    void recycle() {
        known.clear();
    }

    /** Turns all heads of all rows; {@code y} has the shape of {@code x}. */
    void turn(Rows x, int headLength, Rope rope, int[] positions, Rows y) {
        Angles angles =
                known.computeIfAbsent(positions, p -> new IdentityHashMap<>())
                        .computeIfAbsent(rope, r -> angles(r, positions));
        System.arraycopy(x.data(), 0, y.data(), 0, x.rows() * x.columns());
        boolean adjacent = rope.pairing() == Rope.Pairing.ADJACENT;
        for (int t = 0; t < x.rows(); t++) {
            int angle = t * angles.width;
            for (int head = x.at(t); head < x.at(t + 1); head += headLength) {
                if (adjacent) {
                    adjacent(x.data(), head, angles, angle, y.data());
                } else {
                    halves(x.data(), head, angles, angle, y.data());
                }
            }
        }
    }

    private static Angles angles(Rope rope, int[] positions) {
        float[] frequencies = rope.frequencies();
        int each = rope.pairing() == Rope.Pairing.ADJACENT ? 2 : 1;
        int width = each * frequencies.length;
        float[] cos = new float[positions.length * width];
        float[] sin = new float[positions.length * width];
        int at = 0;
        for (int position : positions) {
            for (float frequency : frequencies) {
                double angle = (double) position * frequency;
                float c = (float) (Math.cos(angle) * rope.magnitude());
                float s = (float) (Math.sin(angle) * rope.magnitude());
                cos[at] = c;
                sin[at] = each == 2 ? -s : s;
                cos[at + each - 1] = c;
                sin[at + each - 1] = s;
                at += each;
            }
        }
        return new Angles(width, cos, sin);
    }

    /** Pairs {@code 2i, 2i + 1}: the element times the cosine plus its fellow times the sine. */
    private static void adjacent(float[] x, int at, Angles angles, int angle, float[] y) {
        int i = 0;
        for (; i < Lanes.whole(angles.width); i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(S, x, at + i);
            FloatVector cos = FloatVector.fromArray(S, angles.cos, angle + i);
            FloatVector sin = FloatVector.fromArray(S, angles.sin, angle + i);
            v.mul(cos).add(v.rearrange(SWAP).mul(sin)).intoArray(y, at + i);
        }
        for (; i < angles.width; i++) {
            float fellow = x[at + (i ^ 1)];
            y[at + i] = x[at + i] * angles.cos[angle + i] + fellow * angles.sin[angle + i];
        }
    }

    /** Pairs {@code i, i + width}. */
    private static void halves(float[] x, int at, Angles angles, int angle, float[] y) {
        int n = angles.width;
        int i = 0;
        for (; i < Lanes.whole(n); i += Lanes.COUNT) {
            FloatVector a = FloatVector.fromArray(S, x, at + i);
            FloatVector b = FloatVector.fromArray(S, x, at + n + i);
            FloatVector cos = FloatVector.fromArray(S, angles.cos, angle + i);
            FloatVector sin = FloatVector.fromArray(S, angles.sin, angle + i);
            a.mul(cos).sub(b.mul(sin)).intoArray(y, at + i);
            a.mul(sin).add(b.mul(cos)).intoArray(y, at + n + i);
        }
        for (; i < n; i++) {
            float a = x[at + i];
            float b = x[at + n + i];
            y[at + i] = a * angles.cos[angle + i] - b * angles.sin[angle + i];
            y[at + n + i] = a * angles.sin[angle + i] + b * angles.cos[angle + i];
        }
    }
}
