package dev.snoozy.engine.state;

import dev.snoozy.kernels.KvPages;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A page of a beginning in the {@link PrefixCache}; the pages before it are its ancestors. */
final class PrefixNode {
    final @Nullable PrefixNode parent;

    /** The tokens of the page: all of it, or fewer in a leaf. */
    final int[] tokens;

    /** Per kind of layers the page with their keys and values, or {@link LayerCache#NO_PAGE}. */
    final int[] pages;

    final List<PrefixNode> children = new ArrayList<>(1);

    PrefixNode(@Nullable PrefixNode parent, int[] tokens, int[] pages) {
        this.parent = parent;
        this.tokens = tokens;
        this.pages = pages;
    }

    /** How many tokens are those of a text from a position on. */
    int common(PrefixKey text, int from) {
        int most = Math.min(tokens.length, text.length() - from);
        int differs = Arrays.mismatch(tokens, 0, most, text.tokens(), from, from + most);
        return differs < 0 ? most : differs;
    }

    /** The child that has all tokens of a text's page which begins at a position. */
    @Nullable PrefixNode child(PrefixKey text, int from) {
        int all = Math.min(KvPages.PAGE, text.length() - from);
        for (PrefixNode child : children) {
            if (child.common(text, from) == all) {
                return child;
            }
        }
        return null;
    }
}
