package dev.snoozy.curate.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Reads a file of instruction data as a stream: JSON Lines, JSON (a list, or an object with one),
 * CSV, TSV, Parquet; each of the texts also compressed by gzip or inside a zip or tar archive. What
 * it is, its content says, and only for CSV its name.
 *
 * <p>Nothing is unpacked to the disk. Entries whose name leads out of the archive, archives in
 * archives and whatever expands to more than {@value Expansion#RATIO} times its size are refused:
 * they are a row with a fault, and the file goes on where it can. One thread.
 */
public final class DataFile {
    private static final int TAR_MAGIC = 257;
    private static final int HEAD = 512;

    private static final Set<String> TEXTS = Set.of("jsonl", "json", "ndjson", "csv", "tsv", "gz");

    private final RowSink sink;

    private DataFile(RowSink sink) {
        this.sink = sink;
    }

    /**
     * Reads all rows of a file.
     *
     * @param name by which rows say where they come from
     * @param bytes is told how many bytes of the file have been read
     * @throws IOException if the file cannot be read at all; what is broken inside it is a row with
     *     a fault
     * @throws InterruptedException if the sink wants no more
     */
    public static void read(Path file, String name, RowSink sink, LongConsumer bytes)
            throws IOException, InterruptedException {
        try (CountingStream counted = new CountingStream(Files.newInputStream(file), bytes)) {
            BufferedInputStream in = new BufferedInputStream(counted, 1 << 16);
            if (starts(peek(in, 4), "PAR1")) {
                ParquetRows.read(file, name, sink);
                bytes.accept(Files.size(file));
                return;
            }
            new DataFile(sink).container(in, name, counted);
        }
    }

    private void container(BufferedInputStream in, String name, CountingStream packed)
            throws IOException, InterruptedException {
        byte[] head = peek(in, HEAD);
        if (starts(head, "PK\3\4") || starts(head, "PK\5\6")) {
            guarded(name, () -> zip(in, name, packed));
        } else if (head.length > 1 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B) {
            guarded(
                    name,
                    () -> {
                        InputStream plain = new Expansion(new GZIPInputStream(in, 1 << 16), packed);
                        plain(new BufferedInputStream(plain, 1 << 16), withoutGz(name));
                    });
        } else {
            guarded(name, () -> plain(in, name));
        }
    }

    /** Something that may be a tar archive. */
    private void plain(BufferedInputStream in, String name)
            throws IOException, InterruptedException {
        if (isTar(peek(in, HEAD))) {
            TarEntries tar = new TarEntries(in);
            while (tar.next()) {
                if (allowed(tar.name(), name)) {
                    entry(tar, name + "!" + tar.name());
                }
            }
        } else {
            rows(in, name);
        }
    }

    private void zip(InputStream in, String name, CountingStream packed)
            throws IOException, InterruptedException {
        ZipInputStream zip = new ZipInputStream(in);
        InputStream counted = new Expansion(zip, packed);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory() && allowed(entry.getName(), name)) {
                entry(counted, name + "!" + entry.getName());
            }
        }
    }

    private boolean allowed(String entry, String archive) throws InterruptedException {
        String path = entry.replace('\\', '/');
        if (path.startsWith("/")
                || path.matches("^[A-Za-z]:.*")
                || ("/" + path + "/").contains("/../")) {
            fault(archive, entry, "the entry's name leads out of the archive; it was not read");
            return false;
        }
        String last = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (last.startsWith(".") || path.startsWith("__MACOSX/")) {
            return false; // what an operating system leaves in archives
        }
        String kind = last.substring(last.lastIndexOf('.') + 1);
        if (Set.of("zip", "tar", "tgz", "parquet").contains(kind)) {
            fault(archive, entry, "a " + kind + " file in an archive; cure: unpack the archive");
            return false;
        }
        return TEXTS.contains(kind); // a licence, a page to read: no data
    }

    /** The entry's stream belongs to the archive and stays open. */
    private void entry(InputStream in, String name) throws IOException, InterruptedException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        byte[] head = peek(buffered, 2);
        if (head.length > 1 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B) {
            CountingStream packed = new CountingStream(buffered, n -> {});
            InputStream plain = new Expansion(new GZIPInputStream(packed, 1 << 16), packed);
            guarded(name, () -> rows(new BufferedInputStream(plain, 1 << 16), withoutGz(name)));
        } else {
            rows(buffered, name);
        }
    }

    private void rows(BufferedInputStream in, String name)
            throws IOException, InterruptedException {
        String kind = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (kind.equals("csv") || kind.equals("tsv")) {
            CsvRows.read(in, name, kind.equals("tsv") ? '\t' : ',', sink);
        } else {
            JsonRows.read(in, name, sink);
        }
    }

    private interface Reading {
        void run() throws IOException, InterruptedException;
    }

    /** What is broken from some place on counts as one row with a fault. */
    private void guarded(String name, Reading reading) throws InterruptedException {
        try {
            reading.run();
        } catch (IOException | IllegalArgumentException e) {
            sink.accept(
                    RawRow.broken(
                            name, 0, "", "the file is broken from here on: " + e.getMessage()));
        }
    }

    private void fault(String archive, String entry, String why) throws InterruptedException {
        sink.accept(RawRow.broken(archive + "!" + entry, 0, "", why));
    }

    private static String withoutGz(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    private static byte[] peek(BufferedInputStream in, int count) throws IOException {
        in.mark(count);
        byte[] head = in.readNBytes(count);
        in.reset();
        return head;
    }

    private static boolean starts(byte[] head, String with) {
        for (int i = 0; i < with.length(); i++) {
            if (i >= head.length || head[i] != with.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTar(byte[] head) {
        String magic = "ustar";
        for (int i = 0; i < magic.length(); i++) {
            if (head.length < HEAD || head[TAR_MAGIC + i] != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
