package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.curate.dedup.Hash128;
import dev.snoozy.curate.recipe.Recipe;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Runs that are stopped and go on. */
class ResumeTest {
    /** So that there are several runs on the disk. */
    private static final long SMALL_HEAP = 8 << 20;

    @TempDir Path folder = Path.of("");

    /** Stops a curation when it has come to some place. */
    private static final class Stopper implements CurationListener {
        private final String stage;
        private final long amount;
        private String now = "";
        private @Nullable Curation curation;
        boolean wentOn;

        Stopper(String stage, long amount) {
            this.stage = stage;
            this.amount = amount;
        }

        @Override
        public void begins(String what) {
            now = what;
        }

        @Override
        public void done(long done, long of) {
            if (now.equals(stage) && done >= amount && curation != null) {
                curation.stop();
            }
        }

        @Override
        public void note(String text) {
            wentOn |= text.contains("going on");
        }
    }

    @Test
    void aStoppedRunGoesOnToTheSameBytes() throws Exception {
        Path a = Files.write(folder.resolve("a.jsonl"), Curate.mixed(1, 2500));
        Path b = Files.write(folder.resolve("b.jsonl"), Curate.mixed(2, 800));
        Recipe recipe = Recipe.of(List.of(a, b)).withMapRows(0).withValidation(0.1);
        Path whole = folder.resolve("whole");
        Curate.run(recipe, whole, 2);
        Path out = folder.resolve("out");
        long bytes = Files.size(a) + Files.size(b);
        List<Stopper> stops =
                List.of(
                        new Stopper("reading and filtering", bytes / 2),
                        new Stopper("reading and filtering", bytes * 9 / 10),
                        new Stopper("looking for duplicates", 500),
                        new Stopper("writing", 100));
        for (Stopper stop : stops) {
            Curation curation = new Curation(recipe, out, 2, stop, SMALL_HEAP);
            stop.curation = curation;
            assertThatThrownBy(curation::run).isInstanceOf(InterruptedException.class);
            assertThat(out.resolve("manifest.json")).doesNotExist();
        }
        assertThat(stops.getLast().wentOn).isTrue();
        Curate.run(recipe, out, 1);
        assertThat(Curate.results(out)).isEqualTo(Curate.results(whole));
    }

    @Test
    void whatAnotherRecipeLeftIsNotUsed() throws Exception {
        Path a = Files.write(folder.resolve("a.jsonl"), Curate.mixed(1, 1000));
        Recipe recipe = Recipe.of(List.of(a)).withMapRows(0);
        Path out = folder.resolve("out");
        Stopper stop = new Stopper("writing", 100);
        Curation curation = new Curation(recipe, out, 2, stop);
        stop.curation = curation;
        assertThatThrownBy(curation::run).isInstanceOf(InterruptedException.class);
        Recipe other = recipe.withValidation(0.2);
        Curate.run(other, out, 2);
        Path fresh = folder.resolve("fresh");
        Curate.run(other, fresh, 2);
        assertThat(Curate.results(out)).isEqualTo(Curate.results(fresh));
    }

    @Test
    void aFullDiskIsToldWithItsCure() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "no disk that is always full");
        try (OutputStream out = Files.newOutputStream(full)) {
            assertThatThrownBy(() -> Disk.write(folder, () -> out.write(new byte[100])))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot write to " + folder + ": ")
                    .hasMessageEndingWith("make room there, and the same command goes on");
        }
    }

    @Test
    void runsAreMergedAndSayHowFarTheyCame() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        Runs runs = new Runs(folder, 1 << 20);
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            Hash128 hash = new Hash128(random.nextLong(), random.nextInt(3));
            Entry entry = new Entry(hash, "f", i, 1, false, "", "", "", "text " + "x".repeat(200));
            all.add(entry);
            runs.add(entry);
            runs.reached(new Runs.Position(0, i + 1), false);
        }
        Runs found = new Runs(folder, 1 << 20);
        long far = found.position().rows();
        assertThat(far).isBetween(20_000L, 30_000L);
        assertThat(read(found)).isEqualTo(all.subList(0, (int) far).stream().sorted().toList());
        runs.reached(new Runs.Position(1, 0), true);
        assertThat(read(new Runs(folder, 1 << 20))).isEqualTo(all.stream().sorted().toList());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.count()).isGreaterThan(5);
        }
    }

    private static List<Entry> read(Runs runs) throws IOException, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        runs.read(entries::add);
        return entries;
    }
}
