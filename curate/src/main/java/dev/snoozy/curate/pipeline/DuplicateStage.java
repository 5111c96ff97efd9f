package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.dedup.Duplicates;
import dev.snoozy.curate.dedup.ExactDuplicates;
import dev.snoozy.curate.dedup.Field;
import dev.snoozy.curate.dedup.NearDuplicates;
import dev.snoozy.curate.dedup.SemanticDuplicates;
import dev.snoozy.curate.dedup.Sketch;
import dev.snoozy.curate.dedup.Sketcher;
import dev.snoozy.curate.map.TermTable;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.records.DataRecord;
import dev.snoozy.curate.vectors.Vectors;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the duplicates among the rows that no other rule has removed. */
final class DuplicateStage {
    /** Above so many rows the time of comparing every pair is told. */
    private static final int MANY = 100_000;

    private static final int TEXTS_AT_A_TIME = 64;

    private final Recipe.Deduplication wanted;
    private final Path folder;
    private final int threads;
    private final CurationListener listener;

    /** The table that vectors were made with, to be kept for the next run. */
    private @Nullable TermTable table;

    DuplicateStage(
            Recipe.Deduplication wanted, Path folder, int threads, CurationListener listener) {
        this.wanted = wanted;
        this.folder = folder;
        this.threads = threads;
        this.listener = listener;
    }

    Optional<TermTable> table() {
        return Optional.ofNullable(table);
    }

    Fates find(Pass pass) throws IOException, InterruptedException {
        Fates fates = texts(pass);
        if (wanted.semantic().isPresent()) {
            semantic(pass, fates, wanted.semantic().get());
        }
        return fates;
    }

    private Fates texts(Pass pass) throws IOException, InterruptedException {
        if (wanted.near().isEmpty()) {
            return wanted.exact() ? exact(pass) : none(pass);
        }
        DuplicateRule rule = wanted.near().get();
        long heap = Runtime.getRuntime().maxMemory() / 8;
        ThreadLocal<Sketcher> sketchers = ThreadLocal.withInitial(() -> Sketcher.of(rule));
        try (NearDuplicates near =
                new NearDuplicates(EnumSet.of(rule.candidates()), folder, heap)) {
            sketches(pass, sketchers, sketch -> near.add(0, sketch));
            listener.begins("comparing near duplicates");
            Duplicates found = near.find(rule, threads);
            if (found.boundedBands() > 0) {
                listener.note(
                        found.boundedBands()
                                + " bands were shared by more than 1024 rows; not every pair of"
                                + " these was compared. Cure: curate again with what was kept");
            }
            Fates fates = new Fates(found.size());
            fates.take(found);
            return fates;
        }
    }

    /** The first of each content in the order of names is kept. */
    private Fates exact(Pass pass) throws IOException, InterruptedException {
        ExactDuplicates exact = new ExactDuplicates();
        List<int[]> pairs = new ArrayList<>();
        int[] rows = {0};
        EnumSet<Field> none = EnumSet.noneOf(Field.class);
        ThreadLocal<Sketcher> sketchers = ThreadLocal.withInitial(() -> new Sketcher(none));
        sketches(
                pass,
                sketchers,
                sketch -> {
                    int row = rows[0]++;
                    int first = exact.add(sketch.normal());
                    if (first != row) {
                        pairs.add(new int[] {row, first});
                    }
                });
        Fates fates = new Fates(rows[0]);
        pairs.forEach(p -> fates.set(p[0], p[1], Fates.Kind.EXACT));
        return fates;
    }

    private static Fates none(Pass pass) throws IOException, InterruptedException {
        int[] rows = {0};
        pass.read("counting", row -> rows[0] += row.isSearched() ? 1 : 0);
        return new Fates(rows[0]);
    }

    private void sketches(Pass pass, ThreadLocal<Sketcher> sketchers, InOrder.Taker<Sketch> taker)
            throws IOException, InterruptedException {
        try (InOrder<Entry, Sketch> work =
                new InOrder<>(
                        threads,
                        entry -> {
                            DataRecord record = Judge.record(entry);
                            return sketchers.get().sketch(record.prompt(), record.response());
                        },
                        taker)) {
            pass.read(
                    "looking for duplicates",
                    row -> {
                        if (row.isSearched()) {
                            work.add(row.entry(), row.entry().content().length());
                        }
                    });
            work.finish();
        }
    }

    private void semantic(Pass pass, Fates fates, Recipe.Semantic semantic)
            throws IOException, InterruptedException {
        int[] rows =
                IntStream.range(0, fates.size())
                        .filter(row -> !fates.kind(row).isRemoved())
                        .toArray();
        if (rows.length > MANY) {
            listener.note(
                    "semantic duplicates among "
                            + rows.length
                            + " rows: every pair is compared, which takes the square of their"
                            + " number (100,000 rows: minutes)");
        }
        try (TextToVector vectoriser = vectoriser(pass, fates, semantic)) {
            Vectors vectors = Vectors.zeros(rows.length, vectoriser.width());
            int[] filled = {0};
            List<String> texts = new ArrayList<>();
            pass.read(
                    "vectors",
                    row -> {
                        if (row.isSearched() && !fates.kind(row.number()).isRemoved()) {
                            texts.add(text(Judge.record(row.entry())));
                        }
                        if (texts.size() == TEXTS_AT_A_TIME) {
                            flush(vectoriser, texts, vectors, filled);
                        }
                    });
            flush(vectoriser, texts, vectors, filled);
            listener.begins("comparing meanings");
            // Rows lie in the order of their names, so their numbers are keys from their content.
            long[] keys = IntStream.range(0, rows.length).asLongStream().toArray();
            fates.take(SemanticDuplicates.find(vectors, keys, semantic.cutoff(), threads), rows);
        }
    }

    private static void flush(
            TextToVector vectoriser, List<String> texts, Vectors vectors, int[] filled) {
        if (!texts.isEmpty()) {
            vectoriser.fill(texts, vectors, filled[0]);
            filled[0] += texts.size();
            texts.clear();
        }
    }

    private TextToVector vectoriser(Pass pass, Fates fates, Recipe.Semantic semantic)
            throws IOException, InterruptedException {
        if (semantic.model().isPresent()) {
            return TextToVector.of(semantic.model().get());
        }
        TermTable terms;
        if (semantic.terms().isPresent()) {
            terms = TextToVector.table(semantic.terms().get());
        } else {
            TermTable.Builder builder = new TermTable.Builder();
            pass.read(
                    "counting terms",
                    row -> {
                        if (row.isSearched() && !fates.kind(row.number()).isRemoved()) {
                            builder.add(text(Judge.record(row.entry())));
                        }
                    });
            terms = builder.build();
        }
        table = terms;
        return TextToVector.of(terms);
    }

    static String text(DataRecord record) {
        return record.prompt() + "\n" + record.response();
    }
}
