package dev.snoozy.cook;

import dev.snoozy.curate.pipeline.Curation;
import dev.snoozy.curate.pipeline.CurationListener;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.format.Sha256;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** From files of data to a training set. */
final class CurateStage implements Stage {
    static final String NAME = "curate";
    static final String TRAIN = "train.jsonl";
    static final String VALIDATION = "validation.jsonl";
    static final String REPORT = "report.json";

    private static final List<String> FILES =
            List.of(
                    TRAIN,
                    VALIDATION,
                    "removed.jsonl",
                    "malformed.jsonl",
                    "manifest.json",
                    REPORT,
                    "report.html",
                    "map.html",
                    "terms.bin");

    private final Recipe recipe;
    private final int threads;
    private volatile @Nullable Curation running;
    private volatile boolean stopped;

    CurateStage(Recipe recipe, int threads) {
        this.recipe = recipe;
        this.threads = threads;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String key() throws IOException {
        List<String> inputs = new ArrayList<>();
        for (Recipe.Input input : recipe.inputs()) {
            inputs.add(
                    String.join(
                            "|",
                            String.valueOf(input.path().getFileName()),
                            input.source(),
                            input.licence(),
                            String.valueOf(input.weight()),
                            TreeDigest.of(input.path())));
        }
        List<String> lines = new ArrayList<>(List.of("curate 1"));
        inputs.stream().sorted().forEach(lines::add);
        lines.add(recipe.filters().toString());
        lines.add("exact " + recipe.duplicates().exact());
        lines.add("near " + recipe.duplicates().near());
        Recipe.Semantic semantic = recipe.duplicates().semantic().orElse(null);
        if (semantic != null) {
            lines.add("semantic " + semantic.cutoff());
            lines.add(digest(semantic.model().orElse(null)));
            lines.add(digest(semantic.terms().orElse(null)));
        }
        for (Path tests : recipe.decontaminate()) {
            lines.add("tests " + tests.getFileName() + " " + TreeDigest.of(tests));
        }
        lines.add("marks " + digest(recipe.marks().orElse(null)));
        lines.add("validation " + recipe.validation());
        lines.add("map " + recipe.map().rows());
        lines.add("loss " + digest(recipe.map().loss().orElse(null)));
        return Sha256.of(lines.stream().collect(Collectors.joining("\n")));
    }

    private static String digest(@Nullable Path file) throws IOException {
        return file == null ? "none" : Sha256.of(file);
    }

    @Override
    public List<String> run(Path folder, boolean goesOn, CookListener listener)
            throws IOException, InterruptedException {
        Curation curation = new Curation(recipe, folder, threads, new Teller(listener));
        running = curation;
        if (stopped) {
            curation.stop();
        }
        curation.run();
        return FILES.stream().filter(name -> Files.exists(folder.resolve(name))).toList();
    }

    @Override
    public void stop() {
        stopped = true;
        Curation curation = running;
        if (curation != null) {
            curation.stop();
        }
    }

    /** Passes on what a curation says. */
    private static final class Teller implements CurationListener {
        private final CookListener listener;
        private final Pace pace = new Pace();
        private String what = "";

        Teller(CookListener listener) {
            this.listener = listener;
        }

        @Override
        public void begins(String next) {
            what = next;
            pace.begin();
            listener.progress(what);
        }

        @Override
        public void done(long amount, long of) {
            listener.progress(what + pace.text(amount, of));
        }

        @Override
        public void note(String text) {
            listener.note(text);
        }
    }
}
