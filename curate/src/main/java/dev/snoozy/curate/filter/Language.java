package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which language a text is in: by its script, and among languages of the Latin script by the short
 * words that each has. A text in which too little tells has no language.
 */
final class Language {
    /**
     * What a text seems to be.
     *
     * @param language ISO 639-1, empty if nothing tells
     * @param share of what tells, how much speaks for it
     */
    record Guess(String language, double share) {}

    private static final Guess NONE = new Guess("", 0);
    private static final int ENOUGH_LETTERS = 10;
    private static final int ENOUGH_WORDS = 4;

    private static final Map<Character.UnicodeScript, String> SCRIPTS =
            new EnumMap<>(
                    Map.of(
                            Character.UnicodeScript.CYRILLIC, "ru",
                            Character.UnicodeScript.HAN, "zh",
                            Character.UnicodeScript.HIRAGANA, "ja",
                            Character.UnicodeScript.KATAKANA, "ja",
                            Character.UnicodeScript.HANGUL, "ko",
                            Character.UnicodeScript.ARABIC, "ar",
                            Character.UnicodeScript.HEBREW, "he",
                            Character.UnicodeScript.GREEK, "el",
                            Character.UnicodeScript.DEVANAGARI, "hi",
                            Character.UnicodeScript.THAI, "th"));

    private static final Map<String, Set<String>> WORDS = read();

    private Language() {}

    static Set<String> names() {
        Set<String> names = new TreeSet<>(SCRIPTS.values());
        names.addAll(WORDS.keySet());
        return names;
    }

    static Guess of(String text) {
        Map<String, Integer> letters = new HashMap<>();
        text.codePoints()
                .filter(Character::isLetter)
                .forEach(c ->
                        letters.merge(
                                SCRIPTS.getOrDefault(Character.UnicodeScript.of(c), "latin"),
                                1,
                                Integer::sum));
        if (letters.containsKey("ja")) { // Japanese has Chinese signs too
            letters.merge("ja", letters.getOrDefault("zh", 0), Integer::sum);
            letters.remove("zh");
        }
        Guess script = best(letters, ENOUGH_LETTERS);
        return script.language.equals("latin") ? ofLatin(text) : script;
    }

    private static Guess ofLatin(String text) {
        Map<String, Integer> found = new TreeMap<>();
        for (String word : Normaliser.words(text)) {
            WORDS.forEach((language, words) -> {
                if (words.contains(word)) {
                    found.merge(language, 1, Integer::sum);
                }
            });
        }
        return best(found, ENOUGH_WORDS);
    }

    private static Guess best(Map<String, Integer> votes, int enough) {
        int all = 0;
        int most = 0;
        String best = "";
        for (Map.Entry<String, Integer> vote : new TreeMap<>(votes).entrySet()) {
            all += vote.getValue();
            if (vote.getValue() > most) {
                most = vote.getValue();
                best = vote.getKey();
            }
        }
        return most < enough ? NONE : new Guess(best, (double) most / all);
    }

    /** Each language on a line of its own, after its name; words of several are left out. */
    private static Map<String, Set<String>> read() {
        try (InputStream in = Language.class.getResourceAsStream("languages.txt")) {
            String text =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Set<String>> words = new TreeMap<>();
            Map<String, Integer> languages = new HashMap<>();
            for (String line : text.lines().filter(l -> l.contains(":")).toList()) {
                int colon = line.indexOf(':');
                Set<String> own =
                        new HashSet<>(List.of(line.substring(colon + 1).strip().split(" +")));
                own.forEach(word -> languages.merge(word, 1, Integer::sum));
                words.put(line.substring(0, colon), own);
            }
            words.values().forEach(own -> own.removeIf(w -> languages.getOrDefault(w, 0) > 1));
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
