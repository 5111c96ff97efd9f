package dev.snoozy.text.grammar;

import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The bytes of all tokens as a tree, its nodes in the order of a walk that goes down first: the
 * children of a node begin behind it, and {@link #end} is where the walk goes on without them.
 * Node 0 is the root. Immutable and thread-safe.
 */
final class VocabularyTrie {
    static final int NO_TOKEN = -1;

    private static final int[] NO_TOKENS = {};

    private final byte[] letters;
    private final short[] depths;
    private final int[] ends;
    private final int[] firstTokens;

    /** By token, the next one of the same bytes, or none. */
    private final int[] nextTokens;

    /** By token, the node of its bytes; the root for those that are not in the tree. */
    private final int[] nodesOfTokens;

    /** By node, the node one byte before. */
    private final int[] parents;

    private final int[] endTokens;
    private final int[] controlTokens;
    private final int tokens;
    private final int nodes;

    /** Bytes of the longest token that may come; vocabularies have tokens of 128 spaces. */
    private static final int LONGEST = 4096;

    private final int longest;

    private record Entry(byte[] bytes, int token) {}

    VocabularyTrie(Vocabulary vocabulary) {
        tokens = vocabulary.size();
        nextTokens = new int[tokens];
        Arrays.fill(nextTokens, NO_TOKEN);
        nodesOfTokens = new int[tokens];
        IntList ending = new IntList();
        IntList control = new IntList();
        Entry[] entries = new Entry[tokens];
        int count = 0;
        int bytes = 1;
        int most = 0;
        for (int token = 0; token < tokens; token++) {
            byte[] text = vocabulary.bytes(token);
            if (vocabulary.endsGeneration(token)) {
                ending.add(token);
            } else if (vocabulary.isControl(token)) {
                control.add(token);
            } else if (text.length > 0 && text.length <= LONGEST) {
                entries[count++] = new Entry(text, token);
                bytes += text.length;
                most = Math.max(most, text.length);
            }
        }
        endTokens = ending.size() == 0 ? NO_TOKENS : ending.copy();
        controlTokens = control.size() == 0 ? NO_TOKENS : control.copy();
        Arrays.sort(
                entries,
                0,
                count,
                Comparator.comparing(Entry::bytes, Arrays::compareUnsigned)
                        .thenComparing(Entry::token, Comparator.reverseOrder()));
        byte[] allLetters = new byte[bytes];
        short[] allDepths = new short[bytes];
        int[] allEnds = new int[bytes];
        int[] allParents = new int[bytes];
        int[] allTokens = new int[bytes];
        Arrays.fill(allTokens, NO_TOKEN);
        longest = most;
        int[] path = new int[most + 1];
        byte[] before = {};
        int size = 1;
        for (int i = 0; i < count; i++) {
            byte[] text = entries[i].bytes();
            int common = Math.max(0, Arrays.mismatch(before, text));
            if (Arrays.equals(before, text)) {
                common = text.length;
            }
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
            nextTokens[entries[i].token()] = allTokens[node];
            allTokens[node] = entries[i].token();
            nodesOfTokens[entries[i].token()] = node;
            before = text;
        }
        for (int d = before.length; d >= 0; d--) {
            allEnds[path[d]] = size;
        }
        nodes = size;
        letters = Arrays.copyOf(allLetters, size);
        depths = Arrays.copyOf(allDepths, size);
        ends = Arrays.copyOf(allEnds, size);
        parents = Arrays.copyOf(allParents, size);
        firstTokens = Arrays.copyOf(allTokens, size);
    }

    /** Tokens of the vocabulary, also those that are not in the tree. */
    int tokens() {
        return tokens;
    }

    int nodes() {
        return nodes;
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
    int child(int node, int letter) {
        for (int child = node + 1; child < ends[node]; child = ends[child]) {
            if (letter(child) == letter) {
                return child;
            }
        }
        return 0;
    }

    /** The bytes of a token; none for one that is not in the tree. */
    byte[] bytes(int token) {
        int node = token >= 0 && token < tokens ? nodesOfTokens[token] : 0;
        byte[] bytes = new byte[depths[node]];
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = letters[node];
            node = parents[node];
        }
        return bytes;
    }

    /** Whether a token ends a generation. */
    boolean isEnd(int token) {
        return Arrays.binarySearch(endTokens, token) >= 0;
    }

    /** The tokens that end a generation, ascending; not to be changed. */
    int[] endTokens() {
        return endTokens;
    }

    /** The other tokens that stand for no text; not to be changed. */
    int[] controlTokens() {
        return controlTokens;
    }
}
