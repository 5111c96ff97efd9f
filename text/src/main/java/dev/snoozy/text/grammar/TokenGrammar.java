package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A grammar over the tokens of a vocabulary. Says which tokens may come, and remembers it: for each
 * state of the grammar, the tokens that may come whatever was called before, so that for a new
 * place only few tokens are looked at again.
 *
 * <p>Thread-safe. Made once for a grammar and a vocabulary by {@link #of}, then shared.
 */
public final class TokenGrammar {
    /** Bytes of memory for masks, and as much for the tokens of states. */
    private static final long MEMORY = 32L << 20;

    private final Machine machine;
    private final VocabularyTokens vocabulary;

    /** For each state one that looks the same to short tokens. */
    private final int[] alike;

    private final byte[][] controlNames;
    private final boolean startsFree;
    private final StackSet start;
    private final Map<Integer, StateTokens> shortTokens = new HashMap<>();
    private final Map<Integer, StateTokens> longTokens = new HashMap<>();
    private final List<StackSet> masked = new ArrayList<>();
    private StackSet[] path = {};
    private long stateBytes;
    private long mostWork;

    TokenGrammar(
            Automaton automaton,
            VocabularyTokens tokens,
            Vocabulary vocabulary,
            boolean startsFree) {
        machine = new Machine(automaton);
        this.vocabulary = tokens;
        this.startsFree = startsFree;
        alike = Horizon.representatives(automaton, VocabularyTokens.SHORT);
        int[] control = tokens.controlTokens();
        controlNames = new byte[startsFree ? control.length : 0][];
        for (int i = 0; i < controlNames.length; i++) {
            controlNames[i] = vocabulary.piece(control[i]).getBytes(StandardCharsets.UTF_8);
        }
        path = new StackSet[tokens.longest() + 1];
        start = machine.start();
    }

    /**
     * The grammar over a vocabulary. The grammar keeps it as long as there is memory, so that the
     * next call is fast.
     */
    public static TokenGrammar of(Grammar grammar, Vocabulary vocabulary) {
        return grammar.over(vocabulary, List.of());
    }

    /**
     * Free text until one of some texts was written, and the grammar from there on. The text that
     * is met first counts; it is not part of what the grammar rules. It is found across the borders
     * of tokens, inside a token, and as the name of a control token. In free text every token may
     * come, and the generation may end.
     *
     * @param startAfter at least one text, none empty
     * @throws TextException if there is no text, or an empty one
     */
    public static TokenGrammar after(
            List<String> startAfter, Grammar grammar, Vocabulary vocabulary) {
        if (startAfter.isEmpty() || startAfter.contains("")) {
            throw new TextException(
                    "texts that a grammar starts after: expected at least one, none of them"
                            + " empty, found "
                            + startAfter);
        }
        return grammar.over(vocabulary, startAfter);
    }

    /** The beginning of a text. */
    public GrammarWalk start() {
        return new GrammarWalk(this, start);
    }

    VocabularyTokens vocabulary() {
        return vocabulary;
    }

    Automaton automaton() {
        return machine.automaton();
    }

    /** Whether a text has not met a text yet after which the grammar starts. */
    boolean isFree(StackSet set) {
        return startsFree
                && set.stacks.length > 0
                && set.stacks[0].state < machine.automaton().rootStates();
    }

    /** Where a text is after a token; dead if it may not come. */
    synchronized StackSet next(StackSet set, byte[] bytes) {
        return machine.next(set, bytes);
    }

    /** The name of a control token in free text, or null. */
    byte @Nullable [] controlName(int token) {
        int[] control = vocabulary.controlTokens();
        for (int i = 0; i < controlNames.length; i++) {
            if (control[i] == token) {
                return controlNames[i];
            }
        }
        return null;
    }

    /** The tokens that may come. */
    synchronized TokenMask mask(StackSet set) {
        TokenMask known = set.mask;
        if (known != null) {
            return known;
        }
        mostWork = machine.work() + Limits.MASK_WORK;
        long[] bits = noBits();
        for (Stack stack : set.stacks) {
            add(shortTokens, vocabulary.shorter(), alike[stack.state], stack.below, bits);
            add(longTokens, vocabulary.longer(), stack.state, stack.below, bits);
        }
        if (set.ended) {
            for (int token : vocabulary.endTokens()) {
                set(bits, token);
            }
        }
        if (isFree(set)) {
            int[] control = vocabulary.controlTokens();
            for (int i = 0; i < controlNames.length; i++) {
                if (!machine.next(set, controlNames[i]).isDead()) {
                    set(bits, control[i]);
                }
            }
        }
        TokenMask mask = new TokenMask(bits, vocabulary.size());
        keep(set, mask);
        return mask;
    }

    private void keep(StackSet set, TokenMask mask) {
        long bytes = (masked.size() + 1L) * (vocabulary.size() / 8 + 64);
        if (bytes > MEMORY) {
            masked.forEach(old -> old.mask = null);
            masked.clear();
        }
        set.mask = mask;
        masked.add(set);
    }

    private long[] noBits() {
        return new long[(vocabulary.size() + 63) / 64];
    }

    /** Adds the tokens of a tree that may come in a state above a stack. */
    private void add(
            Map<Integer, StateTokens> known,
            VocabularyTrie trie,
            int state,
            @Nullable Stack below,
            long[] bits) {
        StateTokens tokens = known.get(state);
        if (tokens == null) {
            tokens = tokens(trie, state);
            if (stateBytes + tokens.bytes() > MEMORY) {
                shortTokens.clear();
                longTokens.clear();
                stateBytes = 0;
            }
            known.put(state, tokens);
            stateBytes += tokens.bytes();
        }
        tokens.addTo(bits);
        if (below != null && tokens.exits().length > 0) {
            StackSet after = machine.at(below);
            for (int exit : tokens.exits()) {
                walk(trie, after, exit, bits, null);
            }
        }
    }

    /** The tokens that may come in a state, whatever lies below. */
    private StateTokens tokens(VocabularyTrie trie, int state) {
        long[] bits = noBits();
        IntList exits = new IntList();
        walk(trie, machine.at(state, null), 0, bits, exits);
        return StateTokens.of(bits, exits.copy());
    }

    /**
     * Walks over the tokens below a node.
     *
     * @param from where the text is at the node
     * @param bits gets the tokens that may come
     * @param exits gets the nodes where the lowest rule is over and tokens go on, if wanted
     */
    private void walk(
            VocabularyTrie trie, StackSet from, int node, long[] bits, @Nullable IntList exits) {
        int end = trie.end(node);
        path[trie.depth(node)] = from;
        int at = node + 1;
        while (at < end) {
            int depth = trie.depth(at);
            StackSet set = machine.next(path[depth - 1], trie.letter(at));
            if (set.isDead()) {
                at = trie.end(at);
                continue;
            }
            for (int t = trie.firstToken(at); t != VocabularyTrie.NO_TOKEN; t = trie.nextToken(t)) {
                set(bits, t);
            }
            if (exits != null && set.ended && trie.hasChildren(at)) {
                exits.add(at);
            }
            path[depth] = set;
            at = set.stacks.length == 0 ? trie.end(at) : at + 1;
            if (machine.work() > mostWork) {
                throw Limits.exceeded("steps to find the next tokens", Limits.MASK_WORK);
            }
        }
    }

    private static void set(long[] bits, int token) {
        bits[token >>> 6] |= 1L << token;
    }
}
