package dev.snoozy.documents.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Office files of the strict kind (ISO/IEC 29500-1), which name everything by other addresses than
 * the usual, transitional kind (29500-4) and are the same otherwise. The parsers know the latter.
 */
final class StrictPackage {
    private static final String STRICT = "http://purl.oclc.org/ooxml/";

    /** Parts beyond this are left out; their parser would not take them either. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int MOST_RELATIONS = 1 << 16;

    private StrictPackage() {}

    /** Whether the file is one. */
    static boolean is(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry relations = zip.getEntry("_rels/.rels");
            if (relations == null) {
                return false;
            }
            try (InputStream in = zip.getInputStream(relations)) {
                String text =
                        new String(in.readNBytes(MOST_RELATIONS), StandardCharsets.ISO_8859_1);
                return text.contains(STRICT);
            }
        } catch (ZipException e) {
            return false; // the parser tells what is wrong with it
        }
    }

    /**
     * Writes the same file of the usual kind.
     *
     * @throws IOException if the file is no sound package or the disk is full
     */
    static void rewrite(Path file, Path target) throws IOException {
        long left = MOST_BYTES;
        try (ZipFile zip = new ZipFile(file.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            for (ZipEntry entry : entries) {
                byte[] part;
                try (InputStream in = zip.getInputStream(entry)) {
                    part = in.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 16));
                }
                left -= part.length;
                if (left < 0) {
                    break;
                }
                boolean xml = entry.getName().matches("(?i).*\\.(xml|rels|vml)");
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(xml ? transitional(part) : part);
            }
        }
    }

    /** Bytes are taken as letters one by one: what is replaced is ASCII in UTF-8 as well. */
    private static byte[] transitional(byte[] part) {
        String text = new String(part, StandardCharsets.ISO_8859_1);
        return text.replaceAll(
                        "(" + STRICT + "[\\w/]*)(extended|custom)Properties", "$1$2-properties")
                .replaceAll(
                        STRICT + "(\\w+)/([\\w-]+)", "http://schemas.openxmlformats.org/$1/2006/$2")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
