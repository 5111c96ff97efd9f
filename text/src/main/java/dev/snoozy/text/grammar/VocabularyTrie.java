package dev.snoozy.text.grammar;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The bytes of tokens as a tree, its nodes in the order of a walk that goes down first: the
 * children of a node begin behind it, and {@link #end} is where the walk goes on without them. Node
 * 0 is the root. Immutable and thread-safe.
 */
final class VocabularyTrie {
    static final int NO_TOKEN = -1;

    private final byte[] letters;
    private final short[] depths;
    private final int[] ends;

    /** By node, the node one byte before. */
    private final int[] parents;

    private final int[] firstTokens;

    /** By token, the next one of the same bytes, or none. */
    private final int[] nextTokens;

    /** By token, the node of its bytes; the root for those that are not in the tree. */
    private final int[] nodesOfTokens;

    private final int longest;

    /** A token and its bytes, of which there is at least one. */
    record Entry(byte[] bytes, int token) {}

    /**
     * A tree.
     *
     * @param listed what is in it, in any order
     * @param tokens size of the vocabulary
     */
    VocabularyTrie(List<Entry> listed, int tokens) {
        Entry[] entries = listed.toArray(Entry[]::new);
        Arrays.sort(
                entries,
                Comparator.comparing(Entry::bytes, Arrays::compareUnsigned)
                        .thenComparing(Entry::token, Comparator.reverseOrder()));
        nextTokens = new int[tokens];
        nodesOfTokens = new int[tokens];
        Arrays.fill(nextTokens, NO_TOKEN);
        int room = 1;
        int most = 0;
        for (Entry entry : entries) {
            room += entry.bytes().length;
            most = Math.max(most, entry.bytes().length);
        }
        longest = most;
        byte[] allLetters = new byte[room];
        short[] allDepths = new short[room];
        int[] allEnds = new int[room];
        int[] allParents = new int[room];
        int[] allTokens = new int[room];
        Arrays.fill(allTokens, NO_TOKEN);
        int[] path = new int[most + 1];
        byte[] before = {};
        int size = 1;
        for (Entry entry : entries) {
            byte[] text = entry.bytes();
            int differ = Arrays.mismatch(before, text);
            int common = differ < 0 ? text.length : differ;
            for (int d = before.length; d > common; d--) {
                allEnds[path[d]] = size;
            }
            for (int d = common + 1; d <= text.length; d++) {
                path[d] = size;
                allParents[size] = path[d - 1];
                allLetters[size] = text[d - 1];
                allDepths[size++] = (short) d;
            }
            int node = path[text.length];
            nextTokens[entry.token()] = allTokens[node];
            allTokens[node] = entry.token();
            nodesOfTokens[entry.token()] = node;
            before = text;
        }
        for (int d = before.length; d >= 0; d--) {
            allEnds[path[d]] = size;
        }
        letters = Arrays.copyOf(allLetters, size);
        depths = Arrays.copyOf(allDepths, size);
        ends = Arrays.copyOf(allEnds, size);
        parents = Arrays.copyOf(allParents, size);
        firstTokens = Arrays.copyOf(allTokens, size);
    }

    /** Bytes of the longest token. */
    int longest() {
        return longest;
    }

    /** The byte that leads to a node. */
    int letter(int node) {
        return letters[node] & 0xFF;
    }

    /** The number of bytes that lead to a node. */
    int depth(int node) {
        return depths[node];
    }

    /** The first node behind a node and all below it. */
    int end(int node) {
        return ends[node];
    }

    boolean hasChildren(int node) {
        return ends[node] > node + 1;
    }

    /** The least token with the bytes that lead to a node, or {@link #NO_TOKEN}. */
    int firstToken(int node) {
        return firstTokens[node];
    }

    /** The next token with the same bytes, or {@link #NO_TOKEN}. */
    int nextToken(int token) {
        return nextTokens[token];
    }

    /** The child of a node by a byte, or 0. */
    private int child(int node, int letter) {
        for (int child = node + 1; child < ends[node]; child = ends[child]) {
            if (letter(child) == letter) {
                return child;
            }
        }
        return 0;
    }

    /** The bytes of a token; none for one that is not in the tree. */
    byte[] bytes(int token) {
        int node = nodesOfTokens[token];
        byte[] bytes = new byte[depths[node]];
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = letters[node];
            node = parents[node];
        }
        return bytes;
    }

    /** The longest token that some bytes begin with from a place on, or {@link #NO_TOKEN}. */
    int longestToken(byte[] bytes, int from) {
        int token = NO_TOKEN;
        int node = 0;
        for (int i = from; i < bytes.length; i++) {
            node = child(node, bytes[i] & 0xFF);
            if (node == 0) {
                break;
            }
            token = firstTokens[node] == NO_TOKEN ? token : firstTokens[node];
        }
        return token;
    }
}
