package dev.snoozy.documents.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The languages that words are reduced to their stems in, and which of them a text is in. */
final class Languages {
    /** No language that is known: words as they stand. */
    static final String OTHER = "xx";

    private static final String EAST_ASIAN = "cjk";
    private static final int SAMPLE_CHARACTERS = 20_000;
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}']+");

    /** Fewer stop words than one in so many words say nothing. */
    private static final int RARE = 12;

    /**
     * A language.
     *
     * @param all makes terms of all words
     * @param some leaves out the words that stand in any text
     */
    private record Language(Analyzer all, Analyzer some, CharArraySet stopWords) {}

    private static final Map<String, Language> ALL = new LinkedHashMap<>();

    static {
        put("en", EnglishAnalyzer::new, EnglishAnalyzer.getDefaultStopSet());
        put("de", GermanAnalyzer::new, GermanAnalyzer.getDefaultStopSet());
        put("fr", FrenchAnalyzer::new, FrenchAnalyzer.getDefaultStopSet());
        put("es", SpanishAnalyzer::new, SpanishAnalyzer.getDefaultStopSet());
        put("it", ItalianAnalyzer::new, ItalianAnalyzer.getDefaultStopSet());
        put("pt", PortugueseAnalyzer::new, PortugueseAnalyzer.getDefaultStopSet());
        put("nl", DutchAnalyzer::new, DutchAnalyzer.getDefaultStopSet());
        put("sv", SwedishAnalyzer::new, SwedishAnalyzer.getDefaultStopSet());
        put("da", DanishAnalyzer::new, DanishAnalyzer.getDefaultStopSet());
        put("no", NorwegianAnalyzer::new, NorwegianAnalyzer.getDefaultStopSet());
        put("fi", FinnishAnalyzer::new, FinnishAnalyzer.getDefaultStopSet());
        put("hu", HungarianAnalyzer::new, HungarianAnalyzer.getDefaultStopSet());
        put("ro", RomanianAnalyzer::new, RomanianAnalyzer.getDefaultStopSet());
        put("tr", TurkishAnalyzer::new, TurkishAnalyzer.getDefaultStopSet());
        put("cs", CzechAnalyzer::new, CzechAnalyzer.getDefaultStopSet());
        put("ru", RussianAnalyzer::new, RussianAnalyzer.getDefaultStopSet());
        put("el", GreekAnalyzer::new, GreekAnalyzer.getDefaultStopSet());
        put("ar", ArabicAnalyzer::new, ArabicAnalyzer.getDefaultStopSet());
        put("hi", HindiAnalyzer::new, HindiAnalyzer.getDefaultStopSet());
        put("th", ThaiAnalyzer::new, ThaiAnalyzer.getDefaultStopSet());
        put(EAST_ASIAN, CJKAnalyzer::new, CharArraySet.EMPTY_SET);
        put(OTHER, StandardAnalyzer::new, CharArraySet.EMPTY_SET);
    }

    private Languages() {}

    private static void put(
            String code, Function<CharArraySet, Analyzer> maker, CharArraySet stopWords) {
        ALL.put(
                code,
                new Language(
                        maker.apply(CharArraySet.EMPTY_SET), maker.apply(stopWords), stopWords));
    }

    /** Makes terms of all words of a text in a language of {@link #of}. */
    static Analyzer analyzer(String code) {
        return known(code).all();
    }

    /** As {@link #analyzer}, without the words that stand in any text. */
    static Analyzer withoutStopWords(String code) {
        return known(code).some();
    }

    private static Language known(String code) {
        Language found = ALL.get(code);
        if (found == null) {
            throw new IllegalArgumentException("no language " + code + "; known: " + ALL.keySet());
        }
        return found;
    }

    /**
     * The language of a text: by its script, or the one whose stop words it has most of. Texts with
     * hardly any, such as tables, are in {@link #OTHER}.
     */
    static String of(String text) {
        String sample = text.substring(0, Math.min(text.length(), SAMPLE_CHARACTERS));
        if (isEastAsian(sample)) {
            return EAST_ASIAN;
        }
        String[] words = NO_LETTERS.split(sample.toLowerCase(Locale.ROOT));
        String best = OTHER;
        long most = words.length / RARE;
        for (Map.Entry<String, Language> entry : ALL.entrySet()) {
            CharArraySet stopWords = entry.getValue().stopWords();
            long count = Arrays.stream(words).filter(stopWords::contains).count();
            // A larger set finds more by chance: the Scandinavian ones differ by a factor of two.
            if (count > most) {
                most = count;
                best = entry.getKey();
            }
        }
        return best.equals(OTHER) && hasThai(sample) ? "th" : best;
    }

    private static boolean isEastAsian(String text) {
        long found =
                text.chars()
                        .filter(c ->
                                Character.isIdeographic(c)
                                        || c >= 0x3040 && c < 0x3100
                                        || c >= 0xAC00 && c < 0xD7B0)
                        .count();
        return found * 5 > text.length();
    }

    private static boolean hasThai(String text) {
        return text.chars().filter(c -> c >= 0x0E00 && c < 0x0E80).count() * 5 > text.length();
    }
}
