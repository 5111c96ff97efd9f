package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.sample.SamplerChain;
import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.GrammarWalk;
import dev.snoozy.text.grammar.TokenGrammar;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Keeps a text within its grammar and, when the tokens that are left become few, brings it to its
 * end. Used by one thread at a time.
 */
final class Constraint {
    /** In place of a token: the text ends here. */
    static final int END = -1;

    private final Vocabulary vocabulary;
    private GrammarWalk walk;
    private @Nullable GrammarWalk next; // after the token that was chosen
    private int @Nullable [] closing; // what is left to write, once the text is being closed
    private int written;

    /**
     * The constraint at the beginning of a text.
     *
     * @throws ModelException if the grammar cannot be followed
     */
    Constraint(OutputConstraint wanted, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        List<String> after = wanted.startAfter();
        try {
            TokenGrammar grammar =
                    after.isEmpty()
                            ? TokenGrammar.of(wanted.grammar(), vocabulary)
                            : TokenGrammar.after(after, wanted.grammar(), vocabulary);
            walk = grammar.start();
        } catch (TextException e) {
            throw new ModelException("the constraint: " + e.getMessage(), e);
        }
    }

    /**
     * Chooses the next token: what the sampler chooses of those that may come, unless the text
     * could not be ended any more within the tokens that are left behind it.
     *
     * @param left tokens that may still be written, this one among them
     * @return a token, or {@link #END}
     * @throws ModelException if no token may come, or the grammar cannot be followed further
     */
    int choose(SamplerChain sampler, float[] logits, int left) {
        try {
            if (closing != null) {
                return go(closing[written]);
            }
            int token = sampler.sample(logits, walk.mask());
            if (vocabulary.endsGeneration(token) || walk.isFree()) {
                return go(token);
            }
            go(token);
            return next == null || fits(next, left - 1) ? token : close(token, left);
        } catch (TextException e) {
            throw new ModelException("the constraint: " + e.getMessage(), e);
        }
    }

    private int go(int token) {
        if (vocabulary.endsGeneration(token)) {
            return token;
        }
        GrammarWalk after = walk.copy();
        after.accept(token);
        next = after;
        return token;
    }

    /** Begins to close the text instead of taking a token, if that is possible. */
    private int close(int token, int left) {
        int[] tokens = walk.closingTokens(left).orElse(null);
        if (tokens == null) {
            return token;
        }
        if (tokens.length == 0) {
            return END;
        }
        closing = tokens;
        written = 0;
        return go(tokens[0]);
    }

    /** Whether a text can be ended within some tokens; each has at least one byte. */
    private static boolean fits(GrammarWalk walk, int tokens) {
        return walk.shortestLength() <= tokens || walk.closingTokens(tokens).isPresent();
    }

    /** Goes on by the token that was chosen. */
    void accept() {
        if (next != null) {
            walk = next;
            next = null;
            written++;
        }
    }

    /** Whether the text is over: nothing can follow, or it has been closed. */
    boolean isOver() {
        return closing != null && written == closing.length || walk.isComplete();
    }
}
