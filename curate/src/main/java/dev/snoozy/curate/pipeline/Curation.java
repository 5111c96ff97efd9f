package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.decontaminate.BenchmarkItems;
import dev.snoozy.curate.decontaminate.TestItems;
import dev.snoozy.curate.filter.RowFilter;
import dev.snoozy.curate.map.Marks;
import dev.snoozy.curate.map.TermTable;
import dev.snoozy.curate.read.DataFile;
import dev.snoozy.curate.read.RawRow;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.ProcessLock;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A curation, from files to a training set. The steps: read, filter and look for test items (row by
 * row); find duplicates; apply weights; hold some back; write. The same inputs and the same recipe
 * give the same bytes, whatever the order of files and the number of threads. A run that was killed
 * or stopped goes on where it was if it is started again, and gives the same bytes too.
 *
 * <p>Memory: some hundred bytes for a row that is searched for duplicates, and an eighth of the
 * heap for words and for rows that are not yet on the disk. The disk holds all rows once more while
 * it runs, in a hidden folder beside the results.
 */
public final class Curation {
    static final String MANIFEST = "manifest.json";
    static final String TERMS = "terms.bin";

    private static final String WORK = ".curate";
    private static final String KEY = "key";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Recipe recipe;
    private final Path folder;
    private final int threads;
    private final CurationListener listener;
    private final long heap;
    private final Stopping stopping = new Stopping();

    /**
     * Prepares a curation; nothing is read yet.
     *
     * @param folder for the results; made if it is not there
     * @param threads at least 1
     */
    public Curation(Recipe recipe, Path folder, int threads, CurationListener listener) {
        this(recipe, folder, threads, listener, Runtime.getRuntime().maxMemory());
    }

    /**
     * @param heap bytes, of which an eighth may hold rows that are not on the disk yet
     */
    Curation(Recipe recipe, Path folder, int threads, CurationListener listener, long heap) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        this.recipe = recipe;
        this.folder = folder;
        this.threads = threads;
        this.listener = listener;
        this.heap = heap;
    }

    /** Asks the run to stop soon; what it has done stays for the next one. Any thread. */
    public void stop() {
        stopping.ask();
    }

    /**
     * Runs it.
     *
     * @throws IOException if something cannot be read or written, or another run has the folder
     * @throws InterruptedException if it was stopped
     */
    public CurationReport run() throws IOException, InterruptedException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + " is a file; cure: name a folder for the results");
        }
        Path work = folder.resolve(WORK);
        Files.createDirectories(work);
        try (ProcessLock _ = lock(work)) {
            CurationReport report = locked(work);
            Files.delete(work.resolve("lock"));
            Files.delete(work);
            return report;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private ProcessLock lock(Path work) throws IOException {
        return ProcessLock.tryTake(work.resolve("lock"))
                .orElseThrow(() ->
                        new IOException(
                                "another curation writes to " + folder + "; cure: wait for it"));
    }

    private CurationReport locked(Path work) throws IOException, InterruptedException {
        listener.begins("reading");
        long all = size();
        List<SourceFile> inputs = SourceFile.of(recipe, n -> listener.done(n, all));
        if (inputs.isEmpty()) {
            throw new IOException("the inputs hold no files; cure: name files with data");
        }
        Manifest manifest = Manifest.of(recipe, inputs);
        checkModels();
        goOnOrBegin(work, manifest.key());
        Runs runs = new Runs(work, heap);
        read(inputs, runs);
        runs.compact();
        Pass pass = new Pass(runs, marks(), listener, stopping);
        DuplicateStage duplicates =
                new DuplicateStage(recipe.duplicates(), work, threads, listener);
        Fates fates = duplicates.find(pass);
        Path out = work.resolve("out");
        delete(out);
        Files.createDirectories(out);
        Tally tally = new Tally(rules());
        write(pass, fates, out, tally);
        Optional<TermTable> table = duplicates.table();
        if (table.isPresent()) {
            try (OutputStream stream = Files.newOutputStream(out.resolve(TERMS))) {
                table.get().write(stream);
            }
        }
        if (recipe.map().rows() > 0) {
            new MapStage(recipe, threads, listener, stopping).write(pass, fates, table, out);
        }
        CurationReport report = tally.report();
        Files.writeString(out.resolve("report.txt"), ReportText.of(report));
        Files.writeString(out.resolve("report.html"), ReportPage.of(report));
        Files.writeString(out.resolve("report.json"), pretty(JSON.valueToTree(report)));
        publish(out, manifest.finished(report, out));
        delete(work, "lock");
        return report;
    }

    private long size() throws IOException {
        long size = 0;
        for (Recipe.Input input : recipe.inputs()) {
            for (Path file : SourceFile.files(input.path())) {
                size += Files.size(file);
            }
        }
        return size;
    }

    /** A model that is of no use is better known before hours of reading. */
    private void checkModels() throws IOException {
        Optional<Path> model = recipe.duplicates().semantic().flatMap(Recipe.Semantic::model);
        if (model.isPresent()) {
            TextToVector.of(model.get()).close();
        }
        if (recipe.map().rows() > 0 && recipe.map().loss().isPresent()) {
            ResponseLoss.of(recipe.map().loss().get(), threads).close();
        }
    }

    /** What another recipe or other files have left is of no use. */
    private void goOnOrBegin(Path work, String key) throws IOException {
        Path file = work.resolve(KEY);
        if (Files.exists(file) && Files.readString(file).equals(key)) {
            listener.note("going on with an earlier run");
            return;
        }
        delete(work, "lock");
        AtomicFile.write(
                file,
                channel -> {
                    OutputStream out = Channels.newOutputStream(channel);
                    out.write(key.getBytes(StandardCharsets.UTF_8));
                });
    }

    private Set<String> marks() throws IOException {
        return recipe.marks().isEmpty()
                ? Set.of()
                : Marks.read(Files.readAllBytes(recipe.marks().get()));
    }

    private List<String> rules() {
        List<String> rules = new ArrayList<>();
        recipe.filters().keySet().forEach(kind -> rules.add(kind.title()));
        if (!recipe.decontaminate().isEmpty()) {
            rules.add(Judge.LEAK);
        }
        if (recipe.marks().isPresent()) {
            rules.add(Output.MARKED);
        }
        rules.addAll(Fates.RULES);
        rules.add(Output.WEIGHT);
        return rules;
    }

    private void read(List<SourceFile> inputs, Runs runs) throws IOException, InterruptedException {
        List<RowFilter> filters = new ArrayList<>();
        recipe.filters().forEach((kind, t) -> filters.add(kind.make(t)));
        Judge judge = new Judge(filters, tests());
        listener.begins("reading and filtering");
        long all = inputs.stream().mapToLong(SourceFile::bytes).sum();
        long before = 0;
        Runs.Position from = runs.position();
        for (int i = 0; i < inputs.size(); i++) {
            if (i >= from.input()) {
                long done = before;
                long skip = i == from.input() ? from.rows() : 0;
                read(inputs.get(i), i, skip, judge, runs, all, done);
            }
            before += inputs.get(i).bytes();
        }
        runs.reached(new Runs.Position(inputs.size(), 0), true);
    }

    private void read(
            SourceFile input, int number, long skip, Judge judge, Runs runs, long all, long before)
            throws IOException, InterruptedException {
        long[] given = {0};
        long[] taken = {skip};
        try (InOrder<RawRow, List<Entry>> work =
                new InOrder<>(
                        threads,
                        row -> judge.entries(row, input),
                        entries -> {
                            entries.forEach(runs::add);
                            runs.reached(new Runs.Position(number, ++taken[0]), false);
                        })) {
            DataFile.read(
                    input.path(),
                    input.name(),
                    row -> {
                        stopping.check();
                        if (given[0]++ >= skip) {
                            try {
                                work.add(row, row.text().length());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }
                    },
                    bytes -> listener.done(before + bytes, all));
            work.finish();
        }
    }

    private TestItems tests() throws IOException, InterruptedException {
        TestItems items = new TestItems();
        for (Path path : recipe.decontaminate()) {
            for (Path file : SourceFile.files(path)) {
                String name = String.valueOf(file.getFileName());
                String task = name.replaceFirst("\\..*", "");
                int[] index = {0};
                DataFile.read(file, name, row -> add(items, task, index[0]++, row), bytes -> {});
            }
        }
        return items;
    }

    /** An evaluation set that cannot be read must not pass for one that was looked for. */
    private static void add(TestItems items, String task, int index, RawRow row) {
        String fault = row.fault();
        if (fault == null) {
            try {
                JsonNode given = row.node();
                JsonNode node = given == null ? JSON.readTree(row.text()) : given;
                items.add(BenchmarkItems.read(task, index, node));
                return;
            } catch (JacksonException | IllegalArgumentException e) {
                fault = e.getMessage();
            }
        }
        throw new UncheckedIOException(
                new IOException(
                        "decontaminate: %s, line %d: %s; cure: a file of the set's items"
                                .formatted(row.file(), row.line(), fault)));
    }

    private void write(Pass pass, Fates fates, Path out, Tally tally)
            throws IOException, InterruptedException {
        String[] names = new String[fates.size()];
        pass.read(
                "naming groups",
                row -> {
                    if (row.isSearched() && fates.kind(row.number()) == Fates.Kind.KEPT) {
                        names[row.number()] = row.id();
                    }
                });
        try (Output output = new Output(out, fates, names, recipe.validation(), tally)) {
            pass.read("writing", output::write);
        }
    }

    /** Puts the results in place; the manifest comes last, so that it is never beside others. */
    private void publish(Path out, JsonNode manifest) throws IOException {
        Files.deleteIfExists(folder.resolve(MANIFEST));
        for (String old : List.of("map.html", TERMS)) {
            Files.deleteIfExists(folder.resolve(old));
        }
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.sorted().toList()) {
                Path target = folder.resolve(String.valueOf(file.getFileName()));
                Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        AtomicFile.write(
                folder.resolve(MANIFEST),
                channel -> {
                    OutputStream stream = Channels.newOutputStream(channel);
                    stream.write(pretty(manifest).getBytes(StandardCharsets.UTF_8));
                });
    }

    private static String pretty(JsonNode node) {
        return node.toPrettyString().replace("\r\n", "\n") + "\n";
    }

    private static void delete(Path folder, String... but) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (List.of(but).contains(String.valueOf(file.getFileName()))) {
                    continue;
                }
                if (Files.isDirectory(file)) {
                    delete(file);
                    Files.delete(file);
                } else {
                    Files.delete(file);
                }
            }
        }
    }
}
