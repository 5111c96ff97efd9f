package dev.snoozy.studio.web;

import dev.snoozy.format.Sha256;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the page. Immutable.
 *
 * @param type its media type; scripts must be {@code text/javascript}, or modules are refused
 * @param tag what tells it from other contents: the beginning of its SHA-256, in quotes
 * @param zipped the same in gzip
 */
record WebFile(String type, String tag, byte[] bytes, byte[] zipped) {
    private static final int TAG_LENGTH = 32;

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "mjs", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "json", "application/json; charset=utf-8",
                    "svg", "image/svg+xml",
                    "woff2", "font/woff2");

    /** Whether a file with this ending is sent at all. */
    static boolean isKnown(String ending) {
        return TYPES.containsKey(ending);
    }

    static WebFile of(String ending, byte[] bytes) {
        String type = TYPES.getOrDefault(ending, "text/plain; charset=utf-8");
        return new WebFile(type, '"' + tagOf(bytes) + '"', bytes, zip(bytes));
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    boolean isSmallerZipped() {
        return zipped.length < bytes.length;
    }

    private static String tagOf(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes)).substring(0, TAG_LENGTH);
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
