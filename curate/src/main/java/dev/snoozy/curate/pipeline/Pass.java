package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.Hash128;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Set;

/** Goes through all entries, as often as asked, and gives each the same name and number again. */
final class Pass {
    /**
     * An entry with its name.
     *
     * @param id from the content; copies of the same content have a number behind it
     * @param number among the rows that are searched for duplicates, -1 for all others
     */
    record Row(Entry entry, String id, int number, boolean marked) {
        /** Whether duplicates may remove it. */
        boolean isSearched() {
            return number >= 0;
        }
    }

    /** Takes rows in their order. */
    @FunctionalInterface
    interface Sink {
        void accept(Row row) throws IOException, InterruptedException;
    }

    private final Runs runs;
    private final Set<String> marks;
    private final CurationListener listener;
    private final Stopping stopping;
    private long all;

    Pass(Runs runs, Set<String> marks, CurationListener listener, Stopping stopping) {
        this.runs = runs;
        this.marks = marks;
        this.listener = listener;
        this.stopping = stopping;
    }

    void read(String what, Sink sink) throws IOException, InterruptedException {
        listener.begins(what);
        long[] done = {0};
        int[] number = {0};
        int[] copy = {0};
        @Nullable Hash128[] last = {null};
        runs.read(entry -> {
            stopping.check();
            copy[0] = entry.hash().equals(last[0]) ? copy[0] + 1 : 1;
            last[0] = entry.hash();
            String id = entry.hash() + (copy[0] > 1 ? "-" + copy[0] : "");
            boolean marked = entry.passes() && marks.contains(id);
            boolean searched = entry.passes() && !marked;
            sink.accept(new Row(entry, id, searched ? number[0]++ : -1, marked));
            listener.done(++done[0], all);
        });
        all = done[0];
    }
}
