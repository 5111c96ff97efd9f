package dev.snoozy.curate.dedup;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The speed of the search for duplicates on one thread, by hand: {@code DuplicatesBenchmark [ROWS
 * [THREADS]]}. Half of the rows are originals of 200 words; of the others every tenth has three of
 * them changed. The heap that Java is started with is the bound that the figures in docs/curate.md
 * name.
 */
final class DuplicatesBenchmark {
    private DuplicatesBenchmark() {}

    public static void main(String[] arguments) throws InterruptedException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        for (int round = 0; round < 2; round++) {
            sketches("one field", EnumSet.of(Field.BOTH), 0, 200);
            sketches("prompt, response and both", EnumSet.allOf(Field.class), 60, 140);
            sketches("the same, 200 words each", EnumSet.allOf(Field.class), 200, 200);
        }
        search("one field", EnumSet.of(Field.BOTH), 0, rows, threads);
        search("prompt, response and both", EnumSet.allOf(Field.class), 60, rows, threads);
        System.out.printf("heap at most %d MB%n", Runtime.getRuntime().maxMemory() / (1024 * 1024));
    }

    private static void sketches(String name, Set<Field> fields, int prompt, int response) {
        SyntheticTexts texts = new SyntheticTexts(7);
        String[] prompts = new String[5000];
        String[] responses = new String[5000];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = texts.text(i, prompt);
            responses[i] = texts.text(-i, response);
        }
        Sketcher sketcher = new Sketcher(fields);
        long start = System.nanoTime();
        long sum = 0;
        int done = 0;
        while (System.nanoTime() - start < 2_000_000_000L) {
            for (int i = 0; i < prompts.length; i++) {
                sum += sketcher.sketch(prompts[i], responses[i]).words();
            }
            done += prompts.length;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "sketches, %s: %,.0f pairs/s (%d words)%n", name, done / seconds, sum / done);
    }

    private static void search(String name, Set<Field> fields, int prompt, int rows, int threads)
            throws InterruptedException {
        SyntheticTexts texts = new SyntheticTexts(7);
        Sketcher sketcher = new Sketcher(fields);
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        int originals = rows / 2;
        try (NearDuplicates near = new NearDuplicates(fields, folder, 64 << 20)) {
            long spent = 0;
            for (int row = 0; row < rows; row++) {
                int number = row % originals;
                boolean copy = row >= originals && number % 10 == 0;
                String question = prompt == 0 ? "" : texts.text(-1 - (copy ? number : row), prompt);
                String answer =
                        copy
                                ? texts.changed(number, 200 - prompt, 3)
                                : texts.text(row, 200 - prompt);
                long start = System.nanoTime();
                near.add(row, sketcher.sketch(question, answer));
                spent += System.nanoTime() - start;
            }
            long start = System.nanoTime();
            Duplicates found = near.find(DuplicateRule.DEFAULT, threads);
            long search = System.nanoTime() - start;
            System.out.printf(
                    "%,d rows, %s: sketched and stored in %.1f s, searched in %.1f s on %d threads,"
                            + " %,.0f pairs/s in all; %,d of %,d copies found%n",
                    rows,
                    name,
                    spent / 1e9,
                    search / 1e9,
                    threads,
                    rows / ((spent + search) / 1e9),
                    found.near(),
                    (originals + 9) / 10);
        }
    }
}
