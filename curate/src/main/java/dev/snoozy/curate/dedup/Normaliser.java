package dev.snoozy.curate.dedup;

import java.util.ArrayList;
import java.util.List;

/**
 * What of a text counts when texts are compared. There are two forms.
 *
 * <p><b>The text</b>, for exact duplicates: Unicode's NFKC; lower case (root locale); every run of
 * white space and control characters is one space, none at the ends; characters without an
 * appearance (category Cf: zero-width ones, soft hyphens, byte order marks) are gone; curly and
 * angled quotation marks are straight ones, dashes and the minus sign are hyphens. All other
 * punctuation stays, since brackets and colons make a difference in code.
 *
 * <p><b>The words</b>, for everything that looks at sequences of words: of that text, the runs of
 * letters, digits and marks. An apostrophe between letters joins ({@code don't} is {@code dont}).
 * In scripts written without spaces each character is a word. Punctuation is gone, but what changes
 * the meaning of a short text is a word by itself: {@code + = < > % $ ^ &} and symbols outside
 * ASCII (mathematics, currencies, emoji) always, {@code - * / # | ~ @ \} beside a digit.
 *
 * <p>Thread-safe.
 */
public final class Normaliser {
    private Normaliser() {}

    /** The form that exact duplicates share. */
    public static String text(CharSequence raw) {
        return new NormalText().set(raw).toString();
    }

    /** The words that near duplicates and fragments are made of, in order. */
    public static List<String> words(CharSequence raw) {
        NormalText text = new NormalText().set(raw);
        List<String> words = new ArrayList<>();
        WordScanner.scan(text, words::add);
        return words;
    }
}
