package dev.snoozy.curate.map;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * In how many texts each term occurs, which is what {@link TextVectors} need to know of a
 * collection. Terms are words and pairs of neighbouring words, hashed to {@value #BUCKETS} places.
 * Stored, it gives a second run the same vectors as the first. Immutable.
 */
public final class TermTable {
    static final int BUCKET_BITS = 18;
    static final int BUCKETS = 1 << BUCKET_BITS;

    private static final long MAGIC = 0x534E5A5445524D31L; // "SNZTERM1"

    private final int texts;
    private final int[] counts;

    private TermTable(int texts, int[] counts) {
        this.texts = texts;
        this.counts = counts;
    }

    /** Counts terms. One thread. */
    public static final class Builder {
        private final TermReader reader = new TermReader();
        private final int[] counts = new int[BUCKETS];
        private int texts;

        /** Counts the terms of a text. */
        public void add(CharSequence text) {
            int n = reader.read(text);
            int[] terms = reader.terms();
            for (int i = 0; i < n; i++) {
                if (i == 0 || terms[i] != terms[i - 1]) {
                    counts[terms[i]]++;
                }
            }
            texts++;
        }

        public TermTable build() {
            return new TermTable(texts, counts.clone());
        }
    }

    /** How many texts were counted. */
    public int texts() {
        return texts;
    }

    /** How much a term says about a text: nothing if it is in all of them. */
    double weight(int term) {
        return StrictMath.log((1.0 + texts) / (1.0 + counts[term]));
    }

    /** Writes it; the same table gives the same bytes. */
    public void write(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(MAGIC);
        data.writeInt(BUCKETS);
        data.writeInt(texts);
        byte[] bytes = new byte[4 * BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            for (int b = 0; b < 4; b++) {
                bytes[4 * i + b] = (byte) (counts[i] >>> 24 - 8 * b);
            }
        }
        data.write(bytes);
        data.flush();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if it is something else, or damaged
     */
    public static TermTable read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            long magic = data.readLong();
            int buckets = data.readInt();
            int texts = data.readInt();
            if (magic != MAGIC || buckets != BUCKETS || texts < 0) {
                throw new IOException(
                        "not a term table of this version; cure: delete it, and it is made anew");
            }
            byte[] bytes = data.readNBytes(4 * BUCKETS);
            if (bytes.length < 4 * BUCKETS || data.read() >= 0) {
                throw new EOFException();
            }
            int[] counts = new int[BUCKETS];
            for (int i = 0; i < BUCKETS; i++) {
                for (int b = 0; b < 4; b++) {
                    counts[i] = counts[i] << 8 | bytes[4 * i + b] & 0xff;
                }
                if (counts[i] < 0 || counts[i] > texts) {
                    throw new IOException(
                            "damaged term table: term %d in %d of %d texts; cure: delete it"
                                    .formatted(i, counts[i], texts));
                }
            }
            return new TermTable(texts, counts);
        } catch (EOFException e) {
            throw new IOException("a term table of another length; cure: delete it", e);
        }
    }
}
