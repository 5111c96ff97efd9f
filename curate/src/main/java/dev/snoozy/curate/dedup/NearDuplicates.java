package dev.snoozy.curate.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Exact and near duplicates among rows. Rows with the same normalised texts are exact duplicates.
 * Of the others, rows that share a band of their {@link MinHash} signatures are candidates, and
 * candidates that fulfil a {@link DuplicateRule} are duplicates; whatever is connected by
 * duplicates is one group.
 *
 * <p>One row of a group is kept: the longest (characters of prompt and response as they came);
 * among equally long ones that with the smallest hash of its normalised texts, then of its raw
 * texts, then with the smallest key. So neither the order of rows nor the number of threads changes
 * which row is kept, and a second search among the kept ones finds nothing.
 *
 * <p>If more than {@value #FULL_BUCKET} rows share a band, each of them is compared with the first
 * {@value #WINDOW} and with the {@value #WINDOW} before it (in the order just given), since all
 * pairs would take hours; {@link Duplicates#boundedBands} says how often that happened.
 *
 * <p>Memory: 64 bytes for a row and 112 for each of its fields on the heap, its words (4 bytes
 * each) on the heap up to a limit and then in a temporary file. {@link #add} may be called by any
 * thread.
 */
public final class NearDuplicates implements AutoCloseable {
    static final int FULL_BUCKET = 1024;
    static final int WINDOW = 128;

    private static final int COLUMNS = 8;
    private static final int KEY = 0;
    private static final int NORMAL_HIGH = 1;
    private static final int NORMAL_LOW = 2;
    private static final int RAW_HIGH = 3;
    private static final int RAW_LOW = 4;
    private static final int START = 5;
    private static final int COUNTS = 6; // words of the prompt, words of the response
    private static final int LENGTH = 7;

    private final Set<Field> fields;
    private final Rows rows = new Rows(COLUMNS);
    private final Rows[] bands = new Rows[Field.values().length];
    private final WordStore words;

    /**
     * @param fields the parts that rules will take candidates from ({@link
     *     DuplicateRule#candidates})
     * @param folder where a temporary file may lie; it is deleted by {@link #close}
     * @param wordHeap bytes of words that may stay on the heap
     */
    public NearDuplicates(Set<Field> fields, Path folder, long wordHeap) {
        this.fields = EnumSet.copyOf(fields);
        for (Field field : Field.values()) {
            bands[field.ordinal()] = new Rows(MinHash.BANDS);
        }
        words = new WordStore(folder, wordHeap);
    }

    /**
     * Adds the next row.
     *
     * @param key decides between rows of the same content; the row has it whatever the order of
     *     files is (a hash of its name, say)
     * @return its number, counted from 0
     * @throws UncheckedIOException if the temporary file cannot be written
     */
    public synchronized int add(long key, Sketch sketch) {
        int row = rows.size();
        long start = words.size();
        try {
            words.add(sketch.words);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the temporary file of the search for duplicates: "
                            + e.getMessage(),
                    e);
        }
        for (Field field : fields) {
            long[] keys = sketch.keys(field);
            Rows of = bands[field.ordinal()];
            int offset = of.offset(row);
            System.arraycopy(keys, 0, of.add(), offset, keys.length);
        }
        int offset = rows.offset(row);
        long[] block = rows.add();
        block[offset + KEY] = key;
        block[offset + NORMAL_HIGH] = sketch.normal.high();
        block[offset + NORMAL_LOW] = sketch.normal.low();
        block[offset + RAW_HIGH] = sketch.raw.high();
        block[offset + RAW_LOW] = sketch.raw.low();
        block[offset + START] = start;
        block[offset + COUNTS] =
                (long) sketch.promptWords << 32 | (sketch.words.length - sketch.promptWords);
        block[offset + LENGTH] = sketch.length;
        return row;
    }

    /** Rows so far. */
    public synchronized int size() {
        return rows.size();
    }

    /**
     * Finds the groups. May be called again, with other rules too, and after more rows.
     *
     * @param threads at least 1; the result is the same for any number
     * @throws IllegalArgumentException if the rule needs candidates of a field that is not there
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized Duplicates find(DuplicateRule rule, int threads)
            throws InterruptedException {
        Field field = rule.candidates();
        if (!fields.contains(field)) {
            throw new IllegalArgumentException(
                    "the rule takes candidates from "
                            + field
                            + ", but only "
                            + fields
                            + " are there; cure: name it when the search is made");
        }
        try {
            words.seal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] order = new CanonicalOrder(rows, LENGTH, NORMAL_HIGH, 4, KEY).rows();
        int[] original = new int[order.length]; // by place in the order
        int[] places = exact(order, original);
        BandSearch search = new BandSearch(this, rule, bands[field.ordinal()], order, places);
        long bounded = search(search, threads);
        return new Duplicates(order, original, search.groups(original), bounded);
    }

    /** The places whose content is new; {@code original} gets the first place of each content. */
    private int[] exact(int[] order, int[] original) {
        ExactDuplicates exact = new ExactDuplicates();
        int[] places = new int[order.length];
        int n = 0;
        for (int place = 0; place < order.length; place++) {
            int row = order[place];
            original[place] =
                    exact.add(new Hash128(rows.get(row, NORMAL_HIGH), rows.get(row, NORMAL_LOW)));
            if (original[place] == place) {
                places[n++] = place;
            }
        }
        return Arrays.copyOf(places, n);
    }

    private static long search(BandSearch search, int threads) throws InterruptedException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        ExecutorService team = Executors.newFixedThreadPool(Math.min(threads, MinHash.BANDS));
        try {
            List<Future<Integer>> parts = new ArrayList<>();
            for (int band = 0; band < MinHash.BANDS; band++) {
                int which = band;
                parts.add(team.submit(() -> search.band(which)));
            }
            long bounded = 0;
            for (Future<Integer> part : parts) {
                bounded += part.get();
            }
            return bounded;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("the search for duplicates failed", e.getCause());
        } finally {
            team.shutdownNow();
            team.close();
        }
    }

    /** The shingles of a part of a row, ascending, each once. */
    long[] shingles(int row, Field field) {
        long start = rows.get(row, START);
        long counts = rows.get(row, COUNTS);
        int prompt = (int) (counts >>> 32);
        int response = (int) counts;
        int skip = field == Field.RESPONSE ? prompt : 0;
        int count =
                switch (field) {
                    case PROMPT -> prompt;
                    case RESPONSE -> response;
                    case BOTH -> prompt + response;
                };
        return Shingles.set(words.read(start + skip, count), 0, count);
    }

    /**
     * How similar a part of two rows is, as {@link DuplicateRule} defines it.
     *
     * @return 0 to 1
     */
    public synchronized double similarity(int row, int other, Field field) {
        return Shingles.similarity(shingles(row, field), shingles(other, field));
    }

    /** Gives the memory back and deletes the temporary file. */
    @Override
    public synchronized void close() {
        try {
            words.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
