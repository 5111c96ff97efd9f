package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.Hash128;
import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.records.DataRecord;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what is kept and what is not, a row to a line, and counts it. One thread. */
final class Output implements AutoCloseable {
    static final String TRAIN = "train.jsonl";
    static final String VALIDATION = "validation.jsonl";
    static final String REMOVED = "removed.jsonl";
    static final String MALFORMED = "malformed.jsonl";

    /** The rule of rows that somebody marked on a map. */
    static final String MARKED = "marked";

    /** The rule of rows that the weight of their input leaves out. */
    static final String WEIGHT = "weight";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long WEIGHT_SALT = 0x57A7E5D1B2C3F401L;
    private static final long SPLIT_SALT = 0x3C6EF372FE94F82BL;

    private final Path folder;
    private final Fates fates;
    private final String[] names;
    private final double validationShare;
    private final Tally tally;
    private final OutputStream train;
    private final OutputStream validation;
    private final OutputStream removed;
    private final OutputStream malformed;

    /**
     * @param names of the rows that were searched, by their numbers; null for those that nobody is
     *     told of
     */
    Output(Path folder, Fates fates, String[] names, double validationShare, Tally tally)
            throws IOException {
        this.folder = folder;
        this.fates = fates;
        this.names = names;
        this.validationShare = validationShare;
        this.tally = tally;
        train = stream(folder.resolve(TRAIN));
        validation = stream(folder.resolve(VALIDATION));
        removed = stream(folder.resolve(REMOVED));
        malformed = stream(folder.resolve(MALFORMED));
    }

    private static OutputStream stream(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    void write(Pass.Row row) throws IOException {
        Disk.write(folder, () -> put(row));
    }

    private void put(Pass.Row row) throws IOException {
        Entry entry = row.entry();
        if (entry.malformed()) {
            tally.malformed();
            ObjectNode line = place(JSON.createObjectNode(), entry);
            line.put("reason", entry.reason()).put("text", entry.content());
            malformed.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        DataRecord record = Judge.record(entry);
        if (!entry.rule().isEmpty()) {
            remove(row, record, entry.rule(), entry.reason(), "");
        } else if (row.marked()) {
            remove(row, record, MARKED, "marked on a map", "");
        } else if (fates.kind(row.number()).isRemoved()) {
            String keeper = names[fates.kept(row.number())];
            String rule = fates.kind(row.number()).rule;
            remove(row, record, rule, "kept is " + keeper, keeper);
        } else {
            keep(row, record);
        }
    }

    private void keep(Pass.Row row, DataRecord record) throws IOException {
        double weight = row.entry().weight();
        int times = (int) weight + (share(row.entry().hash(), WEIGHT_SALT) < weight % 1 ? 1 : 0);
        if (times == 0) {
            remove(row, record, WEIGHT, "its input has the weight " + weight, "");
            return;
        }
        // Rows that ask the same go to the same side: a model must not have seen what judges it.
        boolean held =
                validationShare > 0
                        && share(Hash128.of(Normaliser.text(record.prompt())), SPLIT_SALT)
                                < validationShare;
        byte[] line = line(JSON.createObjectNode().put("id", row.id()), row.entry());
        int lines = held ? 1 : times;
        for (int i = 0; i < lines; i++) {
            (held ? validation : train).write(line);
        }
        tally.kept(record, row.entry().changed(), held, lines);
    }

    private void remove(Pass.Row row, DataRecord record, String rule, String reason, String keeper)
            throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", row.id()).put("rule", rule).put("reason", reason);
        if (!keeper.isEmpty()) {
            line.put("kept", keeper);
        }
        place(line, row.entry());
        removed.write(line(line, row.entry()));
        tally.removed(row.id(), record, rule, reason);
    }

    private static ObjectNode place(ObjectNode line, Entry entry) {
        return line.put("file", entry.file()).put("line", entry.line());
    }

    /** What is known of a row, followed by the row, which is JSON already. */
    private static byte[] line(ObjectNode known, Entry entry) {
        String start = known.toString();
        String line = start.substring(0, start.length() - 1) + ',' + entry.content().substring(1);
        return (line + '\n').getBytes(StandardCharsets.UTF_8);
    }

    /** A number from 0 to 1 that belongs to a hash. */
    private static double share(Hash128 hash, long salt) {
        long mixed = (hash.low() ^ salt) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 32) * 0x94D049BB133111EBL;
        return ((mixed ^ mixed >>> 29) >>> 11) * 0x1p-53;
    }

    @Override
    public void close() throws IOException {
        Disk.write(
                folder,
                () -> {
                    try (train;
                            validation;
                            removed;
                            malformed) {
                        train.flush();
                    }
                });
    }
}
