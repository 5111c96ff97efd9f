package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * A text in progress that follows a grammar, token by token. Used by one thread at a time.
 *
 * <p>Every method may raise a {@link TextException} where the grammar can be followed in too many
 * ways at the same time, or is called within itself too often; {@code docs/grammars.md} has the
 * numbers.
 */
public final class GrammarWalk {
    private final TokenGrammar grammar;
    private StackSet at;

    GrammarWalk(TokenGrammar grammar, StackSet at) {
        this.grammar = grammar;
        this.at = at;
    }

    /** Another walk that has got as far, and goes on alone. */
    public GrammarWalk copy() {
        return new GrammarWalk(grammar, at);
    }

    /**
     * The tokens that may come next. Those that end a generation are among them where the text may
     * end; other control tokens only in free text. None at all if the text is complete and the
     * vocabulary has no token for the end, or if the vocabulary cannot write what has to follow.
     */
    public TokenMask mask() {
        return grammar.mask(at);
    }

    /**
     * Goes on by a token.
     *
     * @throws TextException if it may not come
     */
    public void accept(int token) {
        StackSet next = after(token);
        if (next.isDead()) {
            throw new TextException(
                    "token "
                            + token
                            + ": expected one that the grammar allows here, found another");
        }
        at = next;
    }

    /** Whether {@link #accept} would take a token. */
    public boolean accepts(int token) {
        return !after(token).isDead();
    }

    private StackSet after(int token) {
        VocabularyTokens vocabulary = grammar.vocabulary();
        byte[] control = grammar.isFree(at) ? grammar.controlName(token) : null;
        if (control != null) {
            return grammar.next(at, control);
        }
        if (vocabulary.isEnd(token)) {
            return at.ended ? StackSet.END : StackSet.DEAD;
        }
        byte[] bytes = vocabulary.bytes(token);
        return bytes.length == 0 ? StackSet.DEAD : grammar.next(at, bytes);
    }

    /** Whether the text may end here. */
    public boolean mayEnd() {
        return at.ended;
    }

    /** Whether the text is complete: it may end, and nothing may follow. */
    public boolean isComplete() {
        return at.ended && at.stacks.length == 0;
    }

    /** Whether none of the texts has been written yet after which the grammar starts. */
    public boolean isFree() {
        return grammar.isFree(at);
    }

    /** Bytes of {@link #shortestCompletion}. */
    public long shortestLength() {
        return at.shortest();
    }

    /**
     * The bytes of a shortest way to end the text; none if it may end here.
     *
     * @throws TextException if these are more than a MiB
     */
    public byte[] shortestCompletion() {
        if (at.shortest() > Limits.SHORTEST) {
            throw new TextException(
                    "the shortest end of the text: expected at most "
                            + Limits.SHORTEST
                            + " bytes, found "
                            + at.shortest());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!at.ended) {
            Stack best = at.stacks[0];
            for (Stack stack : at.stacks) {
                best = stack.shortest < best.shortest ? stack : best;
            }
            write(best, out);
        }
        return out.toByteArray();
    }

    /** Follows the best edges to the end of the lowest rule. */
    private void write(Stack stack, ByteArrayOutputStream out) {
        Automaton automaton = grammar.automaton();
        int state = stack.state;
        Stack below = stack.below;
        while (true) {
            int best = automaton.best()[state];
            if (best == Automaton.AT_END) {
                if (below == null) {
                    return;
                }
                state = below.state;
                below = below.below;
            } else if (best >= 0) {
                out.write(Nfa.firstByte(automaton.byteLabels()[best]));
                state = automaton.byteTargets()[best];
            } else {
                int target = automaton.jumpTargets()[~best];
                int call = automaton.jumpCalls()[~best];
                if (call == Automaton.NO_CALL) {
                    state = target;
                } else {
                    below = new Stack(target, below, automaton);
                    state = call;
                }
            }
        }
    }

    /**
     * Tokens that end the text: those of {@link #shortestCompletion}, each as long as possible.
     *
     * @param most the most tokens
     * @return the tokens, or nothing if it takes more, or the vocabulary cannot write them
     */
    public Optional<int[]> closingTokens(int most) {
        VocabularyTokens vocabulary = grammar.vocabulary();
        if (at.shortest() > (long) most * vocabulary.longest() || at.shortest() > Limits.SHORTEST) {
            return Optional.empty();
        }
        byte[] bytes = shortestCompletion();
        IntList tokens = new IntList();
        int from = 0;
        while (from < bytes.length) {
            int token = vocabulary.longestToken(bytes, from);
            if (token == VocabularyTrie.NO_TOKEN || tokens.size() == most) {
                return Optional.empty();
            }
            tokens.add(token);
            from += vocabulary.bytes(token).length;
        }
        return Optional.of(tokens.copy());
    }
}
