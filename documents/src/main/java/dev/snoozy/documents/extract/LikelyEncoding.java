package dev.snoozy.documents.extract;

import org.apache.tika.config.ServiceLoader;
import org.apache.tika.detect.DefaultEncodingDetector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The encoding of a text that does not say it. Two detectors are asked, which err on different
 * texts: Mozilla's and ICU's. Of what they propose, and of a few encodings that they miss, the one
 * counts that makes the fewest oddities of the bytes; where some are equal, the first.
 */
public final class LikelyEncoding implements EncodingDetector {
    private static final long serialVersionUID = 1;

    /** So many of the first bytes are looked at. */
    private static final int SAMPLE = 1 << 16;

    /** Characters that no text has weigh more than odd neighbours. */
    private static final int WORSE = 5;

    private static final List<String> OTHERS =
            List.of("windows-1251", "windows-1256", "IBM850", "x-MacRoman");

    private static final Set<String> LATIN_1 = Set.of("ISO-8859-1", "windows-1252");

    /** The detectors, which are found as services and only where the parsers are. */
    private static final class Known {
        static final List<EncodingDetector> DETECTORS =
                new DefaultEncodingDetector(
                                new ServiceLoader(LikelyEncoding.class.getClassLoader()))
                        .getDetectors();
    }

    @Override
    public @Nullable Charset detect(InputStream input, Metadata metadata) throws IOException {
        if (input == null) {
            return null;
        }
        Charset mozilla = asked("UniversalEncodingDetector", input);
        // Letters of several bytes are hardly there by chance.
        if (mozilla != null
                && (!mozilla.canEncode() || mozilla.newEncoder().maxBytesPerChar() > 1)) {
            return mozilla;
        }
        input.mark(SAMPLE);
        byte[] bytes = input.readNBytes(SAMPLE);
        input.reset();
        Charset best = null;
        long fewest = Long.MAX_VALUE;
        for (Charset charset : proposals(mozilla, asked("Icu4jEncodingDetector", input))) {
            long odd = oddities(new String(bytes, charset));
            if (odd < fewest) {
                fewest = odd;
                best = charset;
            }
        }
        return best;
    }

    private static @Nullable Charset asked(String detector, InputStream input) throws IOException {
        for (EncodingDetector one : Known.DETECTORS) {
            if (one.getClass().getSimpleName().equals(detector)) {
                return one.detect(input, new Metadata());
            }
        }
        return null;
    }

    private static Set<Charset> proposals(@Nullable Charset mozilla, @Nullable Charset icu) {
        Set<Charset> proposals = new LinkedHashSet<>();
        if (mozilla == null && icu == null) {
            return proposals;
        }
        // Latin 1 is what Mozilla's detector says of all letters with accents.
        if (mozilla != null && !LATIN_1.contains(mozilla.name())) {
            proposals.add(mozilla);
        }
        if (icu != null && !icu.name().startsWith("IBM")) {
            proposals.add(icu);
        }
        if (mozilla != null) {
            proposals.add(mozilla);
        }
        OTHERS.stream().filter(Charset::isSupported).map(Charset::forName).forEach(proposals::add);
        return proposals;
    }

    /** How often something stands in a text that seldom does. */
    private static long oddities(String text) {
        long odd = 0;
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < ' ' && !Character.isWhitespace(c) || c >= 0x7F && c < 0xA0;
            if (control || c == '\uFFFD' || !Character.isDefined(c)) {
                odd += WORSE;
            } else if (Character.isUpperCase(c) && Character.isLowerCase(before)) {
                odd++;
            } else if (c > 0x7F && Character.isLetter(before) && isSign(c)) {
                odd += i + 1 < text.length() && Character.isLetter(text.charAt(i + 1)) ? 1 : 0;
            } else if (Character.isLetter(c) && isLatin(c) != isLatin(before)) {
                odd += Character.isLetter(before) ? 1 : 0;
            }
            before = c;
        }
        return odd;
    }

    /** What does not stand inside a word; apostrophes and hyphens do. */
    private static boolean isSign(char c) {
        return !Character.isLetterOrDigit(c)
                && Character.getType(c) != Character.NON_SPACING_MARK
                && Character.getType(c) != Character.COMBINING_SPACING_MARK
                && c != '\u2019'
                && c != '\u2010'
                && c != '\u00AD';
    }

    private static boolean isLatin(char c) {
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
    }
}
