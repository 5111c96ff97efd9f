package dev.snoozy.text.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;

/**
 * Finds the first of several texts in a stream of bytes (Aho and Corasick, "Efficient string
 * matching", 1975). A node stands for the longest end of the stream that a text begins with.
 */
final class SearchTree {
    private static final int BYTES = 256;

    private final List<int[]> next = new ArrayList<>();
    private final BitSet found = new BitSet();

    private SearchTree() {
        newNode();
    }

    static SearchTree of(List<String> texts) {
        SearchTree tree = new SearchTree();
        for (String text : texts) {
            int node = 0;
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                int[] edges = tree.next.get(node);
                if (edges[b & 0xFF] < 0) {
                    edges[b & 0xFF] = tree.newNode();
                }
                node = edges[b & 0xFF];
            }
            tree.found.set(node);
        }
        tree.link();
        return tree;
    }

    private int newNode() {
        int[] edges = new int[BYTES];
        Arrays.fill(edges, -1);
        next.add(edges);
        return next.size() - 1;
    }

    /** Gives each node the edges that it lacks: those of its longest proper end. */
    private void link() {
        int[] shorter = new int[next.size()];
        Queue<Integer> queue = new ArrayDeque<>();
        queue.add(0);
        while (!queue.isEmpty()) {
            int node = queue.remove();
            if (found.get(shorter[node])) {
                found.set(node);
            }
            for (int b = 0; b < BYTES; b++) {
                int child = next.get(node)[b];
                int other = node == 0 ? 0 : next.get(shorter[node])[b];
                if (child < 0) {
                    next.get(node)[b] = other;
                } else {
                    shorter[child] = other;
                    queue.add(child);
                }
            }
        }
    }

    int size() {
        return next.size();
    }

    int next(int node, int b) {
        return next.get(node)[b];
    }

    /** Whether the stream ends with one of the texts. */
    boolean isFound(int node) {
        return found.get(node);
    }
}
