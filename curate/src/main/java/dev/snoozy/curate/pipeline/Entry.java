package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.Hash128;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A row on its way: what it says, where it was read, and whether a rule has removed it already.
 *
 * @param hash of the content: the order of everything that is written
 * @param weight of the input that it was read from
 * @param rule that removes it, empty if none does
 * @param reason of that rule, or what is wrong with a malformed row
 * @param changed the rule that took something out, empty if none did
 * @param content the record as JSON; of a malformed row its text
 */
record Entry(
        Hash128 hash,
        String file,
        long line,
        double weight,
        boolean malformed,
        String rule,
        String reason,
        String changed,
        String content)
        implements Comparable<Entry> {
    /** What it costs on the heap beside its texts, roughly. */
    private static final int OVERHEAD = 200;

    boolean passes() {
        return !malformed && rule.isEmpty();
    }

    long bytes() {
        return OVERHEAD + 2L * content.length();
    }

    /** By content, and then by place: rows that are the same in everything may change places. */
    @Override
    public int compareTo(Entry other) {
        int by = hash.compareTo(other.hash);
        by = by != 0 ? by : file.compareTo(other.file);
        by = by != 0 ? by : Long.compare(line, other.line);
        by = by != 0 ? by : Double.compare(weight, other.weight);
        return by != 0 ? by : rule.compareTo(other.rule);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(hash.high());
        out.writeLong(hash.low());
        out.writeLong(line);
        out.writeDouble(weight);
        out.writeBoolean(malformed);
        for (String text : new String[] {file, rule, reason, changed, content}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    static Entry read(DataInputStream in) throws IOException {
        Hash128 hash = new Hash128(in.readLong(), in.readLong());
        long line = in.readLong();
        double weight = in.readDouble();
        boolean malformed = in.readBoolean();
        String[] texts = new String[5];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
        return new Entry(
                hash, texts[0], line, weight, malformed, texts[1], texts[2], texts[3], texts[4]);
    }
}
