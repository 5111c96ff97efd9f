package dev.snoozy.tune;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvRows;

/**
 * Attention over whole texts in F64. With {@code S = q K' scale}, the soft cap if any, {@code P =
 * softmax(S)} and {@code o = P V}, the backward is {@code dV += P' g}, {@code dP = g V'}, {@code dS
 * = P (dP - g o)}, {@code dq = dS K scale}, {@code dK += dS' q scale}. What ALiBi takes off a score
 * does not depend on anything trained, and a sink makes P sum up to less than 1, which changes
 * nothing of these formulas.
 */
final class Attention64 {
    private Attention64() {}

    static Matrix64 forward(Matrix64 q, Matrix64 k, Matrix64 v, KvRows rows, AttentionSpec spec) {
        int valueLength = v.columns() / spec.kvHeads();
        Matrix64 o = new Matrix64(q.rows(), spec.heads() * valueLength);
        for (int t = 0; t < q.rows(); t++) {
            for (int h = 0; h < spec.heads(); h++) {
                int start = Texts.start(rows, t);
                int first = start + rows.first()[t];
                double[] p = scores(q, k, rows, spec, t, h);
                fall(p, rows, spec, t, h);
                softmax(p, spec, h);
                int value = h / (spec.heads() / spec.kvHeads()) * valueLength;
                int out = o.at(t) + h * valueLength;
                for (int j = 0; j < p.length; j++) {
                    for (int i = 0; i < valueLength; i++) {
                        o.data()[out + i] += p[j] * v.data()[v.at(first + j) + value + i];
                    }
                }
            }
        }
        return o;
    }

    /** The scores of a row and head for the positions it sees, with the soft cap. */
    private static double[] scores(
            Matrix64 q, Matrix64 k, KvRows rows, AttentionSpec spec, int t, int h) {
        int n = q.columns() / spec.heads();
        int first = Texts.start(rows, t) + rows.first()[t];
        int key = h / (spec.heads() / spec.kvHeads()) * n;
        double[] s = new double[rows.last()[t] - rows.first()[t] + 1];
        for (int j = 0; j < s.length; j++) {
            for (int i = 0; i < n; i++) {
                s[j] += q.data()[q.at(t) + h * n + i] * k.data()[k.at(first + j) + key + i];
            }
            s[j] *= spec.scale();
            s[j] = spec.softcap() == 0 ? s[j] : Formulas.softcap(s[j], spec.softcap());
        }
        return s;
    }

    /** Takes off what scores lose with the distance. */
    private static void fall(double[] s, KvRows rows, AttentionSpec spec, int t, int h) {
        double slope = spec.slope(h);
        for (int j = 0; j < s.length && slope != 0; j++) {
            s[j] -= slope * Math.abs(rows.positions()[t] - rows.first()[t] - j);
        }
    }

    private static void softmax(double[] s, AttentionSpec spec, int h) {
        boolean sinks = spec.sinks().length > 0;
        double max = sinks ? spec.sinks()[h] : Double.NEGATIVE_INFINITY;
        for (double x : s) {
            max = Math.max(max, x);
        }
        double sum = sinks ? Math.exp(spec.sinks()[h] - max) : 0;
        for (int j = 0; j < s.length; j++) {
            s[j] = Math.exp(s[j] - max);
            sum += s[j];
        }
        for (int j = 0; j < s.length; j++) {
            s[j] /= sum;
        }
    }

    /** The gradients of q, k and v. */
    static Matrix64[] backward(
            Matrix64 g,
            Matrix64 o,
            Matrix64 q,
            Matrix64 k,
            Matrix64 v,
            KvRows rows,
            AttentionSpec spec) {
        int n = q.columns() / spec.heads();
        int valueLength = v.columns() / spec.kvHeads();
        Matrix64 dq = new Matrix64(q.rows(), q.columns());
        Matrix64 dk = new Matrix64(k.rows(), k.columns());
        Matrix64 dv = new Matrix64(v.rows(), v.columns());
        for (int t = 0; t < q.rows(); t++) {
            int first = Texts.start(rows, t) + rows.first()[t];
            for (int h = 0; h < spec.heads(); h++) {
                int kvHead = h / (spec.heads() / spec.kvHeads());
                int out = o.at(t) + h * valueLength;
                double[] s = scores(q, k, rows, spec, t, h);
                double[] p = s.clone();
                fall(p, rows, spec, t, h);
                softmax(p, spec, h);
                double total = 0; // g o = sum over j of P dP
                for (int i = 0; i < valueLength; i++) {
                    total += g.data()[out + i] * o.data()[out + i];
                }
                for (int j = 0; j < p.length; j++) {
                    int value = v.at(first + j) + kvHead * valueLength;
                    double dp = 0;
                    for (int i = 0; i < valueLength; i++) {
                        dp += g.data()[out + i] * v.data()[value + i];
                        dv.data()[value + i] += p[j] * g.data()[out + i];
                    }
                    double ds = p[j] * (dp - total) * spec.scale();
                    ds *= spec.softcap() == 0 ? 1 : Formulas.softcapSlope(s[j], spec.softcap());
                    int key = k.at(first + j) + kvHead * n;
                    for (int i = 0; i < n; i++) {
                        dq.data()[q.at(t) + h * n + i] += ds * k.data()[key + i];
                        dk.data()[key + i] += ds * q.data()[q.at(t) + h * n + i];
                    }
                }
            }
        }
        return new Matrix64[] {dq, dk, dv};
    }
}
