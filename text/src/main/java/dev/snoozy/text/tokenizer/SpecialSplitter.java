package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.STRIP_LEFT;
import static dev.snoozy.text.tokenizer.ModelVocabulary.STRIP_RIGHT;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNKNOWN;
import static dev.snoozy.text.tokenizer.ModelVocabulary.USER_DEFINED;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts the names of special tokens out of a text, before anything else looks at it. The longest
 * name comes first; names of one length in the order of their ids.
 *
 * <p>Names of user-defined tokens always count. Those of control and unknown tokens count only
 * where the caller vouches for the text.
 */
final class SpecialSplitter {
    /** A stretch of text, or in place of it a token (-1 for none). */
    record Fragment(int from, int to, int token) {
        boolean isText() {
            return token < 0;
        }
    }

    private final ModelVocabulary vocabulary;

    /** Tokens by falling length of their names. */
    private final List<Integer> tokens = new ArrayList<>();

    /** Finds names; its values are positions in {@link #tokens}. */
    private final Trie names;

    SpecialSplitter(ModelVocabulary vocabulary) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.is(id, CONTROL | USER_DEFINED | UNKNOWN)) {
                tokens.add(id);
            }
        }
        // Length in UTF-8, as the reference counts it.
        tokens.sort(Comparator.comparingInt(id -> -vocabulary.bytesOrName(id).length));
        names = new Trie(tokens.size() * 8);
        for (int i = tokens.size() - 1; i >= 0; i--) {
            String name = vocabulary.piece(tokens.get(i));
            int node = Trie.ROOT;
            for (int c = 0; c < name.length(); c++) {
                node = names.childOrNew(node, name.charAt(c));
            }
            names.setValue(node, i);
        }
    }

    /** Whether a fragment is a control or unknown token. */
    boolean isControl(Fragment fragment) {
        return !fragment.isText() && vocabulary.is(fragment.token(), CONTROL | UNKNOWN);
    }

    /** The fragments of a text, in order. */
    List<Fragment> split(String text, boolean parseSpecial) {
        List<Fragment> fragments = new ArrayList<>();
        if (text.isEmpty()) {
            return fragments;
        }
        fragments.add(new Fragment(0, text.length(), -1));
        BitSet found = find(text, parseSpecial);
        for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
            fragments = cut(text, fragments, tokens.get(i));
        }
        return fragments;
    }

    /** Which names occur at all. Most texts hold none, and then one pass is enough. */
    private BitSet find(String text, boolean parseSpecial) {
        BitSet found = new BitSet();
        for (int i = 0; i < text.length(); i++) {
            int node = Trie.ROOT;
            for (int j = i; j < text.length(); j++) {
                node = names.child(node, text.charAt(j));
                if (node < 0) {
                    break;
                }
                int value = names.value(node);
                if (value >= 0
                        && (parseSpecial || !vocabulary.is(tokens.get(value), CONTROL | UNKNOWN))) {
                    found.set(value);
                }
            }
        }
        return found;
    }

    private List<Fragment> cut(String text, List<Fragment> fragments, int token) {
        String name = vocabulary.piece(token);
        List<Fragment> result = new ArrayList<>(fragments.size() + 2);
        for (Fragment fragment : fragments) {
            if (!fragment.isText()) {
                result.add(fragment);
                continue;
            }
            int from = fragment.from();
            int to = fragment.to();
            while (from < to) {
                int at = text.indexOf(name, from, to);
                if (at < 0) {
                    break;
                }
                int end = at;
                while (vocabulary.is(token, STRIP_LEFT) && end > from && space(text, end - 1)) {
                    end--;
                }
                if (end > from) {
                    result.add(new Fragment(from, end, -1));
                }
                result.add(new Fragment(at, at + name.length(), token));
                from = at + name.length();
                while (vocabulary.is(token, STRIP_RIGHT) && from < to && space(text, from)) {
                    from++;
                }
            }
            if (from < to) {
                result.add(new Fragment(from, to, -1));
            }
        }
        return result;
    }

    private static boolean space(String text, int at) {
        char c = text.charAt(at);
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
