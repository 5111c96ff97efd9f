package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.map.DataMap;
import dev.snoozy.curate.map.MapPage;
import dev.snoozy.curate.map.MapRows;
import dev.snoozy.curate.map.TermTable;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.records.DataRecord;
import dev.snoozy.curate.vectors.Vectors;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The map of what was searched for duplicates, kept or not. Of more rows than it shows the first
 * are taken: they lie in the order of hashes, so these are a fair sample.
 */
final class MapStage {
    /** Fewer rows have no neighbourhood that a map could show. */
    private static final int FEWEST = 32;

    private static final int TEXTS_AT_A_TIME = 64;

    private final Recipe recipe;
    private final int threads;
    private final CurationListener listener;
    private final Stopping stopping;

    MapStage(Recipe recipe, int threads, CurationListener listener, Stopping stopping) {
        this.recipe = recipe;
        this.threads = threads;
        this.listener = listener;
        this.stopping = stopping;
    }

    private record Shown(String id, DataRecord record, MapRows.DuplicateClass kind) {}

    void write(Pass pass, Fates fates, Optional<TermTable> table, Path out)
            throws IOException, InterruptedException {
        List<Shown> shown = new ArrayList<>();
        pass.read(
                "rows of the map",
                row -> {
                    if (row.isSearched() && shown.size() < recipe.map().rows()) {
                        MapRows.DuplicateClass kind =
                                MapRows.DuplicateClass.valueOf(fates.kind(row.number()).name());
                        shown.add(new Shown(row.id(), Judge.record(row.entry()), kind));
                    }
                });
        if (shown.size() < FEWEST) {
            listener.note("no map: " + shown.size() + " rows, at least " + FEWEST);
            return;
        }
        Vectors vectors;
        try (TextToVector vectoriser = vectoriser(shown, table)) {
            vectors = Vectors.zeros(shown.size(), vectoriser.width());
            listener.begins("vectors of the map");
            for (int start = 0; start < shown.size(); start += TEXTS_AT_A_TIME) {
                int end = Math.min(shown.size(), start + TEXTS_AT_A_TIME);
                List<String> texts =
                        shown.subList(start, end).stream()
                                .map(s -> DuplicateStage.text(s.record))
                                .toList();
                vectoriser.fill(texts, vectors, start);
                listener.done(end, shown.size());
            }
        }
        Rows rows = new Rows(shown, losses(shown));
        DataMap map = DataMap.of(rows, vectors, threads, w -> listener.begins("map: " + w));
        try (OutputStream page =
                new BufferedOutputStream(Files.newOutputStream(out.resolve("map.html")))) {
            MapPage.write("Instruction data", rows, map, page);
        }
    }

    /** The loss of each row, NaN where there is no model to measure it. */
    private double[] losses(List<Shown> shown) throws IOException, InterruptedException {
        double[] losses = new double[shown.size()];
        Arrays.fill(losses, Double.NaN);
        Optional<Path> model = recipe.map().loss();
        if (model.isPresent()) {
            listener.begins("losses of the map");
            try (ResponseLoss measure = ResponseLoss.of(model.get(), threads)) {
                for (int row = 0; row < losses.length; row++) {
                    stopping.check();
                    DataRecord record = shown.get(row).record;
                    losses[row] = measure.of(record.prompt(), record.response());
                    listener.done(row + 1, losses.length);
                }
            }
        }
        return losses;
    }

    private TextToVector vectoriser(List<Shown> shown, Optional<TermTable> table)
            throws IOException {
        Optional<Path> model = recipe.duplicates().semantic().flatMap(Recipe.Semantic::model);
        if (model.isPresent()) {
            return TextToVector.of(model.get());
        }
        if (table.isPresent()) {
            return TextToVector.of(table.get());
        }
        TermTable.Builder builder = new TermTable.Builder();
        shown.forEach(s -> builder.add(DuplicateStage.text(s.record)));
        return TextToVector.of(builder.build());
    }

    private record Rows(List<Shown> shown, double[] losses) implements MapRows {
        @Override
        public int size() {
            return shown.size();
        }

        @Override
        public String id(int row) {
            return shown.get(row).id;
        }

        @Override
        public String source(int row) {
            return shown.get(row).record.source();
        }

        @Override
        public String prompt(int row) {
            return shown.get(row).record.prompt();
        }

        @Override
        public String response(int row) {
            return shown.get(row).record.response();
        }

        @Override
        public MapRows.DuplicateClass duplicate(int row) {
            return shown.get(row).kind;
        }

        @Override
        public double loss(int row) {
            return losses[row];
        }
    }
}
