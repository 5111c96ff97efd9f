package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.ThreadTeam;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The functions of feed-forward networks, spread over a team in pieces that fit the nearest cache.
 * But for the squared ReLU they are {@code x / (1 + exp(-z))}: with {@code z = x} it is SiLU, with
 * {@code z = 2 sqrt(2 / pi) (x + 0.044715 x^3)} GELU in its form with tanh (Hendrycks and Gimpel
 * 2016). Used by one thread at a time.
 */
final class Gates {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int PIECE = 2048;
    private static final float CUBE = 0.044715f;
    private static final float TWICE_SQRT_2_OVER_PI = 1.5957691216f;

    /** What a member of the team works with. */
    private static final class Member {
        private final float[] x = new float[PIECE];
        private final float[] z = new float[PIECE];
        private final float[] up = new float[PIECE];
    }

    private final ThreadTeam team;
    private final Member[] members;

    /** Gates on a team, which stays with its owner. */
    Gates(ThreadTeam team) {
        this.team = team;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /** {@code y = f(x) * up}, the first {@code count} elements; without {@code up} {@code f(x)}. */
    void multiply(Activation f, float[] x, float @Nullable [] up, float[] y, int count) {
        team.run(
                (count + PIECE - 1) / PIECE,
                (item, member) -> {
                    int from = item * PIECE;
                    int length = Math.min(PIECE, count - from);
                    Member m = members[member];
                    System.arraycopy(x, from, m.x, 0, length);
                    if (up == null) {
                        Arrays.fill(m.up, 1);
                    } else {
                        System.arraycopy(up, from, m.up, 0, length);
                    }
                    apply(f, m, Lanes.padded(length));
                    System.arraycopy(m.x, 0, y, from, length);
                });
    }

    /** {@code x = f(x) * up}. */
    private static void apply(Activation f, Member m, int count) {
        if (f == Activation.RELU_SQUARED) {
            squared(m, count);
            return;
        }
        if (f == Activation.SILU) {
            silu(m, count);
        } else {
            gelu(m, count);
        }
        Exp.replace(m.z, 0, count);
        divide(m, count);
    }

    private static void squared(Member m, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector positive = FloatVector.fromArray(S, m.x, i).max(0);
            FloatVector up = FloatVector.fromArray(S, m.up, i);
            positive.mul(positive).mul(up).intoArray(m.x, i);
        }
    }

    private static void silu(Member m, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            negated(FloatVector.fromArray(S, m.x, i), m.z, i);
        }
    }

    private static void gelu(Member m, int count) {
        FloatVector cube = FloatVector.broadcast(S, CUBE);
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(S, m.x, i);
            FloatVector inner = x.mul(x).fma(cube, one).mul(x).mul(TWICE_SQRT_2_OVER_PI);
            negated(inner, m.z, i);
        }
    }

    /** What is larger than the bound gives 0 all the same; a NaN stays one. */
    private static void negated(FloatVector v, float[] z, int at) {
        v.neg().min(-Exp.LOWEST).intoArray(z, at);
    }

    /** {@code x = x / (1 + z) * up}. */
    private static void divide(Member m, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector bottom = FloatVector.fromArray(S, m.z, i).add(1);
            FloatVector up = FloatVector.fromArray(S, m.up, i);
            FloatVector.fromArray(S, m.x, i).div(bottom).mul(up).intoArray(m.x, i);
        }
    }
}
