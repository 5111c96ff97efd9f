package dev.snoozy.cli.cook;

import dev.snoozy.cli.TextTable;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.cook.Estimate;
import dev.snoozy.cook.Need;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/**
 * What is known of a recipe before it is cooked.
 *
 * @param name of the recipe
 * @param ready whether every file that it needs is there
 * @param files that it needs
 * @param estimate null if the base is not there and its shape is not said
 */
record Validation(String name, boolean ready, List<File> files, @Nullable Costs estimate) {
    private static final double GIB = 1 << 30;

    Validation {
        files = List.copyOf(files);
    }

    /** A file that is needed. */
    record File(String path, boolean there, String what, String from, String licence, long bytes) {}

    /** About what it takes. */
    record Costs(
            double seconds,
            long memoryBytes,
            long diskBytes,
            double tokensPerSecond,
            boolean measured,
            List<Estimate.Part> parts) {}

    static Validation of(CookRecipe recipe, int threads) throws IOException {
        List<File> files = recipe.needs().stream().map(Validation::file).distinct().toList();
        Estimate found = Estimate.of(recipe, threads);
        Costs costs =
                found == null
                        ? null
                        : new Costs(
                                found.seconds(),
                                found.memory(),
                                found.disk(),
                                found.tokensPerSecond(),
                                found.measured(),
                                found.parts());
        return new Validation(recipe.name(), recipe.missing().isEmpty(), files, costs);
    }

    private static File file(Need need) {
        return new File(
                String.valueOf(need.path()),
                need.isThere(),
                need.what(),
                need.from(),
                need.licence(),
                need.bytes());
    }

    /** The same for people. */
    String text() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        out.println(name + ": the recipe is sound");
        long missing = files.stream().filter(file -> !file.there).count();
        out.println(
                missing == 0
                        ? "all files are there:"
                        : missing + " of " + files.size() + " files are missing:");
        for (File file : files) {
            out.printf("  %-7s  %s (%s)%n", file.there ? "there" : "MISSING", file.path, file.what);
            if (!file.there && !file.from.isEmpty()) {
                out.println("           from: " + file.from);
            }
            if (!file.licence.isEmpty()) {
                out.println("           licence: " + file.licence);
            }
        }
        if (estimate == null) {
            out.print("no estimate: the base is missing, and the recipe does not say its shape");
        } else {
            costs(out, estimate);
        }
        out.flush();
        return text.toString().stripTrailing();
    }

    private static void costs(PrintWriter out, Costs costs) {
        out.printf(
                Locale.ROOT,
                "about %s, %.1f GiB of memory, %.2f GiB of disk (%.3g t/s of the base, %s)%n",
                Estimate.time(costs.seconds),
                costs.memoryBytes / GIB,
                costs.diskBytes / GIB,
                costs.tokensPerSecond,
                costs.measured
                        ? "measured"
                        : "reckoned from its size and the arithmetic of this machine");
        TextTable table = new TextTable("stage", "about", "what");
        for (Estimate.Part part : costs.parts) {
            table.row(part.stage(), Estimate.time(part.seconds()), part.what());
        }
        table.print(out);
    }
}
