package dev.snoozy.text.tokenizer;

import dev.snoozy.text.tokenizer.SpecialSplitter.Fragment;

import java.util.ArrayList;
import java.util.List;

/**
 * Marks names of control tokens in foreign words, so that they can go through a chat template and
 * still be told from those that the template writes. The mark is a code point that Unicode reserves
 * for the inner use of programs.
 */
final class Guard {
    private static final String MARK = "\uFDD0";

    private Guard() {}

    /**
     * The text with a mark behind the first character of every name of a control token, or before a
     * name of one character.
     */
    static String mark(String text, SpecialSplitter splitter) {
        String marked = remove(text);
        boolean found = true;
        while (found) { // a mark may uncover a name that overlapped
            found = false;
            StringBuilder out = new StringBuilder();
            for (Fragment fragment : splitter.split(marked, true)) {
                String part = marked.substring(fragment.from(), fragment.to());
                if (splitter.isControl(fragment) && !isMarked(marked, fragment)) {
                    int first = Character.charCount(part.codePointAt(0));
                    int at = first == part.length() ? 0 : first;
                    part = part.substring(0, at) + MARK + part.substring(at);
                    found = true;
                }
                out.append(part);
            }
            marked = found ? out.toString() : marked;
        }
        return marked;
    }

    /** Whether a name is foreign: it has a mark inside, or is one character behind a mark. */
    static boolean isMarked(String text, Fragment name) {
        int from = name.from();
        boolean single = text.codePointCount(from, name.to()) == 1;
        return single && from > 0 && text.charAt(from - 1) == MARK.charAt(0)
                || text.substring(from, name.to()).contains(MARK);
    }

    /** The fragments of a guarded text, where foreign names are text like that around them. */
    static List<Fragment> split(String text, SpecialSplitter splitter) {
        List<Fragment> result = new ArrayList<>();
        for (Fragment fragment : splitter.split(text, true)) {
            boolean foreign = splitter.isControl(fragment) && isMarked(text, fragment);
            Fragment next = foreign ? new Fragment(fragment.from(), fragment.to(), -1) : fragment;
            Fragment last = result.isEmpty() ? null : result.getLast();
            if (last != null && last.isText() && next.isText() && last.to() == next.from()) {
                result.removeLast();
                next = new Fragment(last.from(), next.to(), -1);
            }
            result.add(next);
        }
        return result;
    }

    /** The text without marks. */
    static String remove(String text) {
        return text.contains(MARK) ? text.replace(MARK, "") : text;
    }
}
