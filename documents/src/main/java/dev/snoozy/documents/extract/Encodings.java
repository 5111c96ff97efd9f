package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Finds out in which encoding a text is written. */
final class Encodings {
    /** So many of the first bytes are looked at to tell text from other data. */
    private static final int SAMPLE = 8192;

    /** Of UTF-16 at least one byte in so many is zero, whatever the script: spaces and signs. */
    private static final int FEW = 50;

    /** The Japanese texts that are ASCII with escape sequences. */
    private static final Pattern ESCAPES = Pattern.compile("\u001b\\$[@B(]");

    private Encodings() {}

    /**
     * Decodes a text: by its byte order mark, as UTF-8 if it is that, as UTF-16 if every other byte
     * is zero, else as its letters suggest.
     *
     * @throws ExtractionException if the bytes are no text
     */
    static String decode(byte[] bytes) throws IOException, ExtractionException {
        if (bytes.length >= 3
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        if (bytes.length >= 4 && starts(bytes, 0xFF, 0xFE, 0, 0)) {
            return new String(bytes, 4, bytes.length - 4, Charset.forName("UTF-32LE"));
        }
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
            return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE);
        }
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF) {
            return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16BE);
        }
        int sample = Math.min(bytes.length, SAMPLE);
        int[] zeros = new int[2];
        for (int i = 0; i < sample; i++) {
            zeros[i % 2] += bytes[i] == 0 ? 1 : 0;
        }
        if (zeros[0] + zeros[1] > 0) {
            if (zeros[1] > sample / FEW && zeros[0] == 0) {
                return new String(bytes, StandardCharsets.UTF_16LE);
            }
            if (zeros[0] > sample / FEW && zeros[1] == 0) {
                return new String(bytes, StandardCharsets.UTF_16BE);
            }
            throw new ExtractionException(
                    Reason.UNSUPPORTED, "the file is no text, nor of a kind that is known");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return ESCAPES.matcher(text).find()
                    ? new String(bytes, Charset.forName("ISO-2022-JP"))
                    : text;
        } catch (CharacterCodingException e) {
            return new String(bytes, guessed(bytes));
        }
    }

    private static boolean starts(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (bytes[i] != (byte) mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static Charset guessed(byte[] bytes) throws IOException {
        try (TikaInputStream in = TikaInputStream.get(bytes)) {
            Charset found = new LikelyEncoding().detect(in, new Metadata());
            // UTF-8 cut in a character by the limit is UTF-8 still.
            return found == null ? StandardCharsets.UTF_8 : found;
        }
    }
}
