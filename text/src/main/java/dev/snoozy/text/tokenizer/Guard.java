package dev.snoozy.text.tokenizer;

import dev.snoozy.text.tokenizer.SpecialSplitter.Fragment;

/**
 * Marks names of control tokens in foreign words, so that they can go through a chat template and
 * still be told from those that the template writes. The mark is a code point that Unicode reserves
 * for the inner use of programs.
 */
final class Guard {
    private static final String MARK = "\uFDD0";

    private Guard() {}

    /** The text with a mark behind the first character of every name. */
    static String mark(String text, SpecialSplitter splitter) {
        String marked = remove(text);
        boolean found = true;
        while (found) { // a mark may uncover a name that overlapped
            found = false;
            StringBuilder out = new StringBuilder();
            for (Fragment fragment : splitter.split(marked, true)) {
                String part = marked.substring(fragment.from(), fragment.to());
                if (!fragment.isText() && part.length() > 1) {
                    int first = Character.charCount(part.codePointAt(0));
                    part = part.substring(0, first) + MARK + part.substring(first);
                    found = true;
                }
                out.append(part);
            }
            marked = found ? out.toString() : marked;
        }
        return marked;
    }

    /** The text without marks. */
    static String remove(String text) {
        return text.contains(MARK) ? text.replace(MARK, "") : text;
    }
}
