package dev.snoozy.tune;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What was computed, in segments of a layer each. Of the first segments everything stays in memory,
 * as long as there is room; of the others only what enters them (Chen et al. 2016), and the
 * backward computes such a segment again, to the same bits, before it goes back through it.
 */
final class Recording {
    /** Computes outputs from inputs, at any time to the same bits. */
    interface Forward {
        Tensor[] apply(Tensor[] in);
    }

    /** Gradients of the inputs from those of the outputs; null where nobody wants it. */
    interface Backward {
        @Nullable Tensor[] apply(Tensor[] in, Tensor[] out, @Nullable Tensor[] g, boolean[] wanted);
    }

    private record Node(Forward forward, Backward backward, Tensor[] in, Tensor[] out) {}

    /** A layer; {@code again} if it is to be computed a second time. */
    private static final class Segment {
        private final List<Node> nodes = new ArrayList<>();
        private List<Tensor> kept = List.of();
        private boolean again;
    }

    private final Kernels kernels;
    private final List<Segment> segments = new ArrayList<>();

    /** What depends on something trained, so that a gradient is wanted. */
    private final Set<Tensor> tracked = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The gradients that are known so far and not yet carried on. */
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();

    private long room;

    Recording(Kernels kernels) {
        this.kernels = kernels;
        clear();
    }

    /**
     * Forgets everything and begins anew.
     *
     * @param bytes that outputs of layers may take which wait for the backward
     */
    void begin(long bytes) {
        clear();
        room = bytes;
    }

    /** Forgets everything, and gives back the memory. */
    void clear() {
        segments.clear();
        segments.add(new Segment());
        tracked.clear();
        gradients.clear();
        kernels.recycle();
    }

    Tensor[] record(Forward forward, Backward backward, Tensor... in) {
        boolean follows = false;
        for (Tensor tensor : in) {
            follows |= tracked.contains(tensor);
        }
        return record(forward, backward, in, follows);
    }

    /** Records an operation with something that is trained. */
    Tensor[] recordTrained(Forward forward, Backward backward, Tensor... in) {
        return record(forward, backward, in, true);
    }

    private Tensor[] record(Forward forward, Backward backward, Tensor[] in, boolean follows) {
        Tensor[] out = forward.apply(in);
        // The caller may go on and write to its array, so the node has its own.
        segments.getLast().nodes.add(new Node(forward, backward, in, out.clone()));
        if (follows) {
            Collections.addAll(tracked, out);
        }
        return out;
    }

    /** The end of a segment, and what goes on from it. */
    void boundary(List<Tensor> kept) {
        Segment last = segments.getLast();
        last.kept = List.copyOf(kept);
        long bytes = bytes(last);
        last.again = bytes > room;
        if (!last.again) {
            room -= bytes;
        }
        segments.add(new Segment());
        kernels.recycle(held(segments.size()));
    }

    private static long bytes(Segment segment) {
        long bytes = 0;
        for (Node node : segment.nodes) {
            for (Tensor out : node.out) {
                bytes += bytes(out.rows(), out.columns());
            }
        }
        return bytes;
    }

    /** What an output takes: buffers are powers of two. */
    static long bytes(long rows, long columns) {
        long bytes = rows * columns * Float.BYTES;
        return bytes <= 1 ? 1 : 2 * Long.highestOneBit(bytes - 1);
    }

    /** What stays in memory of the first segments: outputs, gradients, and what the caller has. */
    private Tensor[] held(int count) {
        List<Tensor> held = new ArrayList<>();
        for (Segment segment : segments.subList(0, Math.min(count, segments.size()))) {
            held.addAll(segment.kept);
            if (!segment.again) {
                segment.nodes.forEach(node -> Collections.addAll(held, node.out));
            }
        }
        held.addAll(gradients.values());
        return held.toArray(Tensor[]::new);
    }

    /** Wants the gradient of a tensor that follows from nothing trained. */
    void want(Tensor leaf) {
        tracked.add(leaf);
    }

    /** Whether a gradient is wanted for a tensor. */
    boolean follows(Tensor tensor) {
        return tracked.contains(tensor);
    }

    /** Says what the gradient of a tensor is, or adds to it. */
    void seed(Tensor tensor, Tensor gradient) {
        gradients.merge(tensor, gradient, kernels::add);
    }

    /** Takes the gradient of a tensor that has come so far. */
    Tensor take(Tensor tensor) {
        tracked.remove(tensor);
        return Objects.requireNonNull(gradients.remove(tensor), "no gradient has come");
    }

    /** Where the present segment stands. */
    int mark() {
        return segments.getLast().nodes.size();
    }

    /** Forgets what was recorded in the present segment since a mark. */
    void forgetTo(int mark) {
        List<Node> nodes = segments.getLast().nodes;
        nodes.subList(mark, nodes.size()).clear();
    }

    /** Goes back to a mark in the present segment, through what was recorded since. */
    void backwardTo(int mark) {
        List<Node> nodes = segments.getLast().nodes;
        for (int i = nodes.size() - 1; i >= mark; i--) {
            backward(nodes.remove(i), Map.of());
        }
    }

    /** Goes back through everything, as far as there are gradients. */
    void backward() {
        for (int s = segments.size() - 1; s >= 0 && !gradients.isEmpty(); s--) {
            Segment segment = segments.get(s);
            Map<Tensor, Tensor> again = segment.again ? compute(segment) : Map.of();
            for (int i = segment.nodes.size() - 1; i >= 0; i--) {
                backward(segment.nodes.get(i), again);
            }
            segment.nodes.clear();
            kernels.recycle(held(s));
        }
    }

    /** Computes a segment again; returns the new tensors for the old ones. */
    private Map<Tensor, Tensor> compute(Segment segment) {
        Map<Tensor, Tensor> again = new IdentityHashMap<>();
        for (Node node : segment.nodes) {
            Tensor[] out = node.forward.apply(present(node.in, again));
            for (int i = 0; i < out.length; i++) {
                again.put(node.out[i], out[i]);
            }
        }
        return again;
    }

    private static Tensor[] present(Tensor[] tensors, Map<Tensor, Tensor> again) {
        Tensor[] present = new Tensor[tensors.length];
        for (int i = 0; i < present.length; i++) {
            present[i] = again.getOrDefault(tensors[i], tensors[i]);
        }
        return present;
    }

    private void backward(Node node, Map<Tensor, Tensor> again) {
        @Nullable Tensor[] g = new Tensor[node.out.length];
        boolean any = false;
        for (int i = 0; i < g.length; i++) {
            g[i] = gradients.remove(node.out[i]);
            any |= g[i] != null;
        }
        boolean[] wanted = new boolean[node.in.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = tracked.contains(node.in[i]);
        }
        if (!any) {
            return;
        }
        @Nullable Tensor[] result =
                node.backward.apply(present(node.in, again), present(node.out, again), g, wanted);
        for (int i = 0; i < wanted.length; i++) {
            Tensor gradient = wanted[i] ? result[i] : null;
            if (gradient != null) {
                seed(node.in[i], gradient);
            }
        }
    }

    /** The gradient of an operation's only output. */
    static Tensor only(@Nullable Tensor[] g) {
        return Objects.requireNonNull(g[0]);
    }
}
